"""Temporary folders: one for each run; those of killed runs are removed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

# Not only `autograder-`: a running grader from before locks did not hold any.
PREFIX = "autograder-run-"


@contextlib.contextmanager
def run_tempdir() -> Iterator[Path]:
    """Make a folder for a run, remove it afterwards, and those of killed runs now.

    Its owner holds a lock on it, which ends with the process, however that ends.
    """
    _remove_abandoned(Path(tempfile.gettempdir()))
    made = partial(
        tempfile.TemporaryDirectory, prefix=PREFIX, ignore_cleanup_errors=True
    )
    while True:
        # Where a file system has no locks, none is taken for abandoned either.
        with made() as name, _locked(name, fcntl.LOCK_EX):
            # Another run may have removed it before it was locked.
            if os.path.exists(name):
                yield Path(name)
                return


def _remove_abandoned(room: Path) -> None:
    """Remove what killed runs of the same user have left, following no link."""
    for path in room.glob(f"{PREFIX}*"):
        with _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB) as folder:
            if folder is not None and os.fstat(folder).st_uid == os.geteuid():
                # However deep a student's process has made folders in it.
                with contextlib.suppress(RecursionError):
                    shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: str | Path, how: int) -> Iterator[int | None]:
    """Lock a folder and yield its descriptor; None if that cannot be had."""
    with contextlib.ExitStack() as stack:
        try:
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            stack.callback(os.close, folder)
            fcntl.flock(folder, how)
        except OSError:
            folder = None
        yield folder
