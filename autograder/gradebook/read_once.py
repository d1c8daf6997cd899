"""Reading once: what nbgrader's steps ask a gradebook for again and again.

And writing once: the rows of a new submission wait until their grades are known.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.utils import parse_utc
from sqlalchemy import Select, bindparam, insert, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

T = TypeVar("T")
ROWS_OF = {
    "GradeCell": [Grade],
    "SolutionCell": [Comment],
    "TaskCell": [Grade, Comment],
}
"""What a submission has of each kind of cell."""
BLANK = {
    Grade: dict.fromkeys(Grade.__table__.columns.keys()) | {"needs_manual_grade": True},
    Comment: dict.fromkeys(Comment.__table__.columns.keys()),
}
"""What a row has that nobody gave anything to."""
# Queries that are asked for each submission: to make one takes longer than the answer.
_STUDENT = select(Student).where(Student.id == bindparam("name"))
_LESSON = select(Assignment).where(Assignment.name == bindparam("name"))
_CELLS = select(BaseCell.id, BaseCell.name, BaseCell.type).where(
    BaseCell.notebook_id == bindparam("notebook")
)
_SUBMITTED = (
    select(SubmittedAssignment.id)
    .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    .where(
        Assignment.name == bindparam("lesson"),
        SubmittedAssignment.student_id == bindparam("student"),
    )
)


class ReadsOnce(Gradebook):
    """A gradebook that can read what one submission needs once, and write it once."""

    _found: dict[tuple, object] | None = None
    """What was read or is missing, by the question; None where all are asked."""
    _waiting: Sequence[tuple[tuple, list[Grade | Comment]]] = ()
    """The grades and comments of new notebooks that are not written yet, each with the
    question that they answer until then."""

    @contextmanager
    def reading_once(self) -> Iterator[None]:
        """Keep what is found until the end, where nothing is removed meanwhile."""
        self._found, self._waiting = {}, []
        try:
            yield
            self.write()
        finally:
            self._found, self._waiting = None, ()

    def write(self) -> None:
        """Write what waits, so that the database knows what was given until now."""
        db = self.db
        # To set what is set already counts as a change, and takes as long as one.
        if db.new or db.deleted or any(map(db.is_modified, db.dirty)):
            db.flush()
        if self._found is None:
            return
        for question, rows in self._waiting:
            for kind in (Grade, Comment):
                self._insert(kind, [row for row in rows if isinstance(row, kind)])
            del self._found[question]  # from now on they are read as all others are
        self._waiting = []

    def _insert(self, kind: type, rows: Sequence) -> None:
        """Write rows that have all that the database does not set."""
        names = kind.__table__.columns.keys()
        values = [{name: vars(row).get(name) for name in names} for row in rows]
        if values:
            self.db.execute(insert(kind.__table__), values)

    def find_student(self, student_id: str) -> Student:
        """Find a student."""
        if self._found is None:
            return super().find_student(student_id)
        return self._once(self._student, student_id)

    def _student(self, name: str) -> Student:
        return self._row(_STUDENT, f"No such student: {name}", name=name)

    def _row(self, query: Select, missing: str, **names: str) -> object:
        found = self.db.scalars(query, names).one_or_none()
        if found is None:
            raise MissingEntry(missing)
        return found

    def add_student(self, student_id: str, **kwargs: object) -> Student:
        """Add a student, who is found from now on."""
        student = super().add_student(student_id, **kwargs)
        return self._keep(student, self._student.__name__, student_id)

    def find_assignment(self, name: str) -> Assignment:
        """Find an assignment."""
        if self._found is None:
            return super().find_assignment(name)
        return self._once(self._lesson, name)

    def _lesson(self, name: str) -> Assignment:
        return self._row(_LESSON, f"No such assignment: {name}", name=name)

    def find_notebook(self, name: str, assignment: str) -> Notebook:
        """Find a notebook of an assignment."""
        if self._found is not None:
            for notebook in self.find_assignment(assignment).notebooks:
                if notebook.name == name:
                    return notebook
        return self._once(super().find_notebook, name, assignment)

    def find_grade_cell(self, *cell: str) -> GradeCell:
        """Find a cell with tests, or one that a person marks."""
        return self._cell(super().find_grade_cell, "grade_cells", *cell)

    def find_solution_cell(self, *cell: str) -> SolutionCell:
        """Find a cell with an answer."""
        return self._cell(super().find_solution_cell, "solution_cells", *cell)

    def find_source_cell(self, *cell: str) -> SourceCell:
        """Find a cell as its source has it."""
        return self._cell(super().find_source_cell, "source_cells", *cell)

    def _cell(self, find: Callable[..., T], cells: str, name: str, *notebook: str) -> T:
        """Find a cell by its name among those of its notebook."""
        if self._found is None:
            return find(name, *notebook)
        for cell in getattr(self.find_notebook(*notebook), cells):
            if cell.name == name:
                return cell
        raise MissingEntry(f"No such cell: {'/'.join((*reversed(notebook), name))}")

    def find_submission(self, assignment: str, student: str) -> SubmittedAssignment:
        """Find a submission; its score counts what was given until now."""
        question = "find_submission", assignment, student
        found = (self._found or {}).get(question)
        if isinstance(found, SubmittedAssignment):
            self.write()
        elif not found and self._found is not None:
            names = {"lesson": assignment, "student": student}
            with self.db.no_autoflush:
                if self.db.execute(_SUBMITTED, names).first() is None:
                    none = MissingEntry(
                        f"No such submission: {assignment} for {student}"
                    )
                    self._keep(none, *question)
        return self._once(super().find_submission, assignment, student)

    def add_submission(
        self, assignment: str, student: str, **kwargs: object
    ) -> SubmittedAssignment:
        """Add a submission, which is found from now on with its notebooks.

        nbgrader's own way has SQLAlchemy find out what depends on each grade: that
        takes longer than all else that it does for a submission.
        """
        if self._found is None:
            return super().add_submission(assignment, student, **kwargs)
        if "timestamp" in kwargs:
            kwargs["timestamp"] = parse_utc(kwargs["timestamp"])
        lesson, owner = self.find_assignment(assignment), self.find_student(student)
        self.db.flush()  # the student may be new, too
        made = SubmittedAssignment(
            id=new_uuid(), assignment_id=lesson.id, student_id=owner.id, **kwargs
        )
        own = [
            SubmittedNotebook(
                id=new_uuid(), notebook_id=of.id, assignment_id=made.id, flagged=False
            )
            for of in lesson.notebooks
        ]
        self._add(made, timestamp=None, extension=None)
        set_committed_value(made, "assignment", lesson)
        set_committed_value(made, "student", owner)
        set_committed_value(made, "notebooks", own)
        for one, notebook in zip(own, lesson.notebooks, strict=True):
            self._add(one, late_submission_penalty=None)
            set_committed_value(one, "assignment", made)
            set_committed_value(one, "notebook", notebook)
            names = notebook.name, assignment, student
            self._keep(one, "find_submission_notebook", *names)
            self._let_rows_wait(one, names)
        return self._keep(made, "find_submission", assignment, student)

    def _add(self, row: SubmittedAssignment | SubmittedNotebook, **unset: None) -> None:
        """Write a new row at once; what it has not set is nothing to be asked for."""
        self._insert(type(row), [row])
        for name, nothing in unset.items():
            if name not in vars(row):
                set_committed_value(row, name, nothing)
        make_transient_to_detached(row)
        self.db.add(row)

    def _let_rows_wait(self, added: SubmittedNotebook, names: tuple) -> None:
        """Make the grades and comments of a new notebook; `write` writes them."""
        by_cell: dict[type, dict] = {Grade: {}, Comment: {}}
        cells = self.db.execute(_CELLS, {"notebook": added.notebook_id})
        for cell, name, kind in cells:
            for row_of in ROWS_OF[kind]:
                row = by_cell[row_of][name] = row_of()
                # As a whole: to set one after the other has each of them noted.
                vars(row).update(
                    BLANK[row_of], id=new_uuid(), cell_id=cell, notebook_id=added.id
                )
        question = (self._read_rows.__name__, *names)
        self._keep(by_cell, *question)
        rows = [row for of_kind in by_cell.values() for row in of_kind.values()]
        self._waiting.append((question, rows))

    def find_submission_notebook(
        self, notebook: str, assignment: str, student: str
    ) -> SubmittedNotebook:
        """Find a notebook of a submission, with what was given until now."""
        if self._waiting:
            self.write()
        find = super().find_submission_notebook
        return self._once(find, notebook, assignment, student)

    def find_grade(self, grade_cell: str, *submission: str) -> Grade:
        """Find the grade of a cell."""
        found = self._rows_by_cell(*submission)[Grade].get(grade_cell)
        return found or super().find_grade(grade_cell, *submission)

    def find_comment(self, solution_cell: str, *submission: str) -> Comment:
        """Find the comment on a cell."""
        found = self._rows_by_cell(*submission)[Comment].get(solution_cell)
        return found or super().find_comment(solution_cell, *submission)

    def _rows_by_cell(self, *submission: str) -> dict[type, dict]:
        """Return the grades and comments of a submission's notebook."""
        if self._found is None:
            return {Grade: {}, Comment: {}}
        return self._once(self._read_rows, *submission)

    def _read_rows(self, *submission: str) -> dict[type, dict]:
        submitted = self.find_submission_notebook(*submission)
        of = submitted.notebook
        cells = [*of.grade_cells, *of.solution_cells, *of.task_cells]
        names = {cell.id: cell.name for cell in cells}
        return {
            kind: {names.get(row.cell_id): row for row in rows}
            for kind, rows in (
                (Grade, submitted.grades),
                (Comment, submitted.comments),
            )
        }

    def _once(self, find: Callable[..., T], *names: str) -> T:
        if self._found is None:
            return find(*names)
        key = (find.__name__, *names)
        if key not in self._found:
            with self.db.no_autoflush:  # what is added is found without asking
                try:
                    self._found[key] = find(*names)
                except MissingEntry as missing:  # until it is added
                    self._found[key] = missing
        if isinstance(self._found[key], MissingEntry):
            raise self._found[key]
        return self._found[key]

    def _keep(self, row: T, *question: str) -> T:
        if self._found is not None:
            self._found[question] = row
        return row
