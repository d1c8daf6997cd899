"""Fault injection: what happens to a machine while it grades.

Each one is a context manager around a run of a class. What it gives lets the fault
strike: before the run begins, or in the middle of it.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from multiprocessing import forkserver
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit
from unittest.mock import patch

from autograder.course.course import Course

SMALL_FILE, LEFT_BYTES = 40_000, 60_000
"""Room for what begins a run, not for what ends it."""
SMALL_DISK = "size=8m"
Strike = Callable[[], object]
Fault = Callable[[Course], AbstractContextManager[Strike]]


class NotHere(Exception):
    """Making a fault needs rights or a system that are not there."""


@contextmanager
def file_too_large(course: Course) -> Iterator[Strike]:
    """Let no file grow: what an ordinary user's process meets as a full disk."""
    before = getrlimit(RLIMIT_FSIZE)
    try:
        yield lambda: setrlimit(RLIMIT_FSIZE, (SMALL_FILE, before[1]))
    finally:
        setrlimit(RLIMIT_FSIZE, before)


@contextmanager
def disk_full(course: Course) -> Iterator[Strike]:
    """Put the class on a small disk, and fill that but for a few pages."""
    folder, away = course.results, course.results.with_suffix(".away")
    ballast = folder / "ballast"

    def fill() -> None:
        ballast.write_bytes(bytes(shutil.disk_usage(folder).free - LEFT_BYTES))

    shutil.copytree(folder, away)
    with _mounted(folder, "-t", "tmpfs", "-o", SMALL_DISK):
        shutil.copytree(away, folder, dirs_exist_ok=True)
        yield fill
        ballast.unlink()
        shutil.rmtree(away)
        shutil.copytree(folder, away)
    shutil.copytree(away, folder, dirs_exist_ok=True)


@contextmanager
def read_only(course: Course) -> Iterator[Strike]:
    """Make the class's folder read-only, for root too; what is open stays open."""
    folder = course.results
    with ExitStack() as mounts:

        def protect() -> None:
            mounts.enter_context(_mounted(folder, "--bind", source=folder))
            _mount("-o", "remount,ro,bind", str(folder))

        yield protect


@contextmanager
def gradebook_locked(course: Course) -> Iterator[Strike]:
    """Have another program write into the gradebook without an end."""
    other = sqlite3.connect(course.results / "gradebook.db", isolation_level=None)
    with (
        closing(other),
        patch("autograder.gradebook.database.PATIENCE_S", 1),
    ):  # not a minute
        yield lambda: other.execute("BEGIN IMMEDIATE")


@contextmanager
def clock_set_back(course: Course) -> Iterator[Strike]:
    """Set the clock back by an hour, again and again."""
    true, calls = time.time, iter(range(10**9))
    clock = patch("time.time", lambda: true() - 3600 * next(calls))
    with ExitStack() as patches:
        yield lambda: patches.enter_context(clock)


@contextmanager
def template_killed(course: Course) -> Iterator[Strike]:
    """Kill the process that all others are forked from."""
    yield lambda: os.kill(_template(), signal.SIGKILL)


@contextmanager
def examiner_killed(course: Course) -> Iterator[Strike]:
    """Kill the examiners that run."""

    def kill() -> None:
        for child in _children(_template()):
            os.kill(child, signal.SIGKILL)

    yield kill


def _template() -> int:
    return forkserver._forkserver._forkserver_pid


def _children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in found.read_text("ascii").split()]


@contextmanager
def _mounted(
    folder: Path, *options: str, source: Path | str = "none"
) -> Iterator[Path]:
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        raise NotHere("only root on Linux can mount a disk")
    folder.mkdir(parents=True, exist_ok=True)
    _mount(*options, str(source), str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)  # noqa: S607


def _mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)  # noqa: S607
    if done.returncode:
        raise NotHere(done.stderr.strip())
