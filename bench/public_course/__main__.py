"""Compares marks and times with stock nbgrader's on a whole course of somebody else.

`python -m bench.public_course DIR` hands in every assignment of the nbgrader course in
DIR solved, untouched and spoiled, grades it with both, and prints what differs. DIR
stays as it is. Exit status 1 if a difference is not explained, if a run stopped or if
it is said that somebody changed locked cells.
"""

import shutil
import tempfile
from collections import Counter
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.terminal import say
from bench.public_course.differences import Difference, differences, lacks
from bench.public_course.graders import (
    Graded,
    course_copy,
    grade_with_ours,
    grade_with_stock,
    release,
)
from bench.public_course.hands import hand_in


def main(
    course: Annotated[Path, typer.Argument(help="An nbgrader course.")],
    lessons: Annotated[
        list[str] | None, typer.Argument(help="Its assignments; all if none.")
    ] = None,
    students: Annotated[
        int,
        typer.Option(
            min=1, help="How many hand in: solved, untouched and spoiled in turn."
        ),
    ] = 3,
    keep: Annotated[
        Path | None, typer.Option(help="A new folder, for both courses as graded.")
    ] = None,
) -> None:
    """Compare marks and times with stock nbgrader's."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = keep or Path(scratch) / "course"
        stock, ours, compared = graded_by_both(course, folder, lessons or [], students)
        if not compared:
            say("nothing to compare", style="red")
            raise typer.Exit(1)
        found = differences(stock, ours, compared)
        wrong = _wrong(ours, found)
        _report(stock, ours, compared, found, wrong)
    if wrong:
        raise typer.Exit(1)


def graded_by_both(
    original: Path, folder: Path, lessons: list[str], students: int
) -> tuple[Graded, Graded, list[str]]:
    """Hand in and grade a course; return what came of it and of which assignments."""
    stock_course = course_copy(original, folder / "stock")
    compared = []
    for lesson in lessons or stock_course.lessons:
        reason = release(stock_course, lesson)
        if reason:
            say(f"left out {lesson}: nbgrader cannot release it: {reason}")
        else:
            hand_in(stock_course, lesson, students)
            compared.append(lesson)
    ours_course = course_copy(original, folder / "ours")
    if compared:
        shutil.copytree(stock_course.room("submitted"), ours_course.room("submitted"))
    return (
        grade_with_stock(stock_course, compared),
        grade_with_ours(ours_course, compared),
        compared,
    )


def _wrong(ours: Graded, found: list[Difference]) -> list[str]:
    """Return what has to be looked into."""
    wrong = [f"not explained: {one}" for one in found if not one.why]
    for (student, lesson), record in sorted(ours.records().items()):
        wrong += [f"{lesson} {student}: {text}" for text in record.tampering]
        if record.status != "graded" and not lacks(record):
            wrong.append(f"{lesson} {student}: {record.message}")
    if not ours.records():
        wrong.append(f"autograder stopped: {ours.runs[0].output.strip()}")
    return wrong


def _report(
    stock: Graded,
    ours: Graded,
    lessons: list[str],
    found: list[Difference],
    wrong: list[str],
) -> None:
    cells = Counter(cell.lesson for cell in stock.marks(lessons))
    differ = Counter(one.cell.lesson for one in found)
    say(f"{'assignment':<30}{'cells':>8}{'same':>8}")
    for lesson in lessons:
        same = cells[lesson] - differ[lesson]
        say(f"{lesson[:29]:<30}{cells[lesson]:>8}{same:>8}")
    cause = attrgetter("why")
    explained = sorted((one for one in found if one.why), key=cause)
    for why, of_one_cause in groupby(explained, cause):
        say(f"differs: {why}")
        for one in of_one_cause:
            say(f"  {one}")
    for text in wrong:
        say(f"wrong: {text}", style="red")
    same, known = cells.total() - len(found), len(explained)
    say(
        f"{cells.total()} cells: {same} same, {known} explained, "
        f"{len(found) - known} not; stock {stock.seconds:.0f} s "
        f"({stock.cpu_s:.0f} of computing), ours {ours.seconds:.0f} s "
        f"({ours.cpu_s:.0f}): {stock.seconds / ours.seconds:.1f} times faster "
        f"({stock.cpu_s / ours.cpu_s:.1f})"
    )


if __name__ == "__main__":
    typer.run(main)
