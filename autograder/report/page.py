"""The report's page: gathers what there is to say of a class, and writes it."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from autograder import __version__
from autograder.base.errors import WrongUse
from autograder.base.hashing import versions
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.gradebook.marks import Key, Mark, is_withdrawn, read_marks
from autograder.gradebook.people import Person, called, people_in
from autograder.gradebook.results import STOPPED, Ledger, Record
from autograder.intake.submissions import handed_in
from autograder.marking.rows import rows_of
from autograder.model.cells import ReferenceCell
from autograder.model.lesson import exercise_of
from autograder.pages.render import render
from autograder.report.figures import distribution, worth_of_tests
from autograder.report.lessons import GivenOut, answers, changes, given_out
from autograder.report.numbers import (
    LEAST_FOR_A_CORRELATION,
    by_lesson,
    mistakes,
    slow_cells,
    test_numbers,
)
from autograder.report.scores import LessonScores, lesson_scores, means
from autograder.report.similar import Pair, similar
from autograder.report.tables import FOLDER, write_tables
from autograder.sealed.sandbox.spawn import probe

NAME = "report.html"
REASONS = {
    "errored": "The grader failed",
    "unreadable": "Could not be read",
    "stopped": "Did not run to its end",
    "edited": "Locked cells were edited",
    "waits": "Answers wait for marks",
}
"""Why a person has to look at a submission, the most pressing first."""


@dataclass(frozen=True)
class Link:
    """A submission, and where to look at it."""

    student: str
    lesson: str
    feedback: str
    """Address relative to the report; empty if there is no such page."""
    submitted: str


@dataclass(frozen=True)
class Concern:
    """A submission that a person has to look at."""

    link: Link
    what: str
    """What is the matter with it, in addition to the reason."""


@dataclass(frozen=True)
class SandboxUse:
    """How many submissions ran inside which layers of the sandbox."""

    submissions: int
    active: list[str]
    missing: list[str]


def write_report(course: Course, lessons: list[str] | None = None) -> Path:
    """Write `report.html` of a class, and its tables as CSV files; return its path.

    Parameters
    ----------
    lessons
        All that were graded if not given.

    Raises
    ------
    WrongUse
        Nothing was graded yet, or not of these lessons.
    """
    results = Ledger(course.results / "results.jsonl").records.values()
    with Marker(course) as marker:
        gradebook = marker.gradebook
        marks = read_marks(course, marker, results)
        people = people_in(gradebook)
        known = [record for record in results if not is_withdrawn(record, marks)]
        records = [r for r in known if not lessons or r.lesson in lessons]
        of_lessons = by_lesson(records)
        given = {name: given_out(gradebook, name) for name in of_lessons}
        scores = {
            name: lesson_scores(
                name,
                rows_of(gradebook, name),
                _in_order(given[name], of),
                given[name].stubs,
            )
            for name, of in of_lessons.items()
        }
    if not records:
        graded = ", ".join(sorted({r.lesson for r in known})) or "nothing"
        raise WrongUse(
            f"found no results of {', '.join(lessons or ['any lesson'])} in "
            f"{course.results}, graded is {graded}; run `autograder grade` first."
        )
    people = {r.student: Person(r.student) for r in known} | people
    content = _content(course, of_lessons, given, scores, marks, people)
    write_tables(course.results / FOLDER, content)
    path = course.results / NAME
    path.write_text(render("report.html.j2", own="report", **content), "utf-8")
    return path


def _content(
    course: Course,
    lessons: dict[str, list[Record]],
    given: dict[str, GivenOut],
    scores: dict[str, LessonScores],
    marks: dict[Key, Mark],
    people: dict[str, Person],
) -> dict[str, object]:
    records = [record for of in lessons.values() for record in of]
    exercises = {name: list(given[name].stubs) for name in lessons}
    tests = test_numbers(records)
    shares = {
        name: [
            mark.total / mark.max_score
            for (_, lesson), mark in sorted(marks.items())
            if lesson == name and mark.status != "errored" and mark.max_score
        ]
        for name in lessons
    }
    titles = {name: course.class_file.called(name) for name in lessons}
    drawn = {titles[name]: found for name, found in shares.items() if found}
    links = {(r.student, r.lesson): _link(course, r) for r in records}
    python, *others = versions()
    return {
        "made": datetime.now(UTC),
        "called": {student: called(person) for student, person in people.items()},
        "students": sorted(people),
        "course": course.class_file.title,
        "lessons": lessons,
        "titles": titles,
        "links": links,
        "marks": marks,
        "scores": scores,
        "means": {name: means(of, marks) for name, of in scores.items()},
        "distribution": distribution(drawn) if drawn else None,
        "tests": tests,
        "least_for_a_correlation": LEAST_FOR_A_CORRELATION,
        "worth": worth_of_tests(tests)
        if any(t.discrimination is not None for t in tests)
        else None,
        "mistakes": mistakes(records, exercises),
        "concerns": _concerns(records, links, marks, scores),
        "altered": [
            (links[r.student, r.lesson], r, list(changes(course, r, given[r.lesson])))
            for r in sorted(records, key=lambda r: not r.tampering)
            if r.repairs or r.tampering
        ],
        "pairs": {
            name: _pairs(course, of, given[name], links) for name, of in lessons.items()
        },
        "slow": slow_cells(records),
        "absent": {
            name: sorted(
                people.keys()
                - {student for student, lesson in marks if lesson == name}
                - {waits.student for waits in handed_in(course, [name])}
            )
            for name, of in lessons.items()
        },
        "layers": _sandbox_use(records),
        "shared": {
            name: sorted(tests)
            for name, of in lessons.items()
            if (tests := {test for record in of for test in record.shared})
        },
        "versions": [f"autograder {__version__}", f"Python {python}", *others],
    }


def _in_order(given: GivenOut, records: list[Record]) -> dict[str, ReferenceCell]:
    """Return a lesson's cells in the order of the notebook, which results have."""
    names = [cell["grade_id"] for record in records for cell in record.cells]
    cells = given.cells
    return {name: cells[name] for name in names if name in cells} | cells


