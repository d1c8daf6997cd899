"""Watching a class: grades what arrives, and shows by policy what came of it."""

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event

from autograder.base.errors import AutograderError
from autograder.base.locks import grading_lock
from autograder.course.course import Course
from autograder.course.watch_policy import Policy
from autograder.gradebook.marks import Mark, marks_of, note_pages, pages_behind
from autograder.gradebook.notices import notices
from autograder.gradebook.results import Record
from autograder.grading.cache_keys import Keys
from autograder.grading.grader import Grader
from autograder.grading.system_errors import explained
from autograder.grading.worker_pool import WorkerPool
from autograder.intake.exchange import Exchange
from autograder.intake.misplaced import misplaced
from autograder.intake.polling import State, Stillness, arrivals, state_of
from autograder.intake.submissions import Submission, digest_of_work
from autograder.sealed.limits import NotebookLimits

LOOK_S = 1.0
RETRY_S = 600.0
"""After how long a submission on which the grader failed is tried again."""
TABLES_S = 300.0
"""How often `grades.csv` is written; a large gradebook takes seconds to read."""
PAGES_S = 60.0
"""How often pages are compared with marks, which people may have changed."""
Key = tuple[str, str]
"""Student and lesson."""


@dataclass
class Watch:
    """Grades the submissions of one class as they arrive.

    A submission that was recorded is not executed again, in this watch or a later one.
    """

    course: Course
    lessons: list[str]
    policy: Policy
    limits: NotebookLimits
    make_grader: Callable[[], Grader]
    """Makes a grader that has read the lessons as they are now."""
    with_exchange: bool = False
    """Whether submissions come from nbgrader's exchange, and feedback goes there."""
    say: Callable[[str], None] = print
    _said: set[str] = field(default_factory=set)

    def run(self, stopping: Event) -> None:
        """Watch until told to stop; then finish what was begun.

        Raises
        ------
        AutograderError
            It cannot begin: a lesson, the gradebook or the exchange cannot be used, or
            another run grades one of the lessons. Or nothing can be recorded any more.
        """
        with explained(self.course), grading_lock(self.course.results, self.lessons):
            self._run(stopping)

    def _run(self, stopping: Event) -> None:
        while not stopping.is_set():
            sources = self._still_sources(stopping)
            grader = self.make_grader()
            with grader.worker_pool(self.lessons, is_patient=True) as pool:
                session = _Session(self, grader, pool)
                self.say(f"watching {self.course.path('submitted')}")
                while not stopping.is_set() and self._sources() == sources:
                    if not session.step():
                        stopping.wait(LOOK_S)
                if stopping.is_set():
                    self.say(f"stopping: {session.begun} to finish")
                session.finish()
        self.say("stopped: all that was graded is recorded")

    def say_once(self, text: str) -> None:
        """Say what would else be said at each look."""
        if text not in self._said:
            self._said.add(text)
            self.say(text)

    def _still_sources(self, stopping: Event) -> list[State]:
        """Return the lessons' files, when nobody is writing them."""
        before = None
        while (now := self._sources()) != before and not stopping.is_set():
            before = now
            stopping.wait(LOOK_S)
        return now

    def _sources(self) -> list[State]:
        return [state_of(self.course.path("source", ".", n)) for n in self.lessons]


