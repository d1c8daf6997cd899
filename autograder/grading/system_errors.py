"""System errors: what the machine refuses a run, explained with what to do about it."""

import errno
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from autograder.base.errors import (
    AutograderError,
    ClusterLost,
    EngineError,
    LessonImpossible,
)
from autograder.course.course import Course
from autograder.course.db_url import without_password
from autograder.gradebook.results import Record

REMEDIES = {
    errno.ENOSPC: "free some space on its disk",
    errno.EDQUOT: "free some space: a quota is used up",
    errno.EFBIG: "raise the limit on the size of files (`ulimit -f`)",
    errno.EROFS: "make it writable, or copy the class to where you may write",
    errno.EACCES: "make it writable, or copy the class to where you may write",
    errno.EPERM: "make it writable, or copy the class to where you may write",
    errno.EMFILE: "raise the limit on open files (`ulimit -n`), or use fewer --jobs",
    errno.ENOMEM: "free some memory, or use fewer --jobs",
}
OF_GRADEBOOKS = {
    "lock timeout": "close what else writes into it, or waits in the middle of that",
    "locked": "close what else has it open (nbgrader, its formgrader, a viewer)",
    "full": "free some space on its disk",
    "readonly": "make it writable, or copy the class to where you may write",
    "unable to open": "make its folder writable and not full",
    "disk I/O": "look whether its disk is full or broken",
}
TWICE = (
    "; the grader failed on it twice in the same way: look at it, and mark it by hand"
)
MOST_SAID = 300
AGAIN = "and run the same command again: what is recorded is kept, the rest is done"


@contextmanager
def explained(course: Course) -> Iterator[None]:
    """Turn what the machine refuses in the block into an error that says what to do.

    Raises
    ------
    EngineError
        A disk is full, a folder is read-only, the gradebook is locked, and the like.
    """
    try:
        yield
    except ClusterLost:  # says what to do, whatever it goes back to
        raise
    except (OSError, OperationalError, AutograderError) as error:
        cause = root_of(error)
        if cause is None:
            raise
        said = refusal(cause, course.results, course.db_url)
        raise EngineError(said) from error


def root_of(error: BaseException) -> OSError | OperationalError | None:
    """Return the refusal of the machine that an error goes back to, if there is one."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OperationalError):
            return seen
        if isinstance(seen, OSError) and seen.errno in REMEDIES:
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def concerns(cause: OSError | OperationalError, folder: Path) -> bool:
    """Whether the machine refuses only what lies in a submission's own folder."""
    if not isinstance(cause, OSError) or not isinstance(cause.filename, str | Path):
        return False
    is_right = cause.errno in (errno.EACCES, errno.EPERM)
    return is_right and Path(cause.filename).is_relative_to(folder)


def failure(error: Exception, record: Record, before: Record | None) -> tuple[str, str]:
    """Return the status and the message of a submission that the grader fails on.

    It is tried again. What fails on it in the same way a second time will always: a
    person is asked, and no marks are written.

    Parameters
    ----------
    before
        What came of it last time.
    """
    said = told(error)
    is_the_machines = isinstance(error, LessonImpossible) or root_of(error) is not None
    is_the_same = before and (before.key, before.message.removesuffix(TWICE)) == (
        record.key,
        said,
    )
    if is_the_same and not is_the_machines:
        return "unreadable", f"{said}{TWICE}"
    return "errored", said


def told(error: Exception) -> str:
    """Say what failed; of what nobody has foreseen, also where, and whom to tell."""
    if isinstance(error, AutograderError):
        return str(error)
    if isinstance(error, OSError):
        return f"its files could not be read: {error}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}, in {last.name}"
    said = f"{type(error).__name__}: {error}"[:MOST_SAID]
    return f"{said} ({place}); tell the maintainers of autograder, with this submission"


def refusal(
    cause: OSError | OperationalError, folder: Path, gradebook_url: str = ""
) -> str:
    """Say what the machine refuses, and what to do about it."""
    if isinstance(cause, OSError):
        place = cause.filename or folder
        return f"{place}: {cause.strerror}; {REMEDIES[cause.errno]}, {AGAIN}."
    said = without_password(" ".join(str(cause.orig).split()), gradebook_url)
    fits = [remedy for word, remedy in OF_GRADEBOOKS.items() if word in said]
    remedy = fits[0] if fits else "look at what its database says"
    return f"the gradebook of {folder}: {said}; {remedy}, {AGAIN}."
