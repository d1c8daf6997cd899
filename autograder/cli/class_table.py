"""The class as a table: a row a student, a column a lesson, one number a cell."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from autograder.base.names import shown
from autograder.gradebook import marks as marks_now

NUMBER = re.compile(r"(\d\d)_")
LEAST_NAME = 12
"""Characters of a student's name that are always in one line."""
TOTAL = len(" 360.5")
NOTHING = "-"
SIGNS = {
    "waits": ("*", "a written answer waits for a person"),
    "unreadable": ("x", "could not be read"),
    "errored": ("!", "the grader failed; it is tried again in the next run"),
    "missing": (NOTHING, "nothing was handed in"),
}


@dataclass(frozen=True)
class Mark:
    """What a student has in one lesson."""

    points: float
    """After penalties and manual marks."""
    sign: str = ""
    """A key of `SIGNS`, or nothing."""

    def __str__(self) -> str:
        """Return one number, or one sign, or both."""
        sign = SIGNS[self.sign][0] if self.sign else ""
        has_none = self.sign in ("unreadable", "errored") and not self.points
        return sign if has_none else f"{self.points:g}{sign}"


def shown_marks(
    marks: Mapping[tuple[str, str], marks_now.Mark], lessons: Collection[str] = ()
) -> tuple[dict[tuple[str, str], Mark], dict[str, float]]:
    """Return the marks of a class as they are shown, and the points of each lesson.

    Parameters
    ----------
    marks
        What the gradebook says.
    lessons
        The only lessons; all if none are given.
    """
    found, most = {}, {}
    for key, mark in sorted(marks.items()):
        if lessons and key[1] not in lessons:
            continue
        sign = "waits" if mark.waits_for_a_person else ""
        if mark.status != "graded":
            sign = mark.status
        found[key] = Mark(mark.total, sign)
        most[key[1]] = mark.max_score
    return found, dict(sorted(most.items()))


def heading(lesson: str) -> str:
    """Return what a lesson's column is called: its number, if its name begins so."""
    numbered = NUMBER.match(lesson)
    return numbered[1] if numbered else lesson


def class_tables(
    marks: Mapping[tuple[str, str], Mark],
    most: Mapping[str, float],
    students: Collection[str],
    width: int,
) -> Iterator[Table]:
    """Yield the table of a class; in several parts if it is wider than `width`.

    Parameters
    ----------
    marks
        By student and lesson.
    most
        The points of each lesson, in the order of the columns.
    """
    sizes = {
        lesson: max(len(heading(lesson)), len(f"{points:g}"), *_lengths(marks, lesson))
        for lesson, points in most.items()
    }
    for part in _parts(sizes, width - LEAST_NAME - TOTAL):
        is_whole = len(part) == len(most)
        left = width - sum(sizes[lesson] for lesson in part) - is_whole * (TOTAL - 1)
        longest = max((len(shown(student)) for student in students), default=0)
        gap = 2 if left - 2 * (len(part) + 1) >= longest else 1
        name = left - gap * (len(part) + 1)
        yield _table(marks, most, students, part, (gap, name), is_whole)


def legend(marks: Mapping[tuple[str, str], Mark], cells: int) -> list[str]:
    """Return a line for each sign that is in the table of `cells` cells."""
    found = {mark.sign for mark in marks.values()}
    if len(marks) < cells:
        found.add("missing")
    return [f"{sign}  {text}" for name, (sign, text) in SIGNS.items() if name in found]


def _lengths(marks: Mapping[tuple[str, str], Mark], lesson: str) -> list[int]:
    return [len(NOTHING), *(len(str(m)) for (_, x), m in marks.items() if x == lesson)]


def _parts(sizes: Mapping[str, int], room: int) -> Iterator[list[str]]:
    """Yield lessons whose columns fit into `room` characters together."""
    part: list[str] = []
    taken = 0
    for lesson, size in sizes.items():
        if part and taken + size + 1 > room:
            yield part
            part, taken = [], 0
        part.append(lesson)
        taken += size + 1
    yield part


def _table(
    marks: Mapping[tuple[str, str], Mark],
    most: Mapping[str, float],
    students: Collection[str],
    lessons: Sequence[str],
    space: tuple[int, int],
    is_whole: bool,
) -> Table:
    gap, name = space
    table = Table(box=None, padding=(0, 0, 0, gap), pad_edge=False)
    table.add_column("student", overflow="fold", min_width=LEAST_NAME, max_width=name)
    for lesson in lessons:
        table.add_column(heading(lesson), justify="right", no_wrap=True)
    if is_whole:
        table.add_column("total", justify="right", no_wrap=True, style="bold")

    def row(name: str, cells: Sequence[str], total: float, style: str = "") -> None:
        last = [f"{total:g}"] if is_whole else []
        table.add_row(Text(shown(name)), *cells, *last, style=style)

    row("of", [f"{most[x]:g}" for x in lessons], sum(most.values()), style="dim")
    for student in students:
        own = [marks.get((student, lesson)) for lesson in lessons]
        cells = [str(mark) if mark else NOTHING for mark in own]
        row(student, cells, sum(mark.points for mark in own if mark))
    return table
