"""Recognition: which student each row of a platform's file is."""

from collections import Counter
from collections.abc import Collection, Mapping

from autograder.course.course import Course
from autograder.gradebook.people import Person
from autograder.intake.platforms.receipts import Receipts
from autograder.intake.platforms.tables import EMAIL, IDENTIFIER, NAME, Table
from autograder.intake.roster import Student, split_name

LOGINS = ("SIS Login ID", "SIS User ID", "Username", "ID number", EMAIL)
"""Columns that may hold what a student is called here, or the address."""


class Recognition:
    """Tells students by what nobody chooses: logins and addresses, then numbers.

    By their names only where no two have the same, and nothing else speaks against it.
    """

    def __init__(
        self,
        course: Course,
        platform: str,
        lessons: Collection[str],
        people: Mapping[str, Person],
    ) -> None:
        self._people = people
        self._by_login: dict[str, set[str]] = {}
        self._by_number: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        for person in people.values():
            for login in filter(None, {person.id.casefold(), person.email.casefold()}):
                self._by_login.setdefault(login, set()).add(person.id)
            if platform == "canvas" and person.lms_user_id:
                self._by_number.setdefault(person.lms_user_id, set()).add(person.id)
            for name in _names(person.last_name, person.first_name):
                self._by_name.setdefault(name, set()).add(person.id)
        for receipt in Receipts(course.results / "collected.csv").all():
            # Moodle numbers people anew in each assignment.
            here = receipt.lesson in lessons and not receipt.astray
            is_known = receipt.student in people and receipt.platform == platform
            sender = receipt.sender
            if is_known and sender and (here or platform == "canvas"):
                numbered = self._by_number.setdefault(sender.number, set())
                numbered.add(receipt.student)

    def students(self, table: Table, rows: list[list[str]]) -> list[str | None]:
        """Return the student of each row; None if there is none, or could be two."""
        found = [self._student(table, row) for row in rows]
        counts = Counter(found)
        return [one if counts[one] == 1 else None for one in found]

    def named(self, table: Table, row: list[str]) -> str:
        """Return what a row of their file is called, for people."""
        name = self._name(table, row)
        number = table.cell(row, IDENTIFIER, "ID", *LOGINS)
        return f"{name} ({number})" if name and number else name or number

    def _student(self, table: Table, row: list[str]) -> str | None:
        logins = {table.cell(row, heading).casefold() for heading in LOGINS} - {""}
        number = _digits(table.cell(row, IDENTIFIER)) or table.cell(row, "ID")
        for known, wanted in (
            (self._by_login, logins),
            (self._by_number, {number}),
            (self._by_name, _names(*split_name(self._name(table, row)))),
        ):
            found = set().union(*(known.get(one, set()) for one in wanted))
            if known is self._by_name:
                found = {one for one in found if not self._differs(one, table, row)}
            if found:
                return found.pop() if len(found) == 1 else None
        return None

    def _name(self, table: Table, row: list[str]) -> str:
        parts = (table.cell(row, "First name"), table.cell(row, "Last name"))
        return table.cell(row, "Student", NAME) or " ".join(filter(None, parts))

    def _differs(self, student: str, table: Table, row: list[str]) -> bool:
        """Whether a row has another address or number than a student of its name."""
        person = self._people[student]
        email, number = table.cell(row, EMAIL), table.cell(row, "ID")
        return (
            bool(person.email and email) and person.email.casefold() != email.casefold()
        ) or (bool(person.lms_user_id and number) and person.lms_user_id != number)


def _names(last: str, first: str) -> set[str]:
    return set(Student("", first, last).names)


def _digits(identifier: str) -> str:
    return "".join(c for c in identifier if c.isdigit())
