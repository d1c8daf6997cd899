"""Filling: marks go into the file that a learning platform gave out, and back with it.

Columns, rows, ids and headings stay as they are: the platform knows them again.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.course.course import Course
from autograder.export.recognition import Recognition
from autograder.gradebook.marker import Marker
from autograder.gradebook.people import called, people_in
from autograder.intake.platforms.tables import (
    GRADE,
    IDENTIFIER,
    MOST,
    Table,
    read_table,
)

ASSIGNMENT = re.compile(r".+ \(\d+\)")
"""How Canvas heads an assignment's column: its name, and its number."""
WRITTEN_BY_STUDENTS = {"Student", "Section"}
PEOPLES = {
    "First name",
    "Last name",
    "Institution",
    "Department",
    "Username",
    "Full name",
    "Email address",
    "ID number",
}
"""Columns of Moodle's gradebook that are no marks."""


@dataclass
class FillReport:
    """What became of the rows of a platform's file, for people."""

    filled: int = 0
    strangers: list[str] = field(default_factory=list)
    """In their file and not here, or not told apart: their rows are as they were."""
    unlisted: list[str] = field(default_factory=list)
    """Here and not in their file."""
    waiting: list[str] = field(default_factory=list)
    """Empty, since a written answer of theirs has no marks yet."""
    notes: list[str] = field(default_factory=list)


class Filling:
    """Fills one file of a platform with the marks of a class.

    Parameters
    ----------
    platform
        `canvas` or `moodle`, as the file has to be.
    lessons
        These only; else each that has a column, or the only one that has marks.
    column
        The heading of its column, where its name does not tell.

    Raises
    ------
    WrongUse
        The file is another platform's, or no column is certain.
    """

    def __init__(
        self,
        course: Course,
        platform: str,
        theirs: Path,
        lessons: Collection[str] = (),
        column: str | None = None,
    ) -> None:
        self._course = course
        self._table = table = read_table(theirs)
        found = "canvas" if table.is_canvas else "moodle"
        if found != platform or not (table.is_canvas or _is_moodle(table)):
            raise WrongUse(
                f"{theirs}: found the columns {', '.join(table.head)}; expected "
                "Canvas's gradebook (Student, ID, …) for --format canvas, or Moodle's "
                "grading worksheet (Identifier, …) for --format moodle."
            )
        self._platform = platform
        with Marker(course) as marker:
            self._scores = marker.scores()
            self._most = marker.max_scores()
            self._people = people_in(marker.gradebook)
        marked = sorted({of for _, of in self._scores if course.class_file.has(of)})
        if unknown := sorted(set(lessons) - set(marked)):
            raise WrongUse(
                f"found no marks of {', '.join(unknown)}, expected some of "
                f"{', '.join(marked)}."
            )
        self._columns = self._columns_of(list(lessons) or marked, column)

    def write(self, to: Path) -> FillReport:
        """Write their file with the marks in it; `to` may be the file itself."""
        report = FillReport(notes=self._notes())
        table, lessons = self._table, list(self._columns)
        who = Recognition(self._course, self._platform, lessons, self._people)
        rows = [row for row in table.rows if not _is_of_points(table, row)]
        students = who.students(table, rows)
        for row, student in zip(rows, students, strict=True):
            if student is None:
                report.strangers.append(who.named(table, row))
                continue
            for lesson in lessons:
                self._fill(row, student, lesson, report)
        for student in sorted(self._people.keys() - set(students)):
            report.unlisted.append(called(self._people[student]))
        table.write(to, self._kept())
        return report

    def _fill(
        self, row: list[str], student: str, lesson: str, report: FillReport
    ) -> None:
        marks = self._scores.get((student, lesson))
        if marks is None:
            return  # nothing was handed in
        at = self._columns[lesson]
        if marks["waits_for_a_person"]:
            row[at] = ""
            report.waiting.append(f"{called(self._people[student])}: {lesson}")
            return
        points = max(0.0, marks["score"] - marks["late_penalty"])
        row[at] = f"{points:g}"
        if "," in self._table.cell(row, MOST):
            row[at] = row[at].replace(".", ",")
        report.filled += 1

    def _columns_of(self, lessons: list[str], column: str | None) -> dict[str, int]:
        """Return the column of each lesson."""
        table = self._table
        if column is not None:
            return {_the_only(lessons, "--column"): _column_called(table, column)}
        if GRADE in table.columns and IDENTIFIER in table.columns:
            one = _the_only(lessons, "a worksheet, which is of one assignment")
            return {one: table.columns[GRADE]}
        choice = _columns_of_marks(table)
        said = self._course.class_file
        found = {
            name: _called(said.of(name).title, choice) or _fitting(name, choice)
            for name in lessons
        }
        # A heading may be there twice: Moodle lets two assignments have one name.
        found = {name: self._all_called_so(at) for name, at in found.items()}
        several = {name: at for name, at in found.items() if len(at) > 1}
        sure = {name: at[0] for name, at in found.items() if len(at) == 1}
        all_there = self._all_called_so(list(choice.values()))
        if len(lessons) == len(all_there) == 1 and not sure:
            sure = dict.fromkeys(lessons, all_there[0])
        if several or not sure or len(set(sure.values())) < len(sure):
            raise WrongUse(
                f"{table.path}: found the columns {', '.join(choice) or '(none)'}, "
                f"expected one for {' and for '.join(several or lessons)}; name lesson "
                "and column with --lesson and --column."
            )
        return sure

    def _all_called_so(self, columns: list[int]) -> list[int]:
        """Return columns with all others of the same headings."""
        wanted = {self._table.head[at] for at in columns}
        return [at for at, text in enumerate(self._table.head) if text in wanted]

    def _notes(self) -> list[str]:
        table, notes = self._table, []
        possible = [r for r in table.rows if _is_of_points(table, r)] or table.rows[:1]
        for lesson, at in self._columns.items():
            there = table.columns.get(MOST) if not table.is_canvas else at
            cells = [row[there] for row in possible] if there is not None else []
            most = next((n for n in map(_number, cells) if n is not None), None)
            if most is not None and most != self._most[lesson]:
                notes.append(
                    f"{table.head[at]} is of {most:g} points there, {lesson} of "
                    f"{self._most[lesson]:g} here: correct the points there before "
                    "you import"
                )
            if table.is_canvas and "final" in table.head[at].lower():
                notes.append(
                    f"{table.head[at]}: Canvas passes over columns with “final” in "
                    "their name: give it another one there, download the file again"
                )
        marked = {of for _, of in self._scores}
        if table.is_canvas and len(self._columns) > 1:
            for lesson in sorted(marked - self._columns.keys()):
                notes.append(f"{lesson} has marks, and no column in {table.path.name}")
        return notes

    def _kept(self) -> list[int]:
        """Return the columns that the platform reads back: no student wrote them."""
        head = self._table.head
        if self._table.is_canvas:
            return [i for i, text in enumerate(head) if text not in WRITTEN_BY_STUDENTS]
        read = {self._table.columns.get(IDENTIFIER), *self._columns.values()}
        # Moodle's last column is for the teachers' comments, or a date.
        return [*(at for at in read if at is not None), len(head) - 1]


