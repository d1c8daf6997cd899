"""Fault scenarios: runs of a small class that go wrong, and what comes of the class.

Each has to end in a message that says what to do, or to go on. A second run,
undisturbed, has to end with the gradebook that an undisturbed run gives, and must not
execute again what the first one recorded.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

from autograder.base.errors import EngineError
from autograder.course.course import Course, foreign_course
from autograder.export.plugins import FORMATS
from autograder.gradebook.marker import Marker
from autograder.gradebook.results import Ledger, Record
from autograder.grading.cache_keys import Keys
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.sealed.engine import Engine
from autograder.sealed.job import Executed, Job
from autograder.sealed.limits import NotebookLimits
from bench import fault_injection
from bench.made_courses import make_course, tiny_tasks

STUDENTS, MIDDLE = 8, 3
"""Submissions of a class, and those that are recorded when a fault strikes in it."""
DELAYS_S = (0.0, 0.03, 0.06)
"""From a record until a run is killed: in the middle of whatever it does then."""
FaultScenario = Callable[[Course], str]
"""Grades a class in a way that goes wrong; returns what the run said."""


@dataclass(frozen=True)
class FaultOutcome:
    """What came of one scenario."""

    said: str
    """The message of the run that was disturbed; empty if it went on to the end."""
    recorded: int
    """Submissions that were recorded after it."""
    lost: list[str]
    """Students whose marks were recorded and then were other ones, or none."""
    twice: list[str]
    """Students whose recorded submission the second run executed again."""
    is_same: bool
    """Whether the second run ended with the undisturbed run's gradebook."""

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, changed or done twice."""
        return self.is_same and not self.lost and not self.twice


class NotingEngine(Engine):
    """An engine that notes whose notebooks it executes."""

    def __init__(self, noted: list[str], *settings: object) -> None:
        super().__init__(*settings)
        self._noted = noted

    def run(self, job: Job) -> Executed:
        """Execute one notebook."""
        text = "\n".join(cell.source for cell in job.notebook.cells)
        self._noted += re.findall(r"written by (\w+)", text)[:1]
        return super().run(job)


def disturbed(fault: fault_injection.Fault, after: int, course: Course) -> str:
    """Grade a class and let a fault strike when `after` submissions are recorded."""
    with fault(course) as strike:
        if not after:
            strike()
        try:
            records = grade(course, _at(after, strike))
        except EngineError as error:
            return str(error)
    return " ".join(r.message for r in records if r.status == "errored")


def coordinator_killed(delay_s: float, course: Course) -> str:
    """Kill the process that grades, some time after it has recorded some marks."""
    # A program of its own: a fork would share this one's template.
    grader = get_context("spawn").Process(target=_grade_and_die, args=(course, delay_s))
    grader.start()
    grader.join()
    return f"(ended by signal {-grader.exitcode})"


def _grade_and_die(course: Course, delay_s: float) -> None:
    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    signal.signal(signal.SIGALRM, die)
    wait = partial(signal.setitimer, signal.ITIMER_REAL, delay_s)
    grade(course, _at(MIDDLE, wait if delay_s else die))


def second_run(course: Course) -> str:
    """Start a second run when the first one has recorded some marks."""
    said: list[str] = []
    grade(course, _at(MIDDLE, lambda: said.append(_said_by(_command(course)))))
    return "the second one: " + said[0]


def two_at_once(course: Course) -> str:
    """Start two runs at the same moment."""
    runs = [_command(course), _command(course)]
    return "; ".join(f"run {n}: {_said_by(run)}" for n, run in enumerate(runs, 1))


FAULT_SCENARIOS: dict[str, FaultScenario] = {
    f"{fault.__name__.replace('_', ' ')}, {when}": partial(disturbed, fault, after)
    for fault, moments in {
        fault_injection.file_too_large: {"at the start": 0, "in the middle": MIDDLE},
        fault_injection.disk_full: {"at the start": 0, "in the middle": MIDDLE},
        fault_injection.read_only: {"at the start": 0, "in the middle": MIDDLE},
        fault_injection.gradebook_locked: {"at the start": 0, "in the middle": MIDDLE},
        fault_injection.clock_set_back: {"at the start": 0},
        fault_injection.template_killed: {"in the middle": MIDDLE},
        fault_injection.examiner_killed: {"in the middle": MIDDLE},
    }.items()
    for when, after in moments.items()
}
FAULT_SCENARIOS |= {
    f"coordinator killed {1000 * delay:g} ms after a record": partial(
        coordinator_killed, delay
    )
    for delay in DELAYS_S
}
FAULT_SCENARIOS |= {
    "second run in the middle": second_run,
    "two runs at once": two_at_once,
}


def run_scenario(name: str, folder: Path, expected: str) -> FaultOutcome:
    """Grade a class in a scenario, then undisturbed; return what came of it.

    Parameters
    ----------
    expected
        The gradebook of an undisturbed run.

    Raises
    ------
    NotHere
        The fault cannot be made by this process.
    """
    course = make_class(folder / re.sub(r"\W+", "_", name))
    said = FAULT_SCENARIOS[name](course)
    before, marks = _records(course), gradebook(course)
    executed: list[str] = []
    grade(course, engine=partial(NotingEngine, executed))
    after, marks_after = _records(course), gradebook(course)
    return FaultOutcome(
        said.replace(str(folder), "…"),
        len(before),
        [s for s in before if after[s] != before[s] or not _holds(s, marks, expected)],
        [student for student in before if student in executed],
        marks_after == expected,
    )


def undisturbed(folder: Path) -> str:
    """Return the gradebook of a class that nothing happened to."""
    course = make_class(folder)
    grade(course)
    return gradebook(course)


def make_class(folder: Path) -> Course:
    """Make a small class with a gradebook that nobody has marks in."""
    course = foreign_course(make_course(folder, tiny_tasks(), STUDENTS), "sealed")
    with Marker(course):
        return course


def gradebook(course: Course) -> str:
    """Return all marks: a line for each point, as `autograder export` writes it."""
    exporter = FORMATS["csv"]()
    path = course.results / "points.csv"
    exporter.to = str(path)
    with Marker(course) as marker:
        exporter.export(marker.gradebook)
    return path.read_text("utf-8")


def grade(
    course: Course,
    done: Callable[[Record], None] = lambda _: None,
    engine: Callable = Engine,
) -> list[Record]:
    """Grade all that is new, as the command does."""
    keys, before = Keys(course, NotebookLimits()), _ledger(course).records
    todo = [
        s
        for s in submissions(course)
        if keys.changes(s, before.get((s.student, s.lesson)))
    ]
    return Grader(course, jobs=2, limits=NotebookLimits(), engine=engine).run(
        todo, done
    )


def _at(moment: int, act: Callable[[], object]) -> Callable[[Record], None]:
    """Return what acts when so many submissions are recorded."""
    left = count(moment - 1, -1)
    return lambda _: next(left) == 0 and act()


def _holds(student: str, marks: str, expected: str) -> bool:
    """Whether a student's lines of two gradebooks are the same."""
    ours, theirs = (
        [line for line in text.splitlines() if student in line]
        for text in (marks, expected)
    )
    return ours == theirs


def _ledger(course: Course) -> Ledger:
    return Ledger(course.results / "results.jsonl")


def _records(course: Course) -> dict[str, Record]:
    """Return what is recorded and need not be tried again, by student."""
    found = _ledger(course).records.values()
    return {r.student: r for r in found if r.status != "errored"}


def _command(course: Course) -> subprocess.Popen:
    """Start the command that everybody uses."""
    command = [sys.executable, "-m", "autograder", "grade", "--tests", "sealed"]
    return subprocess.Popen(
        [*command, "--course", str(course.results)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _said_by(run: subprocess.Popen) -> str:
    printed, _ = run.communicate()
    return f"exit status {run.returncode}, {' '.join(printed.split())}"
