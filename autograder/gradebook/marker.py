"""Marks: lets nbgrader's own pipeline write scores, gradebook and feedback."""

import glob
import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import api
from nbgrader import preprocessors as steps
from nbgrader.api import Comment, Grade, MissingEntry
from nbgrader.converters import (
    Autograde,
    BaseConverter,
    GenerateAssignment,
    GenerateFeedback,
    autograde,
    generate_assignment,
)
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.base.errors import EngineError, SourceError
from autograder.base.locks import class_lock
from autograder.base.tempdirs import run_tempdir
from autograder.course.course import Course, use_the_engine
from autograder.gradebook.database import OpenGradebook, reference_cells
from autograder.model.cells import ReferenceCell

USERS_OF_THE_GRADEBOOK = [
    autograde,
    generate_assignment,
    sys.modules[steps.GetGrades.__module__],
    sys.modules[steps.SaveCells.__module__],
    sys.modules[steps.OverwriteCells.__module__],
    sys.modules[steps.OverwriteKernelspec.__module__],
    sys.modules[steps.SaveAutoGrades.__module__],
    sys.modules[steps.AssignLatePenalties.__module__],
]


class SaveChangedCells(steps.SaveCells):
    """Saves a lesson's cells also when tests came or went after submissions did.

    nbgrader itself refuses that; here new cells get a place in each submission, and
    cells that are gone take their marks with them.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        gradebook, names = self.gradebook, (self.notebook_id, self.assignment_id)
        try:
            notebook = gradebook.find_notebook(*names)
        except MissingEntry:
            return super()._create_notebook(nb)
        if not notebook.submissions:
            return super()._create_notebook(nb)
        kept = self.new_grade_cells.keys() | self.new_solution_cells.keys()
        for cell in [*notebook.grade_cells, *notebook.solution_cells]:
            if cell.name not in kept:
                for row in [*cell.grades, *cell.comments, cell]:
                    gradebook.db.delete(row)
        for cell in list(notebook.source_cells):
            if cell.name not in self.new_source_cells:
                gradebook.db.delete(cell)
        for name, info in self.new_grade_cells.items():
            gradebook.update_or_create_grade_cell(name, *names, **info)
        for name, info in self.new_solution_cells.items():
            gradebook.update_or_create_solution_cell(name, *names, **info)
        for name, info in self.new_source_cells.items():
            gradebook.update_or_create_source_cell(name, *names, **info)
        gradebook.db.flush()
        gradebook.db.expire_all()  # the lists of cells are as they were before
        for submitted in notebook.submissions:
            graded = {grade.cell_id for grade in submitted.grades}
            commented = {comment.cell_id for comment in submitted.comments}
            for cell in notebook.grade_cells:
                if cell.id not in graded:
                    gradebook.db.add(Grade(cell_id=cell.id, notebook=submitted))
            for cell in notebook.solution_cells:
                if cell.id not in commented:
                    gradebook.db.add(Comment(cell_id=cell.id, notebook=submitted))
        gradebook.db.commit()
        return None


class FoldersByName(BaseConverter):
    """Takes a student's name for a name, where nbgrader takes it for a pattern."""

    def init_notebooks(self) -> None:
        """Find the notebooks of each submission."""
        folders = glob.glob(
            self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        )
        found = {f: glob.glob(f"{glob.escape(f)}/*.ipynb") for f in folders}
        self.assignments = {f: notebooks for f, notebooks in found.items() if notebooks}
        self.notebooks = []


class MarkExecuted(FoldersByName, Autograde):
    """nbgrader's autograde from the step on that follows execution."""

    executed: dict[str, NotebookNode]

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Save an executed notebook's scores, and write it; its file is empty."""
        resources = self.init_single_notebook_resources(notebook_filename)
        executed = self.executed[resources["nbgrader"]["notebook"]]
        self._sanitizing = False  # this is the pass that saves scores
        self._init_preprocessors()
        output, resources = self.exporter.from_notebook_node(executed, resources)
        self.write_single_notebook(output, resources)
        self._sanitizing = True


class Feedback(FoldersByName, GenerateFeedback):
    """nbgrader's feedback for students of any name."""


