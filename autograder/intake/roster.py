"""Roster: the students of a class, and which of them a file is from."""

import re
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from dateutil.parser import UnknownTimezoneWarning, parse

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.base.names import nearest
from autograder.course.course import Course
from autograder.course.times import in_utc
from autograder.gradebook.people import Person, note_people, withdrawn
from autograder.intake.platforms import Sender
from autograder.intake.submissions import room_of
from autograder.intake.tables import Table, read_table

STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
TWO_DAYS = (datetime(2000, 1, 1), datetime(2001, 2, 2))
"""No day, month or year is the same: what is read off both was written."""


@dataclass(frozen=True)
class Student(Person):
    """A line of the roster."""

    number: str = ""
    """What the platform writes into names of files."""
    time: str = ""
    """When the work was handed in, as nbgrader writes it; nothing if not known."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name in each order of its parts, letters and digits only."""
        parts = [_letters(self.last_name), _letters(self.first_name)]
        return tuple(filter(None, {"".join(parts), "".join(reversed(parts))}))

    def is_named_by(self, sender: Sender) -> bool:
        """Whether name and number, as far as the roster has them, are the sender's."""
        names = self.names
        has_number = self.number in ("", sender.number)
        has_name = not names or _letters(sender.name) in names
        return has_number and has_name and bool(self.number or names)


def whose(found: list[Sender], roster: list[Student] | None) -> tuple[Student, Sender]:
    """Return the student whom a file is from, and the reading of its name that fits.

    Raises
    ------
    UnreadableSubmission
        It is nobody's or could be two people's.
    """
    if not found:
        raise UnreadableSubmission(
            "found a name that is neither Canvas's nor Moodle's, expected "
            "<name>_<number>_<number>_<file> or a folder "
            "<Full Name>_<number>_assignsubmission_file; collect the folder that these "
            "are in, or clones of git with --git, or put it in its place by hand"
        )
    if roster is None:
        fits = [(Student(sender.student), sender) for sender in found]
    else:
        fits = [(s, x) for s in roster for x in found if s.is_named_by(x)]
    if not fits:
        raise UnreadableSubmission(
            f"found nobody called {found[0].name} with the number {found[0].number} in "
            "the roster; correct the roster, or leave it out"
        )
    if len(fits) > 1:
        names = " or ".join(sorted({student.id for student, _ in fits}))
        raise UnreadableSubmission(
            f"it can be from {names}; name a roster with the platform's numbers, or "
            "put it in its place by hand"
        )
    return fits[0]


def whose_clone(name: str, roster: list[Student] | None) -> Student:
    """Return the student whom a clone is from: its folder is named, or ends, so.

    Raises
    ------
    UnreadableSubmission
        It is nobody's or could be two people's.
    """
    if roster is None and STUDENT.fullmatch(name):
        return Student(name)
    called, fits = name.casefold(), []
    for student in roster or ():
        logins = [n.casefold() for n in (student.id, student.number) if n]
        if called in logins:
            return student
        if called.endswith(tuple(f"-{login}" for login in logins)):
            fits.append(student)
    if len(fits) != 1:
        found = " or ".join(student.id for student in fits) or "nobody"
        raise UnreadableSubmission(
            f"a clone called {name} is from {found}, expected one student of the "
            "roster; rename its folder as the student is called there"
        )
    return fits[0]


def note_roster(course: Course) -> None:
    """Write everybody in the roster of `class.toml` into the gradebook."""
    if course.class_file.roster:
        note_people(course, read_roster(course.class_file.roster))


def expect_known(course: Course) -> None:
    """See to it that the class's roster is there, and has whom extensions name.

    Raises
    ------
    WrongUse
        It is not there, or has not: an extension would be ignored.
    """
    said = course.class_file
    if said.roster is None:
        return
    if not said.roster.is_file():
        raise WrongUse(
            f"{said.path}: roster: found no file {said.roster}, expected a CSV file of "
            "students, named as seen from the folder of class.toml."
        )
    known = {student.id for student in read_roster(said.roster)} | withdrawn(course)
    known |= {path.name for path in room_of(course).glob("*")}
    for lesson, terms in said.lessons.items():
        for student in terms.extensions:
            if student not in known:
                raise WrongUse(
                    f"{said.path}: lessons.{lesson}.extensions: found no student "
                    f"{student} in {said.roster.name}, expected "
                    f"{nearest(student, known)}."
                )


