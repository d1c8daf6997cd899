"""Locks: what only one process of a class may do at a time."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from autograder.base.errors import EngineError


@contextmanager
def class_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a class's folder; wait while another process holds it.

    Not to be used within itself: a process waits for itself, too.
    """
    import fcntl  # not on Windows, where students check and nobody grades

    try:
        file = (folder / ".autograder.lock").open("w")
    except OSError:  # nobody can write here: there is nothing to lock
        yield
        return
    with file:
        with suppress(OSError):  # some network folders have no locks
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def grading_lock(folder: Path, lessons: Iterable[str]) -> Iterator[None]:
    """Keep other runs from grading these lessons of a class; others stay free.

    A run that is killed keeps nobody out.

    Raises
    ------
    EngineError
        Another run grades one of them now.
    OSError
        Nobody can write into the folder.
    """
    import fcntl

    with ExitStack() as stack:
        for lesson in sorted(lessons):
            file = stack.enter_context(
                (folder / f".autograder.{lesson}.lock").open("w")
            )
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EngineError(
                    f"{folder}: another run grades {lesson} of this class now; wait "
                    "until it has ended (or end it, nothing is lost), and run the same "
                    "command again. Other lessons can be graded meanwhile."
                ) from None
            except OSError:  # some network folders have no locks
                continue
        yield