class Marker:
    """Writes the marks of one course; keeps its gradebook open."""

    def __init__(self, course: Course) -> None:
        self._course = course
        with class_lock(course.results):
            self.gradebook = OpenGradebook(
                course.db_url, course.config.CourseDirectory.get("course_id") or ""
            )

    def __enter__(self) -> "Marker":
        self._originals = [(m, m.Gradebook) for m in USERS_OF_THE_GRADEBOOK]
        for module, _ in self._originals:
            module.Gradebook = lambda *_: self.gradebook
        return self

    def __exit__(self, *_: object) -> None:
        for module, original in self._originals:
            module.Gradebook = original
        self.gradebook.really_close()

    def register(self, lesson: str) -> dict[str, list[ReferenceCell]]:
        """Bring the gradebook up to date with a lesson's source.

        Returns
        -------
        The reference cells of each notebook of the lesson.

        Raises
        ------
        SourceError
            nbgrader refuses the source.
        """
        with run_tempdir() as folder:
            config = self._config(lesson=lesson, release_directory=str(folder))
            config.GenerateAssignment.preprocessors = [
                SaveChangedCells if step is steps.SaveCells else step
                for step in GenerateAssignment.preprocessors.default()
            ]
            with self.gradebook.one_commit():
                self._run(GenerateAssignment, config, SourceError, force=True)
        known = self.gradebook.find_assignment(lesson)
        references = {}
        for notebook in known.notebooks:
            cells = reference_cells(self.gradebook, lesson, notebook.name)
            path = self._course.path("source", ".", lesson) / f"{notebook.name}.ipynb"
            order = names_in(path)
            references[notebook.name] = sorted(
                cells, key=lambda cell: order.index(cell.grade_id)
            )
        return references

    def mark(
        self, student: str, lesson: str, executed: dict[str, NotebookNode], files: Path
    ) -> None:
        """Let nbgrader score executed notebooks and write them to `autograded/`.

        Parameters
        ----------
        executed
            The lesson's notebooks by name, with outputs.
        files
            A folder with what else was handed in (plain files only).

        Raises
        ------
        EngineError
            nbgrader failed; its own words are in the message.
        """
        with run_tempdir() as staging:
            folder = staging / student / lesson
            shutil.copytree(files, folder)
            for name in executed:
                (folder / f"{name}.ipynb").touch()
            config = self._config(
                lesson=lesson,
                student_id=glob.escape(student),
                submitted_directory=str(staging),
            )
            # The gate has done what nbgrader's other steps would do again.
            config.Autograde.autograde_preprocessors = [
                steps.OverwriteKernelspec,
                steps.SaveAutoGrades,
                steps.AssignLatePenalties,
            ]
            # Once at the end, not after each of nbconvert's steps.
            config.NotebookExporter.optimistic_validation = True
            with self.gradebook.one_commit():
                self._run(
                    MarkExecuted, config, EngineError, force=True, executed=executed
                )

    def mark_zero(self, student: str, lesson: str) -> None:
        """Record a submission that cannot be read: no points, nothing to mark."""
        gradebook = self.gradebook
        with gradebook.one_commit():
            gradebook.update_or_create_student(student)
            submission = gradebook.update_or_create_submission(lesson, student)
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = 0
                    grade.needs_manual_grade = False

    def scores(self) -> dict[tuple[str, str], dict]:
        """Return what the gradebook says of each submission, manual marks included."""
        return self.gradebook.scores()

    def max_scores(self) -> dict[str, float]:
        """Return the points of each lesson."""
        return {one.name: float(one.max_score) for one in self.gradebook.assignments}

    def students(self) -> set[str]:
        """Return all whom the gradebook knows, whether they handed in or not."""
        return {student.id for student in self.gradebook.students}

    def write_feedback(
        self, lesson: str, shows: str = "all", student: str | None = None
    ) -> None:
        """Write the feedback pages of one lesson.

        Parameters
        ----------
        shows
            `all`, `visible` checks alone, or `names` of checks only.
        student
            The only student whose page is written.
        """
        config = self._config(lesson=lesson)
        config.FeedbackPage.shows = shows
        if student is not None:
            config.CourseDirectory.student_id = glob.escape(student)
        self._run(Feedback, config, EngineError, force=True)

    def _config(self, lesson: str, **rooms: str) -> Config:
        config = deepcopy(self._course.config)
        use_the_engine(config)
        config.CourseDirectory.assignment_id = lesson
        config.CourseDirectory.update(rooms)
        return config

    def _run(
        self, converter: type, config: Config, error: type[Exception], **traits: object
    ) -> None:
        executed = traits.pop("executed", None)
        instance = converter(
            coursedir=CourseDirectory(config=config), config=config, **traits
        )
        instance.executed = executed
        with _listening(instance.log) as (heard, causes):
            try:
                instance.start()
            except Exception as cause:
                said = " ".join(heard[-3:]) or repr(cause)
                raise error(f"nbgrader: {said}") from (causes or [cause])[0]


def write_feedback(course: Course, shows: str, lesson: str) -> None:
    """Write the feedback pages of one lesson, with a gradebook opened for it."""
    with Marker(course) as marker:
        marker.write_feedback(lesson, shows)


def names_in(path: Path) -> list[str]:
    """Return the names of a notebook's cells, in their order."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in cells]


@contextmanager
def _listening(log: logging.Logger) -> Iterator[tuple[list[str], list]]:
    """Collect nbgrader's errors, which its exceptions do not repeat, silently.

    Beside what it says are the exceptions that it was handling.
    """
    heard: list[str] = []
    causes: list[BaseException] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())
            if handled := sys.exception():
                causes.append(handled)

    ear = Ear(logging.ERROR)
    logs = [log, api.app_log]
    before = [(one, one.handlers, one.propagate) for one in logs]
    for one in logs:
        one.handlers, one.propagate = [ear], False
    try:
        yield heard, causes
    finally:
        for one, handlers, propagate in before:
            one.handlers, one.propagate = handlers, propagate
