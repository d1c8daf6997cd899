"""Kept: what a person has marked stays marked while the student's text is the same.

nbgrader's own step asks a person to look again at each mark that one gave, whenever a
submission is graded anew. And where a class says so, an earlier try stays that has more
points.
"""

import json
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import (
    Grade,
    Gradebook,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)

from autograder.model.cells import BESIDE


class FewerPoints(Exception):
    """An earlier try has more points; nothing was written."""


@dataclass(frozen=True)
class _Marked:
    """A mark that a person gave, and need not look at again."""

    grade: Grade
    notebook: str
    text: list[tuple[str, dict]]
    """What it was given for."""


@contextmanager
def stays_done(
    gradebook: Gradebook,
    lesson: str,
    student: str,
    graded: Path,
    executed: Mapping[str, NotebookNode],
) -> Iterator[None]:
    """Let the block mark a submission; what a person has finished stays finished.

    Not where more was given than the cell is worth now: a person has to look.

    Parameters
    ----------
    graded
        The folder with the notebooks that were marked before.
    executed
        The notebooks that are marked now.
    """
    done = list(_done(gradebook, lesson, student, graded))
    yield
    for marked in done:
        now, grade = executed.get(marked.notebook), marked.grade
        is_same = now and text_of(now.cells, grade.cell.name) == marked.text
        if is_same and grade.manual_score <= grade.cell.max_score:
            grade.needs_manual_grade = False


def let_written_wait(
    gradebook: Gradebook, lesson: str, student: str, executed: Container[str]
) -> None:
    """Have a person look at written answers of notebooks that were not handed in.

    nbgrader gives them nothing, and does not ask.
    """
    submission = gradebook.find_submission(lesson, student)
    for submitted in submission.notebooks:
        if submitted.name in executed:
            continue
        answers = {cell.name for cell in submitted.notebook.solution_cells}
        for grade in submitted.grades:
            is_written = isinstance(grade.cell, TaskCell) or grade.cell.name in answers
            if is_written and grade.manual_score is None:
                grade.auto_score, grade.needs_manual_grade = None, True


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
            yield _Marked(grade, name, text_of(cells, grade.cell.name))


def text_of(cells: list[dict], marked: str) -> list[tuple[str, dict]]:
    """Return the text that the mark of a cell is for, with the pictures in it.

    That of a written answer is in its own cell. A test's mark is for all the code that
    is not locked; that of a written answer that may stand beside its cell, for all the
    text too. nbgrader never asks to look at a task again.
    """
    entries = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    pairs = list(zip(cells, entries, strict=True))
    own = [
        cell
        for cell, entry in pairs
        if entry.get("grade_id") == marked and entry.get("solution")
    ]
    is_beside = any(e.get("checksum") == BESIDE for c, e in pairs if c in own)
    if is_beside or not own:
        own = [
            cell
            for cell, entry in pairs
            if (is_beside or cell["cell_type"] == "code") and not entry.get("locked")
        ]
    return [("".join(c["source"]).strip(), c.get("attachments", {})) for c in own]
