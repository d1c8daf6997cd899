"""Grading a class: in parallel, through nbgrader's pipeline, never lost or stopped."""

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from threading import BoundedSemaphore, Lock
from weakref import WeakValueDictionary

from autograder import __version__
from autograder.base.errors import ClusterLost, LessonImpossible, UnreadableSubmission
from autograder.base.files import replacing
from autograder.base.hashing import digest
from autograder.base.locks import grading_lock
from autograder.course.course import Course
from autograder.course.lesson_files import files_that_count
from autograder.course.settings import NEEDED
from autograder.gradebook.kept import FewerPoints
from autograder.gradebook.marker import Marker
from autograder.gradebook.marks import Key, Mark, changes, read_marks
from autograder.gradebook.results import Ledger, Record
from autograder.grading.cache_keys import Keys
from autograder.grading.cell_choice import left_out
from autograder.grading.dry_run import DryRun, DryRuns
from autograder.grading.isolation import NAME as ISOLATION_FILE
from autograder.grading.isolation import Isolation, where_tests_ran, write_isolation
from autograder.grading.system_errors import concerns, explained, failure, root_of, told
from autograder.grading.worker_pool import Finished, WorkerPool
from autograder.intake.handed_in import put_back
from autograder.intake.prepare import Prepared, files_beside
from autograder.intake.several import prepare_all
from autograder.intake.submissions import Submission, digest_of_work, modules_for_marks
from autograder.model.cells import References
from autograder.sealed.engine import Engine
from autograder.sealed.job import Executed, Job
from autograder.sealed.limits import NotebookLimits
from autograder.sealed.sandbox.readable import expect_hidden

ASKED_FOR = "asked for"
Engines = Callable[[list[str], NotebookLimits], AbstractContextManager[Engine]]
"""Makes what executes notebooks: the modules to preload, the limits of each."""


