"""Results of a class: `results.jsonl`, a line a submission, and `grades.csv`."""

import csv
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Record:
    """What became of one submission: one line of `results.jsonl`."""

    student: str
    lesson: str
    status: str
    """`graded`, `unreadable`, or `errored` when it was the grader that failed."""
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    cells: list[dict] = field(default_factory=list)
    """One entry a graded cell: grade_id, points, max_points, status, message."""
    slowest: list[dict] = field(default_factory=list)
    """The cells that took longest by the clock: cell (`[4]` if it has no name) and
    seconds."""
    repairs: list[str] = field(default_factory=list)
    tampering: list[str] = field(default_factory=list)
    message: str = ""
    """Why it is unreadable or errored."""
    tests: str = "sealed"
    """Where tests ran: `sealed`, `shared` (among the student's own variables) or
    `mixed`."""
    shared: list[str] = field(default_factory=list)
    """Names of the tests that ran among the student's variables."""
    sandbox: list[str] = field(default_factory=list)
    """The layers around the student's process that were active."""
    key: dict[str, str] = field(default_factory=dict)
    """What the result depends on; a change of any part executes it again."""
    executed_because: str = ""

    @property
    def needs_a_person(self) -> bool:
        """Whether a written answer waits for its marks."""
        return any(cell["status"] == "manual" for cell in self.cells)


class Ledger:
    """`results.jsonl`: a line for each submission, added as soon as it is done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.records: dict[tuple[str, str], Record] = {}
        content = path.read_text("utf-8", "replace") if path.exists() else ""
        for line in content.splitlines():
            try:
                record = Record(**json.loads(line))
            except (ValueError, TypeError):
                continue  # a line that a killed run left unfinished: done again
            self.records[record.student, record.lesson] = record
        if content and not content.endswith("\n"):
            self.tidy()

    def add(self, record: Record) -> None:
        """Append one record; it is on disk when this returns."""
        self.records[record.student, record.lesson] = record
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(record))
            file.flush()
            os.fsync(file.fileno())

    def tidy(self) -> None:
        """Rewrite the file with one line a submission, sorted."""
        ordered = sorted(self.records.values(), key=lambda r: (r.lesson, r.student))
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(map(_line, ordered)), "utf-8")
        fresh.replace(self._path)


def write_grades(path: Path, rows: Iterable[dict]) -> None:
    """Write `grades.csv`: one row a submission, quoted where needed."""
    columns = [
        "student",
        "lesson",
        "status",
        "score",
        "max_score",
        "late_penalty",
        "waits_for_a_person",
    ]
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)
    fresh.replace(path)


def _line(record: Record) -> str:
    return json.dumps(asdict(record), ensure_ascii=False) + "\n"
