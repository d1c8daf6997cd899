"""Exports of the gradebook: every point as CSV, and tables for other programs.

nbgrader runs them too: `nbgrader export --exporter=autograder.export.Canvas`.
"""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
)
from nbgrader.plugins import ExportPlugin

from autograder.base.names import in_table
from autograder.course.course import Course
from autograder.intake.submissions import handed_in

POINTS = ["student", "lesson", "cell", "points", "max_points", "waits"]


class Points(ExportPlugin):
    """One row for each graded cell of each submission.

    `waits` says whether somebody still has to mark the cell. Late penalties are of
    whole submissions: they are in the other tables, and in `grades.csv`.
    """

    file = "points.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        self._write([POINTS, *self._rows(gradebook)])

    def _rows(self, gradebook: Gradebook) -> Iterator[list]:
        for assignment in self._assignments(gradebook):
            for submission in sorted(assignment.submissions, key=_student):
                if self.student and submission.student_id not in self.student:
                    continue
                for grade in sorted(_grades(submission), key=lambda g: g.name):
                    yield [
                        submission.student_id,
                        assignment.name,
                        grade.name,
                        "" if grade.needs_manual_grade else f"{grade.score:g}",
                        f"{grade.max_score:g}",
                        "yes" if grade.needs_manual_grade else "no",
                    ]

    def _assignments(self, gradebook: Gradebook) -> list[Assignment]:
        wanted = self.assignment
        found = [a for a in gradebook.assignments if not wanted or a.name in wanted]
        return sorted(found, key=lambda assignment: assignment.name)

    def _write(self, rows: list[list]) -> None:
        path = Path(self.to or self.file)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([map(in_table, row) for row in rows])


class _Table(Points):
    """One row for each student, one column for each lesson."""

    def _students(self, gradebook: Gradebook) -> list[Student]:
        wanted = self.student
        found = [s for s in gradebook.students if not wanted or s.id in wanted]
        return sorted(found, key=lambda student: student.id)

    def _scores(self, gradebook: Gradebook, student: Student) -> list[str]:
        return [
            _score(gradebook, assignment, student)
            for assignment in self._assignments(gradebook)
        ]


class Canvas(_Table):
    """The table that Canvas reads in its gradebook under Import."""

    file = "canvas.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; students go by their login, as folders of submissions do."""
        assignments = self._assignments(gradebook)
        head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        most = [f"{assignment.max_score:g}" for assignment in assignments]
        rows = [
            [*head, *(assignment.name for assignment in assignments)],
            ["    Points Possible", "", "", "", "", *most],
        ]
        for student in self._students(gradebook):
            name = ", ".join(filter(None, [student.last_name, student.first_name]))
            number = student.lms_user_id or ""
            known = [name or student.id, number, "", student.id, ""]
            rows.append(known + self._scores(gradebook, student))
        self._write(rows)


class Moodle(_Table):
    """The table that Moodle reads under Grades, Import, CSV file."""

    file = "moodle.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; map the first column to the user's name when importing."""
        lessons = [assignment.name for assignment in self._assignments(gradebook)]
        rows = [["Username", "First name", "Last name", "Email address", *lessons]]
        for student in self._students(gradebook):
            known = [student.first_name, student.last_name, student.email]
            rows.append(
                [
                    student.id,
                    *(entry or "" for entry in known),
                    *self._scores(gradebook, student),
                ]
            )
        self._write(rows)


class Excel(_Table):
    """A workbook of marks and points, for spreadsheets.

    A CSV file is not for them: they guess its encoding and separator, take the zeros
    off a number that is a name, and make a date of `1-2`.
    """

    file = "marks.xlsx"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        from xlsxwriter import Workbook

        lessons = [assignment.name for assignment in self._assignments(gradebook)]
        marks: list[list] = [["student", "last name", "first name", "email", *lessons]]
        for student in self._students(gradebook):
            known = [student.last_name, student.first_name, student.email]
            scores = map(_as_number, self._scores(gradebook, student))
            marks.append([student.id, *(entry or "" for entry in known), *scores])
        points: list[list] = [POINTS]
        for *names, score, most, waits in self._rows(gradebook):
            points.append([*names, _as_number(score), float(most), waits])
        with Workbook(self.to or self.file) as book:
            for name, rows in {"marks": marks, "points": points}.items():
                sheet = book.add_worksheet(name)
                for at, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        is_text = isinstance(cell, str)
                        write = sheet.write_string if is_text else sheet.write_number
                        write(at, column, cell)  # as text no cell is a formula
                sheet.freeze_panes(1, 1)
                sheet.autofit()


def missing(
    course: Course, gradebook: Gradebook, lessons: Collection[str]
) -> dict[str, list[str]]:
    """Return who handed in nothing, of each of these lessons that has marks.

    Work that could not be read, or has no marks yet, was handed in.
    """
    known = {student.id for student in gradebook.students}
    found = {}
    for assignment in gradebook.assignments:
        came = {submission.student_id for submission in assignment.submissions}
        if came and (not lessons or assignment.name in lessons):
            came |= {one.student for one in handed_in(course, [assignment.name])}
            found[assignment.name] = sorted(known - came)
    return found


FORMATS = {"csv": Points, "canvas": Canvas, "moodle": Moodle, "excel": Excel}


def _score(gradebook: Gradebook, assignment: Assignment, student: Student) -> str:
    """Return the score, late penalty taken off.

    Nothing for what was not handed in, or waits for marks: that is no zero.
    """
    try:
        found = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return ""
    if found.needs_manual_grade:
        return ""
    return f"{_total(found):g}"


def _as_number(score: str) -> float | str:
    return float(score) if score else ""


def _total(submission: SubmittedAssignment) -> float:
    return max(0.0, submission.score - (submission.late_submission_penalty or 0.0))


def _student(submission: SubmittedAssignment) -> str:
    return submission.student_id


def _grades(submission: SubmittedAssignment) -> Iterator[Grade]:
    for notebook in submission.notebooks:
        yield from notebook.grades
