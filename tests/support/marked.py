"""A class that was marked without being executed: made up, outputs and all."""

import copy
import json
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.gradebook.results import Ledger, Record
from tests.support.small_course import NAME, RIGHT

TESTS = {"test_double_three": 1.0, "test_double_arrays": 2.0, "test_total_share": 4.0}
LAYERS = ["landlock", "seccomp"]


@dataclass
class Hand:
    """What one student answered, and what came of it."""

    student: str
    answers: dict[str, str] = field(default_factory=lambda: dict(RIGHT))
    failed: dict[str, str] = field(default_factory=dict)
    """What tests say that failed, by name."""
    cells: list[NotebookNode] = field(default_factory=list)
    """More cells, executed, after all others."""
    shows: list[NotebookNode] = field(default_factory=list)
    """What the first exercise's cell displayed."""
    tampering: list[str] = field(default_factory=list)
    slowest: list[dict] = field(default_factory=list)

    def notebook(self, source: NotebookNode) -> NotebookNode:
        """Return the executed notebook."""
        made = copy.deepcopy(source)
        for cell in made.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            cell.source = self.answers.get(name, cell.source)
            if name == "double":
                cell.outputs = self.shows
            if name in self.failed:
                cell.outputs = [error(self.failed[name])]
        made.cells += self.cells
        return made

    def record(self) -> Record:
        """Return the line of `results.jsonl`."""
        cells = [
            {
                "grade_id": name,
                "points": 0.0 if name in self.failed else points,
                "max_points": points,
                "status": "failed" if name in self.failed else "passed",
                "message": self.failed.get(name, ""),
            }
            for name, points in TESTS.items()
        ]
        waits = {"grade_id": "why", "points": 0.0, "max_points": 3.0, "message": ""}
        return Record(
            self.student,
            NAME,
            "graded",
            score=sum(cell["points"] for cell in cells),
            max_score=10.0,
            cells=[*cells, waits | {"status": "manual"}],
            tampering=self.tampering,
            sandbox=LAYERS,
            slowest=self.slowest,
        )


def error(message: str) -> NotebookNode:
    """Return the output of a test that failed."""
    name, _, text = message.partition(": ")
    return new_output("error", ename=name, evalue=text, traceback=message.split("\n"))


def mark(course: Course, hands: list[Hand]) -> None:
    """Write marks, graded notebooks and results, as a run of the grader would."""
    path = course.path("source", ".", NAME) / f"{NAME}.ipynb"
    source = nbformat.read(path, as_version=4)
    ledger = Ledger(course.results / "results.jsonl")
    with Marker(course) as marker:
        marker.register(NAME)
        for hand in hands:
            notebook = hand.notebook(source)
            marker.mark(hand.student, NAME, {NAME: notebook}, {})
            ledger.add(hand.record())


def mark_by_files(course: Course, hands: list[Hand]) -> None:
    """Write graded notebooks and results alone: quick, for classes of hundreds."""
    path = course.path("source", ".", NAME) / f"{NAME}.ipynb"
    source = nbformat.read(path, as_version=4)
    ledger = Ledger(course.results / "results.jsonl")
    with Marker(course) as marker:
        marker.register(NAME)
    for hand in hands:
        folder = course.path("autograded", hand.student, NAME)
        folder.mkdir(parents=True)
        content = json.dumps(hand.notebook(source))
        (folder / f"{NAME}.ipynb").write_text(content, "utf-8")
        ledger.add(hand.record())
