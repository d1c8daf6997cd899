"""A made-up class: submissions named by their scenario, and the score each must get."""

import csv
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.authoring.demo_scenarios import (
    ALWAYS,
    FEW,
    IN_TURN,
    SCENARIOS,
    Draft,
    Scenario,
)
from autograder.authoring.notebooks import release_bytes
from autograder.base.errors import WrongUse
from autograder.gradebook.results import Record
from autograder.model.catalogue import read_catalogue
from autograder.model.lesson_reader import lesson_names, lesson_paths, read_lesson

WITH_ALL_SCENARIOS = 1
"""So many lessons, from the beginning, meet every scenario."""
AT_A_TIME = 3
"""So many of `IN_TURN` meets each other lesson, so that a class takes minutes."""


def scenarios_of(number: int, is_small: bool = False) -> list[Scenario]:
    """Return the scenarios of a lesson, counted from 0."""
    if is_small:
        return FEW
    if number < WITH_ALL_SCENARIOS:
        return SCENARIOS
    turns = range(number * AT_A_TIME, (number + 1) * AT_A_TIME)
    return ALWAYS + [IN_TURN[turn % len(IN_TURN)] for turn in turns]


@dataclass(frozen=True)
class Mistake:
    """A student who solves everything but makes one catalogued mistake."""

    lesson: str
    exercise: str
    answer: str
    """Its name in the catalogue."""
    points: float
    """What the mistake leaves of the exercise's points."""

    @property
    def student(self) -> str:
        """The name that the student goes by: the mistake."""
        return self.answer

    def hand_in(self, draft: Draft) -> float:
        """Put the mistake into a solved notebook; return the score it must get."""
        draft.solve()
        draft.answer("wrong", self.exercise, word=self.answer)
        return draft.automatic - draft.worth(self.exercise) + self.points


MISTAKES = [
    Mistake("01_neuron", "weighted_sum", "forgets_bias", 0.0),
    Mistake("01_neuron", "step", "is_zero_at_zero", 0.0),
    Mistake("01_neuron", "collapse_linear", "adds_the_biases", 0.0),
    Mistake("02_activations", "sigmoid", "overflows_far_left", 2.5),
    Mistake("02_activations", "softmax", "global_maximum", 2.5),
    Mistake("02_activations", "drelu", "compares_the_output", 0.0),
    Mistake("03_logistic_regression", "mse", "broadcasts_to_a_table", 1.0),
    Mistake("03_logistic_regression", "cross_entropy", "sum_over_examples", 0.0),
    Mistake("03_logistic_regression", "fit_logreg", "goes_uphill", 0.0),
]


def mistakes_of(lesson: str, is_small: bool = False) -> list[Mistake]:
    """Return the mistakes that are made in a lesson."""
    found = [mistake for mistake in MISTAKES if mistake.lesson == lesson]
    return found[:1] if is_small else found


def make_class(
    classroom: Path, names: list[str] | None = None, *, is_small: bool = False
) -> dict:
    """Write a demonstration class into `classroom/submitted/`.

    Beside the submissions, `expected.csv` says which score each must get.

    Parameters
    ----------
    names
        Lessons; all if not given.
    is_small
        Whether it is a class of a dozen students, graded at once.

    Returns
    -------
    The expected score of each (student, lesson).

    Raises
    ------
    WrongUse
        There is no lesson of a name, or there are submissions of somebody else in the
        folder.
    """
    unknown = sorted(set(names or []) - set(lesson_names()))
    if unknown:
        raise WrongUse(f"found the lesson {unknown[0]!r}, expected one of notebooks/.")
    submitted = classroom / "submitted"
    ours = {scenario.__name__ for scenario in SCENARIOS} | {m.student for m in MISTAKES}
    strangers = sorted(p.name for p in submitted.glob("*/") if p.name not in ours)
    if strangers:
        raise WrongUse(
            f"{submitted}: found submissions of {', '.join(strangers[:5])}, expected "
            "an empty folder or a demonstration class; choose another folder."
        )
    chosen = [
        (path, number, submitted, is_small)
        for number, path in enumerate(lesson_paths())
        if names is None or path.parent.name in names
    ]
    expected = {}
    with ProcessPoolExecutor() as processes:
        for part in processes.map(_make_lesson, *zip(*chosen, strict=True)):
            expected |= part
    rows = [(student, lesson, s) for (student, lesson), s in sorted(expected.items())]
    with (classroom / "expected.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("student", "lesson", "score"), *rows])
    return expected


def unexpected(classroom: Path, records: dict[tuple[str, str], Record]) -> list[str]:
    """Name every result that is not what `expected.csv` says."""
    with (classroom / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = {(row["student"], row["lesson"]): float(row["score"]) for row in rows}
    return [
        f"{student}/{lesson}: found {record.score:g}, expected "
        f"{expected.get((student, lesson), 'no submission')}"
        for (student, lesson), record in sorted(records.items())
        if record.score != expected.get((student, lesson))
    ]


def _make_lesson(path: Path, number: int, submitted: Path, is_small: bool) -> dict:
    lesson = read_lesson(path)
    released = nbformat.reads(release_bytes(lesson).decode(), as_version=4)
    answers = read_catalogue(lesson)
    expected = {}
    for scenario in scenarios_of(number, is_small):
        draft = Draft(lesson, answers, nbformat.from_dict(released), lesson.name)
        expected[scenario.__name__, lesson.name] = scenario(draft)
        _hand_in(draft, submitted / scenario.__name__ / lesson.name)
    for mistake in mistakes_of(lesson.name, is_small):
        draft = Draft(lesson, answers, nbformat.from_dict(released), lesson.name)
        expected[mistake.student, lesson.name] = mistake.hand_in(draft)
        _hand_in(draft, submitted / mistake.student / lesson.name)
    return expected


def _hand_in(draft: Draft, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(draft.time, "utf-8")
    path = folder / f"{draft.name}.ipynb"
    if draft.raw is None:
        path.write_text(nbformat.writes(draft.notebook, version=4), "utf-8")
    elif draft.raw:
        path.write_bytes(draft.raw)
