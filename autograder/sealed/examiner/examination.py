"""The examiner: the process that decides marks and runs no student code."""

from __future__ import annotations

import base64
import builtins
import contextlib
import importlib
import io
import json
import math
import numbers
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.base.paths import secret_rooms
from autograder.sealed.examiner.channel import StudentGone
from autograder.sealed.examiner.conversation import Conversation
from autograder.sealed.examiner.outputs import Outputs, Room, encodable
from autograder.sealed.examiner.run_test import run_test
from autograder.sealed.sandbox import spawn
from autograder.sealed.sandbox.layers import private_memory_mib
from autograder.sealed.student.figure_cache import Album
from autograder.sealed.student.server import Answering
from autograder.sealed.student.shell import Shell

GRACE_S = 2.0
MOST_MESSAGE = 600
WEIGHING_S = 0.25
OWN_MEMORY_MIB = 512


class LimitReached(BaseException):
    """A cell used up what it may use; no test can swallow this."""


class TooLarge(LimitReached):
    """The submission's processes hold more memory than they may together."""


class CellDied(Exception):
    """The student's process ended while it ran a cell."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


def examine(connection: Connection) -> None:
    """Grade one notebook; runs in a fork of the template, made for nothing else.

    The student's process is forked before the tests are read: no memory of it ever
    held them.
    """
    # A Ctrl-C reaches every process of a terminal; the coordinator decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = json.loads(connection.recv_bytes())
    scratch, limits = Path(order["scratch"]), order["limits"]
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    album = Album.from_file(order["figures"])
    if order["kernel"]:
        importlib.import_module("autograder.sealed.student.jupyter_kernel")
    student = spawn.spawn(
        partial(_be_the_student, theirs, scratch, album, order),
        scratch=scratch,
        readable=spawn.default_readable(),
        forbidden=secret_rooms(),
        limits=spawn.Limits(
            memory_mib=limits["memory_mib"],
            cpu_s=math.ceil(limits["notebook_cpu_s"]),
            file_size_mib=limits["file_size_mib"],
            processes=limits["processes"],
            open_files=limits["open_files"],
            scratch_mib=limits["scratch_mib"],
            loopback=bool(order["kernel"]),
        ),
        keep_fds=[theirs.fileno()],
        output=writing,
    )
    theirs.close()
    os.close(writing)
    _limit_own_memory(limits["memory_mib"])
    with student:
        work = json.loads(connection.recv_bytes())
        try:
            answer = Examination(student, ours, reading, limits, work).run()
        except Exception:
            answer = {"errored": traceback.format_exc(limit=-6)}
    connection.send_bytes(json.dumps(answer).encode())


def _limit_own_memory(student_mib: int) -> None:
    """Fail a test, not the machine, when an answer makes the test itself grow."""
    mib = private_memory_mib() + student_mib + OWN_MEMORY_MIB
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = mib << 20 if hard == resource.RLIM_INFINITY else min(mib << 20, hard)
    with contextlib.suppress(OSError, ValueError):  # not every system has it
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def _be_the_student(
    sock: socket.socket, scratch: Path, album: Album, order: dict
) -> None:
    answering = Answering(sock)
    if order["kernel"]:
        # Only few need it; it was imported before the sandbox closed.
        shell_class = sys.modules[
            "autograder.sealed.student.jupyter_kernel"
        ].KernelShell
        shell = shell_class(scratch, answering.emit, order["kernel"])
        answering.serve(shell.namespace, shell.run_cell, shell.capturing)
        return
    if order["records"]:
        album = Album(record=partial(_send_picture, answering.emit))
    album.install()
    shell = Shell(scratch, answering.emit)
    answering.serve(shell.namespace, shell.run_cell, shell.capturing)


def _send_picture(emit: Callable[[dict], None], name: str, picture: bytes) -> None:
    text = base64.b64encode(picture).decode()
    emit({"output_type": "picture", "name": name, "picture": text})


class Examination:
    """One walk through a notebook, cell by cell, in its order."""

    def __init__(
        self,
        student: spawn.Spawned,
        sock: socket.socket,
        raw_output: int,
        limits: dict,
        work: dict,
    ) -> None:
        self._student = student
        self._limits = limits
        self._work = work
        self._watch = Watch(student, limits, work["seconds"])
        self._room = Room.of_a_notebook(limits["output_kib"] * 1024)
        self._displays: dict[str, list[dict]] = {}
        self._outputs = self._fresh_outputs()
        self._conversation = Conversation(
            sock,
            on_output=self._take,
            raw_output=raw_output,
            tick=self._watch,
        )
        self._namespace: dict[str, object] = {"__name__": "__main__"}
        self._pictures: dict[str, str] | None = {} if work["records"] else None
        self._stopped: dict | None = None
        """Why the last solution cell was stopped, if it was."""

    def run(self) -> dict:
        """Return the results of the cells from `start` on, and whether it died."""
        _import_into(self._namespace, self._work["imports"])
        for cell in self._work["cells"]:
            if cell["is_constants"]:
                self._know(cell)
        results, died = [], False
        for index, cell in enumerate(self._work["cells"]):
            decided_before = index < self._work["start"]
            if decided_before and str(index) in self._work["skip"]:
                if cell["is_solution"]:
                    self._stopped = self._work["skip"][str(index)]
                continue
            if decided_before and cell["is_test"]:
                continue
            self._outputs = self._fresh_outputs()
            began = time.monotonic()
            try:
                result = self._cell(cell)
            except CellDied as death:
                result, died = self._stopped_by(death.status, str(death)), True
            if not decided_before:
                seconds = time.monotonic() - began
                shown = {"outputs": self._outputs.found, "seconds": seconds}
                results.append(result | shown)
            if died:
                break
        layers = [layer.name for layer in self._student.layers if layer.active]
        return {
            "results": results,
            "died": died,
            "sandbox": layers,
            "pictures": self._pictures or {},
        }

    def _take(self, output: dict) -> None:
        if output.get("output_type") != "picture":
            self._outputs.add(output)
            self._watch.printed_mib = self._outputs.flood_mib
        elif self._pictures is not None:
            self._pictures[str(output.get("name"))] = str(output.get("picture"))

    def _fresh_outputs(self) -> Outputs:
        limit = self._limits["output_kib"] * 1024
        return Outputs(limit, self._displays, self._room)

    def _cell(self, cell: dict) -> dict:
        if cell["kind"] != "code":
            return _result("", 0.0)
        if self._watch.is_over:
            return self._stopped_by("timeout", self._watch.over)
        if cell["is_test"]:
            if cell["grade_id"] in self._work["shared"]:
                return self._test_in_the_notebook(cell)
            return self._test(cell)
        if cell["is_solution"]:
            self._stopped = None
        result = self._run(cell)
        if result["status"]:
            self._stopped = result
        return result

    def _know(self, cell: dict) -> None:
        """Run a cell of constants here too: tests take them from this side.

        So what they expect does not hang on variables that a student may change.
        """
        names = self._namespace | {"__builtins__": builtins}
        with _quiet(Printed(0)):
            code = compile(cell["source"], f"<{cell['grade_id']}>", "exec")
            exec(code, names)  # noqa: S102  # the lesson's, put back by the gate
        del names["__builtins__"]
        self._namespace |= names

    def _run(self, cell: dict) -> dict:
        """Have a cell run by the student's process."""
        try:
            # What says something here is not the student's code, but its process.
            with self._limited(), _quiet(Printed(0)):
                self._conversation.run_cell(cell["source"])
        except LimitReached as reached:
            return self._stopped_by("timeout", str(reached))
        except CellDied:
            raise
        except Exception as error:  # an answer that no honest process gives
            raise CellDied(
                "crashed", f"the cell took over its process: {error}"
            ) from error
        return _result("", 0.0)

    def _test(self, cell: dict) -> dict:
        """Run a test cell here, in the examiner; decide its points."""
        printed = Printed(self._limits["output_kib"] * 1024)
        failure: Failure | None = None
        reached: LimitReached | None = None
        value = None
        try:
            with self._limited(), _quiet(printed):
                try:
                    value = run_test(
                        cell["source"],
                        self._conversation,
                        self._namespace,
                        f"<{cell['grade_id']}>",
                    )
                except Exception as error:
                    # Here, since its text may be asked of the student's process.
                    failure = Failure.of(error)
        except LimitReached as limit:
            reached = limit
        finally:
            self._outputs.add_text("stdout", printed.getvalue())
            self._outputs.show_as_a_test()
        if reached is not None:
            return self._stopped_by("timeout", str(reached))
        if failure is not None:
            return self._failed(failure)
        return self._scored(value, cell["max_points"])

    def _test_in_the_notebook(self, cell: dict) -> dict:
        """Run a test where nbgrader does: among the student's own variables.

        For courses whose tests need that. Nothing keeps a student from reading or
        bending such a test; the sandbox and all limits hold as ever.
        """
        result = self._run(cell)
        if result["status"]:
            return result
        found = self._outputs.found
        values = [o["data"] for o in found if o["output_type"] == "execute_result"]
        errors = [dict(o) for o in found if o["output_type"] == "error"]
        warned = [o["text"] for o in found if o.get("name") == "stderr"]
        self._outputs.show_as_a_test()
        if errors:
            name, text = errors[0]["ename"], errors[0]["evalue"]
            status = "memory" if name == "MemoryError" else "failed"
            return self._failed(Failure(name, text, "", status))
        if warned:  # nbgrader gives no points then
            return self._failed(Failure("StandardError", warned[0], "", "failed"))
        shown = values[-1].get("text/plain") if values else None
        return self._scored(_number_or_text(shown), cell["max_points"])

    def _scored(self, value: object, most: float) -> dict:
        """Turn the value of a test cell into points."""
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            if value is False:
                return self._refused("the test's value is False")
            return _result("passed", most)
        points = float(value)
        if math.isnan(points) or points < 0:
            return self._refused(f"the test's value is {points}, which is no score")
        points = min(points, most)
        self._outputs.found.append(
            {
                "output_type": "execute_result",
                "data": {"text/plain": repr(points)},
                "metadata": {},
                "execution_count": None,
            }
        )
        status = "passed" if points == most else "partial" if points else "failed"
        return _result(status, points)

    def _refused(self, message: str) -> dict:
        return self._failed(Failure.of(AssertionError(message)))

    def _failed(self, failure: Failure) -> dict:
        """Describe a failed test: its message, and where the student's code was."""
        where = [failure.where] if failure.where else []
        self._outputs.add_error(failure.name, failure.text, where)
        if self._stopped is not None:
            return self._stopped
        message = f"{failure.name}: {failure.text}"[:MOST_MESSAGE]
        return _result(failure.status, 0.0, message)

    def _stopped_by(self, status: str, message: str) -> dict:
        self._outputs.add_error(status, message, [])
        return _result(status, 0.0, message)

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Hold what runs to the limits; then bring the student's process back."""
        self._watch.begin()
        try:
            with _alarm(self._limits["cell_wall_s"] + GRACE_S):
                yield
        except TooLarge as reached:
            self._student.kill()  # its children too, which an interrupt would spare
            raise CellDied("memory", str(reached)) from None
        except LimitReached as reached:
            self._student.interrupt()
            if not self._conversation.recover(GRACE_S):
                raise CellDied("timeout", str(reached)) from None
            raise
        except StudentGone as gone:
            raise self._death(gone) from None

    def _death(self, gone: StudentGone) -> CellDied:
        """Say how the student's process ended."""
        if self._student.poll() is None:
            time.sleep(0.05)  # its socket closes a moment before it has ended
        ended = self._student.poll()
        if ended is None:
            return CellDied("crashed", str(gone))
        causes = {
            "memory": ("memory", "the process was ended for using too much memory"),
            "cpu": ("timeout", "the notebook used up its computing time"),
            "exited": ("crashed", f"the code ended Python (exit status {ended.code})"),
        }
        default = ("crashed", f"Python itself crashed ({ended.signal})")
        return CellDied(*causes.get(ended.cause, default))


