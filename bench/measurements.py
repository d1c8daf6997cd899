"""What is measured: stock nbgrader, this grader and the limit, in turns."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.base.source_code import import_statements, imported_modules
from autograder.course.course import foreign_course
from autograder.gradebook.results import Ledger
from autograder.sealed.template import ENVIRONMENT
from bench.made_courses import Task, cells_to_run, make_course, part_of
from bench.timed_commands import Run, run

CORES = len(os.sched_getaffinity(0))
FAILURE = "There was an error processing assignment"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    few: int
    """Students whose submissions both graders get."""
    many: int
    """Students of the whole class, for this grader and the limit."""
    rounds: int
    """Times that everything is measured, in turns."""


@dataclass
class Speed:
    """Seconds a round, of one group of lessons; lists have one entry a round."""

    name: str
    few: int
    """Submissions that both graders got."""
    many: int
    """Submissions of the whole class."""
    stock_commands: int
    """`nbgrader autograde` takes one lesson, so it is started once for each."""
    stock_start: list[float] = field(default_factory=list)
    stock: list[float] = field(default_factory=list)
    ours_few: list[float] = field(default_factory=list)
    ours_many: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    stock_failed: int = 0
    """Commands of stock that gave up on a submission."""
    same_marks: int = 0
    """Submissions of the first round to which both gave the same score."""

    def stock_each(self) -> float:
        """Seconds a submission, whole commands."""
        return statistics.median(self.stock) / self.few

    def stock_each_without_start(self) -> float:
        """Seconds a submission, the start of each command taken off."""
        start = self.stock_commands * statistics.median(self.stock_start)
        return (statistics.median(self.stock) - start) / self.few

    def few_each(self) -> float:
        """Seconds a submission, whole command, on what stock was given."""
        return statistics.median(self.ours_few) / self.few

    def many_each(self) -> float:
        """Seconds a submission, whole command, on the whole class."""
        return statistics.median(self.ours_many) / self.many

    def many_each_without_start(self) -> float:
        """Seconds that each further submission takes."""
        more = statistics.median(self.ours_many) - statistics.median(self.ours_few)
        return more / (self.many - self.few)

    def limit_each(self) -> float:
        """Seconds a submission, of its tests and answers alone."""
        return statistics.median(self.limit) / self.many


@dataclass(frozen=True)
class Growth:
    """One class of the smallest submissions, graded and graded again."""

    submissions: int
    seconds: float
    peak_mib: float
    again: float
    """Seconds of the second command, that found nothing changed."""
    start: float
    """Seconds that the command takes to say how it is used."""

    @property
    def each_ms(self) -> float:
        """Milliseconds a submission, whole command."""
        return 1000 * self.seconds / self.submissions

    @property
    def again_rate(self) -> float:
        """Unchanged submissions a second, whole command."""
        return self.submissions / self.again

    @property
    def again_rate_without_start(self) -> float:
        """Unchanged submissions a second, once Python runs."""
        return self.submissions / max(self.again - self.start, 1e-3)


def measure_speed(
    name: str,
    tasks: list[Task],
    size: Size,
    scratch: Path,
    say: Say,
    *,
    is_ours: bool,
) -> Speed:
    """Grade the same class with both graders, in turns, each time from nothing.

    Parameters
    ----------
    is_ours
        Whether the lessons are this course's: then ours grades a class of it.
    """
    course = make_course(scratch / name, tasks, size.many)
    prepared = _prepared(course, scratch / f"{name}-prepared", tasks, size.few)
    lessons = len(tasks)
    speed = Speed(name, size.few * lessons, size.many * lessons, lessons)
    for number in range(size.rounds):
        stock = shutil.copytree(prepared, scratch / f"{name}-stock-{number}")
        start = run("nbgrader", "autograde", "--version", folder=stock)
        speed.stock_start.append(start.seconds)
        commands = [
            run("nbgrader", "autograde", task.lesson.name, folder=stock, may_fail=True)
            for task in tasks
        ]
        speed.stock.append(sum(command.seconds for command in commands))
        speed.stock_failed += sum(FAILURE in command.output for command in commands)
        ours = part_of(course, scratch / f"{name}-few-{number}", size.few)
        speed.ours_few.append(_grade(ours, is_ours=is_ours).seconds)
        whole = part_of(course, scratch / f"{name}-many-{number}", size.many)
        speed.ours_many.append(_grade(whole, is_ours=is_ours).seconds)
        speed.limit.append(_limit(whole, all_cells=not is_ours))
        if number == 0:
            speed.same_marks = _same_marks(stock, ours)
        say(
            f"{name}, round {number + 1}: stock {speed.stock[-1] / speed.few:.2f} s, "
            f"ours {speed.ours_many[-1] / speed.many:.3f} s, "
            f"limit {speed.limit[-1] / speed.many:.3f} s a submission"
        )
    return speed


@dataclass(frozen=True)
class FirstMark:
    """How long a class of one lesson waits."""

    lesson: str
    seconds: float
    """From the start of the command until the first mark is recorded."""
    imports: float
    """Seconds that Python takes to start and to import what the lesson imports."""


def measure_first_mark(task: Task, scratch: Path, say: Say) -> FirstMark:
    """Grade a few submissions to one lesson of this course; stop the clock at one."""
    name = task.lesson.name
    classroom = make_course(scratch / f"first-{name}", [task], 4)
    modules = ", ".join(sorted(_modules(classroom)))
    imports = run("python", "-c", f"import {modules}", folder=classroom).seconds
    recorded = classroom / "results.jsonl"
    arguments = ("grade", "--classroom", str(classroom))
    ran = run("autograder", *arguments, folder=classroom, until=recorded)
    say(f"{name}: first mark after {ran.until:.1f} s, imports take {imports:.1f} s")
    return FirstMark(name, ran.until, imports)


def measure_growth(
    tasks: list[Task], sizes: list[int], scratch: Path, say: Say
) -> list[Growth]:
    """Grade classes of several sizes; look at time and at the grader's memory."""
    course = make_course(scratch / "growth", tasks, max(sizes))
    found = []
    for size in sizes:
        folder = part_of(course, scratch / f"growth-{size}", size)
        ran = _grade(folder)
        again = _grade(folder, expected=f"{size} unchanged").seconds
        start = run("autograder", "--help", folder=folder).seconds
        found.append(Growth(size, ran.seconds, ran.peak_mib, again, start))
        say(
            f"{size} small submissions: {ran.seconds:.1f} s, {ran.peak_mib:.0f} MiB; "
            f"again: {again:.2f} s"
        )
    return found


