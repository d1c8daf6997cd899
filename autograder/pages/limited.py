"""Limited: a process that cleans markup, within limits, for as long as a run takes.

A library that meets what was written against it may take minutes, or so much memory
that the process ends. So it is another process: it is asked, and made anew when it
has ended. One that works well is asked again and again, which takes a fraction of a
millisecond.
"""

import atexit
import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock
from typing import BinaryIO

from autograder.base.paths import PACKAGE
from autograder.sealed.sandbox.layers import private_memory_mib

MOST_S = 2.0
"""Computing time of one text; an honest one takes milliseconds."""
PATIENCE_S = 60.0
"""By the clock, on a machine that is busy."""
MOST_OF_A_PAGE_S = 10.0
"""Computing time of all texts of a page together."""
MEMORY_MIB = 400
_LENGTH = struct.Struct("!I")
_page_has_used: ContextVar[list[float] | None] = ContextVar("page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Limit what all that is cleaned in the block takes together."""
    token = _page_has_used.set([0.0])
    try:
        yield
    finally:
        _page_has_used.reset(token)


def made_by(way: str, *given: object) -> str | None:
    """Return what a function of `markup` makes of something; None if it cannot.

    Parameters
    ----------
    way
        A name in `markup.WAYS`.
    given
        Its arguments, of JSON's kinds.
    """
    used = _page_has_used.get() or [0.0]
    left = min(MOST_S, MOST_OF_A_PAGE_S - used[0])
    if left <= 0:
        return None
    answer = _process.ask([way, left, *given])
    used[0] += left if answer is None else answer["seconds"]
    return None if answer is None else answer["made"]


class _Process:
    """The process, of this one: a fork of this one makes another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: subprocess.Popen | None = None
        self._of = 0

    def ask(self, question: list) -> dict | None:
        """Return an answer; None if it ended meanwhile, or takes too long."""
        with self._lock:
            running = self._started()
            answer = None
            with suppress(OSError, ValueError):  # it may end in the middle of an answer
                _send(running.stdin, question)
                if select.select([running.stdout], [], [], PATIENCE_S)[0]:
                    answer = _received(running.stdout)
            if answer is None:
                self._end()
            return answer

    def _started(self) -> subprocess.Popen:
        if self._of != os.getpid():  # a fork must not talk with its parent's
            self._running = None
        if self._running is None:
            # What lies in the folder of a command is never imported: -P.
            self._running = subprocess.Popen(
                [sys.executable, "-P", "-c", f"from {__name__} import serve; serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)},
            )
            self._of = os.getpid()
        return self._running

    def _end(self) -> None:
        if self._running is not None and self._of == os.getpid():
            self._running.kill()
            self._running.wait()
            for pipe in (self._running.stdin, self._running.stdout):
                with suppress(OSError):
                    pipe.close()
        self._running = None

    def forget(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()


_process = _Process()
atexit.register(_process.forget)


def serve() -> None:
    """Answer until nobody asks any more; runs in the process with limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what asks decides what ends
    from autograder.pages.markup import WAYS

    most = private_memory_mib() + MEMORY_MIB << 20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while question := _received(source):
        way, limit_s, *given = question
        began = time.process_time()
        # The default of this signal ends the process, in the middle of any library.
        signal.setitimer(signal.ITIMER_PROF, limit_s)
        try:
            made = WAYS[way](*given)
        except Exception:  # a parser of others, given what anybody wrote
            made = None
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        _send(target, {"made": made, "seconds": time.process_time() - began})


def _send(pipe: BinaryIO, message: object) -> None:
    content = json.dumps(message).encode()
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def _received(pipe: BinaryIO):
    """Return a message; None if there is none any more."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    return json.loads(pipe.read(_LENGTH.unpack(head)[0]))
