"""Reading once: what nbgrader's steps ask a gradebook for again and again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from nbgrader.api import (
    Assignment,
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
)

T = TypeVar("T")


class ReadsOnce(Gradebook):
    """A gradebook that can read what one submission needs once, and write it once."""

    _found: dict[tuple, object] | None = None
    """What was read or is missing, by the question; None where all are asked."""

    @contextmanager
    def reading_once(self) -> Iterator[None]:
        """Keep what is found until the end, where nothing is removed meanwhile."""
        self._found = {}
        try:
            yield
        finally:
            self._found = None

    def find_student(self, student_id: str) -> Student:
        """Find a student."""
        return self._once(super().find_student, student_id)

    def add_student(self, student_id: str, **kwargs: object) -> Student:
        """Add a student, who is found from now on."""
        student = super().add_student(student_id, **kwargs)
        return self._keep(student, "find_student", student_id)

    def find_assignment(self, name: str) -> Assignment:
        """Find an assignment."""
        return self._once(super().find_assignment, name)

    def find_notebook(self, name: str, assignment: str) -> Notebook:
        """Find a notebook of an assignment."""
        if self._found is not None:
            for notebook in self.find_assignment(assignment).notebooks:
                if notebook.name == name:
                    return notebook
        return super().find_notebook(name, assignment)

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
        found = (self._found or {}).get(("find_submission", assignment, student))
        if isinstance(found, SubmittedAssignment):
            self.db.flush()
        return self._once(super().find_submission, assignment, student)

    def add_submission(
        self, assignment: str, student: str, **kwargs: object
    ) -> SubmittedAssignment:
        """Add a submission, which is found from now on with its notebooks."""
        with self.db.no_autoflush:  # half of it is nothing to be written
            made = super().add_submission(assignment, student, **kwargs)
        for one in made.notebooks:
            names = one.notebook.name, assignment, student
            self._keep(one, "find_submission_notebook", *names)
            one.late_submission_penalty = None  # nothing to be changed afterwards
        return self._keep(made, "find_submission", assignment, student)

    def find_submission_notebook(
        self, notebook: str, assignment: str, student: str
    ) -> SubmittedNotebook:
        """Find a notebook of a submission."""
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
