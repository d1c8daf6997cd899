"""Rows: marks in the gradebook, read and written as nbgrader's formgrader does it."""

from collections.abc import Iterator
from dataclasses import dataclass

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Select, select

from autograder.base.hashing import digest


@dataclass(frozen=True)
class Row:
    """What a student has for one cell."""

    id: str
    """Of nbgrader's row."""
    student: str
    notebook: str
    cell: str
    auto_score: float | None
    """Of a test; of an answer in words 0 where nothing was written, else nothing."""
    points: float | None
    """What a person gave."""
    extra_credit: float | None
    waits: bool
    comment_id: str | None
    """None where nbgrader has no place for a comment: the cell is not the student's."""
    comment: str

    @property
    def score(self) -> float:
        """What counts: a person's points before the tests'."""
        own = self.auto_score if self.points is None else self.points
        return (own or 0.0) + (self.extra_credit or 0.0)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written, so that no person is needed."""
        return self.points is None and self.auto_score is not None and not self.waits

    @property
    def state(self) -> str:
        """What is another text as soon as anybody has changed the row."""
        return digest(repr(self))


def rows_of(
    gradebook: Gradebook, lesson: str, cell: tuple[str, str] | None = None
) -> list[Row]:
    """Return the rows of a lesson.

    Parameters
    ----------
    cell
        The notebook and the cell; all, those of tests too, if not given.
    """
    query = _rows().where(Assignment.name == lesson)
    if cell:
        query = query.where(Notebook.name == cell[0], BaseCell.name == cell[1])
    return list(_read(gradebook, query))


def row_of(gradebook: Gradebook, lesson: str, name: str) -> Row | None:
    """Return a row of a lesson by its id; None if it is not there any more."""
    query = _rows().where(Assignment.name == lesson, Grade.id == name)
    return next(_read(gradebook, query), None)


def write(gradebook: Gradebook, row: Row) -> None:
    """Write a row's points, whether it waits, and its comment; the caller commits."""
    grade = gradebook.db.get(Grade, row.id)
    grade.manual_score, grade.needs_manual_grade = row.points, row.waits
    if row.comment_id:
        comment = gradebook.db.get(Comment, row.comment_id)
        comment.manual_comment = row.comment or None
    gradebook.db.flush()


def _rows() -> Select:
    # A written answer has two cells of its name, and its comment is on the other one.
    comments = (
        select(Comment.id, Comment.notebook_id, Comment.manual_comment, BaseCell.name)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .subquery()
    )
    return (
        select(
            Grade.id,
            SubmittedAssignment.student_id,
            Notebook.name,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
            comments.c.id,
            comments.c.manual_comment,
        )
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(
            SubmittedAssignment,
            SubmittedAssignment.id == SubmittedNotebook.assignment_id,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .outerjoin(
            comments,
            (comments.c.notebook_id == Grade.notebook_id)
            & (comments.c.name == BaseCell.name),
        )
    )


def _read(gradebook: Gradebook, query: Select) -> Iterator[Row]:
    for *found, comment in gradebook.db.execute(query):
        yield Row(*found, comment or "")
