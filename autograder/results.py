"""Results of a class: `results.jsonl`, a line a submission, and `grades.csv`."""

import csv
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder import __version__
from autograder.alone import alone
from autograder.errors import WrongUse

BEGIN = '{"student": '
"""How each line of `results.jsonl` begins, also one that was left unfinished."""
SHOWN = 60
"""Characters of a line that cannot be read that its error shows."""


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
    version: str = ""
    """The grader's version that executed it; nothing from before it was noted."""
    key: dict[str, str] = field(default_factory=dict)
    """What the result depends on; a change of any part executes it again."""
    executed_because: str = ""
    tries: list[str] = field(default_factory=list)
    """Digests of the different submissions that were graded so far."""
    feedback: str = ""
    """What `autograder watch` has shown of it: `names`, `visible` or `all`."""

    @property
    def needs_a_person(self) -> bool:
        """Whether a written answer waits for its marks."""
        return any(cell["status"] == "manual" for cell in self.cells)


class Ledger:
    """`results.jsonl`: a line for each submission, added as soon as it is done.

    Several processes may add to it at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with alone(path.parent):
            self.records, is_whole = self._read()
            if not is_whole:
                self._write()
            self._known = self._state()

    def add(self, record: Record) -> None:
        """Append one record; it is on disk when this returns."""
        self.records[record.student, record.lesson] = record
        with alone(self._path.parent):
            is_known = self._state() == self._known
            with self._path.open("a", encoding="utf-8") as file:
                file.write(_line(record))
                file.flush()
                os.fsync(file.fileno())
            if is_known:
                self._known = self._state()

    def refresh(self) -> None:
        """Read the file again if another process has written into it."""
        with alone(self._path.parent):
            if self._state() != self._known:
                self.records, _ = self._read()
                self._known = self._state()

    @contextmanager
    def tidied(self) -> Iterator[None]:
        """Rewrite the file with one line a submission, sorted; others wait meanwhile.

        What they have added is in `records` from now on.
        """
        with alone(self._path.parent):
            self.records, _ = self._read()
            self._write()
            self._known = self._state()
            yield

    def _state(self) -> tuple[int, int]:
        """Return what tells whether the file was written to."""
        if not self._path.exists():
            return (0, 0)
        found = self._path.stat()
        return (found.st_mtime_ns, found.st_size)

    def _read(self) -> tuple[dict[tuple[str, str], Record], bool]:
        """Return the records, and whether the last line has an end.

        Raises
        ------
        WrongUse
            A line is not what this version can read; the file stays as it is.
        """
        records = {}
        content = ""
        if self._path.exists():
            content = self._path.read_text("utf-8", "replace")
        for number, line in enumerate(content.split("\n"), start=1):
            try:
                record = _record(line)
            except ValueError as error:
                raise WrongUse(
                    f"{self._path}, line {number}: found {error}, expected a result as "
                    f"autograder {__version__} or an older version writes it; grade "
                    "this class with the version that wrote it or a newer one, or move "
                    "the file away: marks stay in the gradebook, and all submissions "
                    "are executed again."
                ) from None
            if record:
                records[record.student, record.lesson] = record
        return records, not content or content.endswith("\n")

    def _write(self) -> None:
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


def _record(line: str) -> Record | None:
    """Read a line; nothing comes of one that a killed run left unfinished.

    Raises
    ------
    ValueError
        It is whole, but no record.
    """
    line = line.strip("\0")  # what a power cut may leave where nothing was written yet
    try:
        entry = json.loads(line)
    except ValueError:
        if not line or line.startswith(BEGIN[: len(line)]):
            return None
        raise ValueError(f"{line[:SHOWN]!r}") from None
    if not isinstance(entry, dict):
        raise ValueError(f"{line[:SHOWN]!r}")
    known = Record.__dataclass_fields__
    unknown = sorted(entry.keys() - known)
    if unknown:
        version = entry.get("version") or "another version"
        raise ValueError(f"{', '.join(unknown)[:SHOWN]!r} of autograder {version}")
    missing = sorted({"student", "lesson", "status"} - entry.keys())
    if missing:
        raise ValueError(f"no {', '.join(missing)}")
    return Record(**entry)


def _line(record: Record) -> str:
    return json.dumps(asdict(record), ensure_ascii=False) + "\n"
