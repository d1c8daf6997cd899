"""The report's page: gathers what there is to say of a class, and writes it."""

import os
from collections.abc import Iterator
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
from autograder.model.lesson import exercise_of
from autograder.pages.render import render
from autograder.report.figures import distribution, worth_of_tests
from autograder.report.lessons import GivenOut, answers, changes, given_out
from autograder.report.numbers import by_lesson, mistakes, slow_cells, test_numbers
from autograder.report.similar import Pair, similar
from autograder.sealed.sandbox.spawn import probe

NAME = "report.html"


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
    why: str


@dataclass(frozen=True)
class SandboxUse:
    """How many submissions ran inside which layers of the sandbox."""

    submissions: int
    active: list[str]
    missing: list[str]


def write_report(course: Course, lessons: list[str] | None = None) -> Path:
    """Write `report.html` of a class; return its path.

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
        marks = read_marks(course, marker, results)
        people = people_in(marker.gradebook)
        known = [record for record in results if not is_withdrawn(record, marks)]
        records = [r for r in known if not lessons or r.lesson in lessons]
        names = {record.lesson for record in records}
        given = {name: given_out(marker.gradebook, name) for name in names}
    if not records:
        graded = ", ".join(sorted({r.lesson for r in known})) or "nothing"
        raise WrongUse(
            f"found no results of {', '.join(lessons or ['any lesson'])} in "
            f"{course.results}, graded is {graded}; run `autograder grade` first."
        )
    people = {r.student: Person(r.student) for r in known} | people
    page = _page(course, by_lesson(records), given, marks, people)
    path = course.results / NAME
    path.write_text(page, "utf-8")
    return path


def _page(
    course: Course,
    lessons: dict[str, list[Record]],
    given: dict[str, GivenOut],
    marks: dict[Key, Mark],
    people: dict[str, Person],
) -> str:
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
    drawn = {name: found for name, found in shares.items() if found}
    return render(
        "report.html.j2",
        made=datetime.now(UTC),
        called={student: called(person) for student, person in people.items()},
        lessons=lessons,
        shares=shares,
        distribution=distribution(drawn) if drawn else None,
        tests=tests,
        worth=worth_of_tests(tests)
        if any(t.discrimination is not None for t in tests)
        else None,
        mistakes=mistakes(records, exercises),
        concerns=list(_concerns(course, records)),
        waiting={
            name: [
                student
                for (student, lesson), mark in sorted(marks.items())
                if lesson == name and mark.waits_for_a_person
            ]
            for name in lessons
        },
        altered=[
            (_link(course, r), r, list(changes(course, r, given[r.lesson])))
            for r in records
            if r.repairs or r.tampering
        ],
        pairs={name: _pairs(course, of, given[name]) for name, of in lessons.items()},
        slow=slow_cells(records),
        absent={
            name: sorted(
                people.keys()
                - {student for student, lesson in marks if lesson == name}
                - {waits.student for waits in handed_in(course, [name])}
            )
            for name, of in lessons.items()
        },
        layers=_sandbox_use(records),
        shared={
            name: sorted(tests)
            for name, of in lessons.items()
            if (tests := {test for record in of for test in record.shared})
        },
        versions=[f"autograder {__version__}", *versions()],
    )


def _concerns(course: Course, records: list[Record]) -> Iterator[Concern]:
    """Yield what somebody has to look at, the most pressing first."""
    for record in sorted(records, key=lambda r: (r.status == "graded", r.lesson)):
        reasons = []
        if record.status != "graded":
            reasons.append(f"{record.status}: {record.message}")
        if record.tampering:
            reasons.append(f"locked cells were edited: {len(record.tampering)}")
        stopped = {c["status"] for c in record.cells} & set(STOPPED)
        if stopped:
            reasons.append(f"was stopped ({', '.join(sorted(stopped))})")
        for why in reasons:
            yield Concern(_link(course, record), why)


def _pairs(
    course: Course, records: list[Record], given: GivenOut
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
    links = {r.student: _link(course, r) for r in records}
    return [
        (*(links[student] for student in pair.students), pair)
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
