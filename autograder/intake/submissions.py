"""What is there to grade: submissions, and what each result depends on."""

import json
import os
import shlex
from collections.abc import Container, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.files import ExtraFiles, look_beside, replacing
from autograder.base.hashing import digest, digest_of_code
from autograder.base.names import can_be_recorded, shown
from autograder.base.paths import PACKAGE
from autograder.base.source_code import import_statements, modules_to_load
from autograder.course.course import Course
from autograder.course.settings import NEEDED
from autograder.course.times import TIMESTAMP
from autograder.intake.rescue.finder import archives_in, likely_first

NOTES = (TIMESTAMP, "submission_secret.txt")
"""nbgrader's notes of handing in; no answer's result depends on them."""
LARGEST_FILE_MIB = 200
"""Of a notebook: most of a large one are outputs, which are not needed for a mark."""
MOST_BESIDE_MIB = 100
"""What lies beside a submission's notebooks may take together, in MiB."""
MOST_NOTEBOOKS = 100
MODULES, MOST_KEPT = "modules.json", 50
"""Where it is kept what lessons load for their marks, and of how many versions."""
LEFT_BY_PROGRAMS = {
    "__MACOSX",
    ".DS_Store",
    ".git",
    ".ipynb_checkpoints",
    "Thumbs.db",
    "desktop.ini",
}
NOT_OF_THE_WORK = {".venv", "venv", "node_modules", "__pycache__", *LEFT_BY_PROGRAMS}
"""What is no work of a student's, and must not take the place of files that are."""


@dataclass(frozen=True)
class Submission:
    """One student's folder for one lesson, not read yet."""

    student: str
    lesson: str
    folder: Path
    problem: str = ""
    """Why it cannot be graded, whatever is in it, and what to do."""


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
            f"found no submissions in {room_of(course)}, expected "
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
    if not known and not course.is_ours:
        raise WrongUse(
            f"found no notebook of an assignment in {course.room('source')}, expected "
            "<assignment>/<notebook>.ipynb below it."
        )
    if unknown or not known:
        raise WrongUse(
            f"found no lesson {', '.join(unknown)}, expected one of "
            f"{', '.join(known) or '(none: run `autograder build` first)'}."
        )
    return lessons or known


def handed_in(course: Course, lessons: list[str]) -> list[Submission]:
    """Return what is there of these lessons now, in a fixed order."""
    found = [
        _looked_at(*place)
        for place in course.folders("submitted")
        if place[1] in lessons and course.has_student(place[0])
    ]
    return sorted(found, key=lambda s: (s.lesson, s.student))


def _looked_at(student: str, lesson: str, folder: Path) -> Submission:
    try:
        return _submission(student, lesson, folder)
    except Exception as error:  # whatever one folder makes our code raise
        problem = f"{cannot_be_looked_at(error)}."
        return Submission(shown(student), lesson, folder, problem)


def cannot_be_looked_at(error: Exception) -> str:
    """Say what to do about a folder on which our own code fails."""
    return (
        f"found a folder that cannot be looked at ({type(error).__name__}: "
        f"{shown(str(error))}), expected one as students hand it in; look into it, and "
        "tell the maintainers of autograder"
    )


def _submission(student: str, lesson: str, folder: Path) -> Submission:
    owner = folder.parent
    if not can_be_recorded(student):
        return Submission(
            shown(student),
            lesson,
            folder,
            f"found a folder of the name {shown(student)!r}, expected a student's name "
            "without ends of lines and control characters; rename the folder.",
        )
    problem = ""
    if owner.is_symlink() and owner.resolve().parent == owner.parent.resolve():
        problem = (
            f"found a link to the folder of {shown(owner.resolve().name)}, expected a "
            "folder of the student's own; ask the student to hand in."
        )
    elif closed := why_closed(owner) or (folder.is_dir() and why_closed(folder)):
        problem = f"{closed}."
    elif not folder.is_dir():
        problem = (
            "found a file in the place of the lesson's folder, expected "
            f"{lesson}/{lesson}.ipynb; move the file into a folder."
        )
    return Submission(student, lesson, folder, problem)


def why_closed(folder: Path) -> str:
    """Say what to do about a folder that may not be looked into; nothing of others."""
    if os.access(folder, os.R_OK | os.X_OK):
        return ""
    return (
        "found a folder that the account which grades may not read, expected one that "
        f"it may; chmod -R u+rwX {shlex.quote(str(folder))}, or ask its owner"
    )


def room_of(course: Course) -> Path:
    """Return the folder that holds a folder of each student."""
    return course.room("submitted")


def digest_of_folder(folder: Path, but: Iterable[str] = ()) -> str:
    """Return a digest of a submission's notebooks and files, `but` some of them."""
    extras = extras_of(folder).by_name
    parts: list[str | bytes | Path] = []
    notebooks = islice(chain(*likely_first(folder)), MOST_NOTEBOOKS)
    works = [*notebooks, *archives_in(folder)]
    for path in dict.fromkeys([*works, *extras.values()]):
        if str(path.relative_to(folder)) in but:
            continue
        state = path.stat()
        is_read = state.st_size <= LARGEST_FILE_MIB * 2**20
        content = path if is_read else f"{state.st_size} {state.st_mtime_ns}"
        parts += [os.fsencode(path.relative_to(folder)), content]
    return digest(*parts)


def extras_of(folder: Path, but: Container[str] = ()) -> ExtraFiles:
    """Return what lies beside a submission's notebooks, as far as it may be used.

    Parameters
    ----------
    but
        The lesson's own files, which many hand in again.
    """
    return look_beside(folder, MOST_BESIDE_MIB, but, NOT_OF_THE_WORK)


def digest_of_work(folder: Path) -> str:
    """Return a digest of what a student made, whenever it was handed in."""
    return digest_of_folder(folder, but=NOTES)


def modules_of(course: Course, lessons: Iterable[str]) -> list[str]:
    """Return what lessons import, to be imported once and before them all."""
    modules: set[str] = set()
    for lesson in lessons:
        for path in course.notebooks(lesson):
            modules |= modules_to_load(import_statements(path))
    return sorted(modules)


def modules_for_marks(course: Course, lessons: Iterable[str]) -> list[str]:
    """Return what of it is loaded where the course's settings leave out cells."""
    if not (course.is_ours and course.cells == NEEDED):
        return modules_of(course, lessons)
    modules: set[str] = set()
    for lesson in lessons:
        for path in course.notebooks(lesson):
            modules |= _modules_for_marks(path.read_bytes(), path.parents[1])
    return sorted(modules)


@lru_cache(maxsize=32)  # asked for by the command, and by what grades
def _modules_for_marks(notebook: bytes, sources: Path) -> frozenset[str]:
    """Return them for one notebook; beside all sources is kept what was found before.

    Nothing else of a grade begins before they are known.
    """
    key = digest(notebook, digest_of_code(PACKAGE, ("base", "model")))
    kept, known = sources / MODULES, {}
    with suppress(OSError, ValueError):
        known = json.loads(kept.read_text("utf-8"))
    if key not in known:
        import nbformat  # not where nothing is to be graded

        from autograder.model.needed_cells import needed_modules

        solved = nbformat.reads(notebook.decode(), as_version=4)
        newest = [*known.items()][-MOST_KEPT:]
        known = dict(newest) | {key: sorted(needed_modules(solved))}
        with suppress(OSError), replacing(kept) as file:  # it may not be ours to write
            json.dump(known, file)
    return frozenset(known[key])
