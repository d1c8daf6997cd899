"""The arena with another lesson: its tests compare, lend and keep in many ways.

Each test cell is worth one point and stands for one way of writing tests, so that the
points of an attack tell which of them it has fooled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode

from autograder.authoring.notebooks import release_bytes, source_bytes
from autograder.model.cells import BEGIN_SOLUTION, END_SOLUTION
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import read_lesson
from tests.attacks import arena

LESSON = arena.LESSON
SOURCE = Path(__file__).with_name("lesson.txt")
FULL = 23.0
"""Points that the tests of the lesson can give."""
WRONG = {
    "scaled": "def scaled(x):\n    return np.asarray(x) + 417.0",
    "quarter": "def quarter(shape):\n    return np.full(shape, 417.0)",
    "summed": "def summed(table):\n    return table.assign(c=417.0)",
    "capitals": "def capitals(words):\n    return {'x'}",
    "shares": "def shares(z):\n    return np.full(3, 417.0)",
    "slope": "def slope(x):\n    return 417.0",
    "descend": "def descend(gradient, curve, start, rate, steps):\n"
    "    return 417.0, [417.0]",
    "curve": "def curve(x):\n    return 417.0",
    "train": "def train(slider):\n    pass",
    "tossed": "def tossed(rng, count):\n    return 417",
    "cube": "def cube(x):\n    return 417",
    "total": "def total(numbers):\n    return 417",
    "guess": "def guess(seed):\n    return np.full(3, 417.0)",
    "distance": "def distance(y, yhat):\n    return 417.0",
    "third": "def third(x):\n    return 417.0",
}
"""Answers that run and are worth nothing."""


def _read(source: str) -> Lesson:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{LESSON}.py"
        path.write_text(source, "utf-8")
        return read_lesson(path)


@lru_cache
def lesson() -> Lesson:
    """Return the lesson that is attacked."""
    return _read(SOURCE.read_text("utf-8"))


@lru_cache
def _released() -> bytes:
    return release_bytes(lesson())


@dataclass
class Hand(arena.Hand):
    """What one student hands in: at first a notebook full of wrong answers."""

    notebook: NotebookNode = field(
        default_factory=lambda: nbformat.reads(_released().decode(), as_version=4)
    )

    def __post_init__(self) -> None:
        for exercise, code in WRONG.items():
            self.cell(exercise).source = code

    def solve(self) -> None:
        """Fill in the right answers."""
        marks = (BEGIN_SOLUTION, END_SOLUTION)
        for cell in lesson().cells:
            if cell.role == "solution":
                lines = cell.source.splitlines()
                kept = [n for n in lines if not any(mark in n for mark in marks)]
                self.cell(str(cell.grade_id)).source = "\n".join(kept)


class Arena(arena.Arena):
    """One course with one class, below one folder."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        word = "SECRET-OF-THE-HIDDEN-TESTS"
        text = SOURCE.read_text("utf-8").replace(word, self.secrets["tests"])
        source = root / "build" / "source" / LESSON / f"{LESSON}.ipynb"
        source.write_bytes(source_bytes(_read(text)))
        (root / "lesson" / f"{LESSON}.py").write_text(text, "utf-8")

    def admit_a_classmate(self) -> None:
        """Let an honest student hand in."""
        hand = solved()
        hand.files = {"diary.txt": self.secrets["classmate"].encode()}
        self.hand_in("a_classmate", hand)


def solved() -> Hand:
    """Return an honest submission with the right answers."""
    hand = Hand()
    hand.solve()
    return hand
