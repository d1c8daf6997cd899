"""Compares a cluster with this machine: the same marks, and how fast they come.

`python -m bench.cluster` grades one class three times: on this machine, on as many
workers of Dask, and on twice as many of which two are killed while they work. Exit
status 1 if any point of the gradebook differs.
"""

import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from distributed import Client
from rich.console import Console
from rich.table import Table

from autograder.cluster.connection import connect, scheduler_here
from autograder.course.course import foreign_course
from autograder.export.plugins import FORMATS
from autograder.gradebook.marker import Marker
from autograder.gradebook.results import Record
from autograder.grading.grader import Engines, Grader
from autograder.intake.submissions import submissions
from autograder.sealed.engine import Engine
from autograder.sealed.limits import NotebookLimits
from bench.made_courses import NUMPY_LESSONS, make_course, own_tasks

console = Console(width=100)
KILLED_AFTER = (3, 8)
"""Submissions that are finished when a worker is killed."""


@dataclass(frozen=True)
class Graded:
    """One class, graded once."""

    seconds: float
    """With the start of processes and all imports."""
    rate: float
    """Submissions a second, between the first that was finished and the last."""
    points: str
    """The gradebook: a line for each point, as `autograder export` writes it."""


def grade(
    folder: Path, jobs: int, engine: Engines, done: Callable[[int], None]
) -> Graded:
    """Grade a course from nothing; call `done` with the number of finished ones."""
    course = foreign_course(folder, "sealed")
    finished: list[float] = []

    def note(_: Record) -> None:
        finished.append(time.perf_counter())
        done(len(finished))

    began = time.perf_counter()
    grader = Grader(course, jobs=jobs, limits=NotebookLimits(), engine=engine)
    records = grader.run(submissions(course), note)
    seconds = time.perf_counter() - began
    if wrong := [record for record in records if record.status != "graded"]:
        raise RuntimeError(f"{wrong[0].student}: {wrong[0].status}, {wrong[0].message}")
    exporter = FORMATS["csv"]()
    exporter.to = str(folder / "points.csv")
    with Marker(course) as marker:
        exporter.export(marker.gradebook)
    rate = (len(finished) - 1) / (finished[-1] - finished[0])
    return Graded(seconds, rate, (folder / "points.csv").read_text("utf-8"))


@contextmanager
def killing(address: str):
    """Yield a `done` that kills a busy worker now and then, and the list of those."""
    killed: list[str] = []
    with Client(address, set_as_default=False) as client:

        def done(count: int) -> None:
            if count not in KILLED_AFTER:
                return
            pids = client.run(os.getpid)
            busy = next(w for w, keys in client.processing().items() if keys)
            os.kill(pids[busy], signal.SIGKILL)
            killed.append(busy)

        yield done, killed


def main(
    students: Annotated[int, typer.Option(min=12, help="Submissions.")] = 24,
    workers: Annotated[int, typer.Option(min=1, help="Also jobs here.")] = 2,
) -> None:
    """Grade one class here, on a cluster, and on a cluster that loses workers."""
    warnings.filterwarnings("ignore", module="nbgrader")  # about its own future
    tasks = own_tasks(NUMPY_LESSONS[:1])
    found: dict[str, Graded] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        course = make_course(Path(scratch) / "class", tasks, students)

        def copy(name: str) -> Path:
            return Path(shutil.copytree(course, Path(scratch) / name))

        found[f"this machine, {workers} jobs"] = grade(
            copy("here"), workers, Engine, lambda _: None
        )
        with connect(f"local:{workers}") as cluster:
            found[f"{workers} workers"] = grade(
                copy("there"), cluster.threads, cluster.engine, lambda _: None
            )
        with (
            scheduler_here(2 * workers) as address,
            connect(address) as cluster,
            killing(address) as (done, killed),
        ):
            name = f"{2 * workers} workers, {len(KILLED_AFTER)} killed"
            found[name] = grade(copy("killed"), 2 * workers, cluster.engine, done)
    _report(found, killed)


def _report(found: dict[str, Graded], killed: list[str]) -> None:
    table = Table("", "seconds", "a second", "ratio", "points that differ", box=None)
    here, *_ = found.values()
    different = {}
    for name, graded in found.items():
        ours, theirs = (set(g.points.splitlines()) for g in (here, graded))
        different[name] = len(ours ^ theirs)
        cells = f"{different[name]} of {len(ours) - 1}"
        ratio = f"{graded.rate / here.rate:.2f}"
        table.add_row(name, f"{graded.seconds:.1f}", f"{graded.rate:.2f}", ratio, cells)
    console.print(table)
    console.print(f"killed while they worked: {', '.join(killed)}")
    if any(different.values()):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
