"""The template: a process that has imported what lessons need, to be forked from.

It can begin before anybody knows which lessons: what each notebook needs comes first.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, util

from autograder.base.import_path import safe_environment, without_working_folder

# The warming comes last: it uses what the lessons have imported.
FIRST = [
    "autograder.sealed.elsewhere",
    "autograder.sealed.launch",
    "autograder.sealed.begin",
    "autograder.sealed.awaited",
]
LAST = ["autograder.sealed.warm"]
FOR_MANY = ["autograder.sealed.warm_for_many"]
MANY = 10
"""Submissions that gain together what warming for many takes."""
# Marks must not depend on who is graded beside whom: one thread a process, and the
# same order of sets in every run.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONHASHSEED": "0",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # see huge_pages
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
LONGEST_FOLDER = 107 - len("/pymp-12345678/listener-12345678")
"""Bytes of a folder's path, so that a socket of multiprocessing has one below it."""


_telling: list[int] = []
"""Where a template that has begun is told what lessons import; empty once it was."""


def begin() -> None:
    """Begin the template, if none runs: it imports what every notebook needs.

    Who does so calls `start`, or `leave` if there is nothing to grade.
    """
    if _runs():
        return
    forkserver.set_forkserver_preload(FIRST)
    environment = ENVIRONMENT | safe_environment()
    _make_room_for_a_socket()
    _forget_to_tell()  # one that has ended
    with (
        _environment(environment),
        _hushed(),
        _listening() as telling,
        without_main_module(),
    ):
        forkserver.ensure_running()
    _telling.append(telling)


def start(modules: Sequence[str], *, for_many: bool = False) -> None:
    """Start the template, if none runs; it imports while the caller goes on.

    Parameters
    ----------
    modules
        What the lessons import, by full name.
    for_many
        Whether many notebooks will be executed: it takes longer until the first one,
        and each of them takes less.
    """
    begin()
    last = [*LAST, *FOR_MANY] if for_many else LAST
    while _telling:
        telling = _telling.pop()
        with suppress(BrokenPipeError):  # it has ended: whoever forks begins another
            os.write(telling, json.dumps([*modules, *last]).encode())
        os.close(telling)


def leave() -> None:
    """End a template that has begun, unless it was started."""
    if _telling:
        stop()


def number() -> int | None:
    """Return the process number of the template that was started last."""
    return forkserver._forkserver._forkserver_pid


def stop() -> None:
    """End the template, at once: to tidy up would take Python a tenth of a second."""
    if _runs():
        os.kill(number(), signal.SIGKILL)
    _forget_to_tell()
    # Its own way to end is private; else the template would outlive the run.
    forkserver._forkserver._stop()


def _forget_to_tell() -> None:
    while _telling:
        os.close(_telling.pop())


def _runs() -> bool:
    """Tell whether there is a template that has not ended."""
    known = forkserver._forkserver
    if number() is None:
        return False
    try:
        ended, _ = os.waitpid(number(), os.WNOHANG)
    except ChildProcessError:  # it is of the process that this one is a copy of
        ended = number()
    if ended:
        os.close(known._forkserver_alive_fd)
        known.__init__()
    return not ended


def _make_room_for_a_socket() -> None:
    """Have multiprocessing make its folder where a socket's path is short enough."""
    if len(os.fsencode(tempfile.gettempdir())) <= LONGEST_FOLDER:
        return
    before, tempfile.tempdir = tempfile.tempdir, "/tmp"  # noqa: S108  # closed to others
    try:
        util.get_temp_dir()
    finally:
        tempfile.tempdir = before


@contextmanager
def without_main_module() -> Iterator[None]:
    """Keep children from importing the caller's main module: it may be anything.

    Nor do they inherit the caller's working folder as a place for modules.
    """
    main, path = sys.modules["__main__"], sys.path
    sys.modules["__main__"] = types.ModuleType("__main__")
    sys.path = without_working_folder(path)
    try:
        yield
    finally:
        sys.modules["__main__"], sys.path = main, path


@contextmanager
def _hushed() -> Iterator[None]:
    """Give what starts meanwhile no stderr.

    TensorFlow reports there, past Python, that the machine has no graphics card: at
    its import, and in every fork that computes. Errors come another way.
    """
    ours = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(ours, 2)
        os.close(ours)
        os.close(nowhere)


@contextmanager
def _listening() -> Iterator[int]:
    """Give what starts meanwhile another standard input; yield what leads there."""
    reading, telling = os.pipe()
    try:
        ours = os.dup(0) if reading else None
    except OSError:  # this process has none
        ours = None
    os.dup2(reading, 0)
    os.set_inheritable(0, True)
    try:
        yield telling
    except BaseException:
        os.close(telling)
        raise
    finally:
        if reading:
            os.close(reading)
        if ours is None:
            os.close(0)
        else:
            os.dup2(ours, 0)
            os.close(ours)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for what starts meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
