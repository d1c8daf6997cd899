"""Grading a class: in parallel, through nbgrader's pipeline, never lost or stopped."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from threading import BoundedSemaphore, Lock

from autograder.beside import own_files, staged
from autograder.course import Course
from autograder.errors import AutograderError, EngineError, UnreadableSubmission
from autograder.faults import alone, root_of, told
from autograder.gate import Gated, ReferenceCell, find_notebook, gate, read_notebook
from autograder.marks import Marker
from autograder.rehearsal import Rehearsal, Rehearsed
from autograder.results import Ledger, Record, write_grades
from autograder.sealed.engine import Engine, Executed, Job
from autograder.sealed.limits import Limits
from autograder.settings import SEALED, SHARED
from autograder.submissions import (
    Keys,
    Submission,
    by_name,
    digest,
    import_statements,
    modules_of,
)
from autograder.ways import NAME as WAYS_FILE
from autograder.ways import Way, write_ways

ASKED_FOR = "asked for"
References = dict[str, list[ReferenceCell]]
"""The reference cells of each notebook of a lesson."""


@dataclass
class Finished:
    """A submission that was executed, or could not be, and is not marked yet."""

    submission: Submission
    record: Record
    executed: dict[str, Executed] = field(default_factory=dict)


class Grader:
    """Grades the submissions of one course."""

    def __init__(
        self,
        course: Course,
        *,
        jobs: int,
        limits: Limits,
        require_sandbox: bool = False,
    ) -> None:
        self._course = course
        self._jobs = jobs
        self._slots = BoundedSemaphore(jobs)
        self._limits = limits
        self._require_sandbox = require_sandbox
        self._cache = course.results / "executed"
        self._keys = Keys(course, limits)
        self._executing: defaultdict[str, Lock] = defaultdict(Lock)
        self.notes: list[str] = []
        """What an instructor should know about the lessons themselves."""
        self.ways: list[Way] = []
        """How each test cell of the lessons runs."""

    def run(
        self, todo: list[Submission], done: Callable[[Record], None] = lambda _: None
    ) -> list[Record]:
        """Grade submissions and record each one as soon as it is finished.

        Parameters
        ----------
        done
            Called with each record, in the order of finishing.

        Raises
        ------
        EngineError
            The machine refuses something that all submissions need, or another run
            grades this class now.
        """
        records = []
        folder = self._course.results
        with told(folder), alone(folder), Marker(self._course) as marker:
            # Read now that nobody else writes it.
            self._ledger = Ledger(folder / "results.jsonl")
            lessons = sorted({s.lesson for s in todo})
            references = {lesson: marker.register(lesson) for lesson in lessons}
            for finished in self._execute_all(todo, references):
                self._mark(finished, references[finished.submission.lesson], marker)
                self._ledger.add(finished.record)
                records.append(finished.record)
                done(finished.record)
            self._ledger.tidy()
            self._write_grades(marker)
        return records

    def _execute_all(
        self, todo: list[Submission], references: dict[str, References]
    ) -> Iterator[Finished]:
        """Execute submissions on all slots; yield each one as it is finished."""
        preload = modules_of(self._course, references)
        # More than run at a time: no slot waits for the marks to be written, or for
        # the same content in another one, and only a few results are in memory.
        at_hand = 2 * self._jobs + 2
        with (
            Engine(preload, self._limits, self._require_sandbox) as engine,
            ThreadPoolExecutor(at_hand) as readers,
        ):
            rehearsed = self._rehearse(references, engine, readers)
            waiting = iter(todo)

            def begin(count: int) -> set[Future]:
                return {
                    readers.submit(
                        self._execute,
                        s,
                        references[s.lesson],
                        engine,
                        rehearsed[s.lesson],
                    )
                    for s in islice(waiting, count)
                }

            running = begin(at_hand)
            while running:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                running |= begin(len(finished))
                for future in finished:
                    yield future.result()

    def _rehearse(
        self, references: dict[str, References], engine: Engine, pool: Executor
    ) -> dict[str, dict[str, Rehearsed]]:
        """Run the lessons' solutions; say how each notebook's tests run."""

        def run(job: Job) -> Executed:
            with self._slots:
                return engine.run(job)

        rehearsal = Rehearsal(self._course, self._keys, self._cache, run)
        found = pool.map(rehearsal.of, references, references.values())
        rehearsed = dict(zip(references, found, strict=True))
        self.notes += rehearsal.notes
        self.ways = rehearsal.ways
        if not self._course.is_ours:
            write_ways(self._course.results / WAYS_FILE, self.ways)
        return rehearsed

    def _execute(
        self,
        submission: Submission,
        reference: References,
        engine: Engine,
        rehearsed: dict[str, Rehearsed],
    ) -> Finished:
        """Read, repair and execute one submission; our own failures are recorded."""
        record = Record(submission.student, submission.lesson, "graded")
        before = self._ledger.records.get((record.student, record.lesson))
        record.tests, record.shared = _where_tests_ran(reference, rehearsed)
        record.executed_because = self._keys.changes(submission, before) or ASKED_FOR
        record.key = self._keys.of(submission)
        finished = Finished(submission, record)
        try:
            for name, cells in reference.items():
                gated = self._gated(submission, name, cells, record)
                finished.executed[name] = self._executed(
                    record, submission.folder, name, gated, engine, rehearsed[name]
                )
        except UnreadableSubmission as error:
            record.status, record.message = "unreadable", str(error)
        except AutograderError as error:
            _stop_if_refused(error)
            record.status, record.message = "errored", str(error)
        return finished

    def _gated(
        self, submission: Submission, name: str, cells: list, record: Record
    ) -> Gated:
        path, repairs = find_notebook(submission.folder, name)
        gated = gate(read_notebook(path), cells)
        record.repairs += repairs + gated.repairs
        record.tampering += gated.tampering
        return gated

    def _executed(
        self,
        record: Record,
        folder: Path,
        name: str,
        gated: Gated,
        engine: Engine,
        rehearsed: Rehearsed,
    ) -> Executed:
        """Execute one notebook, or take what came of the very same one before.

        That was in a run that was killed; or somebody else's, as when a class hands in
        the notebook as it was given out.
        """
        if rehearsed.problem:
            raise EngineError(rehearsed.problem)
        source = self._source(record.lesson)
        extra = own_files(folder, source)
        kept = self._cache / f"{self._content(record.lesson, name, gated, extra)}.json"
        with self._executing[kept.name]:
            if kept.exists() and record.executed_because != ASKED_FOR:
                return Executed.from_json(kept.read_text("utf-8"))
            job = Job(
                gated.notebook,
                import_statements(source / f"{name}.ipynb"),
                by_name(source) | extra,
                shared=rehearsed.shared,
                figures=rehearsed.figures,
                kernel=asdict(rehearsed.kernel) if rehearsed.kernel else None,
            )
            with self._slots:
                started = time.monotonic()
                executed = engine.run(job)
                taken = time.monotonic() - started
                record.seconds = round(record.seconds + taken, 3)
            self._cache.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_suffix(".new")
            fresh.write_text(executed.to_json(), "utf-8")
            fresh.replace(kept)
            return executed

    def _content(
        self, lesson: str, name: str, gated: Gated, extra: dict[str, Path]
    ) -> str:
        """Return a digest of everything that a notebook's result depends on."""
        files = [part for n, path in extra.items() for part in (n, path.read_bytes())]
        notebook = json.dumps(gated.notebook, sort_keys=True)
        shared = self._keys.of_lesson(lesson).values()
        return digest(lesson, name, notebook, *files, *shared)

    def _mark(self, finished: Finished, reference: References, marker: Marker) -> None:
        """Let nbgrader write the marks; complete the record."""
        submission, record = finished.submission, finished.record
        executed = finished.executed
        for name, cells in reference.items():
            decided = {}
            if record.status == "graded":
                decided = {c["grade_id"]: c for c in executed[name].cells}
            record.cells += [
                _entry(cell, record.status, decided, executed.get(name))
                for cell in cells
                if cell.grade
            ]
        record.max_score = sum(c["max_points"] for c in record.cells)
        record.score = sum(c["points"] for c in record.cells)
        try:
            if record.status == "graded":
                record.sandbox = next(iter(executed.values())).sandbox
                record.slowest = [slow for e in executed.values() for slow in e.slowest]
                lessons_own = by_name(self._source(submission.lesson))
                with staged(submission.folder, lessons_own, record) as files:
                    notebooks = {name: e.notebook for name, e in executed.items()}
                    marker.mark(submission.student, submission.lesson, notebooks, files)
            elif record.status == "unreadable":
                marker.mark_zero(submission.student, submission.lesson)
        except AutograderError as error:
            _stop_if_refused(error)
            record.status, record.message = "errored", str(error)

    def _write_grades(self, marker: Marker) -> None:
        graded = marker.scores()
        rows = []
        for (student, lesson), record in sorted(self._ledger.records.items()):
            rows.append(
                {
                    "student": student,
                    "lesson": lesson,
                    "status": record.status,
                    "score": record.score,
                    "max_score": record.max_score,
                    "late_penalty": 0.0,
                    "waits_for_a_person": record.needs_a_person,
                }
                | graded.get((student, lesson), {})
            )
        write_grades(self._course.results / "grades.csv", rows)

    def _source(self, lesson: str) -> Path:
        return self._course.path("source", ".", lesson)


def _stop_if_refused(error: AutograderError) -> None:
    """Let a full disk or a locked gradebook end the run: the next ones meet it too."""
    if root_of(error) is not None:
        raise error


def _where_tests_ran(
    reference: References, rehearsed: dict[str, Rehearsed]
) -> tuple[str, list[str]]:
    """Return where a submission's tests run, and the names of those that are shared."""
    tests = [
        (n, c.grade_id) for n, cells in reference.items() for c in cells if c.is_test
    ]
    shared = [cell for name, cell in tests if cell in rehearsed[name].shared]
    if not shared:
        return SEALED, []
    return SHARED if len(shared) == len(tests) else "mixed", shared


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
    if cell.is_test:
        return entry | decided[cell.grade_id]
    if executed.source_of(cell.grade_id).strip() == cell.source.strip():
        return entry | {"message": "no answer was written"}
    return entry | {"status": "manual"}
