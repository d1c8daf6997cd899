"""What ends a cell that uses more than it may."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from autograder.sealed.sandbox.process import Spawned

WEIGHING_S = 0.25


class LimitReached(BaseException):
    """A cell used up what it may use; no test can swallow this."""


class TooLarge(LimitReached):
    """The submission's processes hold more memory than they may together."""


class Watchdog:
    """Raises `LimitReached` when the student's process is over one of its limits.

    Parameters
    ----------
    seconds
        What the whole notebook may still take by the clock.
    """

    def __init__(self, student: Spawned, limits: dict, seconds: float) -> None:
        self._student = student
        self._limits = limits
        self._ends = time.monotonic() + seconds
        most = limits["notebook_wall_s"]
        self.over = f"the notebook was stopped after {most:g} seconds"
        self._next = self._next_weighing = 0.0
        self.printed_mib = 0.0
        """What the cell has printed, once that is far too much."""
        self._most_mib = limits["memory_mib"] + student.memory_mib()
        self.begin()

    def begin(self) -> None:
        """Start the limits of a new cell."""
        self._cpu_s = self._student.cpu_s()
        self._began = time.monotonic()
        self.printed_mib = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the notebook has used up its time."""
        return time.monotonic() > self._ends

    def __call__(self) -> None:
        """Compare; called many times a second, looks every 20 ms."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 0.02
        if self.printed_mib:
            raise LimitReached(f"stopped after printing {self.printed_mib:.0f} MiB")
        limits = self._limits
        used, cpu_s = self._student.cpu_s() - self._cpu_s, limits["cell_cpu_s"]
        if used > cpu_s:
            raise LimitReached(f"stopped after {cpu_s:g} seconds of computing time")
        if now - self._began > limits["cell_wall_s"]:
            raise LimitReached(f"stopped after {limits['cell_wall_s']:g} seconds")
        if self.is_over:
            raise LimitReached(self.over)
        if now >= self._next_weighing:
            self._next_weighing = now + WEIGHING_S
            self._weigh()

    def _weigh(self) -> None:
        """Compare the memory of all processes; the kernel limits each of them only."""
        most = self._most_mib
        # The quick sum counts what is shared for each: it may be too large, never too
        # small.
        if self._student.memory_mib() > most and self._student.share_mib() > most:
            raise TooLarge("the processes used too much memory together")


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Interrupt the examiner itself, should a test of ours not come to an end."""

    def ring(*_: object) -> None:
        raise LimitReached(f"stopped after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
