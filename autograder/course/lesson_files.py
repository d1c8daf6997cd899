"""Lesson files: what lies beside a lesson's notebooks, and so beside students' code."""

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.files import by_name
from autograder.course.configuration import setting
from autograder.course.course import Course

IGNORED = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"]
"""What nbgrader ignores where a course does not say."""
MOST_FILES = 20_000
MOST_MIB = 150


def lesson_files(course: Course, lesson: str) -> dict[str, Path]:
    """Return what lies beside a lesson's notebooks, by its path in the source.

    Of courses of others that is what nbgrader copies: not what the course ignores, and
    what its links lead to. They are the course's, as no student's are.

    Raises
    ------
    WrongUse
        There is too much of it to be laid beside each submission.
    """
    folder = course.path("source", ".", lesson)
    if course.is_ours:
        return by_name(folder)
    ignored = setting(course.config, "ignore", IGNORED, "CourseDirectory")
    found: dict[str, Path] = {}
    size = 0
    for name in _walk(folder, "", [*ignored, "*.ipynb"], ()):
        found[name] = folder / name
        size += found[name].stat().st_size
        if len(found) > MOST_FILES or size > MOST_MIB * 2**20:
            raise WrongUse(
                f"{folder}: found more than {MOST_FILES:,} files or {MOST_MIB} MiB "
                "beside its notebooks, which are copied for each submission; expected "
                "less: take out what no notebook reads (CourseDirectory.ignore), or "
                "put it into a folder that autograder.toml names as data."
            )
    return found


def files_that_count(course: Course, lesson: str) -> dict[str, Path]:
    """Return the files of which no student's takes the place.

    Those that students are meant to change are not among them:
    `Autograde.exclude_overwriting`.
    """
    found = lesson_files(course, lesson)
    changed = setting(course.config, "exclude_overwriting", {}, "Autograde")
    for name in changed.get(lesson, []):
        found.pop(os.path.normpath(name), None)
    return found


def _walk(
    folder: Path, inner: str, ignored: list[str], above: tuple[str, ...]
) -> Iterator[str]:
    """Yield paths of files, also those behind links that lead in no circle."""
    here = os.path.realpath(folder / inner)
    if here in above:
        return
    with os.scandir(folder / inner) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        name = f"{inner}/{entry.name}" if inner else entry.name
        if any(_fits(entry.name, pattern) for pattern in ignored):
            continue
        if entry.is_dir():
            yield from _walk(folder, name, ignored, (*above, here))
        elif entry.is_file():
            yield name


def _fits(name: str, pattern: str) -> bool:
    """Whether a pattern means a name; as in a shell, `*` means no hidden file."""
    is_hidden = name.startswith(".") and not pattern.startswith(".")
    return not is_hidden and fnmatchcase(name, pattern)