def _concerns(
    records: list[Record],
    links: dict[Key, Link],
    marks: dict[Key, Mark],
    scores: dict[str, LessonScores],
) -> dict[str, list[Concern]]:
    """Return what somebody has to look at by the reason, the most pressing first."""
    found: dict[str, list[Concern]] = {reason: [] for reason in REASONS}
    for record in records:
        key = record.student, record.lesson
        stopped = {c["status"] for c in record.cells} & set(STOPPED)
        waits = key in marks and marks[key].waits_for_a_person
        for reason, what in {
            record.status: record.message,
            "stopped": ", ".join(sorted(stopped)),
            "edited": f"{len(record.tampering)}" if record.tampering else "",
            "waits": _waiting(scores[record.lesson], record.student) if waits else "",
        }.items():
            if reason in found and what:
                found[reason].append(Concern(links[key], what))
    return {REASONS[reason]: of for reason, of in found.items() if of}


def _waiting(scores: LessonScores, student: str) -> str:
    own = scores.points.get(student, {})
    return ", ".join(name for name, points in own.items() if points.waits)


def _pairs(
    course: Course, records: list[Record], given: GivenOut, links: dict[Key, Link]
) -> list[tuple[Link, Link, Pair]]:
    written = {
        r.student: answers(course, r, given) for r in records if r.status == "graded"
    }
    wrong = {
        r.student: {
            exercise_of(c["grade_id"], given.stubs) or ""
            for c in r.cells
            if c["points"] < c["max_points"]
        }
        for r in records
    }
    lesson = records[0].lesson
    return [
        (*(links[student, lesson] for student in pair.students), pair)
        for pair in similar(written, wrong, given.stubs)
    ]


def _link(course: Course, record: Record) -> Link:
    folder = course.path("feedback", record.student, record.lesson)
    pages = sorted(folder.glob("*.html")) if folder.is_dir() else []
    submitted = course.path("submitted", record.student, record.lesson)
    return Link(
        record.student,
        record.lesson,
        _address(course, pages[0]) if pages else "",
        _address(course, submitted),
    )


def _address(course: Course, path: Path) -> str:
    relative = os.path.relpath(path, course.results)
    return quote(os.fsencode(relative))


def _sandbox_use(records: list[Record]) -> list[SandboxUse]:
    every = [layer.name for layer in probe()]
    counts: dict[tuple[str, ...], int] = {}
    for record in records:
        if record.status == "graded":
            active = tuple(record.sandbox)
            counts[active] = counts.get(active, 0) + 1
    return [
        SandboxUse(number, list(active), [name for name in every if name not in active])
        for active, number in counts.items()
    ]
