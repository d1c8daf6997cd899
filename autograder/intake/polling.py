"""Polling: finds submissions that came or changed, once their files lie still.

A folder is looked at again and again, not watched: a class's folder is often a network
share, whose changes on other machines no notification tells.
"""

import time
from itertools import islice
from pathlib import Path

from autograder.base.files import walk
from autograder.course.course import Course
from autograder.intake.submissions import Submission, handed_in

MOST_FILES = 2_000
"""More files of one submission than these are not looked at."""
State = tuple[tuple[str, int, int], ...]
"""Name, size and time of each file of a folder."""


class Stillness:
    """Remembers how folders looked, to tell which changed and then lay still.

    Parameters
    ----------
    still_s
        For how long a folder's files must not have changed.
    """

    def __init__(self, still_s: float) -> None:
        self._still_s = still_s
        self._seen: dict[Path, tuple[State, float]] = {}
        self._told: dict[Path, State] = {}

    def names_of_new(self, folder: Path) -> list[str]:
        """Return a still folder's files, if they changed since they were last told."""
        now, state = time.monotonic(), state_of(folder)
        before, since = self._seen.setdefault(folder, (state, now))
        if state != before:
            self._seen[folder] = (state, now)
        elif now - since >= self._still_s and state != self._told.get(folder):
            self._told[folder] = state
            return [name for name, _, _ in state]
        return []


def arrivals(course: Course, lessons: list[str], still: Stillness) -> list[Submission]:
    """Return the submissions that have changed since they were told, and lie still.

    A folder without a notebook is one that is still being copied.
    """
    return [
        submission
        for submission in handed_in(course, lessons)
        if any(n.endswith(".ipynb") for n in still.names_of_new(submission.folder))
    ]


def state_of(folder: Path) -> State:
    """Return the files of a folder as they are now; nothing if they go meanwhile."""
    try:
        files = [
            (name, found.st_size, found.st_mtime_ns)
            for name in islice(walk(folder), MOST_FILES)
            for found in [(folder / name).lstat()]
        ]
    except OSError:
        return ()
    return tuple(sorted(files))
