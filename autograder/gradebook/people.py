"""People: names, addresses and platforms' numbers of students, in the gradebook."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from autograder.base.names import harmless
from autograder.course.course import Course

REMOVED = "removed"
"""In the class's folder: a folder for each student who left."""


@dataclass(frozen=True)
class Person:
    """What is known of a student; empty where nothing is."""

    id: str
    """The name of the student's folder and in the gradebook."""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""
    """The learning platform's number for this person, the same in all assignments."""


def note_people(course: Course, people: Iterable[Person]) -> None:
    """Write people into the gradebook of a class, also those who handed in nothing.

    What is not known of somebody stays as it is there; who was removed stays away.
    """
    from autograder.gradebook.database import ClassGradebook  # imports SQLAlchemy

    gone = withdrawn(course)
    with ClassGradebook(course) as book, book.gradebook.one_commit():
        there = people_in(book.gradebook)
        for person in people:
            known = {k: v for k, v in _columns(person).items() if v}
            before = _columns(there[person.id]) if person.id in there else {}
            if person.id not in gone and not known.items() <= before.items():
                book.gradebook.update_or_create_student(known.pop("id"), **known)


def withdrawn(course: Course) -> set[str]:
    """Return who was removed from a class, and has not handed in again."""
    found = {path.name for path in course.results.glob(f"{REMOVED}/*")}
    return found - {student for student, _, _ in course.folders("submitted")}


def people_in(gradebook) -> dict[str, Person]:
    """Return all whom a gradebook knows, by their id."""
    return {student.id: person_of(student) for student in gradebook.students}


def person_of(student) -> Person:
    """Return what a gradebook knows of one of its students."""
    return Person(
        student.id,
        student.first_name or "",
        student.last_name or "",
        student.email or "",
        str(student.lms_user_id or ""),
    )


def called(person: Person) -> str:
    """Return a name for people to read, with the id that is unmistakable."""
    name = f"{person.first_name} {person.last_name}".strip()
    return f"{name} ({person.id})" if name else person.id


def _columns(person: Person) -> dict[str, str]:
    wanted = Person.__dataclass_fields__
    return {
        name: " ".join(harmless(value).split())
        for name, value in asdict(person).items()
        if name in wanted
    }
