"""Roster: the students of a class, read from a list of a platform or of a person."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.names import TURNS, nearest
from autograder.course.course import Course
from autograder.gradebook.people import Person, called, note_people, withdrawn
from autograder.intake.platforms.headings import (
    EMAIL,
    FIRST,
    GROUP,
    ID_NUMBER,
    IDENTIFIER,
    IN_A_LIST,
    LAST,
    NAME,
    TIME,
    TYPED,
    USERNAME,
    plain,
)
from autograder.intake.platforms.senders import LOGIN, Sender
from autograder.intake.platforms.tables import Table, read_table
from autograder.intake.platforms.times import UnreadTime, in_utc

GITHUB = {"identifier", "github_username"}
"""Columns of GitHub Classroom's list."""
FLOATING = re.compile(r"([0-9]+)\.0")
SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+")
"""What spreadsheets make of a whole number, and of a long one."""
AS_TEXT = re.compile(r"=\"(.*)\"|'(\d.*)")
"""How programs write numbers so that spreadsheets keep their zeros."""
ADDRESS = re.compile(r"(?:mailto:|[^<>]*<)([^<>\s]+@[^<>\s]+?)>?")
"""How mail programs write an address."""
UNSEEN = "".join(sorted(TURNS)) + "\u200b\u2060\ufeff"
"""What comes with a text that is copied, and nobody sees."""


@dataclass(frozen=True)
class Student(Person):
    """A line of the roster."""

    number: str = ""
    """What the platform writes into names of files."""
    time: str = ""
    """When the work was handed in, as nbgrader writes it; nothing if not known."""
    group: str = ""
    """The team that hands in together, as the platform calls it."""
    unread_time: str = ""
    """What the list says of the time, and why it cannot be read."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name in each order of its parts, letters and digits only."""
        parts = [letters(self.last_name), letters(self.first_name)]
        return tuple(filter(None, {"".join(parts), "".join(reversed(parts))}))

    def has_login_of(self, sender: Sender) -> bool:
        """Whether the platform names a login, an address or a number of this one."""
        own = (self.id, self.number, self.email)
        return any(_is_same(name, login) for login in sender.logins for name in own)

    def is_named_by(self, sender: Sender) -> bool:
        """Whether name and number, as far as both have them, are the sender's."""
        numbers = (self.number, sender.number)
        has_number = all(numbers) and not sender.logins
        if has_number and not _is_same(*numbers):
            return False
        return letters(sender.name) in self.names if self.names else has_number


def read_roster(
    path: Path,
    zone: tzinfo | None = None,
    note: Callable[[str], None] | None = None,
) -> list[Student]:
    """Read the students of a class, whoever has made the list.

    Takes what Canvas, Moodle, Blackboard, Brightspace, ILIAS, Gradescope and GitHub
    Classroom export, or a table with the columns of `nbgrader db student import` (`id`,
    `first_name`, `last_name`, `email`) and, if wanted, the platform's `number`.

    Parameters
    ----------
    zone
        Of the times in it that do not say theirs; this machine's if None.
    note
        Called with what is wrong with single lines, which are left out.

    Raises
    ------
    WrongUse
        The file is no such list, or no line of it can be used; or, if nobody asked for
        notes, any line cannot.
    """
    table = read_table(path)
    problems: list[str] = []
    students = list(_without_doubles(_students(table, zone, problems), problems))
    told = [f"{path.name}, {problem}" for problem in problems]
    if problems and (note is None or not students):
        raise WrongUse("\n".join(told))
    if table.encoding == "cp1252":
        example = next((c for row in table.rows for c in row if not c.isascii()), "")
        told.append(
            f"{path.name}: not in UTF-8, so it was read as Windows-1252; see whether "
            f"names are right, as {example!r}, or save it as CSV UTF-8"
        )
    for text in told if note else ():
        note(text)
    return [student for _, student in students]


