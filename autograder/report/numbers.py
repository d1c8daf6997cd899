"""Numbers of a class: what each test is worth, what went wrong how often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from autograder.audit.diagnosis import diagnoses, normalised
from autograder.gradebook.results import Record
from autograder.model.lesson import exercise_of

LEAST_FOR_A_CORRELATION = 50
"""Submissions; of 20, one of 0.4 may as well be none at all."""
LEAST_FOR_A_SHARE = 20
"""Submissions; of fewer, all and nobody are near each other."""
SURE = 1.96
"""Standard errors on each side of an interval of 95 %."""
WEAK = 0.2
MANY = 0.95
FEW = 0.05
UNSOLVED = "NotImplementedError"
PEOPLES = ("manual", "missing")
"""Status of what no test decides."""


@dataclass(frozen=True)
class TestNumbers:
    """What one test did in one class."""

    __test__ = False  # no test itself, whatever pytest takes it for

    lesson: str
    name: str
    submissions: int
    share: float
    """Mean share of its points that submissions got: 1 is easy, 0 is hard."""
    discrimination: float | None
    """Correlation with the rest of the score; None where there is none to compute."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the correlation is for sure (95 %), by Fisher's transformation."""
        if self.discrimination is None:
            return None
        middle = np.arctanh(np.clip(self.discrimination, -0.999, 0.999))
        half = SURE / np.sqrt(self.submissions - 3)
        return float(np.tanh(middle - half)), float(np.tanh(middle + half))

    @property
    def remark(self) -> str:
        """What an instructor should ask about it, as far as the class can tell."""
        if self.submissions < LEAST_FOR_A_SHARE:
            return ""
        if self.share <= FEW:
            return "hardly anybody passes: does it test what was taught?"
        if self.share >= MANY:
            return "nearly everybody passes"
        highest = self.interval[1] if self.interval else 1.0
        if highest < 0:
            return "those who are good at the rest fail it: is it right?"
        return "says little about the rest" if highest < WEAK else ""


@dataclass
class MistakeNumbers:
    """One way to fail one exercise, and who fails in it."""

    lesson: str
    exercise: str
    says: str
    """The named mistake, or what the first failing test says."""
    is_named: bool
    students: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SlowCell:
    """A cell that took long, over a class."""

    lesson: str
    cell: str
    submissions: int
    """In how many it was among the slowest."""
    median_s: float
    most_s: float
    slowest_student: str


def test_numbers(records: Iterable[Record]) -> list[TestNumbers]:
    """Return each test's difficulty and discrimination, in the order of lessons.

    Discrimination is the corrected item-total correlation: Pearson's, between a test's
    points and the points of all other tests of the lesson. Submissions that could not
    be read, and answers that wait for a person, are left out.
    """
    found = []
    for lesson, of_lesson in by_lesson(records).items():
        graded = [record for record in of_lesson if record.status == "graded"]
        names = [c["grade_id"] for c in graded[0].cells] if graded else []
        points, most = _table(graded, names)
        totals = np.nansum(points, axis=1)
        for column, name in enumerate(names):
            own = points[:, column]
            counts = ~np.isnan(own)
            if counts.any():
                rest = (totals - own)[counts]
                found.append(
                    TestNumbers(
                        lesson,
                        name,
                        int(counts.sum()),
                        float(np.mean(own[counts]) / most[column]),
                        _correlation(own[counts], rest),
                    )
                )
    return found


def _table(graded: list[Record], names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return points, a row a submission (nan where a person decides), and maxima."""
    points = np.full((len(graded), len(names)), np.nan)
    most = np.ones(len(names))
    column = {name: number for number, name in enumerate(names)}
    for row, record in enumerate(graded):
        for cell in record.cells:
            place = column.get(cell["grade_id"])
            if place is not None and cell["status"] not in PEOPLES:
                points[row, place] = cell["points"]
                most[place] = cell["max_points"] or 1.0
    return points, most


def _correlation(own: np.ndarray, rest: np.ndarray) -> float | None:
    if len(own) < LEAST_FOR_A_CORRELATION or not own.std() or not rest.std():
        return None
    return float(np.corrcoef(own, rest)[0, 1])


def mistakes(
    records: Iterable[Record], exercises: Mapping[str, list[str]]
) -> list[MistakeNumbers]:
    """Return the ways in which exercises were failed, the most frequent first.

    Failures that no catalogued mistake explains are counted by what the first of their
    tests says. Exercises that somebody has not begun are no mistakes.

    Parameters
    ----------
    exercises
        Names of each lesson's exercises.
    """
    found: dict[tuple, MistakeNumbers] = {}
    for record in records:
        named = diagnoses(record.lesson, record.cells)
        failures = _failures(record, exercises.get(record.lesson, []))
        for exercise, message in failures.items():
            if message.startswith(UNSOLVED) or f"not define {exercise!r}" in message:
                continue
            known = named.get(exercise)
            says = known.says if known else message
            key = (record.lesson, exercise, known.says if known else normalised(says))
            entry = found.setdefault(
                key, MistakeNumbers(record.lesson, exercise, says, known is not None)
            )
            entry.students.append(record.student)
    return sorted(found.values(), key=lambda m: (-len(m.students), m.lesson))


def _failures(record: Record, exercises: list[str]) -> dict[str, str]:
    """Return what the first failing test of each failed exercise says."""
    found: dict[str, str] = {}
    for cell in record.cells:
        if cell["status"] in PEOPLES or cell["points"] >= cell["max_points"]:
            continue
        name = exercise_of(cell["grade_id"], exercises) or cell["grade_id"]
        if not found.get(name):
            found[name] = cell["message"]
    return found


def slow_cells(records: Iterable[Record], most: int = 15) -> list[SlowCell]:
    """Return the cells that took longest, the longest time first."""
    times: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for record in records:
        for slow in record.slowest:
            key = (record.lesson, slow["cell"])
            times.setdefault(key, []).append((slow["seconds"], record.student))
    found = [
        SlowCell(lesson, cell, len(t), median(s for s, _ in t), *max(t))
        for (lesson, cell), t in times.items()
    ]
    return sorted(found, key=lambda slow: -slow.most_s)[:most]


def by_lesson(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Return records by lesson, in order."""
    found: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda r: (r.lesson, r.student)):
        found.setdefault(record.lesson, []).append(record)
    return found
