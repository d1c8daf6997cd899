"""Both graders, run on copies of the same course as people run them."""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograder.course.course import Course, foreign_course
from autograder.gradebook.results import Ledger, Record
from bench.measurements import FAILURE
from bench.timed_commands import Run, run

RELEASE, STOCK, OURS = "released", "stock", "ours"
ERROR = re.compile(r"\| ERROR\] (?P<text>.+)")
RAISED = re.compile(
    r"^ *((?:\w+\.)*\w+(?:Error|Exception|Timeout|Dead|Kernel)\b.*)$", re.M
)


@dataclass(frozen=True)
class Cell:
    """One cell with marks in one submission."""

    student: str
    lesson: str
    notebook: str
    name: str


@dataclass(frozen=True)
class Mark:
    """What the gradebook has of it."""

    points: float | None
    """Given automatically; None if there are none."""
    waits: bool
    """Whether a person has to look."""
    most: float

    def __str__(self) -> str:
        points = "none" if self.points is None else f"{self.points:g}"
        return f"{points} of {self.most:g}" + (", waits" if self.waits else "")


@dataclass
class Graded:
    """What came of a course with one of the graders."""

    course: Course
    runs: list[Run] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """By the clock."""
        return sum(run.seconds for run in self.runs)

    @property
    def cpu_s(self) -> float:
        """Of computing."""
        return sum(run.cpu_s for run in self.runs)

    def marks(self, lessons: list[str]) -> dict[Cell, Mark]:
        """Return all marks of the gradebook."""
        with Gradebook(self.course.db_url) as gradebook:
            return {
                Cell(submission.student_id, lesson, notebook.name, grade.name): Mark(
                    grade.auto_score, grade.needs_manual_grade, grade.max_score
                )
                for lesson in lessons
                for submission in gradebook.assignment_submissions(lesson)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }

    def records(self) -> dict[tuple[str, str], Record]:
        """Return what this grader, alone, says of each submission."""
        return Ledger(self.course.results / "results.jsonl").records

    def outputs(self, cell: Cell) -> list | None:
        """Return what the cell displayed; None where there is no such notebook."""
        folder = self.course.path("autograded", cell.student, cell.lesson)
        path = folder / f"{cell.notebook}.ipynb"
        if not path.exists():
            return None
        for node in nbformat.read(path, as_version=4).cells:
            if node.metadata.get("nbgrader", {}).get("grade_id") == cell.name:
                return node.get("outputs", [])
        return None


def course_copy(course: Path, folder: Path) -> Course:
    """Copy what teachers write of a course: no submissions, marks and releases."""
    original = foreign_course(course)
    rooms = [
        original.room(step).resolve()
        for step in ("release", "submitted", "autograded", "feedback")
    ]

    def left_out(inside: str, names: list[str]) -> list[str]:
        paths = {name: (Path(inside) / name).resolve() for name in names}
        return [
            name
            for name, path in paths.items()
            if path in rooms or name == ".git" or name.endswith(".db")
        ]

    shutil.copytree(course.resolve(), folder, symlinks=True, ignore=left_out)
    return foreign_course(folder).with_gradebook(f"sqlite:///{folder}/gradebook.db")


def release(course: Course, lesson: str) -> str:
    """Let nbgrader release an assignment; return why it could not, or nothing."""
    done = _stock("generate_assignment", course, lesson)
    if course.path("release", ".", lesson).exists():
        return ""
    return (_errors(done.output) or [done.output.strip().splitlines()[-1]])[-1]


def grade_with_stock(course: Course, lessons: list[str]) -> Graded:
    """Grade all that was handed in with nbgrader's own command, once an assignment."""
    return Graded(course, [_stock("autograde", course, lesson) for lesson in lessons])


def grade_again_with_stock(graded: Graded, cell: Cell) -> None:
    """Grade the submission of one cell once more; its time does not count."""
    _stock("autograde", graded.course, cell.lesson, "--student", cell.student, "-f")


def grade_with_ours(course: Course, lessons: list[str]) -> Graded:
    """Grade all that was handed in with `autograder grade`, all cells."""
    where = ["--course", str(course.root), "--db", course.db_url]
    command = ["autograder", "grade", *lessons, *where, "--all-cells"]
    return Graded(course, [run(*command, folder=course.root, may_fail=True)])


def gave_up(graded: Graded, cell: Cell) -> str:
    """Return why stock has no result of a submission: what was raised first."""
    name = f"/{cell.student}/{cell.lesson}\n"
    for command in graded.runs:
        for printed in command.output.split(f"{FAILURE}: ")[1:]:
            where, end, traceback = printed.partition("\n")
            if f"{where}{end}".endswith(name):
                raised = RAISED.search(traceback)
                return raised[1] if raised else "it does not say why"
    return "it does not say why"


def _stock(command: str, course: Course, lesson: str, *more: str) -> Run:
    # A course may be set up for another computer's folders.
    where = [f"--CourseDirectory.root={course.root}", f"--db={course.db_url}"]
    return run(
        "nbgrader", command, lesson, *where, *more, folder=course.root, may_fail=True
    )


def _errors(output: str) -> list[str]:
    return [found["text"] for found in ERROR.finditer(output)]