def _is_moodle(table: Table) -> bool:
    return bool(table.columns.keys() & ({IDENTIFIER} | PEOPLES))


def _is_of_points(table: Table, row: list[str]) -> bool:
    """Whether a row of Canvas's is none of a student: points possible, and such."""
    return table.is_canvas and not table.cell(row, "ID")


def _columns_of_marks(table: Table) -> dict[str, int]:
    """Return the columns that may hold marks, by heading."""
    if table.is_canvas:
        return {h: at for at, h in enumerate(table.head) if ASSIGNMENT.fullmatch(h)}
    known = {at for name, at in table.columns.items() if name in PEOPLES}
    return {h: at for at, h in enumerate(table.head) if at not in known}


def _fitting(lesson: str, choice: Mapping[str, int]) -> list[int]:
    """Return the columns whose headings have a lesson's name, or it without number."""
    words = re.findall(r"[^\W_]+", lesson.casefold())
    without_number = [word for word in words if not word.isdigit()]
    return _called(" ".join(words), choice) or _called(" ".join(without_number), choice)


def _called(name: str, choice: Mapping[str, int]) -> list[int]:
    """Return the columns whose headings have the words of a name, one by one."""
    words = map(re.escape, re.findall(r"[^\W_]+", name.casefold()))
    if not (pattern := r"[\W_]*".join(words)):
        return []
    whole = re.compile(rf"(?<![^\W_]){pattern}(?![^\W_])")
    return [at for heading, at in choice.items() if whole.search(heading.casefold())]


def _column_called(table: Table, heading: str) -> int:
    if table.head.count(heading) != 1:
        raise WrongUse(
            f"{table.path}: found no column {heading!r} or several, expected one of "
            f"{', '.join(table.head)}."
        )
    return table.head.index(heading)


def _the_only(lessons: list[str], what: str) -> str:
    if len(lessons) != 1:
        raise WrongUse(
            f"found marks of {', '.join(lessons) or 'no lesson'} for {what}, expected "
            "one lesson; name it with --lesson."
        )
    return lessons[0]


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
