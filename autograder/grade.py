"""Grading a class: in parallel, through nbgrader's pipeline, never lost or stopped."""

import json
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path, PurePath
from threading import BoundedSemaphore, Lock

import nbformat
from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.desk import Desk, Finished
from autograder.errors import (
    AutograderError,
    ClusterLost,
    EngineError,
    UnreadableSubmission,
)
from autograder.gate import Gated, ReferenceCell, find_notebook, gate, read_notebook
from autograder.marks import Marker
from autograder.results import Ledger, Record, write_grades
from autograder.sealed.engine import Engine, Executed, Job
from autograder.sealed.figures import write as write_pictures
from autograder.sealed.limits import Limits
from autograder.submissions import (
    NOTES,
    TIMESTAMP,
    Keys,
    Submission,
    digest,
    digest_of_work,
    extra_files,
    import_statements,
    modules_of,
)

ASKED_FOR = "asked for"
Engines = Callable[[list[str], Limits], AbstractContextManager[Engine]]
"""Makes what executes notebooks: the modules to preload, the limits of each."""
References = dict[str, list[ReferenceCell]]
"""The reference cells of each notebook of a lesson."""


class Grader:
    """Grades the submissions of one course."""

    def __init__(
        self,
        course: Course,
        *,
        jobs: int,
        limits: Limits,
        engine: Engines = Engine,
    ) -> None:
        self._course = course
        self._jobs = jobs
        self._slots = BoundedSemaphore(jobs)
        self._limits = limits
        self._engine = engine
        self._cache = course.results / "executed"
        self._keys = Keys(course, limits)
        self._executing: defaultdict[str, Lock] = defaultdict(Lock)
        self.ledger = Ledger(course.results / "results.jsonl")
        self.notes: list[str] = []
        """What an instructor should know about the lessons themselves."""

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
        ClusterLost
            There is nothing left to execute submissions with. Those that are recorded
            stay so, the others are as they were before.
        """
        records, waiting = [], iter(todo)
        with self.at_work({s.lesson for s in todo}) as desk:
            while True:
                for submission in islice(waiting, desk.free):
                    desk.begin(submission)
                if not desk.is_busy:
                    break
                for record in desk.finished():
                    records.append(record)
                    done(record)
        return records

    @contextmanager
    def at_work(self, lessons: Iterable[str]) -> Iterator[Desk]:
        """Open all that grading these lessons needs; write the tables at the end."""
        lessons = sorted(lessons)
        preload = modules_of(self._course, lessons)
        # More than run at a time: no slot waits for the marks to be written, or for
        # the same content in another one, and only a few results are in memory.
        at_hand = 2 * self._jobs + 2
        with (
            # First: it imports for many seconds while the lessons are registered.
            self._engine(preload, self._limits) as engine,
            Marker(self._course) as marker,
            ThreadPoolExecutor(at_hand) as readers,
        ):
            references = {lesson: marker.register(lesson) for lesson in lessons}
            # Begun before any submission, so that none waits for one behind it.
            figures = {
                lesson: readers.submit(self._rehearse, lesson, engine)
                for lesson in lessons
            }

            def execute(submission: Submission) -> Finished:
                name = submission.lesson
                return self._execute(
                    submission, references[name], engine, figures[name]
                )

            def record(finished: Finished) -> Record:
                lesson = finished.submission.lesson
                self._mark(finished, references[lesson], marker)
                self.ledger.add(finished.record)
                return finished.record

            try:
                yield Desk(marker, readers, at_hand, execute, record)
            finally:  # a cluster can be lost on the way
                readers.shutdown(cancel_futures=True)
                self.write_tables(marker)

    def write_tables(self, marker: Marker) -> None:
        """Write `grades.csv`, and `results.jsonl` anew."""
        with self.ledger.tidied():
            self._write_grades(marker)

    def _rehearse(self, lesson: str, engine: Engine) -> dict[str, Path]:
        """Execute a lesson's solution before the class's answers to it.

        Its pictures need not be drawn again for every student, and a solution that
        loses points in its own tests is told before anybody is marked by them.

        Returns
        -------
        The file of pictures of each notebook.
        """
        pictures = {}
        for path in sorted(self._source(lesson).glob("*.ipynb")):
            key = digest(lesson, path.stem, *self._keys.of_lesson(lesson).values())
            pictures[path.stem] = kept = self._cache / f"figures-{key}.json"
            if kept.exists():
                continue
            files = _by_name(path.parent)
            solved = nbformat.read(path, as_version=4)
            job = Job(
                solved,
                import_statements(path),
                files,
                sealed=self._course.is_sealed,
                records=True,
            )
            try:
                with self._slots:
                    executed = engine.run(job)
            except EngineError as error:
                self.notes.append(f"{lesson}: its solution could not be run: {error}")
                del pictures[path.stem]
                continue
            self.notes += [
                f"{lesson}: the solution itself fails {c['grade_id']}: {c['message']}"
                for c in executed.cells
                if c["points"] < c["max_points"]
            ]
            self._cache.mkdir(parents=True, exist_ok=True)
            write_pictures(executed.pictures, kept)
        return pictures

    def _execute(
        self,
        submission: Submission,
        reference: References,
        engine: Engine,
        figures: Future[dict[str, Path]],
    ) -> Finished:
        """Read, repair and execute one submission; our own failures are recorded."""
        record = Record(submission.student, submission.lesson, "graded")
        before = self.ledger.records.get((record.student, record.lesson))
        record.tries = list(before.tries) if before else []
        record.tests = "sealed" if self._course.is_sealed else "shared"
        finished = Finished(submission, record)
        try:
            reason = self._keys.changes(submission, before)
            record.executed_because = reason or ASKED_FOR
            record.key = self._keys.of(submission)
            work = digest_of_work(submission.folder)
            for name, cells in reference.items():
                gated = self._gated(submission, name, cells, record)
                known = figures.result().get(name)
                finished.executed[name] = self._executed(
                    record, submission.folder, name, gated, engine, known
                )
            record.tries += [work] if work not in record.tries else []
        except UnreadableSubmission as error:
            record.status, record.message = "unreadable", str(error)
        except ClusterLost:
            raise
        except AutograderError as error:
            record.status, record.message = "errored", str(error)
        except OSError as error:  # its folder may change, or go, at any time
            record.status = "errored"
            record.message = f"its files could not be read: {error}"
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
        figures: Path | None,
    ) -> Executed:
        """Execute one notebook, or take what came of the very same one before.

        That was in a run that was killed; or somebody else's, as when a class hands in
        the notebook as it was given out.
        """
        source = self._source(record.lesson)
        own = _by_name(source)
        extra = _not_in_the_way(_by_name(folder), own)
        for note in NOTES:
            extra.pop(note, None)
        kept = self._cache / f"{self._content(record.lesson, name, gated, extra)}.json"
        with self._executing[kept.name]:
            if kept.exists() and record.executed_because != ASKED_FOR:
                return Executed.from_json(kept.read_text("utf-8"))
            job = Job(
                gated.notebook,
                import_statements(source / f"{name}.ipynb"),
                own | extra,
                sealed=self._course.is_sealed,
                figures=figures,
            )
            with self._slots:
                started = time.monotonic()
                executed = engine.run(job)
                taken = time.monotonic() - started
                record.seconds = round(record.seconds + taken, 3)
            self._cache.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_suffix(f".{os.getpid()}")
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
                lessons_own = _by_name(self._source(submission.lesson))
                with _staged(submission.folder, lessons_own, record) as files:
                    notebooks = {name: e.notebook for name, e in executed.items()}
                    marker.mark(submission.student, submission.lesson, notebooks, files)
            elif record.status == "unreadable":
                marker.mark_zero(submission.student, submission.lesson)
        except AutograderError as error:
            record.status, record.message = "errored", str(error)

    def _write_grades(self, marker: Marker) -> None:
        graded = marker.scores()
        rows = []
        for (student, lesson), record in sorted(self.ledger.records.items()):
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


def _by_name(folder: Path) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in extra_files(folder)}


def _not_in_the_way(files: dict[str, Path], own: dict[str, Path]) -> dict[str, Path]:
    """Return a student's files without those that take the place of the lesson's."""
    lessons = {PurePath(name) for name in own}
    folders = {folder for path in lessons for folder in path.parents}
    return {
        name: path
        for name, path in files.items()
        if PurePath(name) not in lessons | folders
        and lessons.isdisjoint(PurePath(name).parents)
    }


@contextmanager
def _staged(folder: Path, own: dict[str, Path], record: Record) -> Iterator[Path]:
    """Copy what nbgrader may see of a submission beside its notebooks."""
    with tempfile.TemporaryDirectory() as staging:
        for name, path in _not_in_the_way(_by_name(folder), own).items():
            if name == TIMESTAMP and not _is_a_time(path):
                record.repairs.append(
                    f"{TIMESTAMP}: found no date, expected one as in "
                    "2026-03-01 12:00:00 UTC; it was left out"
                )
                continue
            target = Path(staging) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        yield Path(staging)


def _is_a_time(path: Path) -> bool:
    try:
        parse_utc(path.read_text("utf-8").strip())
    except (ValueError, OverflowError):
        return False
    return True


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
