"""Paths: where the lessons and what belongs to them lie, wherever the package is."""

from pathlib import Path

from autograder.base.errors import EngineError, WrongUse

PACKAGE = Path(__file__).parent.parent


def has_lessons(folder: Path) -> bool:
    """Whether a folder is a course of this form: `lessons/NAME/lesson.py`."""
    return any(folder.glob("lessons/*/lesson.py"))


def find_root() -> Path:
    """Return the folder that holds the lessons and all that belongs to them.

    That is the one that a command is started in, if it is such a course, and else the
    checkout that the package lies in, if it lies in one. No wheel holds lessons, since
    a student's process may read what is installed. Never a folder above: anybody may
    have made that.
    """
    checkout = PACKAGE.parent
    try:
        here = Path.cwd()
    except FileNotFoundError:  # it was deleted; the command line says so
        here = checkout
    return checkout if has_lessons(checkout) and not has_lessons(here) else here


ROOT = find_root()
LESSONS = ROOT / "lessons"
"""One folder a lesson: its source, its catalogue of answers, what the audit saw."""


def secret_rooms() -> list[Path]:
    """Return the folders here that no student's process may read.

    Raises
    ------
    EngineError
        A checkout has no lessons: they lie where nobody keeps student code from them.
    """
    if LESSONS.is_dir():
        return [LESSONS]
    if (PACKAGE.parent / "pyproject.toml").is_file():
        raise EngineError(
            f"{PACKAGE.parent}: found no lessons/NAME/lesson.py, expected them in a "
            "checkout; put the folder back, or name its new place in base/paths.py."
        )
    return []


def expect_lessons(folder: Path = LESSONS) -> None:
    """Refuse to go on where there are no lessons.

    Raises
    ------
    WrongUse
        There is no such folder.
    """
    if not folder.is_dir():
        raise WrongUse(
            f"{folder}: found no lessons, expected them there; run this in the folder "
            "of the unpacked `autograder-VERSION.tar.gz` of a release, or name another "
            "course with --course where the command has it."
        )
