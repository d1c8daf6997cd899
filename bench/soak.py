"""Soak: grades a large class of mixed scenarios, and lets faults happen to small ones.

`python -m bench.soak` grades 1,000 submissions whose scores are known, watches the
coordinator's memory and open files, tries all of `bench.fault_scenarios`, and writes
its sections of docs/soak.md. Exit status 1 if anything was lost, wrong, or changed.
"""

import contextlib
import csv
import os
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from autograder.course.course import ROOT
from autograder.gradebook.results import Ledger
from bench.fault_injection import NotHere
from bench.fault_scenarios import (
    FAULT_SCENARIOS,
    MIDDLE,
    STUDENTS,
    FaultOutcome,
    run_scenario,
    undisturbed,
)
from bench.markdown_sections import put
from bench.report import machine
from bench.soak_scenarios import SoakScenario, make_class
from bench.timed_commands import PROGRAMS

LOOK_EVERY_S = 0.5
CELL_LIMIT_S = 1
PAGES = 10
TITLE = """# Soak

Written by `make soak`: one run of `autograder grade` over a class whose scores are
known, and small classes to which something happens. Each size of class has its section.
"""
HOW_TRIED = (
    f"Each line is a class of {STUDENTS}, to which something happens before its first "
    f'submission ("at the start") or when {MIDDLE} are recorded ("in the middle"). '
    "*Recorded* are those with marks after it. A second run, undisturbed, must not "
    "change what is recorded (*lost*), nor execute it again (*done twice*), and must "
    "end with the gradebook of a class that nothing happened to (*then*)."
)


@dataclass(frozen=True)
class Snapshot:
    """The coordinator at one moment."""

    seconds: float
    """Since the start."""
    recorded: int
    """Submissions in `results.jsonl`."""
    memory_mib: float
    open_files: int
    cpu_s: float
    """Computing time of the coordinator itself; no other program's load is in it."""


@dataclass
class Soak:
    """What one class came to."""

    scenarios: dict[str, SoakScenario]
    snapshots: list[Snapshot] = field(default_factory=list)
    status: int | None = None
    """Exit status; None if its time was up."""
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def rate(self, first: int, last: int) -> float:
        """Return submissions a minute, from the first-th to the last-th record."""
        began = next(k.seconds for k in self.snapshots if k.recorded >= first)
        ended = next(k.seconds for k in self.snapshots if k.recorded >= last)
        return 60 * (last - first) / max(ended - began, LOOK_EVERY_S)


def soak(course: Path, students: int, jobs: int, minutes: float) -> Soak:
    """Grade a class with the command that everybody uses; watch and compare."""
    result = Soak(make_class(course, students))
    command = [str(PROGRAMS / "autograder"), "grade", "--course", str(course)]
    options = ["--tests", "sealed", "--jobs", str(jobs), "--cell-limit"]
    with (course / "printed.txt").open("w") as printed:
        began = time.monotonic()
        process = subprocess.Popen(
            [*command, *options, str(CELL_LIMIT_S)], stdout=printed, stderr=printed
        )
        while process.poll() is None:
            seconds = time.monotonic() - began
            with contextlib.suppress(OSError):  # it has just ended
                result.snapshots.append(_snapshot(process.pid, course, seconds))
            if seconds > 60 * minutes:
                process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_EVERY_S)
    result.status = None if process.returncode < 0 else process.returncode
    seconds = time.monotonic() - began
    result.snapshots.append(
        replace(result.snapshots[-1], seconds=seconds, recorded=_lines(course))
    )
    _compare(result, course)
    return result


def _snapshot(pid: int, course: Path, seconds: float) -> Snapshot:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    if "VmRSS:" not in status:  # it has ended, and nobody has asked for its status
        raise ProcessLookupError(pid)
    memory_kib = int(status.split("VmRSS:")[1].split()[0])
    open_files = len(os.listdir(f"/proc/{pid}/fd"))
    # After the name in brackets, which may hold anything: fields 14 and 15 of the line.
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    cpu_s = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return Snapshot(seconds, _lines(course), memory_kib / 1024, open_files, cpu_s)


def _lines(course: Path) -> int:
    path = course / "results.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _compare(result: Soak, course: Path) -> None:
    """Note what has no result, and what has another one than it must have."""
    records = Ledger(course / "results.jsonl").records
    found = {student: record for (student, _), record in records.items()}
    rows = {}
    table = course / "grades.csv"
    if table.exists():
        lines = table.read_text("utf-8").splitlines()
        rows = {row["student"]: row for row in csv.DictReader(lines)}
    for student, known in result.scenarios.items():
        if student not in found or student not in rows:
            result.lost.append(f"{student} ({known.name})")
            continue
        record, marked = found[student], float(rows[student]["score"])
        have = record.status, record.score, marked
        if have != (known.status, known.score, known.score):
            result.wrong.append(
                f"{student} ({known.name}): found {have}, expected {known.status} "
                f"{known.score:g}"
            )


