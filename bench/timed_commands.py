"""Runs commands as a user would, with a stopwatch and an eye on their memory."""

import contextlib
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
LOOK_EVERY_S = 0.02


@dataclass(frozen=True)
class Run:
    """One finished command."""

    seconds: float
    """From its start to its end, by the clock."""
    peak_mib: float
    """Most memory of the process itself, children not counted; 0 if unknown."""
    output: str
    cpu_s: float = 0.0
    """Of computing, by the process and all that it has waited for."""
    until: float = 0.0
    """From its start until the file that was asked for was there and not empty."""


def run(
    program: str,
    *arguments: str,
    folder: Path,
    may_fail: bool = False,
    until: Path | None = None,
) -> Run:
    """Run a program of this Python environment in a folder, and measure it.

    Parameters
    ----------
    may_fail
        Whether its exit status does not matter: stock nbgrader's is 1 when a
        single submission ran out of time.
    until
        A file whose first content is to be timed.

    Raises
    ------
    RuntimeError
        It failed; the end of what it printed is in the message.
    """
    command = [str(PROGRAMS / program), *arguments]
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    with (folder / "printed.txt").open("w+", encoding="utf-8") as printed:
        computed = _computed_s()
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment() | {"PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        peak_mib = reached = 0.0
        while process.poll() is None:
            if until and not reached and until.exists() and until.stat().st_size:
                reached = time.perf_counter() - began
            peak_mib = max(peak_mib, _peak_mib(process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_EVERY_S)
        seconds = time.perf_counter() - began
        printed.seek(0)
        output = printed.read()
    if process.returncode and not may_fail:
        raise RuntimeError(
            f"{program} {' '.join(arguments)}: found exit status "
            f"{process.returncode}, expected 0; it printed:\n{output[-2000:]}"
        )
    return Run(seconds, peak_mib, output, _computed_s() - computed, reached)


def _computed_s() -> float:
    """Return the seconds of computing of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment() -> dict[str, str]:
    """Return what commands find: Python keeps what it compiled, as it does by default.

    With its setting not to, each command compiles all that it imports again.
    """
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def _peak_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0.0  # it has just ended, or the system has no /proc
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
