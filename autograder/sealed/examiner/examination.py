"""The examiner: the process that decides marks and runs no student code."""

from __future__ import annotations

import builtins
import contextlib
import io
import math
import numbers
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from autograder.sealed.compiling.code_of_tests import filename_of, names_defined_in
from autograder.sealed.examiner.channel import StudentGone
from autograder.sealed.examiner.conversation import Conversation
from autograder.sealed.examiner.given_cells import GivenCells
from autograder.sealed.examiner.outputs import Outputs, Room
from autograder.sealed.examiner.run_test import (
    define,
    names_used_next,
    note_unmade,
    run_test,
)
from autograder.sealed.examiner.scoring import (
    Failure,
    as_points,
    number_or_text,
    outcome,
    plain_value,
)
from autograder.sealed.examiner.watchdog import (
    LimitReached,
    TooLarge,
    Watchdog,
    alarm,
)
from autograder.sealed.limits import LEFT_OUT, MOST_MESSAGE
from autograder.sealed.pictures import named_in
from autograder.sealed.sandbox.process import Spawned

GRACE_S = 2.0


class CellDied(Exception):
    """The student's process ended while it ran a cell."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


class Examination:
    """One walk through a notebook, cell by cell, in its order."""

    def __init__(
        self,
        student: Spawned,
        sock: socket.socket,
        raw_output: int,
        limits: dict,
        work: dict,
        drawn: dict[str, str],
    ) -> None:
        self._student = student
        self._limits = limits
        self._work = work
        self._watchdog = Watchdog(
            student, limits, work["seconds"], work["most_seconds"]
        )
        self._room = Room.of_a_notebook(limits["output_kib"] * 1024)
        self._displays: dict[str, list[dict]] = {}
        self._outputs = self._fresh_outputs()
        self._conversation = Conversation(
            sock,
            on_output=self._take,
            raw_output=raw_output,
            tick=self._watchdog,
        )
        self._namespace: dict[str, object] = {"__name__": "__main__"}
        self._drawn = drawn
        self._pictures: dict[str, str] | None = {} if work["records"] else None
        self._given = GivenCells(self._conversation, work, self._namespace)
        self._stopped: dict | None = None
        """Why the last solution cell was stopped, if it was."""

    def run(self) -> dict:
        """Return the results of the cells from `start` on, and whether it died."""
        _import_into(self._namespace, self._work["imports"])
        for cell in self._work["cells"]:
            if cell["is_constants"]:
                self._know(cell)
        for cell in self._work["cells"]:
            if checks := self._work["checks"].get(cell["grade_id"]):
                define(checks, self._conversation, self._namespace)
        results, died = [], False
        for index, cell in enumerate(self._work["cells"]):
            decided_before = index < self._work["start"]
            if decided_before and index in self._work["skip"]:
                if cell["is_solution"]:
                    self._stopped = self._work["skip"][index]
                continue
            if decided_before and cell["is_test"]:
                with contextlib.suppress(SyntaxError):
                    defined = names_defined_in(cell["source"])
                    note_unmade(defined, self._conversation, self._namespace)
                continue
            self._outputs = self._fresh_outputs()
            self._used_next = names_used_next(self._work, index)
            began = time.monotonic()
            try:
                beginning = self._work["left_out"].get(str(index))
                if beginning is None:
                    result = self._cell(cell)
                else:
                    result = self._leave_out(cell | {"source": beginning})
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
            "waited_s": self._watchdog.waited_s(),
            "pictures": self._pictures or {},
        }

    def _take(self, output: dict) -> None:
        if output.get("output_type") != "picture":
            data = output.get("data")
            if isinstance(data, dict) and (name := named_in(data.get("image/png"))):
                output = output | {"data": data | {"image/png": self._drawn.get(name)}}
            self._outputs.add(output)
            self._watchdog.printed_mib = self._outputs.flood_mib
        elif self._pictures is not None:
            self._pictures[str(output.get("name"))] = str(output.get("picture"))

    def _fresh_outputs(self) -> Outputs:
        limit = self._limits["output_kib"] * 1024
        return Outputs(limit, self._displays, self._room)

    def _cell(self, cell: dict) -> dict:
        if cell["kind"] != "code":
            return outcome("", 0.0)
        if self._watchdog.is_over:
            return self._stopped_by("timeout", self._watchdog.over)
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

    def _leave_out(self, beginning: dict) -> dict:
        """Run no more of a cell than its beginning, which others need; show nothing."""
        if beginning["source"]:
            self._run(beginning)
            self._outputs = self._fresh_outputs()
        return outcome(LEFT_OUT, 0.0)

    def _know(self, cell: dict) -> None:
        """Run a cell of constants here too: tests take them from this side.

        So what they expect does not hang on variables that a student may change.
        """
        names = self._namespace | {"__builtins__": builtins}
        with _quiet(Printed(0)):
            code = compile(cell["source"], filename_of(cell["grade_id"]), "exec")
            exec(code, names)  # noqa: S102  # the lesson's, put back by the repair
        del names["__builtins__"]
        self._namespace |= names

    def _run(self, cell: dict) -> dict:
        """Have a cell run by the student's process."""
        try:
            # What says something here is not the student's code, but its process.
            with self._limited(), _quiet(Printed(0)):
                source = cell["source"]
                if cell["is_locked"]:
                    self._conversation.restore(self._given.used_by(source))
                given = self._given.definitions(cell)
                known = self._work["known"].get(source, b"")
                status = self._conversation.run_cell(
                    source, known, self._used_next, given
                )
                if given:
                    self._given.note(cell, status)
        except LimitReached as reached:
            return self._stopped_by("timeout", str(reached))
        except CellDied:
            raise
        except Exception as error:  # an answer that no honest process gives
            raise CellDied(
                "crashed", f"the cell took over its process: {error}"
            ) from error
        return outcome("", 0.0)

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
                        filename_of(cell["grade_id"]),
                        self._work["codes"].get(cell["grade_id"]),
                        self._given.used_by(cell["source"]),
                    )
                except (LimitReached, StudentGone):
                    raise
                except BaseException as error:  # `sys.exit("wrong")` as well
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
        return self._scored(plain_value(value, cell["source"]), cell["max_points"])

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
        ignored = self._work["ignored"]
        warned = [
            o["text"]
            for o in found
            if o.get("name") == "stderr"
            and not (ignored and re.search(ignored, o["text"]))
        ]
        self._outputs.show_as_a_test()
        if errors:
            name, text = errors[0]["ename"], errors[0]["evalue"]
            status = "memory" if name == "MemoryError" else "failed"
            return self._failed(Failure(name, text, "", status))
        if warned:  # nbgrader gives no points then
            return self._failed(Failure("StandardError", warned[0], "", "failed"))
        shown = values[-1].get("text/plain") if values else None
        return self._scored(number_or_text(shown), cell["max_points"])

    def _scored(self, value: object, most: float) -> dict:
        """Turn the value of a test cell into points."""
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            if value is False:
                return self._refused("the test's value is False")
            return outcome("passed", most)
        points = as_points(value)
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
        return outcome(status, points)

    def _refused(self, message: str) -> dict:
        return self._failed(Failure.of(AssertionError(message)))

    def _failed(self, failure: Failure) -> dict:
        """Describe a failed test: its message, and where the student's code was."""
        where = [failure.where] if failure.where else []
        self._outputs.add_error(failure.name, failure.text, where)
        if self._stopped is not None:
            return self._stopped
        message = f"{failure.name}: {failure.text}"[:MOST_MESSAGE]
        return outcome(failure.status, 0.0, message)

    def _stopped_by(self, status: str, message: str) -> dict:
        self._outputs.add_error(status, message, [])
        return outcome(status, 0.0, message)

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Hold what runs to the limits; then bring the student's process back."""
        self._watchdog.begin()
        try:
            seconds = self._limits["cell_wall_s"] + GRACE_S
            with alarm(seconds, self._watchdog.cell_waited_s):
                yield
        except TooLarge as reached:
            self._student.kill()  # its children too, which an interrupt would spare
            raise CellDied("memory", str(reached)) from None
        except LimitReached as reached:
            self._student.interrupt()
            end_children = self._student.end_children
            if not self._conversation.recover(GRACE_S, meanwhile=end_children):
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


def _import_into(namespace: dict[str, object], statements: str) -> None:
    """Import what the lesson imports; what is missing fails only what uses it."""
    for statement in statements.splitlines():
        with contextlib.suppress(ImportError):
            exec(statement, namespace)  # noqa: S102  # import statements of the lesson