def _soak_table(result: Soak) -> list[str]:
    count, last = len(result.scenarios), result.snapshots[-1]
    hundred, recorded = min(100, count // 2), last.recorded
    status = "time was up" if result.status is None else result.status
    first_rate = result.rate(1, hundred)
    last_rate = result.rate(recorded - hundred, recorded)
    kinds = Counter(known.name for known in result.scenarios.values())
    lines = ["| what | found |", "|---|---|", f"| submissions | {count:,} |"]
    lines += [f"| {name} | {number:,} |" for name, number in kinds.most_common()]
    lines += [
        f"| lost | {len(result.lost)} |",
        f"| other marks than known | {len(result.wrong)} |",
        f"| exit status | {status} |",
        f"| minutes | {last.seconds / 60:.1f} |",
        f"| a minute, first {hundred} | {first_rate:.0f} |",
        f"| a minute, last {hundred} | {last_rate:.0f} |",
    ]
    return [*lines, *_coordinator_table(result)]


def _coordinator_table(result: Soak) -> list[str]:
    count = len(result.scenarios)
    lines = ["", "| recorded | memory, MiB | open files | computing, ms each |"]
    lines += ["|---|---|---|---|"]
    running = [snapshot for snapshot in result.snapshots if snapshot.recorded]
    marks = [count * part // PAGES for part in range(PAGES + 1)]
    before = running[0]
    for low, high in pairwise([-1, *marks]):
        within = [snapshot for snapshot in running if low < snapshot.recorded <= high]
        if within and within[-1].recorded > before.recorded:
            at = within[-1]
            most = max(snapshot.open_files for snapshot in within)
            each_ms = 1000 * (at.cpu_s - before.cpu_s) / (at.recorded - before.recorded)
            lines.append(
                f"| {at.recorded:,} | {at.memory_mib:.0f} | {most} | {each_ms:.0f} |"
            )
            before = at
    return [*lines, "", "Of the coordinator alone; computing is since the line above."]


def _fault_table(outcomes: dict[str, FaultOutcome], skipped: list[str]) -> list[str]:
    lines = ["| what went wrong | recorded | lost | done twice | the run said | then |"]
    lines += ["|---|---|---|---|---|---|"]
    for name, found in outcomes.items():
        said = found.said.replace("|", "\\|") or "nothing: it went on to the end"
        same = "the same gradebook" if found.is_same else "ANOTHER GRADEBOOK"
        counts = f"{found.recorded} | {len(found.lost)} | {len(found.twice)}"
        lines.append(f"| {name} | {counts} | {said} | {same} |")
    return [*lines, *(f"\nNot tried: {text}." for text in skipped)]


def _try_faults(folder: Path) -> tuple[dict[str, FaultOutcome], list[str]]:
    expected = undisturbed(folder / "undisturbed")
    outcomes, skipped = {}, []
    for name in FAULT_SCENARIOS:
        try:
            outcomes[name] = run_scenario(name, folder, expected)
        except NotHere as error:
            skipped.append(f"{name} ({error})")
    return outcomes, skipped


def main(
    submissions: Annotated[int, typer.Option(min=20)] = 1000,
    jobs: Annotated[int, typer.Option(min=1)] = os.cpu_count() or 1,
    minutes: Annotated[float, typer.Option(help="Longest that the class takes.")] = 60,
    write: Annotated[Path | None, typer.Option(help="soak.md is written here.")] = None,
) -> None:
    """Grade a large class of mixed scenarios; let faults happen to small ones."""
    measured = f"Machine: {machine()}; load {os.getloadavg()[0]:.1f} before it began"
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        result = soak(Path(folder) / "class", submissions, jobs, minutes)
        outcomes, skipped = _try_faults(Path(folder) / "faults")
    large = [f"{measured}, {jobs} at a time.", "", *_soak_table(result)]
    small = [HOW_TRIED, "", *_fault_table(outcomes, skipped)]
    typer.echo("\n".join([*large, "", *small, *result.lost[:20], *result.wrong[:20]]))
    if write is None and submissions >= 1000:
        write = ROOT / "docs" / "soak.md"
    if write:
        put(write, TITLE, f"{submissions:,} submissions", large)
        put(write, TITLE, "When something goes wrong", small)
    is_good = result.status == 0 and not result.lost and not result.wrong
    is_good &= all(outcome.is_good for outcome in outcomes.values())
    raise typer.Exit(0 if is_good else 1)


if __name__ == "__main__":
    typer.run(main)
