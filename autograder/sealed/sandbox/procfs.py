"""The student process and its descendants, seen from outside in /proc."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")

TICK_S = 1 / os.sysconf("SC_CLK_TCK")
"""In what steps the system tells computing times, in seconds."""
_MOST_BYTES = 4096
"""Of a file about one process: its name has 64 at most, its numbers 20 digits each."""
_PATIENCE_S = 30.0
_PAUSE_S = 0.01


@dataclass(frozen=True)
class Process:
    """What /proc says about one process."""

    pid: int
    parent: int
    is_dead: bool
    """Ended, but not yet waited for."""
    cpu_s: float
    """CPU seconds of the process and of the children it has waited for."""


def running(proc: Path | int = PROC) -> Iterator[Process]:
    """Yield every process that a /proc shows, given as a path or an open folder."""
    folder = proc if isinstance(proc, int) else os.open(proc, os.O_DIRECTORY)
    try:
        for name in filter(str.isdigit, os.listdir(folder)):
            process = _read(folder, name)
            if process is not None:
                yield process
    finally:
        if folder != proc:
            os.close(folder)


def _read(folder: int, name: str) -> Process | None:
    text = _text(folder, f"{name}/stat")
    if text is None:
        return None  # it has just ended
    # The name of the program, in parentheses, may hold anything.
    state, parent, *rest = text.rpartition(b")")[2].split()
    ticks = sum(map(int, rest[9:13]))
    return Process(
        pid=int(name),
        parent=int(parent),
        is_dead=state in b"ZX",
        cpu_s=ticks * TICK_S,
    )


def _text(folder: int, name: str) -> bytes | None:
    """Read a small file of an open /proc; None where it is no longer there.

    Many are read a second: file objects would take twice as long.
    """
    try:
        descriptor = os.open(name, os.O_RDONLY, dir_fd=folder)
    except OSError:
        return None
    try:
        return os.read(descriptor, _MOST_BYTES)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def waited_s(pid: int, proc: Path | int = PROC) -> float:
    """Return how long the first thread of a process has waited for a core, in seconds.

    0 where it has just ended, or the kernel does not tell.
    """
    folder = proc if isinstance(proc, int) else os.open(proc, os.O_DIRECTORY)
    try:
        text = _text(folder, f"{pid}/schedstat")
    finally:
        if folder != proc:
            os.close(folder)
    numbers = (text or b"").split()
    return int(numbers[1]) / 1e9 if len(numbers) > 1 else 0.0


def family(
    root: int | None, *, adopter: int, strangers: frozenset[int]
) -> list[Process]:
    """Return a process and its descendants, parents first.

    Parameters
    ----------
    root
        The process; None when it has ended and been waited for.
    adopter
        The process that inherits orphans.
    strangers
        Children of `adopter` that have nothing to do with `root`.
    """
    children: dict[int, list[Process]] = {}
    members = []
    for process in running():
        is_orphan = process.parent == adopter and process.pid not in strangers
        if process.pid == root or is_orphan:
            members.append(process)
        else:
            children.setdefault(process.parent, []).append(process)
    for member in members:  # grows while it is walked
        members.extend(children.pop(member.pid, []))
    return members


def children() -> frozenset[int]:
    """Return the numbers of this process's children."""
    return frozenset(p.pid for p in running() if p.parent == os.getpid())


def oom_kills() -> int:
    """Return how many processes this machine has killed for want of memory."""
    with contextlib.suppress(OSError):
        for line in (PROC / "vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def kill_family(root: int | None, *, adopter: int, strangers: frozenset[int]) -> None:
    """Kill a process and its descendants, however fast they multiply.

    `root` itself is left to be waited for; adopted orphans are waited for here.

    Raises
    ------
    TimeoutError
        Some are still alive after `_PATIENCE_S`, however busy the machine is.
    """
    was_quiet = False
    end = time.monotonic() + _PATIENCE_S
    left: list[Process] = []
    while time.monotonic() < end:
        members = family(root, adopter=adopter, strangers=strangers)
        left = [p for p in members if not (p.pid == root and p.is_dead)]
        if not left and was_quiet:
            return
        # A process may have ended while /proc was read, and left a child behind
        # that is not in the list: only a second look without anyone is the end.
        was_quiet = not left
        _kill([p.pid for p in left if not p.is_dead])
        for process in left:
            if process.parent == adopter and process.pid != root:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(process.pid, os.WNOHANG)
        if left:
            time.sleep(_PAUSE_S)
    raise TimeoutError(f"{len(left)} descendants of a student process survive SIGKILL")


def _kill(pids: list[int]) -> None:
    # Stopped first, they cannot make new ones while others are being killed.
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
