"""One's own work: graded like a class's of one person, and how far one has come.

Only where the lessons are: hidden tests are not handed out. What was found stays in
`progress/`, which is a class like every other, so that all commands can read it.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from autograder.audit.diagnosis import diagnoses
from autograder.authoring.sources import update_sources
from autograder.base.errors import WrongUse
from autograder.base.files import by_name
from autograder.base.paths import ROOT, expect_lessons
from autograder.course.course import Course, own_course
from autograder.gradebook.marker import Marker
from autograder.gradebook.marks import Mark, marks_of
from autograder.gradebook.results import Ledger, Record
from autograder.grading.grader import Grader
from autograder.intake.submissions import Submission
from autograder.model.cells import name_of
from autograder.model.lesson import exercise_of
from autograder.model.lesson_reader import lesson_names
from autograder.publish.self_check import CheckReport, by_exercise, notebook_in
from autograder.sealed.limits import NotebookLimits

PEOPLES = ("manual", "missing")
"""Statuses of written answers, which no test is about."""
ME = "me"
ROOM = ROOT / "progress"
MINUTES = re.compile(r"(\d+) minutes")


@dataclass(frozen=True)
class Step:
    """How far one has come in a lesson."""

    lesson: str
    title: str
    minutes: str
    max_points: float
    points: float | None = None
    """None if it was never checked."""
    waiting: float = 0.0
    """Points of written answers, which no test gives."""
    open: tuple[str, ...] = ()
    """The exercises that have not all their points."""

    @property
    def is_done(self) -> bool:
        """Whether all points are there that tests give."""
        return self.points is not None and not self.open


def check_all(path: Path, limits: NotebookLimits) -> tuple[CheckReport, Step]:
    """Run all tests of a notebook, the hidden ones, too; note how far it has come.

    Raises
    ------
    WrongUse
        There are no lessons here, there is no such notebook, or it is none of a lesson.
    """
    expect_lessons()
    notebook = notebook_in(path)
    update_sources()
    course = own_course(ROOM)
    lesson = _lesson_of(course, notebook, path)
    grader = Grader(course, jobs=1, limits=limits)
    (record,) = grader.run([_handed_in(path, lesson)])
    if record.status != "graded":
        raise WrongUse(record.message)
    tests = [cell for cell in record.cells if cell["status"] not in PEOPLES]
    exercises = by_exercise(notebook, tests)
    named = diagnoses(lesson, record.cells)
    for found in exercises:
        if found.exercise in named and found.is_answered:
            mistake = named[found.exercise]
            found.mistake, found.hint = mistake.says, mistake.hint
    return CheckReport(exercises), next(_steps(course, [lesson]))


def steps() -> list[Step]:
    """Return how far one has come in all lessons, in their order."""
    expect_lessons()
    update_sources()
    return list(_steps(own_course(ROOM), lesson_names()))


def _lesson_of(course: Course, notebook: NotebookNode, path: Path) -> str:
    """Return the lesson that a notebook is named after, or else has most cells of."""
    lessons = course.lessons
    if path.stem in lessons:
        return path.stem
    names = {name_of(cell) for cell in notebook.cells} - {""}
    shared = {
        lesson: len(names & {e["grade_id"] for e in _entries(_source(course, lesson))})
        for lesson in lessons
    }
    most = max(shared.values(), default=0)
    fits = [lesson for lesson, count in shared.items() if count == most > 1]
    if len(fits) != 1:
        raise WrongUse(
            f"{path.name}: found no lesson that it is of, expected a notebook of "
            "notebooks/; give it the name of its lesson, as in 01_neuron.ipynb."
        )
    return fits[0]


def _source(course: Course, lesson: str) -> list[dict]:
    """Return the cells of a lesson as its author's notebook has them."""
    path = course.path("source", ".", lesson) / f"{lesson}.ipynb"
    return json.loads(path.read_bytes())["cells"]


def _entries(cells: Iterable[dict]) -> list[dict]:
    """Return what nbgrader knows of those cells that it knows."""
    found = (cell["metadata"].get("nbgrader") for cell in cells)
    return [entry for entry in found if entry]


def _handed_in(path: Path, lesson: str) -> Submission:
    """Copy a notebook, and what lies beside it, to where a class's would lie."""
    folder = ROOM / "submitted" / ME / lesson
    shutil.rmtree(folder, ignore_errors=True)
    for name, file in {f"{lesson}.ipynb": path, **by_name(path.parent)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / name)
    return Submission(ME, lesson, folder)


def _steps(course: Course, lessons: Iterable[str]) -> Iterator[Step]:
    records = Ledger(course.results / "results.jsonl").records
    with Marker(course) as marker:
        marks = marks_of(marker.scores(), records.values())
    for lesson in lessons:
        cells = _source(course, lesson)
        about = "".join(cells[0]["source"])
        minutes = MINUTES.search(about)
        entries = _entries(cells)
        most = sum(entry.get("points", 0) for entry in entries)
        step = Step(
            lesson,
            about.splitlines()[0].lstrip("# "),
            minutes[1] if minutes else "",
            most,
        )
        record = records.get((ME, lesson))
        if record and (ME, lesson) in marks:
            step = replace(step, **_come(record, marks[ME, lesson], entries))
        yield step


def _come(record: Record, mark: Mark, entries: Iterable[dict]) -> dict:
    """Return how far a graded notebook has come, as fields of `Step`."""
    exercises = [e["grade_id"] for e in entries if e["solution"] and not e["grade"]]
    lost = [c for c in record.cells if c["points"] < c["max_points"]]
    written = [cell for cell in lost if cell["status"] == "manual"]
    failed = [cell["grade_id"] for cell in lost if cell not in written]
    open_ones = dict.fromkeys(exercise_of(name, exercises) or name for name in failed)
    waiting = sum(c["max_points"] for c in written) if mark.waits_for_a_person else 0.0
    return {"points": mark.total, "waiting": waiting, "open": tuple(open_ones)}
