"""Marks: lets nbgrader's own pipeline write scores, gradebook and feedback."""

import glob
import logging
import re
import sys
import traceback
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Self

from nbformat import NotebookNode, ValidationError
from nbgrader import api
from nbgrader import preprocessors as steps
from nbgrader.converters import autograde, generate_assignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.base.errors import AutograderError, EngineError, SourceError
from autograder.base.files import put_back_folder
from autograder.base.tempdirs import run_tempdir
from autograder.course.course import Course, use_the_engine
from autograder.course.own_code import own_code_of
from autograder.course.times import TIMESTAMP
from autograder.gradebook.converters import MarkExecuted, RegisterByName, feedback_class
from autograder.gradebook.course_steps import (
    feedback_steps,
    marking_steps,
    release_steps,
)
from autograder.gradebook.database import ClassGradebook
from autograder.gradebook.deadlines import extension_of, late_ones, write_deadlines
from autograder.gradebook.kept import FewerPoints, let_written_wait, stays_done
from autograder.gradebook.penalties import expect_rule, update_penalties
from autograder.gradebook.registration import Registration, reference_cells
from autograder.gradebook.release import (
    Release,
    ReleasedCell,
    keep_earlier,
    keep_release,
    read_release,
    with_earlier,
)
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

NO_CAUSE = re.compile(r"Traceback|^There was an error(?!.* student '[^.])|^Please see")
"""What nbgrader says of an error that says neither which it is nor whose."""


