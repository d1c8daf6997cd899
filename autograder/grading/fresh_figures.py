"""Fresh figures: runs the cells that grading left out, for those who want to see them.

Marks are in the gradebook and stay as they are: only outputs in the graded notebooks
change, of cells that no mark depends on.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import nbformat

from autograder.base.errors import AutograderError
from autograder.base.files import replacing
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.intake.handed_in import KEPT, is_left_out
from autograder.intake.prepare import Prepared
from autograder.intake.several import prepare_all
from autograder.intake.submissions import Submission, modules_of
from autograder.model.cells import References, test_names
from autograder.sealed.engine import Engine
from autograder.sealed.limits import NotebookLimits


class FreshFigures:
    """Runs whole notebooks again, in the same sandbox as ever; writes no marks.

    Parameters
    ----------
    jobs
        How many submissions run at a time.
    """

    def __init__(self, course: Course, jobs: int, limits: NotebookLimits) -> None:
        self._course, self._jobs, self._limits = course, jobs, limits

    def run(
        self, todo: list[Submission], done: Callable[[], None] = lambda: None
    ) -> Iterator[str]:
        """Replace outputs that were handed in; yield what could not be run, and why."""
        lessons = sorted({submission.lesson for submission in todo})
        with Marker(self._course) as marker:
            references = {lesson: marker.register(lesson) for lesson in lessons}
        with (
            Engine(modules_of(self._course, lessons), self._limits) as engine,
            ThreadPoolExecutor(self._jobs) as pool,
        ):
            for problem in pool.map(partial(self._one, engine, references), todo):
                done()
                if problem:
                    yield problem

    def _one(
        self, engine: Engine, references: dict[str, References], submission: Submission
    ) -> str:
        try:
            cells = references[submission.lesson]
            ready, _ = prepare_all(self._course, submission, cells)
            for name, prepared in ready.items():
                self._notebook(engine, submission, name, prepared)
        except (AutograderError, OSError) as error:
            return f"{submission.student}/{submission.lesson}: {error}"
        return ""

    def _notebook(
        self,
        engine: Engine,
        submission: Submission,
        name: str,
        prepared: Prepared,
    ) -> None:
        student, lesson = submission.student, submission.lesson
        graded = self._course.path("autograded", student, lesson) / f"{name}.ipynb"
        if not graded.exists():
            return
        notebook = nbformat.read(graded, as_version=4)
        stale = {cell.id: cell for cell in notebook.cells if is_left_out(cell)}
        if not stale:
            return
        shared = notebook.metadata.get("autograder", {}).get("shared", [])
        if not test_names(prepared.notebook) >= set(shared):
            return  # graded as another version of the lesson
        for cell in engine.run(prepared.job(shared=frozenset(shared))).notebook.cells:
            if cell.id in stale:
                stale[cell.id].outputs = cell.outputs
                del stale[cell.id].metadata["autograder"][KEPT]
        with replacing(graded) as file:
            nbformat.write(notebook, file)
