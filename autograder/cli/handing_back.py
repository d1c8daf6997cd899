"""Handing back: what `export` and `feedback` say of files for learning platforms."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.cli.terminal import out, say
from autograder.course.course import Course

MOST_NAMED = 20


def fill_file(
    course: Course,
    platform: str,
    theirs: Path,
    to: Path,
    lessons: list[str],
    column: str | None,
) -> None:
    """Fill a platform's own file, and name everybody whom that leaves out."""
    from autograder.export.filling import Filling

    report = Filling(course, platform, theirs, lessons, column).write(to)
    for note in report.notes:
        say(note, style="red")
    _name(report.strangers, f"in {theirs.name}, and nobody here for certain")
    _name(report.unlisted, f"here, and not in {theirs.name}")
    _name(report.waiting, "empty, as a written answer waits for marks")
    out.print(f"{report.filled} marks filled in: {to}", soft_wrap=True, markup=False)


def pack_pages(
    course: Course, platform: str, lessons: list[str], students: list[str]
) -> None:
    """Pack feedback pages for a platform, and name whose cannot go there."""
    from autograder.export.returns import write_returns

    report = write_returns(course, platform, lessons, students)
    for text in report.left:
        say(f"left: {text}", style="red")
    for path, count in report.written.items():
        out.print(f"{count} packed in {path}", soft_wrap=True, markup=False)


def say_missing(missing: Mapping[str, Sequence[str]]) -> None:
    """Name those who handed in nothing."""
    for lesson, students in missing.items():
        _name(students, f"handed in nothing of {lesson}")


def _name(people: Sequence[str], why: str) -> None:
    if people:
        more = len(people) - MOST_NAMED
        rest = f" and {more} more" if more > 0 else ""
        say(f"{len(people)} {why}: {', '.join(people[:MOST_NAMED])}{rest}")
