"""Roster: the students of a class, and which of them a file is from."""

import csv
import io
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dateutil.parser import UnknownTimezoneWarning, parse

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.intake.platforms import Sender

STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
TWO_DAYS = (datetime(2000, 1, 1), datetime(2001, 2, 2))
"""No day, month or year is the same: what is read off both was written."""


@dataclass(frozen=True)
class Student:
    """A line of the roster."""

    id: str
    """The name of the student's folder and in the gradebook."""
    names: tuple[str, ...] = ()
    """The name in each order of its parts, letters and digits only."""
    number: str = ""
    time: str = ""
    """When the work was handed in, as nbgrader writes it; nothing if not known."""

    def is_named_by(self, sender: Sender) -> bool:
        """Whether name and number, as far as the roster has them, are the sender's."""
        has_number = self.number in ("", sender.number)
        has_name = not self.names or _letters(sender.name) in self.names
        return has_number and has_name and bool(self.number or self.names)


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
            "are in, or put it in its place by hand"
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


def read_roster(path: Path) -> list[Student]:
    """Read the students of a class from Canvas, Moodle or nbgrader.

    Takes Canvas's export of the gradebook, Moodle's grading worksheet, or a table with
    the columns of `nbgrader db student import` (`id`, `first_name`, `last_name`) and,
    if wanted, the platform's `number`.

    Raises
    ------
    WrongUse
        The file is none of these; or a student's name cannot be a folder's.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path}: {error}; name a CSV file in UTF-8.") from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    students = list(_students(table, path.name))
    seen: set[str] = set()
    for student in students:
        if student.id in seen:
            raise WrongUse(f"{path.name}: {student.id} is there twice; remove one.")
        seen.add(student.id)
    return students


def _students(table: csv.DictReader, file: str) -> Iterator[Student]:
    columns = set(table.fieldnames or ())
    read = next((r for needed, r in KINDS.items() if set(needed) <= columns), None)
    if read is None:
        raise WrongUse(
            f"{file}: found the columns {', '.join(sorted(columns))}; expected, among "
            f"others, {' or '.join(', '.join(needed) for needed in KINDS)}."
        )
    for line, row in enumerate(table, start=2):
        student = read({k: (v or "").strip() for k, v in row.items() if type(v) is str})
        if not student.id:
            continue  # Canvas's line of points possible, or somebody without a login
        if not STUDENT.fullmatch(student.id):
            raise WrongUse(
                f"{file}, line {line}: found {student.id!r}, expected letters, digits "
                "and . _ - @ only, as it becomes a folder's name; correct it."
            )
        yield student


def _of_canvas(row: dict[str, str]) -> Student:
    names = _orders(row["Student"].split(","))
    return Student(row["SIS Login ID"], names, row["ID"])


def _of_moodle(row: dict[str, str]) -> Student:
    known = (row.get(c, "") for c in ("Username", "ID number", "Email address"))
    return Student(
        next(filter(None, known), ""),
        _orders([row.get("Full name", "")]),
        re.sub(r"\D", "", row["Identifier"]),
        _as_nbgrader(row.get("Last modified (submission)", "")),
    )


def _of_nbgrader(row: dict[str, str]) -> Student:
    parts = [row.get("last_name", ""), row.get("first_name", "")]
    return Student(row["id"], _orders(parts), row.get("number", ""))


KINDS = {
    ("Student", "ID", "SIS Login ID"): _of_canvas,
    ("Identifier",): _of_moodle,
    ("id",): _of_nbgrader,
}


def _orders(parts: Iterable[str]) -> tuple[str, ...]:
    """Return a name's letters with its parts in this order and in the other one."""
    letters = [_letters(part) for part in parts]
    return tuple(filter(None, {"".join(letters), "".join(reversed(letters))}))


def _letters(name: str) -> str:
    same = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in same if c.isalnum())


def _as_nbgrader(time: str) -> str:
    """Return a time of this machine's zone as nbgrader writes it.

    Nothing comes of what is no time, or of one that leaves its day open.
    """
    try:
        with warnings.catch_warnings(action="error", category=UnknownTimezoneWarning):
            read, again = (parse(time, default=day) for day in TWO_DAYS)
        return nbgrader_time(read.timestamp()) if read == again else ""
    except (ValueError, OverflowError, UnknownTimezoneWarning):
        return ""


def nbgrader_time(seconds: float) -> str:
    """Return seconds since 1970 as nbgrader writes them into `timestamp.txt`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
