"""A lesson: its cells as the author wrote them, its exercises and their tests."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.model.cells import Role, role_of

FILE = "lesson.py"
"""The source in a lesson's folder; a file of another name is a lesson by itself."""


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson, as its author wrote it."""

    number: int
    """Position in the file, counted from 1."""
    kind: str
    """`code` or `markdown`."""
    source: str
    nbgrader: dict
    """The short nbgrader metadata; empty for prose and given code."""
    line: int = 0
    """Line of the file that begins it with `# %%`; 0 if that is not known."""

    @property
    def grade_id(self) -> str | None:
        """The cell's name in the gradebook."""
        return self.nbgrader.get("grade_id")

    @property
    def points(self) -> float:
        """Points that the cell is worth; 0 when it is not graded."""
        return self.nbgrader.get("points", 0)

    @property
    def role(self) -> Role:
        """What the cell is for."""
        return role_of(self.kind, self.nbgrader, self.source)


@dataclass(frozen=True)
class Lesson:
    """A lesson's source, checked."""

    path: Path
    cells: tuple[Cell, ...]
    data: tuple[str, ...] = ()
    """Names of the files of the project's `data/` that it reads."""

    @property
    def name(self) -> str:
        """The name of the assignment and of its one notebook."""
        return self.path.parent.name if self.path.name == FILE else self.path.stem

    @property
    def file(self) -> str:
        """What messages call the source."""
        is_in_its_folder = self.path.name == FILE
        return f"{self.name}/{FILE}" if is_in_its_folder else self.path.name

    @property
    def title(self) -> str:
        """The lesson's heading."""
        return self.cells[0].source.splitlines()[0].lstrip("# ")

    @property
    def max_score(self) -> float:
        """Points of all graded cells."""
        return sum(cell.points for cell in self.cells)

    @cached_property  # each test of a lesson asks for it
    def exercises(self) -> list[str]:
        """Names of the automatically graded exercises, in order."""
        return [str(cell.grade_id) for cell in self.cells if cell.role == "solution"]

    def tests_of(self, exercise: str) -> list[Cell]:
        """Return the test cells of one exercise."""
        return [
            cell
            for cell in self.cells
            if cell.role == "test" and self.exercise_of(cell) == exercise
        ]

    def exercise_of(self, test: Cell) -> str | None:
        """Return the exercise that a test cell belongs to."""
        return exercise_of(str(test.grade_id), self.exercises)


def exercise_of(test: str, exercises: Iterable[str]) -> str | None:
    """Return the exercise that a test cell is named after.

    For example, `test_leaky_relu_slope` belongs to `leaky_relu`, also when there is an
    exercise `leaky`: the longest name that fits is taken.
    """
    name = test.removeprefix("test_")
    fits = [e for e in exercises if name == e or name.startswith(f"{e}_")]
    return max(fits, key=len, default=None)
