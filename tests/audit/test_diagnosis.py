"""Feedback names a mistake when it is sure, and is silent when it is not."""

import random
import shutil

import pytest

from autograder.audit import diagnosis
from autograder.audit.audit import audit
from autograder.audit.diagnosis import (
    Known,
    crash_print,
    diagnose,
    diagnoses,
    fingerprint,
    normalised,
    read_fingerprints,
    stale_exercises,
)
from autograder.audit.slicing import exercises_of
from autograder.model.catalogue import Answer, read_catalogue
from autograder.model.lesson_reader import lesson_names, lesson_path, read_lesson

NAMES = lesson_names()
LOOP_WITHOUT_BIAS = """def weighted_sum(x, w, b):
    total = 0.0
    for x_i, w_i in zip(x, w):
        total = total + float(x_i) * float(w_i)
    return total
"""


def cells(**messages):
    """Return results of tests: a message for each that fails, None if it passes."""
    return [
        {
            "grade_id": name,
            "points": 0.0 if message else 1.0,
            "max_points": 1.0,
            "status": "failed" if message else "passed",
            "message": message or "",
        }
        for name, message in messages.items()
    ]


def known(**prints):
    """Return what is known of an exercise `f`; two answers for each fingerprint."""
    answers = [
        Answer("wrong", "f", name, "", says=says, hint=2)
        for name, (_, says) in prints.items()
    ]
    entry = {
        "made_from": "",
        "tests": ["test_f_a", "test_f_b"],
        "answers": {name: found for name, (found, _) in prints.items()},
    }
    return Known({"f": entry}, answers)


FAILED = cells(test_f_a="AssertionError: f returned 3, expected 4", test_f_b=None)
PRINT = fingerprint(FAILED)


def test_an_answer_that_fails_like_a_catalogued_one_is_named():
    found = known(halves=(PRINT, "It is half.")).diagnose("f", FAILED)
    assert (found.exercise, found.answer, found.says, found.hint) == (
        "f",
        "halves",
        "It is half.",
        2,
    )


def test_other_values_and_other_failing_tests_stay_without_a_name():
    mine = known(halves=(PRINT, "It is half."))
    message = "AssertionError: f returned 3.5, expected 4"
    assert mine.diagnose("f", cells(test_f_a=message, test_f_b=None)) is None
    both = cells(test_f_a=FAILED[0]["message"], test_f_b=FAILED[0]["message"])
    assert mine.diagnose("f", both) is None
    assert mine.diagnose("f", cells(test_f_a=None, test_f_b=None)) is None
    assert mine.diagnose("g", FAILED) is None


def test_two_mistakes_that_fail_alike_are_named_only_if_the_words_are_the_same():
    unsure = known(a=(PRINT, "It is half."), b=(PRINT, "It is a third."))
    assert unsure.diagnose("f", FAILED) is None
    sure = known(a=(PRINT, "It is half."), b=(PRINT, "It is half."))
    assert sure.diagnose("f", FAILED).says == "It is half."


def test_the_cells_of_other_exercises_do_not_matter():
    more = [*cells(test_g_a="AssertionError: g returned 1"), *FAILED]
    assert known(halves=(PRINT, "It is half.")).diagnose("f", more)


@pytest.mark.parametrize(
    "message",
    [
        "NotImplementedError: ",
        "NameError: name 'expit' is not defined",
        "TypeError: unsupported operand",
        "stopped after 5 seconds of computing time",
    ],
)
def test_errors_that_many_mistakes_lead_to_have_no_fingerprint(message):
    assert fingerprint(cells(test_f_a=message, test_f_b=message)) is None


CRASH = "TypeError: 'numpy.float64' object does not support item assignment"


def test_a_crash_is_named_if_all_that_crash_so_are_told_the_same():
    failed = cells(test_f_a=CRASH, test_f_b=CRASH)
    crash = crash_print(failed)
    one, other = (crash, "Takes no number."), (crash, "Something else.")
    assert known(a=one, b=one).diagnose("f", failed).says == "Takes no number."
    assert known(a=one, b=other).diagnose("f", failed) is None
    assert known(a=one).diagnose("f", cells(test_f_a=CRASH, test_f_b=None)) is None
    assert (
        known(a=one).diagnose("f", cells(test_f_a=CRASH, test_f_b="NameError: n"))
        is None
    )


@pytest.mark.parametrize(
    "message",
    [
        "NotImplementedError: ",
        "TypeError: object of type 'NoneType' has no len()",
        "timeout: stopped after 5 seconds of computing time",
        "AssertionError: f returned 3",
    ],
)
def test_what_tells_less_or_more_than_a_crash_is_none(message):
    assert crash_print(cells(test_f_a=CRASH, test_f_b=message)) is None
    assert crash_print(cells(test_f_a=None)) is None