class Marker(ClassGradebook):
    """Writes the marks of one course; keeps its gradebook open."""

    def __enter__(self) -> Self:
        self._originals = [(m, m.Gradebook) for m in USERS_OF_THE_GRADEBOOK]
        for module, _ in self._originals:
            module.Gradebook = lambda *_: self.gradebook
        self._open = ExitStack()
        self._open.enter_context(own_code_of(self._course.results))
        self._converters: dict[str, MarkExecuted] = {}
        return self

    def __exit__(self, *_: object) -> None:
        for module, original in self._originals:
            module.Gradebook = original
        self._open.close()
        super().__exit__()

    def expect_plugins(self) -> None:
        """Refuse a course whose own plugins cannot be used, before anything is run.

        Raises
        ------
        WrongUse
            Which it is, and why.
        """
        config = self._course.config
        expect_rule(config, self._course.results)
        release_steps(config)
        if not self._course.is_ours:
            marking_steps(config)
            feedback_steps(config)

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
        registration = Registration(self._course, lesson)
        self.gradebook.db.rollback()  # what others wrote meanwhile counts, too
        if not registration.holds(self.gradebook):
            self._register(lesson, is_first=not registration.was_noted)
            registration.note(self.gradebook)
        references = {}
        for name, released in read_release(self._course, lesson).items():
            place = {cell.grade_id: at for at, cell in enumerate(released)}
            shown = {cell.grade_id: cell.source for cell in released}
            known = reference_cells(self.gradebook, lesson, name)
            references[name] = [
                replace(cell, shown=shown.get(cell.grade_id))
                for cell in sorted(
                    with_earlier(self._course, lesson, name, known),
                    key=lambda cell: place.get(cell.grade_id, len(place)),
                )
            ]
        return references

    def _register(self, lesson: str, is_first: bool) -> None:
        keep_earlier(self._course, lesson, self._locked_cells(lesson))
        with run_tempdir() as folder:
            config = self._config(lesson=lesson, release_directory=str(folder))
            config.GenerateAssignment.preprocessors = release_steps(config)
            config.SaveChangedCells.is_first = is_first
            with self.gradebook.one_commit():
                self._run(RegisterByName, config, SourceError)
            made = CourseDirectory(config=config).format_path(str(folder), ".", lesson)
            keep_release(self._course, lesson, Path(made))

    def _locked_cells(self, lesson: str) -> Release:
        """Return what students got of a lesson's locked cells, by the gradebook."""
        try:
            notebooks = self.gradebook.find_assignment(lesson).notebooks
        except api.MissingEntry:
            return {}
        names = [notebook.name for notebook in notebooks]
        return {
            name: [
                ReleasedCell(cell.kind, cell.grade_id, cell.released)
                for cell in reference_cells(self.gradebook, lesson, name)
                if cell.locked
            ]
            for name in names
        }

    def mark(
        self,
        student: str,
        lesson: str,
        executed: dict[str, NotebookNode],
        files: Mapping[str, Path],
        *,
        if_better: bool = False,
    ) -> None:
        """Let nbgrader score executed notebooks and write them to `autograded/`.

        Parameters
        ----------
        executed
            The lesson's notebooks by name, with outputs; they may be changed.
        files
            What else was handed in, by its path in the submission; plain files only.
        if_better
            Whether the mark must not be lower than that of the one before.

        Raises
        ------
        FewerPoints
            It would be: the one before stays, with all that people gave.
        EngineError
            nbgrader failed; its own words are in the message.
        OSError
            A file cannot be read any more.
        """
        converter = self._converters.get(lesson) or self._converter(lesson)
        graded = self._course.path("autograded", student, lesson)
        put_back_folder(graded)
        before = self.gradebook, lesson, student, graded
        with (
            converter.laid_out(student, executed, files),
            self.gradebook.one_submission(),
            stays_done(*before, executed),
            _errors_told(converter.log, EngineError),
        ):
            least = self.gradebook.total_of(student, lesson) if if_better else 0.0
            longer = extension_of(self._course.class_file, lesson, student)
            if longer:  # before the penalty is taken off
                self.gradebook.update_or_create_student(student)
                self.gradebook.update_or_create_submission(
                    lesson, student, extension=longer
                )
            if TIMESTAMP not in files:
                self._forget_time(lesson, student)
            converter.start()
            let_written_wait(self.gradebook, lesson, student, executed)
            if if_better and self.gradebook.total_of(student, lesson) < least:
                raise FewerPoints
        converter.finish(student)

    def _forget_time(self, lesson: str, student: str) -> None:
        """Have a submission without a time be in time, whenever an earlier one came."""
        with suppress(api.MissingEntry):
            self.gradebook.find_submission(lesson, student).timestamp = None

    def mark_zero(self, student: str, lesson: str) -> None:
        """Record a submission that cannot be read: no points, nothing to mark."""
        gradebook = self.gradebook
        with gradebook.one_submission():
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(lesson, student)
            submission = gradebook.find_submission(lesson, student)
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grade.auto_score = 0
                    grade.needs_manual_grade = False

    def has_marks(self, student: str, lesson: str) -> bool:
        """Whether a submission was marked: a notebook of it, and in the gradebook."""
        graded = self._course.path("autograded", student, lesson)
        if not any(graded.glob("*.ipynb")):
            return False
        try:
            self.gradebook.find_submission(lesson, student)
        except api.MissingEntry:
            return False
        return True

    def write_deadlines(self) -> list[str]:
        """Write due dates and extensions of the class's file; say what changed."""
        self.gradebook.db.rollback()  # what others wrote meanwhile counts, too
        return write_deadlines(self._course, self.gradebook)

    def update_penalties(
        self, lessons: Collection[str], students: Collection[str] = ()
    ) -> list[str]:
        """Have late penalties fit to due dates, extensions and settings of today.

        Parameters
        ----------
        students
            All if none are given.

        Returns
        -------
        What the course's own rule could not tell.
        """
        self.gradebook.db.rollback()  # what others wrote meanwhile counts, too
        late = late_ones(self.gradebook, lessons, students)
        if not late:
            return []
        with self.gradebook.one_commit():
            config = self._config(lesson="")
            return list(update_penalties(self.gradebook, config, late))

    def write_feedback(
        self,
        lesson: str,
        shows: str = "all",
        students: Collection[str] = (),
        notices: Mapping[str, list[str]] | None = None,
    ) -> None:
        """Write the feedback pages of one lesson, of whom the gradebook knows.

        Parameters
        ----------
        shows
            `all`, `visible` checks alone, or `names` of checks only.
        students
            The only students whose pages are written; all if none are given.
        notices
            What pages begin with, by student.
        """
        config = self._config(lesson=lesson)
        config.FeedbackPage.shows = shows
        config.FeedbackPage.notices = dict(notices or {})
        config.FeedbackPage.title = self._course.class_file.of(lesson).title
        config.FeedbackPage.release = dict(read_release(self._course, lesson))
        if not self._course.is_ours:
            steps_of_course = feedback_steps(self._course.config)
            config.GenerateFeedback.preprocessors = steps_of_course
        known = {who for who, of in self.scores() if of == lesson}
        config.FoldersByName.students = sorted(known & set(students or known))
        if len(students) == 1:
            config.CourseDirectory.student_id = glob.escape(*students)
        self._run(feedback_class(), config, EngineError)

    def _config(self, lesson: str, **rooms: str) -> Config:
        config = deepcopy(self._course.config)
        use_the_engine(config)
        config.CourseDirectory.assignment_id = lesson
        config.CourseDirectory.update(rooms)
        return config

    def _converter(self, lesson: str) -> MarkExecuted:
        """Make what marks a lesson's submissions, one after the other."""
        staging = self._open.enter_context(run_tempdir())
        config = self._config(lesson=lesson, submitted_directory=str(staging))
        # The repair has done what nbgrader's other steps would do again.
        config.Autograde.autograde_preprocessors = [
            steps.OverwriteKernelspec,
            steps.SaveAutoGrades,
            steps.AssignLatePenalties,
        ]
        if not self._course.is_ours:
            own = marking_steps(self._course.config)
            config.Autograde.autograde_preprocessors = own
        made = MarkExecuted(coursedir=CourseDirectory(config=config), config=config)
        self._converters[lesson] = made
        return made

    def _run(self, converter: type, config: Config, error: type[Exception]) -> None:
        instance = converter(
            coursedir=CourseDirectory(config=config), config=config, force=True
        )
        lesson = str(config.CourseDirectory.assignment_id)
        with _errors_told(instance.log, error, lesson):
            instance.start()


