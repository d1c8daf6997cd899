"""A small course of its own, a class of attackers in it, and what became of them."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import secrets
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.authoring.notebooks import release_bytes, source_bytes
from autograder.base.files import walk
from autograder.base.names import can_be_recorded, from_table, shown
from autograder.course.course import own_course
from autograder.gradebook.marker import Marker
from autograder.gradebook.results import Record
from autograder.grading.grader import Grader
from autograder.intake.submissions import modules_for_marks, submissions
from autograder.model.cells import BEGIN_SOLUTION, END_SOLUTION
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import read_lesson
from autograder.sealed.limits import NotebookLimits
from autograder.sealed.sandbox import procfs

LESSON = "00_attacked"
SOURCE = Path(__file__).with_name("lesson.txt")
FULL = 10.0
"""Points that the tests of the lesson can give."""
LIMITS = NotebookLimits(
    cell_cpu_s=2,
    notebook_cpu_s=12,
    cell_wall_s=4,
    notebook_wall_s=24,
    memory_mib=256,
    processes=48,
    open_files=128,
    file_size_mib=8,
    scratch_mib=32,
    output_kib=64,
)
LARGEST_READ = 2**30
"""Bytes; holes are larger."""
WRONG = {
    "relu": "def relu(z):\n    return z",
    "mean_of": "def mean_of(numbers):\n    return 417.0",
    "Tally": "class Tally:\n    counts = {}\n\n    def add(self, item):\n        pass"
    "\n\n    def top(self, count):\n        return []",
}
"""Answers that run and are worth nothing."""


@lru_cache
def lesson() -> Lesson:
    """Return the lesson that is attacked."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{LESSON}.py"
        path.write_bytes(SOURCE.read_bytes())
        return read_lesson(path)


@lru_cache
def _released() -> bytes:
    return release_bytes(lesson())


@dataclass
class Hand:
    """What one student hands in: at first a notebook full of wrong answers."""

    room: Path = Path("/nowhere")
    """Folder of the class; attackers are assumed to know where it is."""
    port: int = 9
    """A port of this machine at which somebody listens."""
    word: str = "left-over"
    """Must be in the command line of every process that an attack starts."""
    notebook: NotebookNode = field(
        default_factory=lambda: nbformat.reads(_released().decode(), as_version=4)
    )
    name: str = f"{LESSON}.ipynb"
    raw: bytes | None = None
    """The file itself, where it is not what the notebook gives."""
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, Path] = field(default_factory=dict)
    student: str = ""
    """A name of the student's own; that of the attack if there is none."""
    afterwards: Callable[[Path], None] = lambda folder: None
    """Does to the folder that was handed in what no file can."""

    def __post_init__(self) -> None:
        for exercise, code in WRONG.items():
            self.cell(exercise).source = code

    def cell(self, grade_id: str) -> NotebookNode:
        """Return the cell of this name."""
        return next(c for c in self.notebook.cells if c.id == grade_id)

    @property
    def tests(self) -> list[NotebookNode]:
        """The test cells, as they were released."""
        return [c for c in self.notebook.cells if c.id.startswith("test_")]

    def solve(self) -> None:
        """Fill in the right answers."""
        for cell in lesson().cells:
            if cell.role in ("solution", "written"):
                lines = cell.source.splitlines()
                self.cell(str(cell.grade_id)).source = "\n".join(
                    line
                    for line in lines
                    if BEGIN_SOLUTION not in line and END_SOLUTION not in line
                )

    def solution(self) -> bytes:
        """Fill in the right answers and return the file."""
        self.solve()
        return self.content()

    def change_cells(self, change: Callable[[dict, int], object]) -> None:
        """Fill in the right answers, then change each cell by its number."""
        self.solve()
        for number, cell in enumerate(self.notebook.cells):
            change(cell, number)

    def answer(self, exercise: str, code: str) -> None:
        """Put code in the place of one answer."""
        self.cell(exercise).source = dedent(code).strip()

    def first(self, code: str) -> None:
        """Add a cell before everything else."""
        self.notebook.cells.insert(0, new_code_cell(dedent(code).strip(), id="first"))

    def last(self, code: str) -> None:
        """Add a cell after everything else."""
        number = len(self.notebook.cells)
        cell = new_code_cell(dedent(code).strip(), id=f"last-{number}")
        self.notebook.cells.append(cell)

    def text(self, markdown: str) -> None:
        """Add a cell of prose."""
        self.notebook.cells.append(new_markdown_cell(markdown, id="prose"))

    def content(self) -> bytes:
        """Return the file that is handed in."""
        if self.raw is not None:
            return self.raw
        return json.dumps(self.notebook).encode()


