"""Cells: what the cells of a notebook are, as nbgrader marks them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from nbformat import NotebookNode

from autograder.model.constants import is_marked

BEGIN_SOLUTION, END_SOLUTION = "BEGIN SOLUTION", "END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"

BESIDE = "the answer may stand right by it"
"""In the place of a cell's checksum: it is a stub, and a person looks all the same.

nbgrader wants 32 characters there.
"""

NBGRADER_DEFAULTS = {
    "schema_version": 3,
    "grade": False,
    "solution": False,
    "locked": False,
    "task": False,
}

FLAGS = (*NBGRADER_DEFAULTS, "points")
"""What nbgrader notes of a cell, and students can change."""


class Role(StrEnum):
    """What a cell is for."""

    TEST = "test"
    """Decides points by running."""
    SOLUTION = "solution"
    """An exercise: students write it, tests decide its points."""
    RECALL = "recall"
    """Answers about earlier lessons, which students check at once: no points."""
    WRITTEN = "written"
    """An answer or task that a person marks."""
    CONSTANTS = "constants"
    """Locked code with constants that may be each student's own."""
    GIVEN = "given"
    """Any other code."""
    TEXT = "text"
    """Any other text."""


def role_of(kind: str, entry: Mapping, source: str) -> Role:
    """Return what a cell is for: the one place that decides it.

    Parameters
    ----------
    kind
        `code`, `markdown` or `raw`.
    entry
        What nbgrader knows of the cell: `grade_id`, `grade`, `solution`, `task`,
        `locked`.
    """
    is_code = kind == "code"
    if entry.get("grade") or entry.get("task"):
        is_test = is_code and not entry.get("solution") and not entry.get("task")
        return Role.TEST if is_test else Role.WRITTEN
    if not is_code:
        return Role.TEXT
    if entry.get("solution"):
        is_recall = entry.get("grade_id") == Role.RECALL
        return Role.RECALL if is_recall else Role.SOLUTION
    is_constants = entry.get("locked") and is_marked(source)
    return Role.CONSTANTS if is_constants else Role.GIVEN


def is_named_as_a_test(grade_id: str) -> bool:
    """Whether lessons call a test cell so: `test_<exercise>_<what>`."""
    return grade_id.startswith("test_")


def is_check(role: Role, grade_id: str | None) -> bool:
    """Whether a cell is there to check answers: students run it and need not read it.

    Besides tests these are locked cells that are named so: `checking`, `check_recall`.
    """
    return role == Role.TEST or (grade_id or "").startswith("check")


def without_region(source: str, begin: str, end: str) -> str:
    """Drop the lines from each `begin` to its `end`, both included."""
    kept, inside = [], False
    for line in source.splitlines():
        if begin in line:
            inside = True
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def inside_region(source: str, begin: str, end: str) -> list[str]:
    """Return the lines between each `begin` and its `end`."""
    found, inside = [], False
    for line in source.splitlines():
        if begin in line:
            inside = True
        elif end in line:
            inside = False
        elif inside:
            found.append(line.strip())
    return found


def without_hidden_tests(source: str) -> str:
    """Return what a student sees of a test cell."""
    return without_region(source, BEGIN_HIDDEN, END_HIDDEN)


@dataclass(frozen=True)
class ReferenceCell:
    """A cell that the gradebook knows, as it is when nobody has touched it."""

    grade_id: str
    kind: str
    """`code` or `markdown`."""
    source: str
    """For tests with hidden tests; for solutions the stub."""
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float
    shown: str | None = None
    """What nbgrader made of it for students, if that is known."""
    earlier: tuple[str, ...] = ()
    """What students got of it before it was corrected."""
    handed_out: tuple[dict, ...] = ()
    """Its `FLAGS` as students got them, today and earlier."""

    @property
    def role(self) -> Role:
        """What the cell is for."""
        return role_of(self.kind, vars(self), self.source)

    @property
    def is_test(self) -> bool:
        """Whether the cell decides points by running."""
        return self.role == Role.TEST

    @property
    def is_constants(self) -> bool:
        """Whether the cell has constants that may be each student's own."""
        return self.role == Role.CONSTANTS

    @property
    def released(self) -> str:
        """What students got of the cell."""
        return without_hidden_tests(self.source) if self.shown is None else self.shown

    @cached_property
    def entry(self) -> Mapping[str, object]:
        """What nbgrader notes of the cell in a notebook."""
        noted = {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "grade": self.grade,
            "solution": self.solution,
            "locked": self.locked,
            "task": self.task,
            "checksum": self.checksum,
            "cell_type": self.kind,
        }
        if not self.checksum:  # a course may turn ComputeChecksums off
            del noted["checksum"]
        return noted | ({"points": self.points} if self.grade or self.task else {})

    def node(self, source: str) -> NotebookNode:
        """Return the cell for a notebook, with this source."""
        metadata = NotebookNode(deletable=False, nbgrader=NotebookNode(self.entry))
        if self.locked:
            metadata["editable"] = False
        return new_cell(self.kind, source, id=cell_id(self.grade_id), metadata=metadata)


References = dict[str, list[ReferenceCell]]
"""The reference cells of each notebook of a lesson."""


def new_cell(
    kind: str, source: str, metadata: NotebookNode | None = None, **more: object
) -> NotebookNode:
    """Make a cell as nbformat does, which would validate each one for a millisecond."""
    if kind == "code":
        more |= {"execution_count": None, "outputs": []}
    metadata = NotebookNode() if metadata is None else metadata
    return NotebookNode(cell_type=kind, metadata=metadata, source=source, **more)


def cell_id(grade_id: str) -> str:
    """Make a valid cell id of a name that another course may have chosen freely."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", grade_id)[:60] or "cell"


def entry_of(cell: NotebookNode) -> dict:
    """Return what nbgrader knows of a cell."""
    return cell["metadata"].get("nbgrader", {})  # attributes of nodes are slow


def name_of(cell: NotebookNode) -> str:
    """Return the cell's name in the gradebook, or nothing.

    A notebook that was read from a submitted file has it without what is around it.
    """
    metadata = cell["metadata"]
    return str(metadata.get("nbgrader", metadata).get("grade_id", ""))


def role_in_notebook(cell: NotebookNode) -> Role:
    """Return what a notebook's cell is for."""
    return role_of(cell["cell_type"], entry_of(cell), cell["source"])


def is_test(cell: NotebookNode) -> bool:
    """Whether a notebook's cell decides points by running."""
    return role_in_notebook(cell) == Role.TEST


def test_names(notebook: NotebookNode) -> frozenset[str]:
    """Return the names of a notebook's test cells."""
    return frozenset(name_of(cell) for cell in notebook.cells if is_test(cell))
