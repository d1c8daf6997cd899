"""The audit tells good tests from bad ones."""

import pytest

from autograder.audit.audit import audit, idle_tests
from autograder.audit.course_audit import Proof
from autograder.audit.mutation import OVERWRITES
from autograder.audit.slicing import exercises_of
from autograder.audit.tables import summaries
from autograder.base.errors import SourceError
from autograder.model.catalogue import Answer
from tests.support.small_course import LESSON, lesson

pytestmark = pytest.mark.xdist_group("audit")  # one audit for most of them
VALUES = LESSON[LESSON.index("np.testing.assert_allclose(double") :].split("###")[0]
REPEATED = """
# %% nbgrader={"grade_id": "test_double_again", "grade": true, "points": 1}
### BEGIN HIDDEN TESTS
assert double(3) == 6
### END HIDDEN TESTS
"""
ANSWERS = [
    Answer("wrong", "double", "squares", "def double(x):\n    return x * x\n"),
    Answer("wrong", "double", "adds_three", "def double(x):\n    return x + 3\n"),
    Answer("right", "double", "adds", "def double(x):\n    return x + x\n"),
    Answer("wrong", "total", "counts", "def total(n):\n    return len(n)\n"),
    Answer(
        "wrong",
        "double",
        "changes_its_input",
        "def double(x):\n    x *= 2\n    return x\n",
    ),
]


def outcomes(verdicts):
    return {(v.trial.exercise.name, v.trial.name): v.outcome for v in verdicts}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    exercises = exercises_of(lesson(tmp_path_factory.mktemp("lesson")))
    return audit(exercises, ANSWERS, {}, jobs=2)


def test_wrong_answers_lose_points_and_right_ones_keep_them(verdicts):
    found = outcomes(verdicts)
    assert found["double", "solution"] == "passed"
    assert found["total", "solution"] == "passed"
    assert found["double", "adds"] == "passed"
    for name in ("squares", "adds_three", "changes_its_input"):
        assert found["double", name] == "caught"
    assert found["total", "counts"] == "caught"


def test_mutants_are_tried_beside_the_catalogue(verdicts):
    mutants = [v for v in verdicts if v.trial.kind == "mutant"]
    of_double = [v for v in mutants if v.trial.exercise.name == "double"]
    found = {v.trial.name.removeprefix("double "): v for v in of_double}
    # The test hands over one array, of whole results, which is not in order.
    assert {n for n, v in found.items() if v.outcome == "SURVIVED"} == {
        "cuts its numbers off to whole ones",
        "keeps three digits",
        "remembers by shape",
        "skips what is in order",
        "knows one number of rows",
    }
    assert {n: v.excuse for n, v in found.items() if v.outcome == "excused"} == {
        "skips what is all zeros": "no test hands over an argument for which that is "
        "wrong",
        "knows one number of columns": "no test hands over an array",
        "counts classes by the largest label": "no test hands over labels of classes "
        "that are counted elsewhere",
    }
    assert found[OVERWRITES].outcome == "caught"


def test_what_the_visible_checks_catch_is_told_from_what_hidden_ones_do(verdicts):
    seen = {v.trial.name: v.is_seen for v in verdicts if v.trial.kind == "wrong"}
    assert seen["squares"]
    assert not seen["adds_three"]  # 3 + 3 is 6
    assert not seen["changes_its_input"]


def test_the_tests_that_catch_an_answer_are_named_with_their_message(verdicts):
    squares = next(v for v in verdicts if v.trial.name == "squares")
    assert squares.catchers == ["test_double_three", "test_double_arrays"]
    assert squares.message == "AssertionError: double(3) is 9, expected 6"


def test_a_weaker_hidden_test_fails_the_audit_and_names_who_passes_now(tmp_path):
    weaker = LESSON.replace(VALUES, "assert double(case).shape == (2,)\n")
    verdicts = audit(exercises_of(lesson(tmp_path, weaker)), ANSWERS, {}, jobs=2)
    proof = Proof()
    proof.add(verdicts, ANSWERS)
    text = "\n".join(proof.problems)
    assert "01_double, double: the wrong answer adds_three keeps all points." in text
    assert "the wrong answer changes_its_input keeps all points." in text
    assert f"the wrong answer double {OVERWRITES} keeps all points." in text
    assert "squares" not in text