def roster_of(
    course: Course,
    given: Path | None,
    zone: tzinfo | None = None,
    note: Callable[[str], None] | None = None,
) -> list[Student] | None:
    """Read a list, else that of `class.toml`; None if there is neither.

    Platforms call students otherwise than the class's own list does, Moodle's worksheet
    by their addresses where it has no logins: who is in both is called as in the class.

    Raises
    ------
    WrongUse
        As `read_roster`.
    """
    of_class = course.class_file.roster
    path = given or of_class
    if path is None:
        return None
    students = read_roster(path, zone, note)
    if given and of_class:
        known = read_roster(of_class, note=lambda _: None)
        found = [_in_class(student, known) for student in students]
        counts = Counter(found)
        found = [name if counts[name] == 1 else "" for name in found]
        others = [s for s, name in zip(students, found, strict=True) if not name]
        if note and (named := [called(s) for s in others if s.names]):
            note(
                f"{path.name}: found {', '.join(named)}, who cannot be told to be in "
                f"{of_class.name} by login, address, number or name; each is a student "
                "of that name here: correct one list if it is the same person"
            )
        pairs = zip(students, found, strict=True)
        students = [replace(s, id=name or s.id) for s, name in pairs]
    return as_spelt(course, students)


def note_roster(course: Course) -> None:
    """Write everybody in the roster of `class.toml` into the gradebook.

    Lines that cannot be used are left out, as `collect` tells.
    """
    if course.class_file.roster:
        students = read_roster(course.class_file.roster, note=lambda _: None)
        note_people(course, as_spelt(course, students))


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
    students = read_roster(said.roster, note=lambda _: None)
    known = {student.id for student in as_spelt(course, students)} | withdrawn(course)
    known |= {student for student, _, _ in course.folders("submitted")}
    for lesson, terms in said.lessons.items():
        for student in terms.extensions:
            if student not in known:
                raise WrongUse(
                    f"{said.path}: lessons.{lesson}.extensions: found no student "
                    f"{student} in {said.roster.name}, expected "
                    f"{nearest(student, known)}."
                )


def as_spelt(course: Course, known: list[Student]) -> list[Student]:
    """Return students as their folders are spelt: `Ann` and `ann` are one."""
    room = course.path("submitted", "*").parent
    there = {path.name.casefold(): path.name for path in sorted(room.glob("*"))}
    return [replace(s, id=there.get(s.id.casefold(), s.id)) for s in known]


def split_name(name: str) -> tuple[str, str]:
    """Return last and first name; without a comma, the last word is the last name."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.strip().rpartition(" ")
    return last.strip(), first.strip()


def letters(name: str) -> str:
    """Return the letters and digits of a name, in which two spellings are the same."""
    same = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in same if c.isalnum())


def _is_same(one: str, other: str) -> bool:
    """Whether two names are one: spreadsheets drop zeros, people mix large letters."""
    one, other = one.casefold(), other.casefold()
    if one.isdecimal() and other.isdecimal():
        one, other = one.lstrip("0"), other.lstrip("0")
    return bool(one) and one == other


def _in_class(student: Student, known: list[Student]) -> str:
    """Return what a student is called in the class; nothing if that is not certain."""
    own = (student.id, student.email, student.lms_user_id)

    def has_one_of(other: Student) -> bool:
        theirs = (other.id, other.email, other.number)
        return any(_is_same(one, name) for one in own for name in theirs)

    def is_of_the_name(other: Student) -> bool:
        mails = {student.email.casefold(), other.email.casefold()} - {""}
        return len(mails) < 2 and bool({*student.names} & {*other.names})

    fits = [s.id for s in known if _is_same(s.id, student.id)]
    fits = fits or [s.id for s in known if has_one_of(s)]
    fits = fits or [s.id for s in known if is_of_the_name(s)]
    return fits[0] if len(fits) == 1 else ""


def _without_doubles(
    found: Iterator[tuple[int, Student]], problems: list[str]
) -> Iterator[tuple[int, Student]]:
    seen: dict[str, tuple[int, str]] = {}
    for line, student in found:
        before, name = seen.setdefault(student.id.casefold(), (line, student.id))
        if before == line:
            yield line, student
        else:
            problems.append(
                f"line {line}: {student.id} is there twice, in line {before} as "
                f"{name}; remove one"
            )


def _students(
    table: Table, zone: tzinfo | None, problems: list[str]
) -> Iterator[tuple[int, Student]]:
    """Yield each student with the line; add what is wrong with others to `problems`."""
    read, columns = _reading(table)
    for line, cells in zip(table.lines, table.rows, strict=True):
        if line in table.overlong:
            problems.append(
                f"line {line}: found more cells than the {len(table.head)} headings; "
                "put a cell with a comma in it between quotes"
            )
            continue
        row = {name: _plain(cells[at]) for name, at in columns.items()}
        student = read(row)
        if not student.id:
            continue  # Canvas's line of points possible, or somebody without a login
        if problem := _objection(student):
            problems.append(f"line {line}: {problem}")
            continue
        yield line, _with_time(student, row.get(TIME, ""), zone)


def _plain(cell: str) -> str:
    """Return a cell as it was typed: Brightspace has # before it, spreadsheets .0."""
    text = " ".join(cell.strip(UNSEEN).split())
    for form in (AS_TEXT, ADDRESS):
        if match := form.fullmatch(text):
            text = next(filter(None, match.groups()), "")
    return FLOATING.sub(r"\1", text.removeprefix("#"))


