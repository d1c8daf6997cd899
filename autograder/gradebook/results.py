"""Results of a class: `results.jsonl`, how the points of each submission came about.

Marks are in the gradebook; nothing reads them from here.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder import __version__
from autograder.base.errors import WrongUse
from autograder.base.files import replacing
from autograder.base.locks import class_lock

BEGIN = '{"student": '
"""How each line of `results.jsonl` begins, also one that was left unfinished."""
STOPPED = ("timeout", "memory", "crashed")
"""Statuses of cells that the engine had to stop."""
FEWER = "fewer points than an earlier try"
STAYS = "; the marks stay those of the submission that was graded before"
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
    without: dict[str, str] = field(default_factory=dict)
    """Notebooks that were not handed in or cannot be read, and why: others of the same
    lesson are graded."""
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
    counts: str = ""
    """Digest of the one among `tries` whose marks count."""
    earlier_counts: bool = False
    """Whether the marks are of one that was graded before: this one could not be read,
    or has fewer points in a class where the best counts."""
    feedback: str = ""
    """What `autograder watch` has shown of it: `names`, `visible` or `all`."""

    @property
    def has_counted(self) -> bool:
        """Whether the marks are those of this one, or of one that was graded before."""
        if self.status == "errored":
            return bool(self.tries)
        return self.status == "graded" or self.earlier_counts

    def keep_earlier(self, before: "Record") -> None:
        """Note that it takes nothing away: the marks are of the one graded before."""
        self.earlier_counts, self.counts = True, before.counts
        if self.status == "graded":
            self.message = FEWER
        self.message += STAYS
        self.cells = before.cells
        self.score, self.max_score = before.score, before.max_score


class Ledger:
    """`results.jsonl`: a line for each submission, added as soon as it is done.

    Several processes may add to it at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with class_lock(path.parent):
            if not self._is_whole():  # a killed run left its last line unfinished
                self._tidy()
            self.records = self._read()
            self._known = self._state()

    def add(self, record: Record, *, keep: bool = True) -> None:
        """Append one record; it is on disk when this returns.

        Parameters
        ----------
        keep
            Whether `records` has it, too: that takes 3 KiB of memory.
        """
        if keep:
            self.records[record.student, record.lesson] = record
        with class_lock(self._path.parent):
            is_known = self._state() == self._known
            begins = "" if self._is_whole() else "\n"
            with self._path.open("a", encoding="utf-8") as file:
                file.write(begins + _line(record))
                file.flush()
                os.fsync(file.fileno())
            if is_known:
                self._known = self._state()

    def refresh(self) -> None:
        """Read the file again if another process has written into it."""
        with class_lock(self._path.parent):
            if self._state() != self._known:
                self.records = self._read()
                self._known = self._state()

    def remove(self, student: str) -> list[str]:
        """Take out all lines of a student; return them, one for each submission."""
        with class_lock(self._path.parent):
            self.records = self._read()
            own = [r for r in self.records.values() if r.student == student]
            for record in own:
                del self.records[record.student, record.lesson]
            self._tidy(but=student)
            self._known = self._state()
        return [_line(record) for record in own]

    @contextmanager
    def tidied(self) -> Iterator[Iterator[Record]]:
        """Rewrite the file with one line a submission, sorted; others wait meanwhile.

        Yields all records, read one by one; `records` has from now on what other
        processes have added.
        """
        with class_lock(self._path.parent):
            if self._state() != self._known:
                self.records = self._read()
            self._tidy()
            self._known = self._state()
            yield (record for _, record in self._lines())

    def _state(self) -> tuple[int, int]:
        """Return what tells whether the file was written to."""
        if not self._path.exists():
            return (0, 0)
        found = self._path.stat()
        return (found.st_mtime_ns, found.st_size)

    def _is_whole(self) -> bool:
        """Whether the last line has an end."""
        if not self._path.exists() or not self._path.stat().st_size:
            return True
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"

    def _read(self) -> dict[tuple[str, str], Record]:
        return {(r.student, r.lesson): r for _, r in self._lines()}

    def _lines(self) -> Iterator[tuple[int, Record]]:
        """Yield each record with its place in the file, a later one after earlier.

        Raises
        ------
        WrongUse
            A line is not what this version can read; the file stays as it is.
        """
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            place = 0
            # By b"\n" alone: messages hold other ends of lines.
            for number, line in enumerate(file, start=1):
                try:
                    record = _record(line.decode("utf-8", "replace").rstrip("\n"))
                except ValueError as error:
                    raise WrongUse(
                        f"{self._path}, line {number}: found {error}, expected a "
                        f"result as autograder {__version__} or older writes it; "
                        "grade this class with the version that wrote it or a newer "
                        "one, or move the file away: marks stay in the gradebook, and "
                        "all submissions are executed again."
                    ) from None
                if record:
                    yield place, record
                place += len(line)

    def _tidy(self, but: str | None = None) -> None:
        """Rewrite the file, of which not more than a line is in memory.

        Parameters
        ----------
        but
            The student whose lines go.
        """
        self._path.touch()
        places = {
            (r.lesson, r.student): place
            for place, r in self._lines()
            if r.student != but
        }
        with (
            self._path.open("rb") as old,
            replacing(self._path, "wb", is_durable=True) as new,
        ):
            for _, place in sorted(places.items()):
                old.seek(place)
                new.write(old.readline().rstrip(b"\n") + b"\n")


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
    text = json.dumps(vars(record), ensure_ascii=False) + "\n"
    return text.encode("utf-8", "replace").decode()  # a path may be no text
