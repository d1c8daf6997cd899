"""What is there to grade: submissions, and what each result depends on."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.files import extra_files
from autograder.base.hashing import digest
from autograder.base.source_code import import_statements, imported_modules
from autograder.course.course import Course

TIMESTAMP = "timestamp.txt"
NOTES = (TIMESTAMP, "submission_secret.txt")
"""nbgrader's notes of handing in; no answer's result depends on them."""


@dataclass(frozen=True)
class Submission:
    """One student's folder for one lesson, not read yet."""

    student: str
    lesson: str
    folder: Path


def submissions(course: Course, lessons: list[str] | None = None) -> list[Submission]:
    """Return all submissions of these lessons (or of all), in a fixed order.

    Raises
    ------
    WrongUse
        A lesson has no source, or there is nothing to grade.
    """
    known = known_lessons(course, lessons)
    found = handed_in(course, known)
    if not found:
        raise WrongUse(
            f"found no submissions in {_room(course)}, expected "
            "<student>/<lesson>/<lesson>.ipynb below it."
        )
    return found


def known_lessons(course: Course, lessons: list[str] | None = None) -> list[str]:
    """Return these lessons, or all if none are given.

    Raises
    ------
    WrongUse
        One of them has no source.
    """
    known = sorted(set(course.lessons))
    unknown = sorted(set(lessons or []) - set(known))
    if unknown or not known:
        raise WrongUse(
            f"found no lesson {', '.join(unknown)}, expected one of "
            f"{', '.join(known) or '(none: run `autograder build` first)'}."
        )
    return lessons or known


def handed_in(course: Course, lessons: list[str]) -> list[Submission]:
    """Return what is there of these lessons now, in a fixed order."""
    found = [
        Submission(folder.parent.name, folder.name, folder)
        for folder in _room(course).glob("*/*/")
        if folder.name in lessons
    ]
    return sorted(found, key=lambda s: (s.lesson, s.student))


def _room(course: Course) -> Path:
    pattern = course.path("submitted", "*", "*")
    return next(p for p in pattern.parents if "*" not in p.name)


def digest_of_folder(folder: Path, but: Iterable[str] = ()) -> str:
    """Return a digest of a submission's notebooks and files, `but` some of them."""
    notebooks = [
        p for p in sorted(folder.glob("*.ipynb")) if p.is_file() and not p.is_symlink()
    ]
    parts = []
    for path in [*notebooks, *extra_files(folder)]:
        if str(path.relative_to(folder)) in but:
            continue
        parts += [os.fsencode(path.relative_to(folder)), path.read_bytes()]
    return digest(*parts)


def digest_of_work(folder: Path) -> str:
    """Return a digest of what a student made, whenever it was handed in."""
    return digest_of_folder(folder, but=NOTES)


def modules_of(course: Course, lessons: Iterable[str]) -> list[str]:
    """Return what lessons import, to be imported once and before them all."""
    modules: set[str] = set()
    for lesson in lessons:
        for path in course.path("source", ".", lesson).glob("*.ipynb"):
            modules |= imported_modules(import_statements(path))
    return sorted(modules)