def _objection(student: Student) -> str:
    """Say what is wrong with a line, if anything is."""
    for text in (student.id, student.number):
        if SHORTENED.fullmatch(text):
            return (
                f"found {text!r}, which a spreadsheet has made of a long number; give "
                "its column the format Text, and enter it anew"
            )
    if LOGIN.fullmatch(student.id):
        return ""
    return (
        f"found {student.id!r}, expected letters, digits and . _ - @ only, as it "
        "becomes a folder's name; correct it"
    )


def _with_time(student: Student, time: str, zone: tzinfo | None) -> Student:
    try:
        return replace(student, time=in_utc(time, zone))
    except UnreadTime as why:
        return replace(student, unread_time=f"{time} ({why})")


def _reading(
    table: Table,
) -> tuple[Callable[[dict[str, str]], Student], dict[str, int]]:
    """Return what makes a student of a row, and where the row has what.

    Raises
    ------
    WrongUse
        There is no column that tells who is who.
    """
    small = {plain(heading): at for at, heading in enumerate(table.head)}
    if table.is_canvas:
        return _of_canvas, dict(table.columns)
    if IDENTIFIER in table.columns and not small.keys() >= GITHUB:
        return _of_moodle, dict(table.columns)
    columns: dict[str, int] = {}
    for heading, at in small.items():
        columns.setdefault(IN_A_LIST.get(heading, heading), at)
    logins = [small[name] for name in TYPED[USERNAME].split(", ") if name in small]
    if logins:
        columns[USERNAME] = logins[0]
    if FIRST in columns and LAST not in columns and NAME in columns:
        columns[LAST] = columns[NAME]  # as German lists have it: Vorname, Name
    if not columns.keys() & {USERNAME, ID_NUMBER, EMAIL}:
        raise WrongUse(
            f"{table.path.name}: found the columns {', '.join(sorted(table.head))}; "
            "expected, among others, Student, ID, SIS Login ID as Canvas has them, or "
            "Identifier as Moodle has it (in many languages), or one of id, username, "
            "login, student id or email."
        )
    return _of_a_list, columns


def _of_canvas(row: dict[str, str]) -> Student:
    last, first = split_name(row["Student"])
    number = row["ID"]
    if "SIS Login ID" in row:
        login = row["SIS Login ID"]
    else:  # who may not see logins gets none
        sender = Sender("canvas", row["Student"], number)
        login = row.get("SIS User ID", "") or (sender.student if number else "")
    return Student(login, first, last, lms_user_id=number, number=number)


def _of_moodle(row: dict[str, str]) -> Student:
    number = re.sub(r"\D", "", row[IDENTIFIER])
    known = (row.get(c, "") for c in (USERNAME, ID_NUMBER, EMAIL))
    name = row.get(NAME, "")
    last, first = split_name(name)
    called = name or row[IDENTIFIER].removesuffix(number)
    return Student(
        # Where Moodle hides names, its number is all that anybody is to know.
        next(filter(None, known), "") or Sender("moodle", called, number).student,
        first,
        last,
        row.get(EMAIL, ""),
        # Moodle numbers people anew in each assignment: no id for the gradebook.
        number=number,
        group=row.get(GROUP, ""),
    )


def _of_a_list(row: dict[str, str]) -> Student:
    last, first = split_name(row.get(NAME, ""))
    number = row.get("number", "") or row.get("lms_user_id", "")
    known = (row.get(c, "") for c in (USERNAME, ID_NUMBER, EMAIL))
    return Student(
        next(filter(None, known), ""),
        row.get(FIRST, "") or first,
        row.get(LAST, "") or last,
        row.get(EMAIL, ""),
        lms_user_id=number,
        number=row.get("github_username", "") or number,
        group=row.get(GROUP, ""),
    )
