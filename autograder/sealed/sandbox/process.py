"""The student process as the examiner sees it: its time, its end, its descendants."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.base.errors import EngineError
from autograder.sealed.sandbox import procfs
from autograder.sealed.sandbox.layers import NETWORK, PID, Layer, ProcessLimits
from autograder.sealed.sandbox.memory import Memory

_CPU_SIGNALS = (signal.SIGXCPU, signal.SIGKILL)


@dataclass(frozen=True)
class Exit:
    """How the student process ended."""

    code: int | None
    """Exit status; None after a signal."""
    signal: str | None
    """Name of the signal that ended it; None after an exit."""
    cause: str
    """exited, killed (by us), cpu, memory or crashed."""
    cpu_s: float
    """CPU seconds used in all, with the children that it waited for."""

    def __str__(self) -> str:
        """Return one line for a report."""
        how = f"exit status {self.code}" if self.signal is None else self.signal
        return f"{self.cause} ({how}) after {self.cpu_s:.1f} CPU seconds"


class Spawned:
    """A running student process; leaving the `with` block kills it.

    Attributes
    ----------
    pid
        Its number outside its namespace.
    layers
        What it really runs inside of, as reported before its `main` started.
    """

    def __init__(
        self,
        pid: int,
        layers: tuple[Layer, ...],
        limits: ProcessLimits,
        *,
        own_proc: int | None,
        strangers: frozenset[int],
        folders: Iterable[Path] = (),
    ) -> None:
        """Take charge of a process.

        Parameters
        ----------
        pid, layers, limits
            The process, a child of this one.
        own_proc
            Open folder of the /proc that shows its namespace; None without one.
        strangers
            Children of this process that have nothing to do with it.
        folders
            Folders of its own that lie in memory.
        """
        self.pid = pid
        self.layers = layers
        self._limits = limits
        self._own_proc = own_proc
        self._strangers = strangers
        self._memory = None
        seen = Path(f"/proc/{pid}/root/proc") if own_proc is not None else procfs.PROC
        with contextlib.suppress(OSError):
            self._memory = Memory(pid, seen, folders, self.has(NETWORK))
        self._oom_kills = procfs.oom_kills()
        self._cpu_s = 0.0
        self._was_killed = False
        self._exit: Exit | None = None

    def __enter__(self) -> Spawned:
        """Return the process itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the process and all its descendants."""
        self.kill()
        self.wait()

    def has(self, layer: str) -> bool:
        """Tell whether a layer, given by its name, is active."""
        return any(found.active for found in self.layers if found.name == layer)

    def cpu_s(self) -> float:
        """CPU seconds used so far by the process and all its descendants.

        Never falls. Descendants that were never waited for are counted while they
        run. nan where the system has no /proc.
        """
        return self._cpu_s_of(self._family())

    def times(self) -> tuple[float, dict[int, float]]:
        """Return `cpu_s`, and how many seconds each process has waited for a core."""
        proc = procfs.PROC if self._own_proc is None else self._own_proc
        family = self._family()
        waits = {p.pid: procfs.waited_s(p.pid, proc) for p in family}
        return self._cpu_s_of(family), waits

    def _cpu_s_of(self, family: list[procfs.Process]) -> float:
        if not procfs.PROC.is_dir():
            return float("nan")
        used = sum(process.cpu_s for process in family)
        # Of each, two times are rounded down: together they lack a tick on average,
        # which adds up when there are many that live shortly.
        used += procfs.TICK_S * max(len(family) - 1, 0)
        self._cpu_s = max(self._cpu_s, used)
        return self._cpu_s

    def memory_mib(self) -> float:
        """Memory that the process and all its descendants hold now, in MiB.

        With what the kernel holds for them: page tables, files in memory, sockets,
        pipes. A page that several of them share is counted for each. 0 where the
        system does not tell.
        """
        return self._weigh(Memory.at_most_mib)

    def share_mib(self, meanwhile: Callable[[], object] = lambda: None) -> float:
        """Memory of the process and its descendants, shared pages counted once.

        Exact, but slow: see `memory_mib`. 0 where the system does not tell.

        Parameters
        ----------
        meanwhile
            Called before each process: many of them take half a second.
        """

        def each(pids: list[int]) -> Iterator[int]:
            for pid in pids:
                meanwhile()
                yield pid

        def shared_out(memory: Memory, pids: list[int]) -> float:
            return memory.shared_out_mib(each(pids))

        return self._weigh(shared_out)

    def _weigh(self, how: Callable[[Memory, list[int]], float]) -> float:
        pids = [process.pid for process in self._family()]
        return how(self._memory, pids) if self._memory is not None and pids else 0.0

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the main thread of the process."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGINT)

    def end_children(self) -> None:
        """Kill the descendants of the process, which no interrupt reaches."""
        for process in self._seen_from_here():
            if process.pid != self.pid and not process.is_dead:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the process and all its descendants; may be called again.

        Raises
        ------
        EngineError
            Without a PID namespace: some descendants could not be killed.
        """
        if self.poll() is None:
            self._was_killed = True
            os.kill(self.pid, signal.SIGKILL)
        if not self.has(PID):
            self._kill_descendants()

    def poll(self) -> Exit | None:
        """Return how the process ended; None while it runs."""
        return self._wait(os.WNOHANG)

    def wait(self) -> Exit:
        """Wait until the process has ended, and return how.

        Without a PID namespace its descendants may still run: call `kill`.
        """
        while (ended := self._wait(0)) is None:
            pass
        return ended

    def _wait(self, options: int) -> Exit | None:
        if self._exit is None:
            pid, status, usage = os.wait4(self.pid, options)
            if pid == 0:
                return None
            self._cpu_s = max(self._cpu_s, usage.ru_utime + usage.ru_stime)
            self._exit = self._describe(os.waitstatus_to_exitcode(status), usage)
            if self._memory is not None:
                self._memory.close()
            if self._own_proc is not None:
                os.close(self._own_proc)
        return self._exit

    def _describe(self, code: int, usage: resource.struct_rusage) -> Exit:
        cpu_s = usage.ru_utime + usage.ru_stime
        if code >= 0:
            return Exit(code, None, "exited", cpu_s)
        number = -code
        cause = "crashed"
        if self._was_killed:
            cause = "killed"
        elif number == signal.SIGKILL and procfs.oom_kills() > self._oom_kills:
            cause = "memory"
        # The limit goes by the kernel's rough count of time, `usage` by the exact.
        elif number in _CPU_SIGNALS and cpu_s > 0.5 * self._limits.cpu_s:
            cause = "cpu"
        known = {one.value: one.name for one in signal.Signals}
        return Exit(None, known.get(number, f"signal {number}"), cause, cpu_s)

    def _family(self) -> list[procfs.Process]:
        """Return the process and its descendants; empty when it has ended."""
        if self._exit is not None:
            return []
        try:
            if self._own_proc is not None:
                return list(procfs.running(self._own_proc))
        except OSError:
            return []  # its namespace has just ended
        return self._seen_from_here()

    def _seen_from_here(self) -> list[procfs.Process]:
        """Return the same, by their numbers outside the namespace."""
        if self._exit is not None or not procfs.PROC.is_dir():
            return []
        return procfs.family(self.pid, adopter=os.getpid(), strangers=self._strangers)

    def _kill_descendants(self) -> None:
        if not procfs.PROC.is_dir():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            return
        # Once waited for, its number may be another process's.
        root = self.pid if self._exit is None else None
        try:
            procfs.kill_family(root, adopter=os.getpid(), strangers=self._strangers)
        except TimeoutError as err:
            raise EngineError(str(err)) from err
