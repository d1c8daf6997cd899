"""Marks: what a class has, as its gradebook says at the moment; and `grades.csv`."""

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.base.files import replacing
from autograder.base.names import in_table
from autograder.course.configuration import setting
from autograder.course.course import Course
from autograder.gradebook.database import ClassGradebook
from autograder.gradebook.deadlines import late_ones, write_deadlines
from autograder.gradebook.results import Ledger, Record

GRADES = "grades.csv"
MOST_NAMED = 20
PAGES = ".autograder.pages.json"
"""Which marks the pages of a class tell, by student and lesson."""
LOST = "the gradebook has no marks of it"
OTHERS = "the gradebook has other marks of its tests"
NO_NOTEBOOK = "its graded notebook is gone"
ROUNDING = 1e-6
Key = tuple[str, str]
"""Student and lesson."""


@dataclass(frozen=True)
class Mark:
    """What a student has in one lesson."""

    status: str
    """`graded`, `unreadable` or `errored`: what became of the newest submission."""
    score: float = 0.0
    """What tests and people gave, before a late penalty."""
    late_penalty: float = 0.0
    max_score: float = 0.0
    waits_for_a_person: bool = False

    @property
    def total(self) -> float:
        """The mark: after the late penalty, and never below zero."""
        return max(0.0, self.score - self.late_penalty)


@dataclass(frozen=True)
class Settled:
    """What came of settling marks where nothing is executed."""

    deadlines: list[str]
    """Which due dates and extensions `class.toml` has made other ones."""
    notes: list[str]
    """What an instructor should know about penalties."""
    changes: list[str]
    """Whose marks are other ones now, before and after."""
    marks: Mapping[Key, Mark]


def settle(
    book: ClassGradebook,
    course: Course,
    ledger: Ledger,
    lessons: Collection[str],
    students: Collection[str],
) -> Settled:
    """Do all that grading does but execute: late penalties, and the tables."""
    known = book.scores()
    deadlines = write_deadlines(course, book.gradebook)
    notes: list[str] = []
    if late_ones(book.gradebook, lessons, students):
        from autograder.gradebook.marker import Marker  # imports all of nbgrader

        with Marker(course) as marker:
            notes = marker.update_penalties(lessons, students)
    with ledger.tidied() as records:
        marks = read_marks(course, book, records)
    return Settled(deadlines, notes, list(changes(known, marks)), marks)


def marks_of(scores: Mapping[Key, dict], records: Iterable[Record]) -> dict[Key, Mark]:
    """Return the marks of a class.

    Parameters
    ----------
    scores
        What the gradebook says of each submission. Whom a person removed from it has
        no marks, whatever the records say.
    records
        What came of grading: they say what could not be read or graded.
    """
    marks = {key: Mark("graded", **found) for key, found in scores.items()}
    for record in records:
        key = (record.student, record.lesson)
        if key in marks:
            marks[key] = replace(marks[key], status=record.status)
        elif record.status != "graded":
            marks[key] = Mark(record.status, max_score=record.max_score)
    return marks


def read_marks(
    course: Course, book: ClassGradebook, records: Iterable[Record]
) -> dict[Key, Mark]:
    """Return the marks of a class; write `grades.csv` anew, so that both are alike.

    Of lessons that `class.toml` does not have, there are none.
    """
    found = marks_of(book.scores(), records)
    has = course.class_file.has
    marks = {key: mark for key, mark in found.items() if has(key[1])}
    write_marks(course.results / GRADES, marks)
    return marks


def write_marks(path: Path, marks: Mapping[Key, Mark]) -> None:
    """Write marks as a table: one row a submission, quoted where needed."""
    columns = ["status", "score", "max_score", "late_penalty", "waits_for_a_person"]
    columns += ["total"]
    with replacing(path) as file:
        table = csv.writer(file)
        table.writerow(["student", "lesson", *columns])
        for key, mark in sorted(marks.items()):
            row = [*key, *(getattr(mark, column) for column in columns)]
            table.writerow(map(in_table, row))