class Grader:
    """Grades the submissions of one course.

    Parameters
    ----------
    lessons, students
        Whose late penalties may change; all if none are given.
    lost
        Why what was graded has to be marked again, as `marks.lost` tells.
    """

    def __init__(
        self,
        course: Course,
        *,
        jobs: int,
        limits: NotebookLimits,
        engine: Engines = Engine,
        lessons: Collection[str] = (),
        students: Collection[str] = (),
        lost: Mapping[Key, str] | None = None,
    ) -> None:
        self._course = course
        self._jobs = jobs
        self._slots = BoundedSemaphore(jobs)
        self._limits = limits
        self._engine = engine
        self._cache = course.results / "executed"
        self._keys = Keys(course, limits)
        self._late = (lessons or course.lessons, students)
        self._lost = lost or {}
        self._executing: WeakValueDictionary[str, Lock] = WeakValueDictionary()
        self._naming = Lock()
        self.ledger = Ledger(course.results / "results.jsonl")
        self.notes: list[str] = []
        """What an instructor should know about the lessons themselves."""
        self.isolation: list[Isolation] = []
        """How each test cell of the lessons runs."""
        self.deadlines: list[str] = []
        """Which due dates and extensions `class.toml` has made other ones."""
        self.changes: list[str] = []
        """Whose marks are other ones after the run, before and after."""
        self.marks: dict[Key, Mark] = {}
        """All marks of the class, when the tables were written last."""

    def run(
        self, todo: list[Submission], done: Callable[[Record], None] = lambda _: None
    ) -> list[Record]:
        """Grade submissions, all of them; return their records.

        Parameters
        ----------
        done
            Called with each record, in the order of finishing.
        """
        records = []
        with closing(self.each(todo)) as graded:
            for record in graded:
                records.append(record)
                done(record)
        return records

    def each(self, todo: list[Submission], *, force: bool = True) -> Iterator[Record]:
        """Grade submissions; yield the record of each one as soon as it is on disk.

        Parameters
        ----------
        force
            Whether to grade also what another run has graded since `todo` was made.

        Raises
        ------
        ClusterLost
            There is nothing left to execute submissions with. Those that are recorded
            stay so, the others are as they were before.
        EngineError
            The machine refuses something that all submissions need, or another run
            grades one of these lessons now.
        """
        lessons = {s.lesson for s in todo}
        folder = self._course.results
        with explained(self._course), grading_lock(folder, lessons):
            self.ledger.refresh()  # another run may have ended just before
            waiting = [s for s in todo if force or self._reason(s)]
            if waiting:
                yield from self._each(lessons, waiting)

    def _reason(self, submission: Submission) -> str:
        """Say why a submission has to be executed; nothing if it has not."""
        key = (submission.student, submission.lesson)
        before = self.ledger.records.get(key)
        return self._keys.changes(submission, before) or self._lost.get(key, "")

    def _each(self, lessons: set[str], todo: list[Submission]) -> Iterator[Record]:
        waiting = iter(todo)
        with self.worker_pool(lessons) as pool:
            while True:
                for submission in islice(waiting, pool.free):
                    pool.begin(submission)
                if not pool.is_busy:
                    break
                yield from pool.finished()

    @contextmanager
    def worker_pool(
        self, lessons: Iterable[str], *, is_patient: bool = False
    ) -> Iterator[WorkerPool]:
        """Open all that grading these lessons needs; write the tables at the end.

        Who calls this sees to it that nobody else grades them: `grading_lock`.

        Parameters
        ----------
        is_patient
            Whether submissions that the machine refuses to grade are recorded as
            errored, to be tried later; else the first of them ends the work.
        """
        self._is_patient = is_patient
        lessons = sorted(lessons)
        expect_hidden(self._course.rooms)
        preload = modules_for_marks(self._course, lessons)
        # More than run at a time: no slot waits for marks to be written, or for the
        # same content in another one, and some are read while the template imports.
        at_hand = 6 * self._jobs
        with (
            # First: it imports for many seconds while the lessons are registered.
            self._engine(preload, self._limits) as engine,
            Marker(self._course) as marker,
            ThreadPoolExecutor(at_hand) as readers,
        ):
            marker.expect_plugins()
            known = marker.scores() if self.ledger.records else {}
            references = {lesson: marker.register(lesson) for lesson in lessons}
            self.deadlines = marker.write_deadlines()
            dry_runs = self._dry_runs(engine)
            # Begun before any submission, so that none waits for one behind it.
            pending = {
                lesson: readers.submit(self._dry_run, dry_runs, lesson, cells)
                for lesson, cells in references.items()
            }

            def execute(submission: Submission) -> Finished:
                name = submission.lesson
                return self._execute(
                    submission, references[name], engine, pending[name]
                )

            def record(finished: Finished) -> Record:
                lesson = finished.submission.lesson
                self._mark(finished, references[lesson], marker)
                dry_runs.solved |= {lesson} if finished.has_all_points else set()
                # Each is graded once in a run; a watch looks at them again and again.
                self.ledger.add(finished.record, keep=is_patient)
                return finished.record

            def check_solutions() -> list[Future]:
                if not self._course.is_ours or self._course.cells != NEEDED:
                    return []  # dry runs saw that they have all their points
                check = dry_runs.check_solution
                return [readers.submit(check, *of) for of in references.items()]

            # No mark waits for the solutions; in a run that ends they come last.
            if is_patient:
                check_solutions()
            try:
                yield WorkerPool(marker, readers, at_hand, execute, record)
                for checked in [] if is_patient else check_solutions():
                    checked.result()
                self.notes += marker.update_penalties(*self._late)
            finally:  # a cluster can be lost on the way
                readers.shutdown(cancel_futures=True)
                self.changes = list(changes(known, self.write_tables(marker)))

    def write_tables(self, marker: Marker) -> dict[Key, Mark]:
        """Write `grades.csv`, and `results.jsonl` anew; return the marks."""
        with self.ledger.tidied() as records:
            self.marks = read_marks(self._course, marker, records)
        return self.marks

    def _dry_runs(self, engine: Engine) -> DryRuns:
        """Make what runs the lessons' solutions before the class's answers."""

        def run(job: Job) -> Executed:
            with self._slots:
                return engine.run(job)

        dry_runs = DryRuns(self._course, self._keys, self._cache, run)
        # The same lists: they grow while submissions are graded.
        self.notes, self.isolation = dry_runs.notes, dry_runs.isolation
        return dry_runs

    def _dry_run(
        self, dry_runs: DryRuns, lesson: str, references: References
    ) -> dict[str, DryRun]:
        """Run a lesson's solution; say how each notebook's tests run."""
        try:
            found = dry_runs.of(lesson, references)
        except ClusterLost:
            raise
        except Exception as error:
            if root_of(error):
                raise
            problem = f"its solution could not be tried: {told(error)}"
            return dict.fromkeys(references, DryRun(problem=problem))
        if not self._course.is_ours:
            ways = [way for way in dry_runs.isolation if way.lesson == lesson]
            write_isolation(self._course.results / ISOLATION_FILE, ways)
        return found

    def _execute(
        self,
        submission: Submission,
        reference: References,
        engine: Engine,
        known: Future[dict[str, DryRun]],
    ) -> Finished:
        """Read, repair and execute one submission; our own failures are recorded."""
        student, lesson = submission.student, submission.lesson
        record = Record(student, lesson, "graded", version=__version__)
        before = self.ledger.records.get((record.student, record.lesson))
        if before:
            record.tries, record.counts = list(before.tries), before.counts
        finished = Finished(submission, record)
        try:
            reason = self._reason(submission)
            record.executed_because = reason or ASKED_FOR
            record.key = self._keys.of(submission)
            work = finished.work = digest_of_work(submission.folder)
            dry = known.result()
            shared = {name: one.shared for name, one in dry.items()}
            record.tests, record.shared = where_tests_ran(reference, shared)
            ready, record.without = prepare_all(self._course, submission, reference)
            for name, prepared in ready.items():
                record.repairs += prepared.repairs
                record.tampering += prepared.tampering
                executed = self._executed(record, name, prepared, engine, dry[name])
                # Not before it is kept: others may have handed in the same content.
                limit = self._limits.output_kib
                put_back(executed.notebook, prepared.handed_in, limit)
                finished.executed[name] = executed
            record.tries += [work] if work not in record.tries else []
        except UnreadableSubmission as error:
            record.status, record.message = "unreadable", str(error)
            finished.has_marks = not submission.problem
        except ClusterLost:
            raise
        except Exception as error:  # whatever a submission makes our code raise
            self._note_failure(error, finished)
        return finished

    def _executed(
        self, record: Record, name: str, prepared: Prepared, engine: Engine, dry: DryRun
    ) -> Executed:
        """Execute one notebook, or take what came of the very same one before.

        That was in a run that was killed; or somebody else's, as when a class hands in
        the notebook as it was given out.
        """
        if dry.problem:
            raise LessonImpossible(dry.problem)
        kept = self._cache / f"{self._content(record.lesson, name, prepared)}.json"
        with self._turn(kept.name):
            if kept.exists() and record.executed_because != ASKED_FOR:
                return Executed.from_json(kept.read_text("utf-8"))
            job = prepared.job(
                shared=dry.shared,
                left_out=left_out(prepared.notebook, dry.given, dry.shared, dry.tagged),
                held=dry.held,
                figures=dry.figures,
                kernel=asdict(dry.kernel) if dry.kernel else None,
            )
            with self._slots:
                started = time.monotonic()
                executed = engine.run(job)
                record.seconds = round(record.seconds + time.monotonic() - started, 3)
            self._cache.mkdir(parents=True, exist_ok=True)
            with replacing(kept) as file:
                file.write(executed.to_json())
            return executed

    def _turn(self, content: str) -> Lock:
        """Return the lock of a content; it goes with the last that has it."""
        with self._naming:
            return self._executing.setdefault(content, Lock())

    def _content(self, lesson: str, name: str, prepared: Prepared) -> str:
        """Return a digest of everything that a notebook's result depends on."""
        files = [p for n, f in prepared.own_files.items() for p in (n, f.read_bytes())]
        notebook = json.dumps(prepared.notebook, sort_keys=True)
        shared = self._keys.of_lesson(lesson).values()
        return digest(lesson, name, notebook, *files, *shared)

    def _mark(self, finished: Finished, reference: References, marker: Marker) -> None:
        """Let nbgrader write the marks; complete the record."""
        submission, record = finished.submission, finished.record
        key, executed = (record.student, record.lesson), finished.executed
        try:
            finished.count_points(reference)
            if self._keeps_earlier(record, marker) or not finished.has_marks:
                return
            if record.status == "graded":
                record.sandbox = next(iter(executed.values())).sandbox
                record.slowest = [slow for e in executed.values() for slow in e.slowest]
                made = (f"{n}{end}" for n in reference for end in (".ipynb", ".html"))
                lessons_own = [*files_that_count(self._course, record.lesson), *made]
                files = files_beside(submission.folder, lessons_own, record)
                notebooks = {n: e.notebook for n, e in executed.items()}
                better = self._is_compared(record, finished.work, marker)
                marker.mark(*key, notebooks, files, if_better=better)
                record.counts = finished.work
            elif record.status == "unreadable":
                marker.mark_zero(*key)
        except FewerPoints:
            record.keep_earlier(self.ledger.records[key])
        except Exception as error:
            self._note_failure(error, finished)
            with suppress(Exception):  # it may be what has failed
                finished.count_points(reference)
                self._keeps_earlier(record, marker)

    def _is_compared(self, record: Record, work: str, marker: Marker) -> bool:
        """Whether the marks of an earlier try stay if they are better."""
        key = (record.student, record.lesson)
        is_another = record.counts not in ("", work) and key not in self._lost
        best_counts = is_another and self._keys.best_counts(record.lesson)
        return best_counts and marker.has_marks(*key)

    def _keeps_earlier(self, record: Record, marker: Marker) -> bool:
        """Whether marks stay, since a broken file takes no graded one's place."""
        key = (record.student, record.lesson)
        before = self.ledger.records.get(key)
        is_broken = record.status == "unreadable" and before and before.has_counted
        if not is_broken or not marker.has_marks(*key):
            return False
        record.keep_earlier(before)
        return True

    def _note_failure(self, error: Exception, finished: Finished) -> None:
        """Record that a submission could not be graded, by no fault of the student."""
        self._stop_if_refused(error, finished.submission.folder)
        record = finished.record
        before = self.ledger.records.get((record.student, record.lesson))
        record.status, record.message = failure(error, record, before)
        finished.has_marks = False

    def _stop_if_refused(self, error: Exception, folder: Path) -> None:
        """Let a full disk or a locked gradebook end a run: the next ones meet it too.

        What is refused in a submission's own folder, no other one meets.
        """
        cause = root_of(error)
        if cause and not self._is_patient and not concerns(cause, folder):
            raise error
