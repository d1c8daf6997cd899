"""Kept: what a person has marked stays marked while the student's text is the same.

nbgrader's own step asks a person to look again at each mark that one gave, whenever a
submission is graded anew.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, SubmittedAssignment, SubmittedNotebook

NOTES = ("timestamp.txt", "submission_secret.txt")
"""nbgrader's own, which are no part of an answer."""


@dataclass(frozen=True)
class _Marked:
    """A mark that a person gave, and need not look at again."""

    grade: Grade
    notebook: str
    text: list[str]
    """What it was given for."""


@contextmanager
def stays_done(
    gradebook: Gradebook,
    lesson: str,
    student: str,
    graded: Path,
    executed: Mapping[str, NotebookNode],
    files: Mapping[str, Path],
) -> Iterator[None]:
    """Let the block mark a submission; what a person has finished stays finished.

    Parameters
    ----------
    graded
        The folder with the notebooks that were marked before.
    executed
        The notebooks that are marked now.
    files
        What was handed in beside them.
    """
    done = list(_done(gradebook, lesson, student, graded))
    is_alike = done and _are_alike(graded, files)
    yield
    for marked in done:
        notebook = executed.get(marked.notebook)
        is_task = marked.grade.cell.type == "TaskCell"
        if notebook is None or (is_task and not is_alike):
            continue
        if _text(notebook.cells, marked.grade) == marked.text:
            marked.grade.needs_manual_grade = False


def _done(
    gradebook: Gradebook, lesson: str, student: str, graded: Path
) -> Iterator[_Marked]:
    if not graded.is_dir():
        return
    found = (
        gradebook.db.query(Grade)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(
            SubmittedAssignment,
            SubmittedAssignment.id == SubmittedNotebook.assignment_id,
        )
        .filter(
            SubmittedAssignment.assignment == gradebook.find_assignment(lesson),
            SubmittedAssignment.student_id == student,
            Grade.manual_score.is_not(None),
            Grade.needs_manual_grade.is_(False),
        )
    )
    for grade in found:
        name = grade.notebook.name
        path = graded / f"{name}.ipynb"
        if path.is_file():
            cells = json.loads(path.read_bytes())["cells"]
            yield _Marked(grade, name, _text(cells, grade))


def _text(cells: list[dict], grade: Grade) -> list[str]:
    """Return the text that a mark is for.

    That of a written answer is in its own cell. A test's mark is for the code of the
    whole notebook, and a task asks for something that may be anywhere in it.
    """
    entries = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    is_locked = [entry.get("locked", False) for entry in entries]
    own = [
        cell
        for cell, entry in zip(cells, entries, strict=True)
        if entry.get("grade_id") == grade.cell.name and entry.get("solution")
    ]
    kinds = ("code",) if grade.cell.type == "GradeCell" else ("code", "markdown", "raw")
    written = [
        cell
        for cell, locked in zip(cells, is_locked, strict=True)
        if not locked and cell["cell_type"] in kinds
    ]
    return ["".join(cell["source"]).strip() for cell in own or written]


def _are_alike(graded: Path, files: Mapping[str, Path]) -> bool:
    """Whether what was handed in beside the notebooks is what it was."""
    for name, path in files.items():
        before = graded / name
        if name not in NOTES and not (
            before.is_file() and before.read_bytes() == path.read_bytes()
        ):
            return False
    return True
