"""The worker pool: submissions go in one by one and come out marked and recorded."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from autograder.gradebook.marker import Marker
from autograder.gradebook.results import Record
from autograder.intake.submissions import Submission
from autograder.model.cells import BESIDE, ReferenceCell, References, entry_of
from autograder.sealed.job import Executed


@dataclass
class Finished:
    """A submission that was executed, or could not be, and is not marked yet."""

    submission: Submission
    record: Record
    executed: dict[str, Executed] = field(default_factory=dict)
    work: str = ""
    """A digest of what the student made; nothing if it could not be read."""
    has_marks: bool = True
    """Whether marks are written of it: none where the grader failed, or cannot tell
    whose it is."""

    @property
    def has_all_points(self) -> bool:
        """Whether it passed all that tests decide."""
        cells = [cell for one in self.executed.values() for cell in one.cells]
        return bool(cells) and all(c["points"] == c["max_points"] for c in cells)

    def count_points(self, references: References) -> None:
        """Complete the record with the entry of each graded cell, and their sums."""
        record = self.record
        record.cells = []
        for name, cells in references.items():
            decided = {}
            if name in self.executed:
                decided = {c["grade_id"]: c for c in self.executed[name].cells}
            record.cells += [
                _entry(cell, record.status, decided, self.executed.get(name))
                for cell in cells
                if cell.grade or cell.task
            ]
        record.max_score = sum(c["max_points"] for c in record.cells)
        record.score = sum(c["points"] for c in record.cells)


class WorkerPool:
    """What is open while submissions are graded.

    Parameters
    ----------
    places
        How many submissions may be begun and not finished.
    execute
        Executes a submission; called in a thread of `readers`.
    record
        Marks and records what was executed; called in the caller's thread.
    """

    def __init__(
        self,
        marker: Marker,
        readers: ThreadPoolExecutor,
        places: int,
        execute: Callable[[Submission], Finished],
        record: Callable[[Finished], Record],
    ) -> None:
        self.marker = marker
        self._readers = readers
        self._places = places
        self._execute, self._record = execute, record
        self._running: set[Future] = set()

    @property
    def free(self) -> int:
        """How many submissions may be begun now."""
        return self._places - len(self._running)

    @property
    def is_busy(self) -> bool:
        """Whether something that was begun is not finished."""
        return bool(self._running)

    def begin(self, submission: Submission) -> None:
        """Have a submission executed."""
        self._running.add(self._readers.submit(self._execute, submission))

    def finished(self, timeout_s: float | None = None) -> Iterator[Record]:
        """Wait until something is executed; mark it, record it, yield its record."""
        done, self._running = wait(
            self._running, timeout_s, return_when=FIRST_COMPLETED
        )
        for future in done:
            yield self._record(future.result())


def _entry(
    cell: ReferenceCell, status: str, decided: dict, executed: Executed | None
) -> dict:
    """Return a graded cell's entry in `results.jsonl`."""
    entry = {
        "grade_id": cell.grade_id,
        "points": 0.0,
        "max_points": cell.points,
        "status": "missing",
        "message": "",
    }
    if status != "graded":
        return entry
    if executed is None:  # others of the lesson's notebooks were handed in
        return entry if cell.is_test else entry | {"status": "manual"}
    if cell.is_test:
        return entry | decided[cell.grade_id]
    # The text of a task is the lesson's: what it asks for lies elsewhere.
    if cell.task:
        return entry | {"status": "manual"}
    found = executed.cell(cell.grade_id)
    if entry_of(found).get("checksum") == BESIDE:
        return entry | {"status": "manual", "message": BESIDE}
    if found.source.strip() == cell.source.strip():
        return entry | {"message": "no answer was written"}
    return entry | {"status": "manual"}
