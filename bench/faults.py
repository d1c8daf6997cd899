"""Faults: what happens to a machine while it grades, and what comes of the class.

Each fault disturbs one run of a small class. It has to end in a message that says what
to do, or to go on; a second run, undisturbed, has to end with the gradebook that an
undisturbed run gives.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit
from unittest.mock import patch

from autograder.alone import only_grader
from autograder.course import Course, foreign_course
from autograder.errors import EngineError
from autograder.grade import Grader
from autograder.marks import Marker
from autograder.results import Ledger
from autograder.sealed.limits import Limits
from autograder.submissions import submissions
from bench.classes import make_course, tiny_tasks

STUDENTS = 4
SMALL_FILE, LEFT_BYTES = 40_000, 60_000
"""Room for what begins a run, not for what ends it."""
SMALL_DISK = "size=2m"
Fault = Callable[[Course], AbstractContextManager[Callable[[object], None] | None]]
"""Disturbs a run for as long as it lasts; what it gives is called with each record."""


class NotHere(Exception):
    """Making a fault needs rights or a system that are not there."""


@dataclass(frozen=True)
class Outcome:
    """What came of one fault."""

    fault: str
    said: str
    """The message of the run that was disturbed; empty if it went on to the end."""
    recorded: int
    """Submissions that had marks after it."""
    is_same: bool
    """Whether the second run ended with the undisturbed run's gradebook."""


@contextmanager
def file_too_large(course: Course) -> Iterator[None]:
    """Let no file grow: what an ordinary user's process meets as a full disk."""
    before = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (SMALL_FILE, before[1]))
    try:
        yield
    finally:
        setrlimit(RLIMIT_FSIZE, before)


@contextmanager
def disk_full(course: Course) -> Iterator[None]:
    """Put the class on a disk that is full but for a few pages."""
    folder, away = course.results, course.results.with_suffix(".away")
    shutil.copytree(folder, away)
    with _mounted(folder, "-t", "tmpfs", "-o", SMALL_DISK):
        shutil.copytree(away, folder, dirs_exist_ok=True)
        ballast, room = folder / "ballast", shutil.disk_usage(folder).free
        ballast.write_bytes(bytes(room - LEFT_BYTES))
        yield
        ballast.unlink()
        shutil.rmtree(away)
        shutil.copytree(folder, away)
    shutil.copytree(away, folder, dirs_exist_ok=True)


@contextmanager
def read_only(course: Course) -> Iterator[None]:
    """Make the class's folder read-only, for root too."""
    folder = course.results
    with _mounted(folder, "--bind", source=folder):
        _mount("-o", "remount,ro,bind", str(folder))
        yield


@contextmanager
def gradebook_locked(course: Course) -> Iterator[None]:
    """Have another program write into the gradebook without an end."""
    other = sqlite3.connect(course.results / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with patch("autograder.gradebook.PATIENCE_S", 1):  # nobody waits a minute here
            yield
    finally:
        other.close()


@contextmanager
def clock_set_back(course: Course) -> Iterator[None]:
    """Set the clock back by an hour, again and again."""
    true, calls = time.time, iter(range(10**9))
    with patch("time.time", lambda: true() - 3600 * next(calls)):
        yield


@contextmanager
def second_run(course: Course) -> Iterator[None]:
    """Start a run while another one grades the same lessons."""
    with only_grader(course.results, course.lessons):
        yield


@contextmanager
def template_killed(course: Course) -> Iterator[Callable[[object], None]]:
    """Kill the process that all others are forked from, after the first record."""
    yield _once(lambda: os.kill(_template(), signal.SIGKILL))


@contextmanager
def examiner_killed(course: Course) -> Iterator[Callable[[object], None]]:
    """Kill the examiners that run after the first record."""

    def kill() -> None:
        for child in _children(_template()):
            os.kill(child, signal.SIGKILL)

    yield _once(kill)


FAULTS: list[Fault] = [
    file_too_large,
    disk_full,
    read_only,
    gradebook_locked,
    clock_set_back,
    second_run,
    template_killed,
    examiner_killed,
]


def suffer(fault: Fault, folder: Path, expected: dict | None = None) -> Outcome:
    """Grade a class with a fault, then without; return what came of it.

    Parameters
    ----------
    expected
        The gradebook of an undisturbed run; made here if not given.

    Raises
    ------
    NotHere
        The fault cannot be made by this process.
    """
    expected = expected or undisturbed(folder / "undisturbed")
    course = make_class(folder / fault.__name__)
    said = ""
    with fault(course) as disturb:
        try:
            records = _grade(course, disturb)
            said = " ".join(r.message for r in records if r.status == "errored")
        except EngineError as error:
            said = str(error)
    recorded = len(_marked(course))
    _grade(course, None)
    return Outcome(fault.__name__, said, recorded, gradebook(course) == expected)


def undisturbed(folder: Path) -> dict:
    """Return the gradebook of a class that nothing happened to."""
    course = make_class(folder)
    _grade(course, None)
    return gradebook(course)


def make_class(folder: Path) -> Course:
    """Make a small class with a gradebook that nobody has marks in."""
    course = foreign_course(make_course(folder, tiny_tasks(), STUDENTS), "sealed")
    with Marker(course):
        return course


def gradebook(course: Course) -> dict:
    """Return all marks."""
    with Marker(course) as marker:
        return marker.scores()


def _marked(course: Course) -> dict:
    records = Ledger(course.results / "results.jsonl").records
    return {key: r for key, r in records.items() if r.status == "graded"}


def _grade(course: Course, done: Callable[[object], None] | None) -> list:
    marked = _marked(course)
    todo = [s for s in submissions(course) if (s.student, s.lesson) not in marked]
    grader = Grader(course, jobs=2, limits=Limits())
    return grader.run(todo, done or (lambda _: None)) if todo else []


def _once(action: Callable[[], None]) -> Callable[[object], None]:
    done = []

    def disturb(_: object) -> None:
        if not done:
            done.append(True)
            action()

    return disturb


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
