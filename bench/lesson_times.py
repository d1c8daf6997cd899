"""How long each lesson's solution takes from its first cell to its last."""

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from autograder.course.course import ROOT

BUDGET_S = 15
LONGER_S = {
    "08_bug_clinic": 25,
    "09_scikit_learn": 25,
    "10_keras": 90,
    "11_capstone": 60,
}


@dataclass(frozen=True)
class LessonTime:
    """One lesson's notebook, run as a learner runs it."""

    name: str
    seconds: float
    """In a kernel of its own that has started: imports, answers, checks, figures."""

    @property
    def budget(self) -> int:
        """Seconds that it may take on two cores."""
        return LONGER_S.get(self.name, BUDGET_S)


def measure_lesson(path: Path) -> LessonTime:
    """Run a solution; raise an error if one of its cells fails."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as scratch:  # lessons write files
        folder = shutil.copytree(path.parent, Path(scratch) / path.stem)
        client = NotebookClient(notebook, resources={"metadata": {"path": folder}})
        return LessonTime(path.stem, _seconds(client))


def _seconds(client: NotebookClient) -> float:
    with client.setup_kernel():  # the kernel answers; its start is not the lesson's
        start = time.perf_counter()
        for number, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, number)
        return time.perf_counter() - start


def measure_lessons() -> list[LessonTime]:
    """Run the solution of every lesson, one after the other."""
    return [measure_lesson(p) for p in sorted((ROOT / "solutions").glob("*/*.ipynb"))]