@dataclass(frozen=True)
class Failure:
    """Why a test failed, as text."""

    name: str
    text: str
    where: str
    """Lines of the student's code, if the error came from there."""
    status: str

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """Describe what a test has raised; may run student code."""
        try:
            text = str(error)
        except Exception:  # it holds an object of the student's
            text = "(its message cannot be shown)"
        if isinstance(error, AssertionError) and not text:
            text = "a condition of this test does not hold"
        where = getattr(error, "student_traceback", "")
        status = "memory" if isinstance(error, MemoryError) else "failed"
        return cls(type(error).__name__, encodable(text), where, status)


class Printed(io.StringIO):
    """Collects what a test prints, up to a number of characters."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._left = limit

    def write(self, text: str) -> int:
        """Append text, as far as there is room."""
        self._left -= super().write(text[: self._left])
        return len(text)


@contextmanager
def _quiet(printed: Printed) -> Iterator[None]:
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield


class Watch:
    """Raises `LimitReached` when the student's process is over one of its limits.

    Parameters
    ----------
    seconds
        What the whole notebook may still take by the clock.
    """

    def __init__(self, student: spawn.Spawned, limits: dict, seconds: float) -> None:
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


def _number_or_text(shown: object) -> object:
    """Return the value of a test from what the notebook shows of it."""
    if shown == "False":
        return False
    try:
        return float(str(shown))
    except ValueError:
        return shown


def _result(status: str, points: float, message: str = "") -> dict:
    return {"status": status, "points": points, "message": message}


def _import_into(namespace: dict[str, object], statements: str) -> None:
    """Import what the lesson imports; what is missing fails only what uses it."""
    for statement in statements.splitlines():
        with contextlib.suppress(ImportError):
            exec(statement, namespace)  # noqa: S102  # import statements of the lesson


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
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