@dataclass(frozen=True)
class Outcome:
    """What became of one submission."""

    record: Record
    row: dict[str, str]
    """Its line of `grades.csv`: what nbgrader's gradebook says."""
    outputs: str
    """Everything that its cells showed, as text."""
    feedback: str
    """The page that the student would get."""


class Arena:
    """One course with one class, below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.room = root / "classroom"
        self.secrets = {
            kind: f"secret-{kind}-{secrets.token_hex(12)}"
            for kind in ("tests", "classmate", "teacher", "environment", "memory")
        }
        written = SOURCE.read_text("utf-8")
        own = root / "lesson" / f"{LESSON}.py"
        own.parent.mkdir(parents=True)
        word = "SECRET-OF-THE-HIDDEN-TESTS"
        own.write_text(written.replace(word, self.secrets["tests"]), "utf-8")
        source = root / "build" / "source" / LESSON
        source.mkdir(parents=True)
        (source / f"{LESSON}.ipynb").write_bytes(source_bytes(read_lesson(own)))
        (source / "data").mkdir()
        (source / "data" / "points.csv").write_text("1,2\n")
        self.room.mkdir()
        (self.room / "notes.txt").write_text(self.secrets["teacher"])
        self.admit_a_classmate()

    def admit_a_classmate(self) -> None:
        """Let an honest student hand in; again, if an attack has spoilt it."""
        hand = solved()
        hand.files = {"diary.txt": self.secrets["classmate"].encode()}
        self.hand_in("a_classmate", hand)

    @staticmethod
    def recorded_as(student: str) -> str:
        """Return a student's name as results have it."""
        return student if can_be_recorded(student) else shown(student)

    def hand_in(self, student: str, hand: Hand) -> Path:
        """Write a submission; return its folder."""
        folder = self.room / "submitted" / student / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hand.name).write_bytes(hand.content())
        for name, content in hand.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name, target in hand.links.items():
            (folder / name).symlink_to(target)
        hand.afterwards(folder)
        return folder

    def grade(
        self, limits: NotebookLimits = LIMITS, jobs: int = 2
    ) -> dict[str, Outcome]:
        """Grade the whole class in one run and write all feedback."""
        course = own_course(self.room, self.root)
        os.environ["ATTACKERS_LOOK_FOR"] = self.secrets["environment"]
        try:
            with warnings.catch_warnings():
                # nbconvert warns of what attackers display; the pages are looked at.
                warnings.simplefilter("ignore")
                grader = Grader(course, jobs=jobs, limits=limits)
                records = grader.run(submissions(course, [LESSON]))
                with Marker(course) as marker:
                    marker.write_feedback(LESSON)
        finally:
            del os.environ["ATTACKERS_LOOK_FOR"]
        with (self.room / "grades.csv").open(newline="", encoding="utf-8") as file:
            rows = {from_table(row["student"]): row for row in csv.DictReader(file)}
        return {r.student: self._outcome(r, rows[r.student]) for r in records}

    def _outcome(self, record: Record, row: dict) -> Outcome:
        executed = self.room / "autograded" / record.student / LESSON
        page = self.room / "feedback" / record.student / LESSON / f"{LESSON}.html"
        shown = ""
        if (path := executed / f"{LESSON}.ipynb").exists():
            cells = json.loads(path.read_text("utf-8"))["cells"]
            shown = json.dumps([cell.get("outputs") for cell in cells])
        feedback = page.read_text("utf-8") if page.exists() else ""
        return Outcome(record, row, shown, feedback)

    def digest(self) -> dict[str, str]:
        """Return a digest of every file that no run may change.

        What the lesson loads is found out by the first run that needs to know.
        """
        modules_for_marks(own_course(self.room, self.root), [LESSON])
        kept = [self.root / name for name in ("build", "lesson")]
        kept += (self.room / "submitted").glob("*")  # of any depth: no rglob
        paths = [folder / name for folder in kept for name in walk(folder)]
        paths.append(self.room / "notes.txt")
        return {
            str(p): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in paths
            if p.is_file() and not p.is_symlink() and p.stat().st_size < LARGEST_READ
        }


def solved() -> Hand:
    """Return an honest submission with the right answers."""
    hand = Hand()
    hand.solve()
    return hand


def left_over(word: str) -> list[str]:
    """Return the command lines of processes that have a word in them."""
    found = []
    for process in procfs.running():
        try:
            line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        except OSError:
            continue
        if word.encode() in line and process.pid != os.getpid():
            found.append(line.replace(b"\0", b" ").decode("utf-8", "replace"))
    return found
