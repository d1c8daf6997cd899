"""Supervision: cases are tried in a process that is watched, and made anew if it ends.

It has the memory that a target allows, and must answer before the target's limit and
five seconds more are over, in computing time; the clock only finds what sleeps.
"""

import json
import multiprocessing
import os
import resource
import signal
import time
import traceback
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from autograder.sealed.sandbox.layers import private_memory_mib
from autograder.sealed.sandbox.procfs import waited_s
from bench.fuzz.target import Target

LATE_S = 5.0
LOOK_S = 0.5
MOST_WAITS = 6
"""Of limits: a busy machine may take so much longer, even if it does not say why."""
LONGEST_TOLD = 4_000


@dataclass(frozen=True)
class Found:
    """What came of a case."""

    problem: str = ""
    """Nothing if all is well."""
    cpu_s: float = 0.0
    memory_mib: float = 0.0


class Trial:
    """Tries the cases of one target, all in one process as long as that lives."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._process: BaseProcess | None = None
        self._ours: Connection | None = None

    def attempt(self, content: bytes) -> Found:
        """Try one case."""
        if self._process is None:
            self._start()
        self._ours.send_bytes(content)
        began, limit_s = time.monotonic(), self._target.limit_s + LATE_S
        waited = waited_s(self._process.pid)
        while not self._ours.poll(LOOK_S):
            seconds = time.monotonic() - began
            seconds -= waited_s(self._process.pid) - waited
            if seconds > MOST_WAITS * limit_s:
                self.end()
                return Found(f"no answer after {seconds:.0f} s; it was ended")
        try:
            found = Found(**json.loads(self._ours.recv_bytes()))
        except (EOFError, ConnectionError):
            self._process.join()
            status = self._process.exitcode
            self.end()
            return Found(f"its process ended with {status}")
        if not found.problem and found.cpu_s > limit_s:
            return Found(f"it took {found.cpu_s:.1f} s", found.cpu_s, found.memory_mib)
        return found

    def end(self) -> None:
        """End the process, and all that it started."""
        if self._process is not None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                if self._process.is_alive():
                    os.kill(self._process.pid, number)
                    self._process.join(LATE_S)
            self._ours.close()
            self._process = None

    def _start(self) -> None:
        context = multiprocessing.get_context("fork")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._target))
        self._process.start()
        theirs.close()


def _serve(pipe: Connection, target: Target) -> None:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    target.attempt(target.examples()[0])  # what is made once is no case's
    before = private_memory_mib()
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    most = int(before + target.memory_mib) << 20
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    while True:
        try:
            content = pipe.recv_bytes()
        except EOFError:
            return
        began, problem = _cpu_s(), ""
        try:
            target.attempt(content)
        except BaseException:
            problem = traceback.format_exc()[-LONGEST_TOLD:]
        grown = private_memory_mib() - before
        found = Found(problem, _cpu_s() - began, grown)
        pipe.send_bytes(json.dumps(asdict(found)).encode())


def _cpu_s() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime
