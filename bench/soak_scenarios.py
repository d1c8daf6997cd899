"""Scenarios for the soak: what comes of each submission, with the score it must get."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.notebooks import release_bytes, source_bytes
from autograder.model.lesson_reader import read_lesson
from bench.made_courses import OWN_LESSONS, SETTINGS

LESSON = OWN_LESSONS / "soak" / "lesson.py"
GOOD = {
    "double": ["return 2 * x", "return x + x"],
    "total": ["return sum(numbers)", "return int(np.sum(numbers))"],
}
BAD = {"double": ["return x ** 2", "return 2"], "total": ["return len(numbers)"]}
POINTS = {"double": 3.0, "total": 4.0}
SPOILT = {
    "loops": "while True:\n        pass",
    "ends Python": "import os\n    os._exit(3)",
    "crashes": "import ctypes\n    ctypes.string_at(0)",
    "eats memory": "return bytearray(50 * 2**30)",
    "prints without end": "while True:\n        print('again ' * 1000)",
}
HEADS = {"double": "def double(x):", "total": "def total(numbers):"}


@dataclass(frozen=True)
class SoakScenario:
    """What one student hands in, and what has to come of it."""

    name: str
    status: str
    score: float
    content: bytes | None
    """The notebook's file; None if the folder is empty."""


@dataclass
class AnswerSheet:
    """One student's copy of the lesson."""

    released: NotebookNode
    chance: random.Random
    student: str
    score: float = 0.0
    answers: dict[str, str] = field(default_factory=dict)

    def answer(self, exercise: str, right: bool) -> None:
        """Answer an exercise in one of the ways that are known."""
        self.answers[exercise] = self.chance.choice((GOOD if right else BAD)[exercise])
        self.score += POINTS[exercise] * right

    def content(self) -> bytes:
        """Return the notebook; that of no other student is the same."""
        notebook = nbformat.from_dict(self.released)
        for cell in notebook.cells:
            if cell.id in self.answers:
                body = self.answers[cell.id]
                cell.source = f"# {self.student}\n{HEADS[cell.id]}\n    {body}"
        return nbformat.writes(notebook).encode()


def _perfect(sheet: AnswerSheet) -> SoakScenario:
    for exercise in POINTS:
        sheet.answer(exercise, right=True)
    return SoakScenario("perfect", "graded", sheet.score, sheet.content())


def _partly(sheet: AnswerSheet) -> SoakScenario:
    for exercise in POINTS:
        sheet.answer(exercise, right=sheet.chance.random() < 0.5)
    return SoakScenario("wrong answers", "graded", sheet.score, sheet.content())


def _spoilt(sheet: AnswerSheet) -> SoakScenario:
    spoilt, other = sheet.chance.sample(list(POINTS), 2)
    name = sheet.chance.choice(list(SPOILT))
    sheet.answer(other, right=True)
    sheet.answers[spoilt] = SPOILT[name]
    return SoakScenario(name, "graded", sheet.score, sheet.content())


def _cut_off(sheet: AnswerSheet) -> SoakScenario:
    whole = _perfect(sheet).content or b""
    half = whole[: len(whole) // 2]
    return SoakScenario("file cut off", "unreadable", 0, half + sheet.student.encode())


def _missing(sheet: AnswerSheet) -> SoakScenario:
    return SoakScenario("nothing handed in", "unreadable", 0, None)


SCENARIOS: dict[Callable[[AnswerSheet], SoakScenario], int] = {
    _perfect: 40,
    _partly: 46,
    _spoilt: 8,
    _cut_off: 4,
    _missing: 2,
}
"""How many of a hundred submissions have each scenario."""


def make_class(folder: Path, students: int) -> dict[str, SoakScenario]:
    """Make a course with a class; return each student's scenario.

    The same number of students gives the same class in every run.
    """
    lesson = read_lesson(LESSON)
    released = nbformat.reads(release_bytes(lesson).decode(), as_version=4)
    _write(folder / "nbgrader_config.py", SETTINGS.encode())
    name = lesson.name
    _write(folder / "source" / name / f"{name}.ipynb", source_bytes(lesson))
    scenarios = {}
    for number in range(students):
        student = f"student_{number:05d}"
        scenario = _scenario(released, student)
        room = folder / "submitted" / student / name
        room.mkdir(parents=True)
        if scenario.content is not None:
            _write(room / f"{name}.ipynb", scenario.content)
        scenarios[student] = scenario
    return scenarios


def _scenario(released: NotebookNode, student: str) -> SoakScenario:
    chance = random.Random(student)  # noqa: S311  # no secret
    make = chance.choices(list(SCENARIOS), list(SCENARIOS.values()))[0]
    return make(AnswerSheet(released, chance, student))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
