"""Comparison: what a class's marks would be if its tests ran another way."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from autograder.base.errors import UnreadableSubmission
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.grading.cache_keys import Keys
from autograder.grading.cell_choice import skipped
from autograder.grading.dry_run import DryRun, DryRuns
from autograder.grading.grader import References
from autograder.grading.isolation import Isolation
from autograder.intake.several import prepare_all
from autograder.intake.submissions import Submission, modules_of
from autograder.model.cells import test_names
from autograder.sealed.engine import Engine
from autograder.sealed.job import Executed
from autograder.sealed.limits import NotebookLimits


@dataclass(frozen=True)
class Difference:
    """A test that gives a student other marks than stock nbgrader's way does."""

    submission: Submission
    notebook: str
    cell: str
    stock: float
    """Points when it runs among the student's variables."""
    here: float
    """Points as the course's tests are set."""
    message: str
    """What failed, in the way that gives less."""

    def __str__(self) -> str:
        student, lesson = self.submission.student, self.submission.lesson
        return (
            f"{student}/{lesson}/{self.notebook} {self.cell}: {self.here:g} points, "
            f"{self.stock:g} among the student's variables"
            f"{': ' * bool(self.message)}{self.message}"
        )


class Comparison:
    """Runs tests both ways; writes no marks.

    Parameters
    ----------
    jobs
        How many submissions run at a time.
    """

    def __init__(self, course: Course, jobs: int, limits: NotebookLimits) -> None:
        self._course, self._jobs, self._limits = course, jobs, limits
        self.isolation: list[Isolation] = []
        """How each test cell of the lessons runs."""
        self.unread: list[str] = []
        """Submissions that could not be compared, and why."""

    def run(
        self,
        lessons: list[str],
        todo: list[Submission],
        done: Callable[[], None] = lambda: None,
    ) -> list[Difference]:
        """Choose how the lessons' tests run, and compare the submissions' marks."""
        with Marker(self._course) as marker:
            references = {lesson: marker.register(lesson) for lesson in lessons}
        keys = Keys(self._course, self._limits)
        kept = self._course.results / "executed"
        found: list[Difference] = []
        with (
            Engine(modules_of(self._course, lessons), self._limits) as engine,
            ThreadPoolExecutor(self._jobs) as pool,
        ):
            dry_runs = DryRuns(self._course, keys, kept, engine.run)
            known = {name: dry_runs.of(name, references[name]) for name in lessons}
            self.isolation = dry_runs.isolation

            def compare(submission: Submission) -> list[Difference]:
                lesson = submission.lesson
                return list(
                    self._compare(submission, references[lesson], known[lesson], engine)
                )

            for differences in pool.map(compare, todo):
                found += differences
                done()
        return found

    def _compare(
        self,
        submission: Submission,
        references: References,
        known: dict[str, DryRun],
        engine: Engine,
    ) -> Iterator[Difference]:
        try:
            ready, without = prepare_all(self._course, submission, references)
        except UnreadableSubmission as error:
            ready, without = {}, {"": str(error)}
        who = f"{submission.student}/{submission.lesson}"
        self.unread += [f"{who}: {why}" for why in without.values()]
        for name, prepared in ready.items():
            dry = known[name]
            tests = test_names(prepared.notebook)
            if dry.problem:  # what is not compared must not look alike
                self.unread.append(f"{who}/{name}: {dry.problem}")
            if dry.problem or dry.shared == tests:
                continue
            by_tag = skipped(prepared.notebook, dry.tagged)
            stock, here = (
                engine.run(prepared.job(shared=shared, left_out=by_tag))
                for shared in (tests, dry.shared)
            )
            yield from _differences(submission, name, stock, here)


def _differences(
    submission: Submission, name: str, stock: Executed, here: Executed
) -> Iterator[Difference]:
    for ours, theirs in zip(here.cells, stock.cells, strict=True):
        if ours["points"] != theirs["points"]:
            less = min(ours, theirs, key=lambda cell: cell["points"])
            yield Difference(
                submission,
                name,
                ours["grade_id"],
                theirs["points"],
                ours["points"],
                less["message"],
            )
