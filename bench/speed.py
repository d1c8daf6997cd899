"""Times the grader against stock nbgrader and against tests and answers alone.

`python -m bench.speed` measures everything and writes docs/benchmark.md with its
figure; with `--quick` or `--only` it prints its table and writes nothing.
"""

import os
import tempfile
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.course.course import ROOT
from bench.framework_race import measure_races
from bench.lesson_times import measure_lessons
from bench.made_courses import (
    KERAS_LESSON,
    NUMPY_LESSONS,
    keras_tasks,
    own_tasks,
    tiny_tasks,
)
from bench.measurements import (
    Size,
    measure_first_mark,
    measure_growth,
    measure_speed,
)
from bench.report import Measured, figure, machine, page, tables

console = Console(width=100)


class Part(StrEnum):
    """What can be measured by itself."""

    NUMPY = "numpy"
    LESSON_10 = "10_keras"
    KERAS = "keras"
    FIRST = "first"
    SCALE = "scale"
    RERUN = "rerun"
    LESSONS = "lessons"
    RACE = "race"


SIZES = {
    Part.NUMPY: Size(2, 24, 2),
    Part.LESSON_10: Size(3, 12, 2),
    Part.KERAS: Size(3, 30, 2),
}
QUICK = {
    Part.NUMPY: Size(1, 4, 1),
    Part.LESSON_10: Size(1, 2, 1),
    Part.KERAS: Size(2, 6, 1),
}
GROWTH, QUICK_GROWTH = [10, 100, 1000], [5, 20]
SPEEDS = {
    Part.NUMPY: ("NumPy lessons", partial(own_tasks, NUMPY_LESSONS)),
    Part.LESSON_10: ("10_keras", partial(own_tasks, KERAS_LESSON)),
    Part.KERAS: ("Keras notebook", keras_tasks),
}


def main(
    quick: Annotated[
        bool, typer.Option("--quick", help="Few submissions, to see that it works.")
    ] = False,
    only: Annotated[Part | None, typer.Option(help="Only this part.")] = None,
    docs: Annotated[
        Path | None, typer.Option(help="Folder for benchmark.md and benchmark.png.")
    ] = None,
) -> None:
    """Time the grader against stock nbgrader."""
    if docs is not None and only is not None:
        raise typer.BadParameter("--docs needs all parts: leave --only out.")
    measured = Measured(machine(), os.getloadavg()[0])
    if measured.load > 1:
        console.print(f"load is {measured.load:.1f}: the machine is not quiet")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        scratch = Path(folder)
        for part in _speeds(only):
            name, tasks = SPEEDS[part]
            size = (QUICK if quick else SIZES)[part]
            measured.speeds.append(
                measure_speed(
                    name,
                    tasks(),
                    size,
                    scratch,
                    console.print,
                    is_ours=part != Part.KERAS,
                )
            )
        if only in (None, Part.FIRST):
            measured.first = [
                measure_first_mark(task, scratch, console.print)
                for task in own_tasks(NUMPY_LESSONS[:1] + KERAS_LESSON)
            ]
        if only in (None, Part.SCALE, Part.RERUN):
            sizes = QUICK_GROWTH if quick else GROWTH
            measured.growth = measure_growth(
                tiny_tasks(), sizes, scratch, console.print
            )
    if only in (None, Part.LESSONS):
        measured.lessons = measure_lessons()
    if only in (None, Part.RACE):
        measured.races = measure_races()
    console.print(tables(measured), markup=False, soft_wrap=True)
    if docs is None and not quick and only is None:
        docs = ROOT / "docs"
    if docs is not None:
        docs.mkdir(parents=True, exist_ok=True)
        (docs / "benchmark.md").write_text(page(measured), "utf-8")
        figure(measured, docs / "benchmark.png")
        console.print(f"written: {docs / 'benchmark.md'}", soft_wrap=True)


def _speeds(only: Part | None) -> list[Part]:
    return [part for part in SPEEDS if only in (None, part)]


if __name__ == "__main__":
    typer.run(main)
