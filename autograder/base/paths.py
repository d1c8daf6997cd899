"""Paths: where the lessons and what belongs to them lie, wherever the package is."""

from pathlib import Path

from autograder.base.errors import WrongUse

PACKAGE = Path(__file__).parent.parent


def find_root() -> Path:
    """Return the folder that holds the lessons and all that belongs to them.

    That is the package's own one in a checkout. No wheel holds lessons, since a
    student's process may read what is installed; an installed grader works on those
    of the folder that it is started in. Not of one above: anybody may have made that.
    """
    own = PACKAGE.parent
    return own if (own / "lessons").is_dir() else Path.cwd()


ROOT = find_root()
LESSONS = ROOT / "lessons"
"""One folder a lesson: its source, its catalogue of answers, what the audit saw."""


def secret_rooms() -> list[Path]:
    """Return the folders here that no student's process may read."""
    return [LESSONS] if LESSONS.exists() else []


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
