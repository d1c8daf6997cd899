"""What ends a cell that uses more than it may."""

from __future__ import annotations

import _signal  # `signal` makes enums of what it is given, and is ten times as slow
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from autograder.sealed.limits import MOST_PATIENCE
from autograder.sealed.sandbox import procfs
from autograder.sealed.sandbox.process import Spawned

WEIGHING_S = 0.25
"""How often memory is looked at, in seconds: that takes long. The nearer the limit, the
more often."""
FRESH_S = 0.05
"""How long the times of all processes, once read, are the present ones, in seconds:
most cells are shorter."""
MIB_PER_S = 8_000
"""More than a core can take in a second, page tables included."""


class LimitReached(BaseException):
    """A cell used up what it may use; no test can swallow this."""


class TooLarge(LimitReached):
    """The submission's processes hold more memory than they may together."""


class Watchdog:
    """Raises `LimitReached` when the student's process is over one of its limits.

    Parameters
    ----------
    seconds
        What the whole notebook may still take by the clock, the time not counted in
        which the machine was busy with others.
    most_seconds
        What it may still take in any case.
    """

    def __init__(
        self, student: Spawned, limits: dict, seconds: float, most_seconds: float
    ) -> None:
        self._student = student
        self._limits = limits
        self._ends = time.monotonic() + seconds
        self._most_waiting = most_seconds - seconds
        most = limits["notebook_wall_s"]
        self.over = f"the notebook was stopped after {most:g} seconds"
        self._next = self._next_weighing = self._next_reading = 0.0
        self.printed_mib = 0.0
        """What the cell has printed, once that is far too much."""
        self._began_with_mib = student.memory_mib()
        self.begin()
        self._waits_at_first = self._waits_at_begin

    def begin(self) -> None:
        """Start the limits of a new cell."""
        self._began = time.monotonic()
        if self._began >= self._next_reading:
            self._next_reading = self._began + FRESH_S
            self._cpu_s, waits = self._student.times()
            self._waits_at_begin = procfs.waited_s(os.getpid()), waits
        self.printed_mib = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the notebook has used up its time."""
        late = time.monotonic() - self._ends
        return late > 0 and late > min(self.waited_s(), self._most_waiting)

    def waited_s(self) -> float:
        """Return for how long the notebook has waited for a core, in seconds."""
        return self._waited_since(self._waits_at_first)

    def cell_waited_s(self) -> float:
        """Return the same for this cell; never more than all patience."""
        most = (MOST_PATIENCE - 1) * self._limits["cell_wall_s"]
        return min(self._waited_since(self._waits_at_begin), most)

    def _waited_since(self, before: tuple[float, dict[int, float]]) -> float:
        """Return how long this process has waited, and that of the student's longest.

        Not the sum of the student's: they wait for each other too.
        """
        own, theirs = procfs.waited_s(os.getpid()), self._student.times()[1]
        longest = [waited - before[1].get(pid, 0.0) for pid, waited in theirs.items()]
        return own - before[0] + max(longest, default=0.0)

    def __call__(self) -> None:
        """Compare; called many times a second, looks every 20 ms."""
        if self._look():
            now = time.monotonic()
            if now >= self._next_weighing:
                pause = min(WEIGHING_S, self._weigh() / MIB_PER_S)
                self._next_weighing = now + pause

    def _look(self) -> bool:
        """Compare times, every 20 ms; return whether it was time to."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + 0.02
        if self.printed_mib:
            raise LimitReached(f"stopped after printing {self.printed_mib:.0f} MiB")
        limits = self._limits
        used, cpu_s = self._student.cpu_s() - self._cpu_s, limits["cell_cpu_s"]
        if used > cpu_s:
            raise LimitReached(f"stopped after {cpu_s:g} seconds of computing time")
        late = now - self._began - limits["cell_wall_s"]
        if late > 0 and late > self.cell_waited_s():
            raise LimitReached(f"stopped after {limits['cell_wall_s']:g} seconds")
        if self.is_over:
            raise LimitReached(self.over)
        return True

    def _weigh(self) -> float:
        """Return how much memory is left; the kernel limits each process only."""
        most, began_with = self._limits["memory_mib"], self._began_with_mib
        # The quick sum counts what is shared for each: it may be too large, never too
        # small. The exact one counts half at most of what the template has, too.
        left = most + began_with - self._student.memory_mib()
        if left < 0:
            left = most + began_with / 2 - self._student.share_mib(self._look)
        if left < 0:
            raise TooLarge("the processes used too much memory together")
        return left


@contextmanager
def alarm(seconds: float, waited_s: Callable[[], float]) -> Iterator[None]:
    """Interrupt the examiner itself, should a test of ours not come to an end.

    Parameters
    ----------
    waited_s
        Returns how much later that is, because the machine is busy.
    """
    ends = time.monotonic() + seconds

    def ring(*_: object) -> None:
        left = ends + waited_s() - time.monotonic()
        if left <= 0:
            raise LimitReached(f"stopped after {seconds:g} seconds")
        _signal.setitimer(_signal.ITIMER_REAL, left)

    before = _signal.signal(_signal.SIGALRM, ring)
    _signal.setitimer(_signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        _signal.signal(_signal.SIGALRM, before)
