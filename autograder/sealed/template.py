"""The template: a process that has imported what lessons need, to be forked from."""

from __future__ import annotations

import os
import sys
import tempfile
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver, util

from autograder.base.import_path import safe_environment, without_working_folder

# The warming comes last: it uses what the lessons have imported.
FIRST = [
    "autograder.sealed.elsewhere",
    "autograder.sealed.launch",
    "autograder.sealed.begin",
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
    last = [*LAST, *FOR_MANY] if for_many else LAST
    forkserver.set_forkserver_preload([*FIRST, *modules, *last])
    environment = ENVIRONMENT | safe_environment()
    _make_room_for_a_socket()
    with _environment(environment), _hushed(), without_main_module():
        forkserver.ensure_running()


def number() -> int | None:
    """Return the process number of the template that was started last."""
    return forkserver._forkserver._forkserver_pid


def stop() -> None:
    """End the template."""
    # Its own way to end is private; else the template would outlive the run.
    forkserver._forkserver._stop()


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