def _prepared(course: Path, folder: Path, tasks: list[Task], few: int) -> Path:
    """Return a course that is ready for `nbgrader autograde`."""
    part_of(course, folder, few)
    for task in tasks:
        run("nbgrader", "generate_assignment", task.lesson.name, folder=folder)
    return folder


def _grade(course: Path, expected: str = "0 errored", *, is_ours: bool = False) -> Run:
    """Grade a class of this course, or a course of others, as its default is."""
    if is_ours:
        options = ("--classroom", str(course))
    else:
        options = ("--course", str(course), "--tests", "sealed")
    ran = run("autograder", "grade", *options, folder=course)
    if expected not in ran.output:
        raise RuntimeError(
            f"found {ran.output[-500:]!r}, expected {expected!r} in it; was the "
            "grader's code edited meanwhile?"
        )
    return ran


def _limit(course: Path, *, all_cells: bool) -> float:
    """Return the seconds that nothing but cells takes, `CORES` notebooks at a time."""
    work = {
        "modules": sorted(_modules(course)),
        "lessons": [str(path) for path in (course / "source").iterdir()],
        "notebooks": cells_to_run(course, all_cells=all_cells),
        "cores": CORES,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.limit"],
        input=json.dumps(work),
        env=os.environ | ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def _modules(course: Path) -> set[str]:
    """Return what the lessons of a course import."""
    return {
        module
        for path in (course / "source").glob("*/*.ipynb")
        for module in imported_modules(import_statements(path))
    }


def _same_marks(stock: Path, ours: Path) -> int:
    """Count the submissions to which both graders gave the same score."""
    records = Ledger(ours / "results.jsonl").records
    with Gradebook(foreign_course(stock).db_url) as gradebook:
        scores = {
            (submission.student_id, submission.name): submission.score
            for lesson in {lesson for _, lesson in records}
            for submission in gradebook.assignment_submissions(lesson)
        }
    return sum(
        abs(record.score - scores.get(key, -1)) < 1e-9
        for key, record in records.items()
    )