def test_shapes_that_do_not_fit_are_as_good_as_values():
    message = (
        "ValueError: operands could not be broadcast together with shapes (2,3) (2,)"
    )
    assert fingerprint(cells(test_f_a=message))


def test_messages_are_compared_without_what_differs_between_programs():
    assert normalised("returned np.float64(0.30000000000000004)") == "returned 0.3"
    assert normalised("is 1e-17 or -0.0") == normalised("is 0.0 or 0")
    assert normalised("<f at 0x7f12ab>,\n  z = −2.50") == "<f at 0x>, z = -2.5"
    assert normalised("w_2 and x1 stay") == "w_2 and x1 stay"
    assert normalised("is 0.4612") != normalised("is 0.4631")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_recorded_is_of_the_tests_and_answers_of_now(name):
    lesson = read_lesson(lesson_path(name))
    stale = stale_exercises(lesson, read_fingerprints(lesson))
    assert stale == [], f"{name}: run `make audit` and commit what it changes"


@pytest.mark.parametrize("name", NAMES)
def test_four_of_five_catalogued_mistakes_are_named_and_none_wrongly(name):
    answers = read_catalogue(read_lesson(lesson_path(name)))
    recorded = read_fingerprints(read_lesson(lesson_path(name)))
    everything = Known(recorded, answers)
    wrong = [a for a in answers if a.kind == "wrong"]
    found = {
        a.name: everything.of(a.exercise, recorded[a.exercise]["answers"][a.name])
        for a in wrong
    }
    named = [a for a in wrong if found[a.name]]
    assert len(named) >= 0.8 * len(wrong)


def across_halves(
    recorded: dict, answers: list[Answer], splits: int = 20
) -> tuple[int, int]:
    """Try how often a mistake that is not catalogued would be given a wrong name.

    Half of the wrong answers, drawn at random, stand for all that is known; the other
    half stands for what students do.

    Returns
    -------
    How many of the other half were named, and how many of these with words that are
    not their own, over all splits.
    """
    named = wrongly = 0
    says = {(a.exercise, a.name): a.says for a in answers}
    for split in range(splits):
        draw = random.Random(split)
        half = {key for key in sorted(says) if draw.random() < 0.5}
        known = Known(recorded, [a for a in answers if (a.exercise, a.name) in half])
        for exercise, entry in recorded.items():
            crashes = entry.get("crashes", {}).items()
            for name, found in [*entry["answers"].items(), *crashes]:
                guess = known.of(exercise, found)
                if (exercise, name) not in half and guess:
                    named += 1
                    wrongly += guess.says != says[exercise, name]
    return named, wrongly


@pytest.mark.parametrize("name", NAMES)
def test_half_of_the_catalogue_never_names_a_mistake_of_the_other_half_wrongly(name):
    answers = read_catalogue(read_lesson(lesson_path(name)))
    _, wrongly = across_halves(
        read_fingerprints(read_lesson(lesson_path(name))), answers
    )
    assert wrongly == 0


def test_a_name_is_wrong_when_its_words_are_not_those_of_the_mistake():
    answers = [
        Answer("wrong", "f", "a", "", says="It is half.", hint=1),
        Answer("wrong", "f", "b", "", says="It is a third.", hint=1),
    ]
    entry = {
        "made_from": "",
        "tests": ["test_f_a"],
        "answers": {"a": PRINT, "b": PRINT},
    }
    named, wrongly = across_halves({"f": entry}, answers)
    assert named == wrongly > 0


def test_a_mistake_written_in_another_way_is_named():
    lesson = read_lesson(lesson_path("01_neuron"))
    exercise = next(e for e in exercises_of(lesson) if e.name == "weighted_sum")
    answer = Answer("wrong", "weighted_sum", "loop", LOOP_WITHOUT_BIAS)
    _, verdict = audit([exercise], [answer], {}, jobs=1, with_mutants=False)
    found = diagnose("01_neuron", "weighted_sum", verdict.cells)
    assert found.answer == "forgets_bias"
    assert found.hint == 1
    assert "def " not in found.says
    assert diagnoses("01_neuron", verdict.cells) == {"weighted_sum": found}


def test_nothing_is_named_after_the_tests_have_changed(monkeypatch, tmp_path):
    folder = tmp_path / "01_neuron"
    shutil.copytree(lesson_path("01_neuron").parent, folder)
    source = folder / "lesson.py"
    changed = source.read_text("utf-8").replace("z is 0.46. {slip}", "z is not. {slip}")
    source.write_text(changed, "utf-8")
    monkeypatch.setattr(diagnosis, "lesson_path", lambda _: source)
    diagnosis._known.cache_clear()
    try:
        mine = diagnosis._known("01_neuron")
        assert "weighted_sum" not in mine.exercises
        assert "neuron" in mine.exercises
    finally:
        diagnosis._known.cache_clear()


def test_a_lesson_of_somebody_else_is_met_with_silence():
    assert diagnoses("ps1", FAILED) == {}
