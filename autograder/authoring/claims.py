"""Claims: what prose, tables and pages say of points and minutes, beside the lessons.

Points are written where a test is; each other place that names them is compared with
that, and named with its line where it is stale.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path

from autograder.base.paths import ROOT
from autograder.model.cells import Role
from autograder.model.lesson import Cell, Lesson

WHOLE = re.compile(r"(\d+) minutes, ([\d.]+) points(?:, of which ([\d.]+) are marked)?")
"""At the beginning of a lesson."""
OF_EXERCISE = re.compile(
    r"\(([\d.]+)\s+points?\b|\*\*Written answer,\s+([\d.]+)\s+point"
)
"""Before an exercise: `Your turn (2 points)`."""
ROW = re.compile(r"^\|.*\| (\w+) \| (\d+) \| ([\d.]+) \|.*\|$")
"""Of the table of lessons in the README."""
NOTES_HEAD = re.compile(r"^`\w+`: ")
NOTES_EXERCISE = re.compile(r"^## (\w+) \(([\d.]+) points")


def stale_claims(lesson: Lesson) -> Iterator[str]:
    """Name each place of a lesson that says other points than its tests give."""
    first = lesson.cells[0]
    claim = WHOLE.search(first.source)
    if claim:
        found = claim[2], claim[3] or "0"
        if tuple(map(float, found)) != (lesson.max_score, _by_person(lesson)):
            yield _told(
                lesson.path,
                _line(first, claim.start()),
                f"{found[0]} points, of which {found[1]} are marked by a person",
                f"{lesson.max_score:g}, of which {_by_person(lesson):g}",
            )
    claims = [
        (cell, found)
        for cell in lesson.cells[1:]
        if cell.kind == "markdown"
        for found in OF_EXERCISE.finditer(cell.source)
    ]
    ends = [cell.number for cell, _ in claims[1:]] + [len(lesson.cells) + 1]
    for (cell, found), end in zip(claims, ends, strict=False):
        points = _points_between(lesson, cell.number, end)
        sums = list(accumulate(points.values()))
        if sums and float(found[1] or found[2]) not in sums:
            yield _told(
                lesson.path,
                _line(cell, found.start()),
                f"{found[1] or found[2]} points",
                f"{sums[0]:g}, as the tests of {next(iter(points))} give",
            )


def stale_rows(readme: Path, lessons: Iterable[Lesson]) -> Iterator[str]:
    """Name each row of the README's table of lessons that is not as its lesson."""
    by_name = {lesson.name: lesson for lesson in lessons}
    text = readme.read_text("utf-8") if readme.exists() else ""
    rows = [(n, ROW.match(line)) for n, line in enumerate(text.splitlines(), start=1)]
    rows = [(number, row) for number, row in rows if row]
    if not rows:
        return
    for number, row in rows:
        lesson = by_name.pop(row[1], None)
        if lesson and (expected := _whole(lesson)) != row.groups()[1:]:
            yield _told(
                readme,
                number,
                f"{row[2]} minutes, {row[3]} points of {row[1]}",
                f"{expected[0]} minutes, {expected[1]} points",
            )
    for name, lesson in by_name.items():
        minutes, points = _whole(lesson)
        yield (
            f"{readme.name}: found no row of {name} in the table of lessons, expected "
            f"one with {minutes} minutes and {points} points."
        )


def stale_notes(page: Path, lesson: Lesson) -> Iterator[str]:
    """Name each line of a lesson's instructor page with other points than it has."""
    if not page.exists():
        return
    points = _points_between(lesson, 1, len(lesson.cells) + 1)
    again = f"; run `autograder audit {lesson.name}`"
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        found = NOTES_EXERCISE.match(line)
        if found and float(found[2]) != points.get(found[1]):
            now = points.get(found[1])
            expected = f"{now:g}" if now is not None else "no such exercise"
            told = f"{found[2]} points of {found[1]}"
            yield _told(page, number, told, f"{expected}{again}")
        whole = WHOLE.search(line) if NOTES_HEAD.match(line) else None
        if whole and whole.groups()[:2] != _whole(lesson):
            yield _told(page, number, whole[0], f"{_whole(lesson)[1]} points{again}")


def _whole(lesson: Lesson) -> tuple[str, str]:
    """Return minutes and points of a lesson, as a page has them."""
    found = WHOLE.search(lesson.cells[0].source)
    return found[1] if found else "?", f"{lesson.max_score:g}"


def _graded(lesson: Lesson) -> list[Cell]:
    return [cell for cell in lesson.cells if "points" in cell.nbgrader]


def _by_person(lesson: Lesson) -> float:
    return sum(cell.points for cell in lesson.cells if cell.role == Role.WRITTEN)


def _points_between(lesson: Lesson, begin: int, end: int) -> dict[str, float]:
    """Return the points of the exercises between two cells, in their order."""
    found: dict[str, float] = {}
    for cell in _graded(lesson):
        # A written answer has its points in its own cell, which may make the claim.
        if begin <= cell.number < end:
            name = lesson.exercise_of(cell) or str(cell.grade_id)
            found[name] = found.get(name, 0) + cell.points
    return found


def _line(cell: Cell, at: int) -> int:
    """Return the line of the file at which a cell's text is."""
    return cell.line + 1 + cell.source.count("\n", 0, at) if cell.line else 0


def _told(path: Path, line: int, found: str, expected: str) -> str:
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    where = f"{shown}:{line}" if line else str(shown)
    return f"{where}: found {found}, expected {expected}."