def write_feedback(
    course: Course,
    shows: str,
    lesson: str,
    students: Collection[str] = (),
    notices: Mapping[str, Mapping[str, list[str]]] | None = None,
) -> None:
    """Write the feedback pages of one lesson, with a gradebook opened for it.

    Parameters
    ----------
    notices
        What pages begin with, by lesson and student.
    """
    with Marker(course) as marker:
        marker.write_feedback(lesson, shows, students, (notices or {}).get(lesson))


def _notebook_of(errors: Iterable[BaseException]) -> str:
    """Return the file that nbgrader was at when one of these errors came up."""
    for error in errors:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_name == "convert_single_notebook":
                return Path(frame.f_locals["notebook_filename"]).name
    return "no notebook"


@contextmanager
def _errors_told(
    log: logging.Logger, kind: type[Exception], lesson: str = ""
) -> Iterator[None]:
    """Raise an error with nbgrader's words, which its own exceptions do not repeat."""
    heard: list[str] = []
    causes: list[BaseException] = []
    """What nbgrader was handling when it said something."""

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
        yield
    except FewerPoints:
        raise
    except Exception as cause:
        if own := next((c for c in causes if isinstance(c, AutograderError)), None):
            raise own from None
        invalid = [c for c in causes if isinstance(c, ValidationError)]
        if invalid and lesson:
            wrong = invalid[0]
            place = ".".join(map(str, wrong.absolute_path))
            raise kind(
                f"{lesson}: found no valid notebook in its source, at "
                f"{place or _notebook_of(causes)}: {wrong.message}; open it in Jupyter "
                "and save it there."
            ) from None
        place, last = f"{lesson}: " if lesson else "", heard[-3:]
        said = [" ".join(text.split()) for text in last if not NO_CAUSE.search(text)]
        if causes and any("Traceback" in text for text in last):
            place = f"{_notebook_of(causes)}: "
            said = [f"{type(causes[0]).__name__}: {causes[0]}", *said]
        raise kind(f"nbgrader: {place}{'; '.join(said) or repr(cause)}") from cause
    finally:
        for one, handlers, propagate in before:
            one.handlers, one.propagate = handlers, propagate
