"""A shell in a fork of this process, and what its cells came to."""

import gc
import json
import logging
import os
import signal
import sys
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from autograder.sealed.student.shell import Shell

PATIENCE_S = 120
"""After which a student process that hangs is ended, and its test fails."""


@dataclass
class Ran:
    """What one cell, or one call under `capturing`, came to."""

    status: str | None = None
    execution_count: int = 0
    events: list[dict] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its stdout."""
        return "".join(e["text"] for e in self.events if e.get("name") == "stdout")

    @property
    def kinds(self) -> list[str]:
        """What kinds of output it emitted, one entry for pieces of one stream."""
        kinds = [e.get("name", e["output_type"]) for e in self.events]
        return [
            kind
            for kind, before in zip(kinds, [None, *kinds], strict=False)
            if kind != before
        ]


class Student:
    """A shell in a fork of this process, driven by a function that runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        self.home = folder / "home"
        self.home.mkdir()
        self._events = folder / "events.jsonl"
        self._raw = folder / "raw.txt"

    def run(self, *cells: str) -> list[Ran]:
        """Run cells in order."""

        def run_all(shell: Shell, log) -> None:
            for cell in cells:
                status = shell.run_cell(cell)
                log({"status": status, "execution_count": shell.execution_count})

        return self.drive(run_all)

    def drive(self, act) -> list[Ran]:
        """Call `act(shell, log)` in the fork; each `log(...)` ends one `Ran`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # xdist has threads
            process = os.fork()
        if process == 0:
            self._be_the_student(act)
        _, status = os.waitpid(process, 0)
        assert os.waitstatus_to_exitcode(status) == 0, self.raw
        found = [Ran()]
        for line in self._events.read_text().splitlines():
            event = json.loads(line)
            if "output_type" in event:
                found[-1].events.append(event)
            else:
                found[-1].status = event.get("status")
                found[-1].execution_count = event.get("execution_count", 0)
                found.append(Ran())
        assert not found.pop().events, "an output came after the last turn"
        return found

    @property
    def raw(self) -> str:
        """What went to file descriptors 1 and 2."""
        return self._raw.read_text()

    def _be_the_student(self, act) -> None:
        code = 1
        try:
            _forget_pytest()
            signal.alarm(PATIENCE_S)
            raw = os.open(self._raw, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(raw, 1)
            os.dup2(raw, 2)
            os.environ["HOME"] = str(self.home)
            os.environ.pop("IPYTHONDIR", None)
            events = self._events.open("w", buffering=1)

            def log(event: dict) -> None:
                events.write(json.dumps(event) + "\n")

            act(Shell(self.folder, log), log)
            code = 0
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)


def _forget_pytest() -> None:
    """Treat warnings, log records and interrupts as a Python of its own does."""
    gc.callbacks.clear()  # an interrupt within hypothesis' callback would be lost
    warnings.resetwarnings()
    for ignored in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
        warnings.simplefilter("ignore", ignored)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    warnings.showwarning = _show_warning
    logging.getLogger().handlers.clear()


def _show_warning(message, category, filename, lineno, file=None, line=None):
    sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))
