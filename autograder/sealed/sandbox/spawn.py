"""Fork the student process, with every layer of the sandbox that the system has."""

from __future__ import annotations

import contextlib
import ctypes
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from autograder.base.errors import WrongUse
from autograder.sealed.sandbox import layers, mounts, procfs, seccomp, syscalls
from autograder.sealed.sandbox.fork import ForkedProcess, Order, fork
from autograder.sealed.sandbox.layers import MOUNT, OWN_PROC, PID, Layer, ProcessLimits
from autograder.sealed.sandbox.process import Spawned
from autograder.sealed.sandbox.readable import default_readable, inside

_PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 36, 37


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


def prepare() -> None:
    """Work out what is the same for every spawn of this process and of its forks."""
    mounts.ways_to(mounts.layout(mounts.outermost(default_readable())).places)
    layers.kernel_version()
    seccomp.program(seccomp.ALLOWED, seccomp.REFUSED, seccomp.ARGUMENT_RULES)


def spawn(
    main: Callable[[], None],
    *,
    scratch: Path,
    readable: Sequence[Path],
    limits: ProcessLimits,
    keep_fds: Collection[int],
    forbidden: Iterable[Path] = (),
    links: Mapping[Path, Path] = MappingProxyType({}),
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
    links
        Other names of readable folders, where it has a root folder of its own.
    output
        Descriptor that becomes its standard output and error; this process's own
        if not given.

    Raises
    ------
    WrongUse
        A forbidden path lies inside a readable one, or in `scratch`; or `scratch` lies
        where the process has a folder of its own.
    EngineError
        The process could not be made.
    """
    forbidden = tuple(forbidden)
    _refuse_covered(scratch)
    open_paths = mounts.outermost(tuple(readable))
    _refuse_exposed(forbidden, [*open_paths, scratch.resolve()])
    order = Order(
        main=main,
        scratch=Path(os.path.abspath(scratch)),
        readable=open_paths,
        root=_with_links(mounts.layout(open_paths), links),
        hidden=forbidden,
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
        folders=_in_memory(order, forked),
    )
    forked.release()
    return student


def _with_links(plan: mounts.Layout, links: Mapping[Path, Path]) -> mounts.Layout:
    more = ((link, str(place)) for link, place in links.items())
    return replace(plan, links=(*plan.links, *more)) if links else plan


def _refuse_exposed(forbidden: Iterable[Path], open_paths: Iterable[Path]) -> None:
    paths = inside(forbidden, open_paths)
    if paths:
        names = ", ".join(map(str, paths))
        raise WrongUse(
            f"student code could read {names}: move it out of the folders that are"
            " readable (the Python environment, system folders, the submission)"
        )


def _refuse_covered(scratch: Path) -> None:
    """Refuse a folder where the process gets another one, which it alone sees."""
    covered = (mounts.SHARED_MEMORY.resolve(), mounts.PROC)
    for folder in covered:
        if scratch.resolve().is_relative_to(folder):
            raise WrongUse(
                f"{scratch}: found the folder for temporary files in {folder}, of which"
                " student code gets one of its own, expected it elsewhere: set TMPDIR"
                " to another folder, as in TMPDIR=/tmp."
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


def _in_memory(order: Order, forked: ForkedProcess) -> list[Path]:
    """Return the folders that it can write to and that no disk is below."""
    if not forked.has(MOUNT):
        return []
    kept = [] if order.limits.scratch_mib is None else [order.scratch.resolve()]
    return [mounts.SHARED_MEMORY, *kept]


def _open_own_proc(pid: int) -> int | None:
    """Open the /proc that shows the processes of the student's namespace only."""
    try:
        return os.open(f"/proc/{pid}/root/proc", os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None  # the machine's /proc shows the same, only slower