def lost(
    book: ClassGradebook, course: Course, records: Mapping[Key, Record]
) -> dict[Key, str]:
    """Return why what was graded has to be marked again, though nothing changed.

    The gradebook may be a copy of earlier, or another one. Whom somebody removed from a
    gradebook that knows others stays away.
    """
    points, students = book.gradebook.points_of_tests(), book.students()
    # Steps of the course's own may give other points than the tests.
    steps = setting(course.config, "autograde_preprocessors", None, "Autograde")
    found = {}
    for key, record in records.items():
        if record.status != "graded":
            continue
        if key not in points:
            if key[0] in students or not students:
                found[key] = LOST
        elif record.earlier_counts:  # that work is not there to be marked again
            continue
        elif steps is None and abs(points[key] - record.score) > ROUNDING:
            found[key] = OTHERS
        elif not course.path("autograded", *key).is_dir():
            found[key] = NO_NOTEBOOK
    return found


def without_work(
    course: Course, marks: Iterable[Key], lessons: Collection[str], handed_in: set[Key]
) -> list[str]:
    """Say whose marks are of work that is not in `submitted/` any more.

    No correction of a lesson reaches them: a folder was taken away or renamed.
    """
    told = []
    for lesson in lessons:
        gone = sorted(who for who, of in marks if of == lesson)
        gone = [who for who in gone if (who, lesson) not in handed_in]
        if gone:
            more = f" and {len(gone) - MOST_NAMED} more" * (len(gone) > MOST_NAMED)
            told.append(
                f"{lesson} has marks of {', '.join(gone[:MOST_NAMED])}{more}, and no "
                f"folder for them in {course.room('submitted')}: these marks stay as "
                "they are; put the work back, or take out who left or is called "
                "otherwise now: autograder class remove STUDENT"
            )
    return told


def note_pages(course: Course, shown: Mapping[Key, Mark]) -> None:
    """Note which marks the pages tell that were just written."""
    noted = _pages(course) | {"/".join(key): _told(m) for key, m in shown.items()}
    with replacing(course.results / PAGES) as file:
        json.dump(noted, file)


def pages_behind(course: Course, marks: Mapping[Key, Mark]) -> list[Key]:
    """Return of whom a page tells another mark than the gradebook does now."""
    noted = _pages(course)
    return [
        key
        for key, mark in sorted(marks.items())
        if noted.get("/".join(key), _told(mark)) != _told(mark)
    ]


def told_behind(course: Course, marks: Mapping[Key, Mark]) -> str:
    """Say whose pages have to be written anew; nothing if none has."""
    behind = ["/".join(key) for key in pages_behind(course, marks)]
    if not behind:
        return ""
    more = f" and {len(behind) - MOST_NAMED} more" * (len(behind) > MOST_NAMED)
    return (
        f"pages tell earlier marks: {', '.join(behind[:MOST_NAMED])}{more}; "
        "autograder feedback writes them anew"
    )


def _told(mark: Mark) -> list:
    return [mark.total, mark.max_score, mark.waits_for_a_person]


def _pages(course: Course) -> dict[str, list]:
    try:
        return dict(json.loads((course.results / PAGES).read_bytes()))
    except (OSError, ValueError, TypeError):
        return {}


def is_withdrawn(record: Record, marks: Mapping[Key, Mark]) -> bool:
    """Whether a person removed a student's submission from the gradebook."""
    return bool(marks) and (record.student, record.lesson) not in marks


def changes(before: Mapping[Key, dict], after: Mapping[Key, Mark]) -> Iterator[str]:
    """Yield a sentence for each mark that is another one now."""
    for key, found in sorted(before.items()):
        was, now = Mark("graded", **found), after.get(key)
        if now is None or (was.total, was.max_score) == (now.total, now.max_score):
            continue
        late = ""
        if was.late_penalty != now.late_penalty:
            late = f" (late penalty {was.late_penalty:g} → {now.late_penalty:g})"
        most = f" of {was.max_score:g}" if was.max_score != now.max_score else ""
        yield (
            f"{'/'.join(key)}: {was.total:g}{most} → {now.total:g} of "
            f"{now.max_score:g}{late}"
        )