def read_roster(path: Path, zone: tzinfo | None = None) -> list[Student]:
    """Read the students of a class from Canvas, Moodle or nbgrader.

    Takes Canvas's export of the gradebook, Moodle's grading worksheet, or a table with
    the columns of `nbgrader db student import` (`id`, `first_name`, `last_name`) and,
    if wanted, the platform's `number`.

    Parameters
    ----------
    zone
        Of the times in it; the machine's if None.

    Raises
    ------
    WrongUse
        The file is none of these; or a student's name cannot be a folder's.
    """
    students = list(_students(read_table(path), path.name, zone))
    seen: set[str] = set()
    for student in students:
        if student.id in seen:
            raise WrongUse(f"{path.name}: {student.id} is there twice; remove one.")
        seen.add(student.id)
    return students


def _students(table: Table, file: str, zone: tzinfo | None) -> Iterator[Student]:
    columns = table.columns
    read = next((r for needed, r in KINDS.items() if set(needed) <= set(columns)), None)
    if read is None:
        raise WrongUse(
            f"{file}: found the columns {', '.join(sorted(columns))}; expected, among "
            f"others, {' or '.join(', '.join(needed) for needed in KINDS)}."
        )
    for line, row in enumerate(table.rows, start=2):
        student = read({name: row[at].strip() for name, at in columns.items()})
        if not student.id:
            continue  # Canvas's line of points possible, or somebody without a login
        if not STUDENT.fullmatch(student.id):
            raise WrongUse(
                f"{file}, line {line}: found {student.id!r}, expected letters, digits "
                "and . _ - @ only, as it becomes a folder's name; correct it."
            )
        yield replace(student, time=_as_nbgrader(student.time, zone))


def _of_canvas(row: dict[str, str]) -> Student:
    last, first = split_name(row["Student"])
    number = row["ID"]
    return Student(row["SIS Login ID"], first, last, lms_user_id=number, number=number)


def _of_moodle(row: dict[str, str]) -> Student:
    known = (row.get(c, "") for c in ("Username", "ID number", "Email address"))
    last, first = split_name(row.get("Full name", ""))
    return Student(
        next(filter(None, known), ""),
        first,
        last,
        row.get("Email address", ""),
        # Moodle numbers people anew in each assignment: no id for the gradebook.
        number=re.sub(r"\D", "", row["Identifier"]),
        time=row.get("Last modified (submission)", ""),
    )


def _of_nbgrader(row: dict[str, str]) -> Student:
    number = row.get("number", "") or row.get("lms_user_id", "")
    return Student(
        row["id"],
        row.get("first_name", ""),
        row.get("last_name", ""),
        row.get("email", ""),
        lms_user_id=number,
        number=number,
    )


KINDS = {
    ("Student", "ID", "SIS Login ID"): _of_canvas,
    ("Identifier",): _of_moodle,
    ("id",): _of_nbgrader,
}


def split_name(name: str) -> tuple[str, str]:
    """Return last and first name; without a comma, the last word is the last name."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.strip().rpartition(" ")
    return last.strip(), first.strip()


def _letters(name: str) -> str:
    same = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in same if c.isalnum())


def _as_nbgrader(time: str, zone: tzinfo | None) -> str:
    """Return a time of a zone, or the machine's, as nbgrader writes it.

    Nothing comes of what is no time, or of one that leaves its day open.
    """
    try:
        with warnings.catch_warnings(action="error", category=UnknownTimezoneWarning):
            read, again = (parse(time, default=day) for day in TWO_DAYS)
        if read != again:
            return ""
        return nbgrader_time(in_utc(read, zone).replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError, UnknownTimezoneWarning):
        return ""


def nbgrader_time(seconds: float) -> str:
    """Return seconds since 1970 as nbgrader writes them into `timestamp.txt`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
