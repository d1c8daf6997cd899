"""What the report needs of a class's files: what was given out, and what came back."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from autograder.base.errors import UnreadableSubmission
from autograder.course.course import Course
from autograder.gradebook.registration import reference_cells
from autograder.gradebook.results import Record
from autograder.intake.notebook_reader import find_notebook, read_notebook
from autograder.model.cells import ReferenceCell
from autograder.pages.sanitize import plain

MOST_DIFF_LINES = 60
LONGEST_DIFF_LINE = 160


@dataclass(frozen=True)
class GivenOut:
    """A lesson as students got it."""

    notebooks: dict[str, dict[str, ReferenceCell]]
    """The cells of each notebook by name."""

    @property
    def cells(self) -> dict[str, ReferenceCell]:
        """The cells of all notebooks."""
        return {
            name: cell for of in self.notebooks.values() for name, cell in of.items()
        }

    @property
    def stubs(self) -> dict[str, str]:
        """The cells in which exercises are to be solved, as given out, by name."""
        return {
            name: cell.source
            for name, cell in self.cells.items()
            if cell.solution and not cell.grade and cell.kind == "code"
        }


@dataclass(frozen=True)
class Change:
    """A cell that a student edited though it was locked."""

    cell: str
    lines: list[str]
    """A unified diff from what was given out to what came back."""


def given_out(gradebook: Gradebook, lesson: str) -> GivenOut:
    """Return a lesson as the gradebook knows it."""
    try:
        known = [found.name for found in gradebook.find_assignment(lesson).notebooks]
    except MissingEntry:
        known = []
    return GivenOut(
        {
            name: {c.grade_id: c for c in reference_cells(gradebook, lesson, name)}
            for name in known
        }
    )


def answers(course: Course, record: Record, given: GivenOut) -> dict[str, str]:
    """Return what a student answered, by exercise, from the graded notebooks.

    Not from what was handed in: there, names of cells may be missing or wrong.
    """
    stubs = given.stubs
    folder = course.path("autograded", record.student, record.lesson)
    found = {}
    for name in given.notebooks:
        path = folder / f"{name}.ipynb"
        if not path.exists():
            continue
        for cell in json.loads(path.read_bytes())["cells"]:
            exercise = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if exercise in stubs:
                found[exercise] = "".join(cell["source"])
    return found


def changes(course: Course, record: Record, given: GivenOut) -> Iterator[Change]:
    """Yield the locked cells that a student edited."""
    folder = course.path("submitted", record.student, record.lesson)
    for name, known in given.notebooks.items() if record.tampering else ():
        try:
            handed_in = read_notebook(find_notebook(folder, name)[0])
        except UnreadableSubmission:
            continue
        for cell in handed_in.cells:
            grade_id = cell.metadata.get("grade_id")
            is_told = any(text.startswith(f"{grade_id}:") for text in record.tampering)
            if grade_id in known and is_told:
                cells = [known[grade_id]]
                (own,) = course.variants.cells(record.lesson, record.student, cells)
                lines = _diff(own.released, cell.source)
                if lines:
                    yield Change(grade_id, lines)


def _diff(before: str, after: str) -> list[str]:
    found = difflib.unified_diff(
        before.strip().splitlines(),
        plain(after).strip().splitlines()[: 10 * MOST_DIFF_LINES],
        "given out",
        "handed in",
        lineterm="",
        n=1,
    )
    lines = [line[:LONGEST_DIFF_LINE] for line in found]
    if len(lines) > MOST_DIFF_LINES:
        left_out = len(lines) - MOST_DIFF_LINES
        return [*lines[:MOST_DIFF_LINES], f"… {left_out} more lines"]
    return lines