def test_a_right_answer_that_loses_points_is_a_problem_with_its_message(tmp_path):
    answers = [Answer("right", "double", "is_late", "def double(x):\n    return 7\n")]
    exercises = exercises_of(lesson(tmp_path))[:1]
    proof = Proof()
    proof.add(audit(exercises, answers, {}, jobs=1, with_mutants=False), answers)
    assert proof.problems == [
        "01_double, double: the right answer is_late keeps 0 of 3 points; "
        "test_double_three says: AssertionError: double(3) is 7, expected 6"
    ]


PREDICTION = """
# %% nbgrader={"grade_id": "predict_six", "solution": true}
### BEGIN SOLUTION
predict_six = 6
### END SOLUTION

# %% nbgrader={"grade_id": "test_predict_six", "grade": true, "points": 1}
assert isinstance(predict_six, int), "write a whole number"
print("Noted.")
### BEGIN HIDDEN TESTS
if predict_six > 6:
    print("3 + 3 is less.")
### END HIDDEN TESTS
"""


def test_a_guess_keeps_its_points_and_has_to_be_told_what_it_overlooked(tmp_path):
    guesses = {"high": "7", "low": "5", "words": "'six'"}
    answers = [
        Answer("guess", "predict_six", name, f"predict_six = {value}\n")
        for name, value in guesses.items()
    ]
    found = exercises_of(lesson(tmp_path, LESSON + PREDICTION))[-1:]
    verdicts = audit(found, answers, {}, jobs=2)
    assert outcomes(verdicts) == {
        ("predict_six", "solution"): "passed",
        ("predict_six", "high"): "passed",
        ("predict_six", "low"): "SILENT",
        ("predict_six", "words"): "REJECTED",
    }
    proof = Proof()
    proof.add(verdicts, answers)
    assert "nothing tells the guess low what it overlooked" in "\n".join(proof.problems)


def test_an_excused_mutant_that_no_longer_exists_is_an_error(tmp_path):
    exercises = exercises_of(lesson(tmp_path))[:1]
    excused = {("double", "- return 2 * x\n+ return x << 1"): "the same"}
    with pytest.raises(SourceError, match="no such mutant exists now"):
        audit(exercises, [], excused, jobs=2)


def test_a_test_that_catches_nothing_more_is_idle(tmp_path, verdicts):
    assert idle_tests(verdicts) == []
    above_total = '\n\n# %% nbgrader={"grade_id": "total"'
    again = LESSON.replace(above_total, REPEATED + above_total)
    exercises = exercises_of(lesson(tmp_path, again))
    answers = [a for a in ANSWERS if a.exercise == "double"]
    found = audit(exercises[:1], answers, {}, jobs=2, with_mutants=False)
    assert idle_tests(found) == ["test_double_again"]


LENDING = """
# %% nbgrader={"grade_id": "checking", "locked": true}
# include: lessons/given/lending.py
"""
TWICE_DOUBLED = """
# %%
def fourfold(x):
    return double(double(x))

# %% nbgrader={"grade_id": "NAME", "solution": true}
def NAME(x):
    ### BEGIN SOLUTION
    return fourfold(x) + 1
    ### END SOLUTION

# %% nbgrader={"grade_id": "test_NAME", "grade": true, "points": 1}
### BEGIN HIDDEN TESTS
assert NAME(1) == 5
### END HIDDEN TESTS
"""


def test_a_slip_in_an_earlier_exercise_costs_points_once(tmp_path):
    alone = "lent(lends, double=lambda x: 2 * x)(1)"
    parts = [TWICE_DOUBLED.replace("NAME", n) for n in ("takes", "says", "lends")]
    parts[2] = parts[2].replace("lends(1)", alone)
    source = LESSON.replace("# %% nb", LENDING + "\n# %% nb", 1) + "".join(parts)
    excused = {("says", "solution without double"): "its text says so"}
    answers = [
        Answer("right", "takes", "shifts", "def takes(x):\n    return 4 * x + 1\n")
    ]
    exercises = exercises_of(lesson(tmp_path, source))
    found = audit(exercises, answers, excused, jobs=2, with_mutants=False)
    assert outcomes(v for v in found if v.trial.kind == "slip") == {
        ("takes", "solution without double"): "TWICE",
        ("says", "solution without double"): "excused",
        ("lends", "solution without double"): "passed",
    }
    proof = Proof()
    proof.add(found, answers)
    assert proof.problems == [
        "01_double, takes: solution without double keeps 0 of 1 points: one slip costs "
        "twice; lend a right version in test_takes, which says: NotImplementedError: "
        "a slip"
    ]
    assert [s.cells[-1] for s in summaries(proof.rows, "lesson")] == ["1/2"]
