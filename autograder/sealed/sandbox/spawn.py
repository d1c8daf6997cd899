"""Fork the student process, with every layer of the sandbox that the system has."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.sealed.sandbox import mounts, procfs, syscalls
from autograder.sealed.sandbox.fork import Order, fork
from autograder.sealed.sandbox.layers import OWN_PROC, PID, Layer, ProcessLimits
from autograder.sealed.sandbox.process import Spawned

_PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 36, 37

_SYSTEM_PATHS = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/bin",
    "/sbin",
    "/etc/R",  # Debian's; R does not start without
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/group",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/timezone",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system",
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
    # Not /dev/zero: mapped as shared, it is memory that no limit counts.
)


@lru_cache(maxsize=1)
def default_readable() -> tuple[Path, ...]:
    """Return what a student process has to read: Python, system libraries, fonts.

    Folders that a virtual environment lies in are not part of it.
    """
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    python.append(os.path.dirname(os.__file__))  # the standard library
    packages = [p for p in sys.path if Path(p).name.endswith("-packages")]
    found = dict.fromkeys(Path(p) for p in (*python, *packages, *_SYSTEM_PATHS))
    return tuple(path for path in found if os.path.exists(path))


def exposed(forbidden: Iterable[Path], readable: Iterable[Path]) -> tuple[Path, ...]:
    """Return those of the forbidden paths that lie inside a readable one."""
    open_folders = [path.resolve() for path in readable]
    return tuple(
        path
        for path in forbidden
        if any(path.resolve().is_relative_to(folder) for folder in open_folders)
    )


@lru_cache(maxsize=1)
def probe() -> tuple[Layer, ...]:
    """Return the layers that this system has, tried once on a throw-away process."""
    with tempfile.TemporaryDirectory(prefix="probe-") as folder:
        student = spawn(
            lambda: None,
            scratch=Path(folder),
            readable=default_readable(),
            limits=ProcessLimits(),
            keep_fds=(),
        )
        with student:
            return student.layers


def spawn(
    main: Callable[[], None],
    *,
    scratch: Path,
    readable: Sequence[Path],
    limits: ProcessLimits,
    keep_fds: Collection[int],
    forbidden: Iterable[Path] = (),
    output: int | None = None,
) -> Spawned:
    """Fork a process that runs `main` inside every layer that this system has.

    It has no standard input, no environment but a few settings, `scratch` as its
    home and working folder, and of this process's open files only `keep_fds` and
    standard output and error. It ends with `main`, or when this process ends.
    Where it cannot have a PID namespace, this process inherits its orphans from
    then on, and must have only one student process at a time.

    Parameters
    ----------
    scratch
        The only folder it may write to. Given away with all that is in it, to user
        `credentials.NOBODY`, when this process runs as root.
    readable
        Files and folders it may read; see `default_readable`.
    forbidden
        Paths that must not be readable.
    output
        Descriptor that becomes its standard output and error; this process's own
        if not given.

    Raises
    ------
    WrongUse
        A forbidden path lies inside a readable one, or in `scratch`.
    EngineError
        The process could not be made.
    """
    _refuse_exposed(forbidden, [*readable, scratch])
    order = Order(
        main=main,
        scratch=Path(os.path.abspath(scratch)),
        readable=mounts.outermost(tuple(readable)),
        limits=limits,
        keep_fds=frozenset(keep_fds),
        output=output,
    )
    with _adopting_orphans() as adoption:
        forked = fork(order)
        adoption.lasts = not forked.has(PID)
    strangers = procfs.children() if adoption.lasts else frozenset()
    student = Spawned(
        forked.pid,
        forked.layers,
        limits,
        own_proc=_open_own_proc(forked.pid) if forked.has(OWN_PROC) else None,
        strangers=strangers - {forked.pid},
    )
    forked.release()
    return student


def _refuse_exposed(forbidden: Iterable[Path], readable: Iterable[Path]) -> None:
    paths = exposed(forbidden, readable)
    if paths:
        names = ", ".join(map(str, paths))
        raise WrongUse(
            f"student code could read {names}: move it out of the folders that are"
            " readable (the Python environment, system folders, the submission)"
        )


@dataclass
class _Adoption:
    lasts: bool = False


@contextlib.contextmanager
def _adopting_orphans() -> Iterator[_Adoption]:
    """Be the parent of orphaned descendants meanwhile, or for good if it `lasts`."""
    adoption = _Adoption()
    before = ctypes.c_int(0)
    with contextlib.suppress(OSError):  # only Linux can
        syscalls.libc("prctl", _PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0)
        syscalls.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield adoption
    finally:
        if not adoption.lasts:
            with contextlib.suppress(OSError):
                syscalls.prctl(_PR_SET_CHILD_SUBREAPER, before.value)


def _open_own_proc(pid: int) -> int | None:
    """Open the /proc that shows the processes of the student's namespace only."""
    try:
        return os.open(f"/proc/{pid}/root/proc", os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None  # the machine's /proc shows the same, only slower