class _Session:
    """The work of one worker pool, while the lessons stay as they are."""

    def __init__(self, watch: Watch, grader: Grader, pool: WorkerPool) -> None:
        self._watch, self._grader, self._pool = watch, grader, pool
        self._keys = Keys(watch.course, watch.limits)
        self._still = Stillness(watch.policy.still_s)
        self._exchange = None
        if watch.with_exchange:
            still = Stillness(watch.policy.still_s)
            self._exchange = Exchange(watch.course, watch.lessons, still)
        self._waiting: list[Submission] = []
        self._running: dict[Key, Submission] = {}
        self._retries: dict[Submission, float] = {}
        self._looked, self._compared = -math.inf, -math.inf
        self._written = time.monotonic()
        self._is_written = True  # `grades.csv` holds all there is
        self._not_shown: set[tuple[Key, str]] = set()
        self._set_due_dates()
        late = pool.marker.update_penalties(watch.lessons)
        for text in [*grader.deadlines, *late]:
            watch.say(text)
        for text in misplaced(watch.course):
            watch.say_once(f"misplaced {text}")

    def _set_due_dates(self) -> None:
        """Write the policy's due dates into the gradebook; note all of them."""
        gradebook = self._pool.marker.gradebook
        known = gradebook.due_dates()
        for lesson in self._watch.lessons:
            due = self._watch.policy.of(lesson).due
            if due and due != known.get((lesson, "")):
                gradebook.set_due_date(lesson, due)
                self._watch.say(f"{lesson}: due {due} UTC from now on")
        self._due = gradebook.due_dates()

    @property
    def begun(self) -> int:
        """How many submissions are begun and not finished."""
        return len(self._running)

    def step(self) -> bool:
        """Do what there is to do; return whether there may be more at once."""
        for note in self._grader.notes:
            self._watch.say_once(note)
        if time.monotonic() - self._looked >= LOOK_S:
            self._look()
            self._looked = time.monotonic()
        self._begin()
        if self._pool.is_busy:
            self._take_finished(LOOK_S)
            return True
        if self._show_next():
            return True
        if not self._is_written and time.monotonic() - self._written >= TABLES_S:
            self._grader.write_tables(self._pool.marker)
            self._is_written, self._written = True, time.monotonic()
        return False

    def finish(self) -> None:
        """Wait for all that was begun."""
        while self._pool.is_busy:
            self._take_finished(None)

    def _look(self) -> None:
        try:
            if self._exchange:
                self._exchange.collect()
            self._due = self._pool.marker.gradebook.due_dates()
        except AutograderError as error:
            self._watch.say_once(str(error))
        except Exception as error:  # whatever lies there: the class is graded
            self._watch.say_once(f"not collected: {error!r}")
        self._grader.ledger.refresh()
        if time.monotonic() - self._compared >= PAGES_S:
            self._let_pages_follow()
            self._compared = time.monotonic()
        watch = self._watch
        self._waiting += arrivals(watch.course, watch.lessons, self._still)
        now = time.monotonic()
        for submission in [s for s, when in self._retries.items() if when <= now]:
            del self._retries[submission]
            self._waiting.append(submission)

    def _let_pages_follow(self) -> None:
        """Have pages written anew whose marks a person has changed."""
        records = self._grader.ledger.records
        marks = marks_of(self._pool.marker.scores(), records.values())
        for key in pages_behind(self._watch.course, marks):
            if key in records:
                records[key].feedback = ""

    def _begin(self) -> None:
        """Begin what waits, one of each student and lesson at a time."""
        for submission in list(self._waiting):
            key = (submission.student, submission.lesson)
            if key in self._running or not self._pool.free:
                continue
            self._waiting.remove(submission)
            try:
                is_wanted = self._is_wanted(submission)
            except Exception as error:  # whatever is in it
                self._watch.say_once(f"{'/'.join(key)}: not read: {error!r}")
                continue
            if is_wanted:
                self._running[key] = submission
                self._pool.begin(submission)

    def _is_wanted(self, submission: Submission) -> bool:
        """Whether it is new and its student has a try left; says so if not."""
        key = (submission.student, submission.lesson)
        record = self._grader.ledger.records.get(key)
        if not self._keys.changes(submission, record):
            return False
        most = self._watch.policy.of(submission.lesson).tries
        used = record.tries if record else []
        is_new = digest_of_work(submission.folder) not in used
        if most and is_new and len(used) >= most:
            self._watch.say(
                f"{'/'.join(key)}: not graded: {len(used)} of {most} tries are used"
            )
            return False
        return True

    def _take_finished(self, timeout_s: float | None) -> None:
        for record in self._pool.finished(timeout_s):
            submission = self._running.pop((record.student, record.lesson))
            self._is_written = False
            if record.status == "errored":
                self._retries[submission] = time.monotonic() + RETRY_S
            self._watch.say(self._told(record))
            self._show(record)

    def _told(self, record: Record) -> str:
        name = f"{record.student}/{record.lesson}"
        if record.status != "graded":
            return f"{name}: {record.status}: {record.message}"
        most = self._watch.policy.of(record.lesson).tries
        tries = f"try {len(record.tries)}" + (f" of {most}" if most else "")
        changed = [record.message] if record.message else []
        changed += [f"repaired: {text}" for text in record.repairs]
        changed += [f"tampered: {text}" for text in record.tampering]
        key = (record.student, record.lesson)
        mark = Mark("graded", **self._pool.marker.scores(*key)[key])
        score = f"{mark.total:g} of {mark.max_score:g}"
        return "\n".join([f"{name}: {score}, {tries}", *changed])

    def _show_next(self) -> bool:
        """Write one page that is due; return whether there was one."""
        return any(self._show(r) for r in list(self._grader.ledger.records.values()))

    def _show(self, record: Record) -> bool:
        """Write a student's page if the policy shows another one now."""
        watch, key = self._watch, (record.student, record.lesson)
        has_page = record.status == "graded" or record.earlier_counts
        if record.lesson not in watch.lessons or not has_page:
            return False
        rules = watch.policy.of(record.lesson)
        shows = rules.after_due if self._is_over(record) else rules.before_due
        if shows in ("nothing", record.feedback) or (key, shows) in self._not_shown:
            return False
        try:
            mark = Mark("graded", **self._pool.marker.scores(*key)[key])
            told = {record.student: notices(record, rules)}
            self._pool.marker.write_feedback(
                record.lesson, shows, [record.student], told
            )
            if self._exchange:
                self._exchange.release(record.student, record.lesson)
            note_pages(watch.course, {key: mark})
        except Exception as error:  # whatever is in it
            self._not_shown.add((key, shows))
            watch.say(f"{'/'.join(key)}: no feedback: {error}")
            return True
        ledger = self._grader.ledger
        ledger.refresh()
        if ledger.records[key] is record:  # else somebody has graded it anew
            record.feedback = shows
            ledger.add(record)
            self._is_written = False
        return True

    def _is_over(self, record: Record) -> bool:
        """Whether its due date is over, its student's extension counted."""
        of_all = self._due.get((record.lesson, ""))
        due = self._due.get((record.lesson, record.student), of_all)
        return due is not None and due <= datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def stopped_by_signals() -> Iterator[Event]:
    """Yield an event that the first SIGINT or SIGTERM sets; the second one ends."""
    stopping, numbers = Event(), (signal.SIGINT, signal.SIGTERM)

    def stop(*_: object) -> None:
        stopping.set()
        for number, before in befores.items():
            signal.signal(number, before)

    befores = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stopping
    finally:
        for number, before in befores.items():
            signal.signal(number, before)
