"""A course as nbgrader sees it: which room is where, with which settings."""

import logging
import os
import re
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from traitlets.config import Config

from autograder.base.errors import WrongUse
from autograder.base.files import is_on_its_way
from autograder.base.names import HarmlessLogRecord
from autograder.base.paths import ROOT
from autograder.course.class_file import ClassFile, keep_to, read_class_file
from autograder.course.configuration import (
    SETTINGS,
    setting,
    settings_files,
    settings_in,
)
from autograder.course.db_url import checked, in_folder
from autograder.course.nbgrader_settings import check
from autograder.course.settings import (
    ALL,
    NEEDED,
    WhereTestsRun,
    read_cells,
    read_data,
    read_settings,
    read_variants,
)
from autograder.course.variants import Variants

TEXT_STUB = "Write your answer here."
"""What students get in the place of a written answer."""
COURSE_ID = "nn"
"""What nbgrader's exchange calls the course, unless the class's settings say other."""
STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"
EXECUTES = ("NotebookClient", "ExecutePreprocessor", "Execute")
"""What nbgrader's settings of execution may be set for; the last one counts most."""
SKIPPED = "skip-execution"
"""The tag of cells that do not run, where a course names no other."""
TIMEOUT_S, NO_TIMEOUT_S = 30, 3600
"""Seconds of a cell where a course does not say, and where it wants no limit."""
_STUDENT, _LESSON = "\ue000", "\ue001"
"""Stand for names in a course's structure of folders; no folder is called so."""


@dataclass(frozen=True)
class Course:
    """One nbgrader course: its folders, its gradebook and nbgrader's settings."""

    config: Config
    results: Path
    """Folder of `results.jsonl`, `grades.csv` and the cache."""
    is_ours: bool = True
    """Whether the lessons are this project's, generated from `lessons/`."""
    tests: WhereTestsRun = field(default_factory=WhereTestsRun)
    """Where tests run. Those of other courses may need the student's variables, to
    replace or delete them; then they run among those, as nbgrader runs them, and can
    be read and bent as there."""
    variants: Variants = field(default_factory=Variants)
    """The lessons whose constants are each student's own."""
    remarks: Sequence[str] = ()
    """Settings of nbgrader that are not followed, in sentences."""
    cells: str = ALL
    """Which cells of a submission run: those that marks depend on, or all."""
    data: Mapping[str, Path] = field(default_factory=dict)
    """Folders that notebooks may read, by their names from the root."""
    class_file: ClassFile = field(default_factory=ClassFile)
    """What the instructor says of the class."""

    @property
    def root(self) -> Path:
        """The folder that nbgrader's settings are relative to."""
        return Path(self.config.CourseDirectory.root)

    @property
    def db_url(self) -> str:
        """Where the gradebook is; a password may be in it."""
        found = self.config.CourseDirectory.get("db_url")
        return checked(str(found or f"sqlite:///{self.root / 'gradebook.db'}"))

    @property
    def cell_seconds(self) -> float | None:
        """How long a cell of a course of others may take; None for ours."""
        if self.is_ours:
            return None
        found = setting(self.config, "timeout", TIMEOUT_S, *EXECUTES)
        return float(found) if found and found > 0 else NO_TIMEOUT_S

    @property
    def kernel_name(self) -> str:
        """The kernel of all notebooks, if the course's settings name one."""
        return str(setting(self.config, "kernel_name", "", *EXECUTES) or "")

    @property
    def skip_tag(self) -> str:
        """The tag of a course's own cells that do not run; nothing for ours."""
        if self.is_ours:
            return ""
        return str(setting(self.config, "skip_cells_with_tag", SKIPPED, *EXECUTES))

    def has_student(self, student: str) -> bool:
        """Whether the course's settings let a student's work be graded."""
        pattern = setting(self.config, "student_id", "*", "CourseDirectory")
        left_out = setting(self.config, "student_id_exclude", "", "CourseDirectory")
        names = {name.strip() for name in str(left_out).split(",")}
        return fnmatchcase(student, str(pattern)) and student not in names

    def notebooks(self, lesson: str) -> list[Path]:
        """Return the notebooks of a lesson's source, in order, as settings choose."""
        pattern = setting(self.config, "notebook_id", "*", "CourseDirectory")
        return sorted(self.path("source", ".", lesson).glob(f"{pattern}.ipynb"))

    def with_gradebook(self, url: str) -> "Course":
        """Return the same course with its gradebook at another address."""
        config = deepcopy(self.config)
        config.CourseDirectory.db_url = checked(url)
        return replace(self, config=config)

    def path(self, step: str, student: str = ".", lesson: str = ".") -> Path:
        """Return a folder, for example of the `submitted` step.

        `step` is one of `source`, `release`, `submitted`, `autograded`, `feedback`.
        """
        # As nbgrader's CourseDirectory does it, which takes seconds to import.
        rooms = self.config.CourseDirectory
        structure = rooms.get("directory_structure") or STRUCTURE
        name = rooms.get(f"{step}_directory") or step
        return self.root / structure.format(
            nbgrader_step=name, student_id=student, assignment_id=lesson
        )

    @property
    def rooms(self) -> list[Path]:
        """Folders of the class, the lessons and the exchange: no student may read them.

        nbgrader's own exchange, where no other is set, lies in no folder of Python's.
        """
        steps = ("source", "release", "submitted", "autograded", "feedback")
        found = [self.path(step).resolve() for step in steps]
        exchange = self.config.Exchange.get("root")
        return [*found, self.results, *([Path(exchange)] if exchange else [])]

    @property
    def lessons(self) -> list[str]:
        """Names of the class's assignments that have a source, in order."""
        return list(filter(self.class_file.has, self._sources))

    @property
    def left_out(self) -> list[str]:
        """Names of those that `class.toml` does not have, in order."""
        return [lesson for lesson in self._sources if not self.class_file.has(lesson)]

    @property
    def _sources(self) -> list[str]:
        found = [lesson for _, lesson, _ in self.folders("source", ".")]
        return sorted(lesson for lesson in found if self.notebooks(lesson))

    def folders(self, step: str, student: str = "") -> list[tuple[str, str, Path]]:
        """Return what there is of a step: student, lesson and folder of each.

        However the course's settings lay its folders out.

        Parameters
        ----------
        student
            The only one; `.` for steps that have none. All if not given.
        """
        structure = self.path(step, student or _STUDENT, _LESSON)
        fixed = self._fixed(structure)
        names = re.escape(str(structure))
        for name, group in ((_STUDENT, "student"), (_LESSON, "lesson")):
            names = names.replace(name, f"(?P<{group}>[^/]+)", 1)
            names = names.replace(name, f"(?P={group})")
        pattern = str(structure.relative_to(fixed))
        pattern = pattern.replace(_STUDENT, "*").replace(_LESSON, "*")
        return [
            (student or found["student"], found["lesson"], path)
            for path in fixed.glob(pattern)
            if (found := re.fullmatch(names, str(path))) and not is_on_its_way(path)
        ]

    @property
    def has_usual_folders(self) -> bool:
        """Whether a step's folder holds one of each student, and that their lessons."""
        return self.path("submitted", _STUDENT, _LESSON).parts[-2:] == (
            _STUDENT,
            _LESSON,
        )

    def room(self, step: str) -> Path:
        """Return the folder that holds all that there is of a step."""
        return self._fixed(self.path(step, _STUDENT, _LESSON))

    @staticmethod
    def _fixed(structure: Path) -> Path:
        return next(
            place
            for place in structure.parents
            if not {_STUDENT, _LESSON} & {*str(place)}
        )


def configure(
    config: Config,
    root: Path = ROOT,
    classroom: Path | None = None,
    of_root: Config | None = None,
) -> ClassFile:
    """Map nbgrader's steps onto this project's rooms.

    Parameters
    ----------
    config
        nbgrader's settings; changed in place.
    root
        The folder that holds `notebooks/` and `build/`.
    classroom
        The class: submissions, gradebook, feedback; `root/classroom` if not given.
        Its own `nbgrader_config.py`, if there is one, counts most, and its
        `class.toml` says what is in it.
    of_root
        What the instructor has set in `root`'s `nbgrader_config.py`, which counts more
        than what is set here.

    Returns
    -------
    What the class's file says.

    Raises
    ------
    WrongUse
        One of these files cannot be used.
    """
    classroom = classroom or root / "classroom"
    rooms = config.CourseDirectory
    rooms.root = str(root)
    rooms.course_id = COURSE_ID
    rooms.source_directory = "build/source"
    rooms.release_directory = "notebooks"
    for step in ("submitted", "autograded", "feedback"):
        room = classroom / step
        inside = room.is_relative_to(root)
        rooms[f"{step}_directory"] = str(room.relative_to(root) if inside else room)
    rooms.db_url = f"sqlite:///{classroom / 'gradebook.db'}"
    use_the_engine(config)
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
    config.ClearSolutions.text_stub = TEXT_STUB
    config.merge(of_root or {})
    if (classroom / SETTINGS).exists():
        own, engine = settings_in(classroom), Config()
        use_the_engine(engine)
        _refuse(classroom, _other_than(engine, own), engine)
        config.merge(own)
    written = [path.parent.name for path in root.glob("lessons/*/lesson.py")]
    known = {*written, *_names_in(root / rooms.source_directory)}
    class_file = read_class_file(classroom, sorted(known))
    keep_to(class_file, config)
    return class_file


def _names_in(source: Path) -> list[str]:
    return sorted(path.parent.name for path in source.glob("*/*.ipynb"))


def _settings_of_root(root: Path) -> Config:
    """Return what an instructor has set in the file that nbgrader itself reads.

    Raises
    ------
    WrongUse
        A setting there would mean nothing here.
    """
    if not (root / SETTINGS).exists():
        return Config()
    made = Config()
    configure(made, root)
    own = _other_than(made, settings_in(root))
    decided = Config({"CourseDirectory": made.CourseDirectory})
    use_the_engine(decided)
    _refuse(root, own, decided)
    return own


def _other_than(made: Config, found: Config) -> Config:
    """Return the settings that are not as they are made here."""
    own = Config()
    for section, settings in found.items():
        for name, value in settings.items():
            as_made = made[section].get(name) if section in made else None
            if repr(as_made) != repr(value):
                own[section][name] = value
    return own


def _refuse(folder: Path, own: Config, decided: Config) -> None:
    """Refuse settings that this project decides, and that would not count."""
    for section, settings in own.items():
        for name in settings:
            if section in decided and name in decided[section]:
                raise WrongUse(
                    f"{folder / SETTINGS}: found {section}.{name}, which the grader "
                    "sets itself, expected none; take it out (folders and the "
                    f"gradebook of a class are set in its own {SETTINGS})."
                )


def let_programs_be_found() -> None:
    """Let nbgrader find the programs that were installed with it.

    For a new gradebook it starts `alembic`, which the shell knows only where the
    environment was activated.
    """
    own = str(Path(sys.executable).parent)
    known = os.environ.get("PATH", os.defpath)
    if own not in known.split(os.pathsep):
        os.environ["PATH"] = f"{own}{os.pathsep}{known}"


def use_the_engine(config: Config) -> None:
    """Replace nbgrader's execution step, and make its feedback safe to hand out.

    Steps are named, not imported: nbgrader loads them when it comes to them.
    """
    logging.setLogRecordFactory(HarmlessLogRecord)  # of nbgrader's own commands, too
    config.Autograde.sanitize_preprocessors = [
        "autograder.grading.nbgrader_steps.RepairStep",
        "nbgrader.preprocessors.OverwriteKernelspec",
    ]
    config.Autograde.autograde_preprocessors = [
        "autograder.grading.nbgrader_steps.SealedExecute",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
    config.GenerateFeedback.exporter_class = "autograder.pages.feedback.FeedbackPage"
    config.GenerateFeedback.preprocessors = ["autograder.pages.feedback.Scores"]
    # nbgrader's formgrader shows what students wrote, too.
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {
        "clean_html": "autograder.pages.sanitize.clean_html",
        "markdown2html": "autograder.pages.sanitize.clean_markdown",
        "highlight_code": "autograder.pages.sanitize.coloured",
    }


def own_course(classroom: Path | None = None, root: Path = ROOT) -> Course:
    """Return this project's course with the class in `classroom`."""
    classroom = (classroom or root / "classroom").resolve()
    classroom.mkdir(parents=True, exist_ok=True)
    config = Config()
    said = configure(config, root, classroom, of_root=_settings_of_root(root))
    cells = read_cells(classroom, otherwise=NEEDED)
    course = Course(config, results=classroom, cells=cells, class_file=said)
    variants = read_variants(classroom, course.lessons, beside=("cells",))
    return replace(course, variants=variants)


def foreign_course(folder: Path, tests: str | None = None) -> Course:
    """Return any ordinary nbgrader course, graded in place.

    Parameters
    ----------
    tests
        How its tests run, one of `settings.ISOLATION`; else as its settings say.

    Raises
    ------
    WrongUse
        `folder` is no nbgrader course, or its settings are not as they have to be.
    """
    folder = folder.resolve()
    if not any(settings_files(folder)):
        raise WrongUse(
            f"{folder}: found no {SETTINGS}, expected an nbgrader course; name "
            "the folder that holds `source/`, and if nbgrader's settings are elsewhere "
            "or nowhere, put an empty file of that name there."
        )
    config = settings_in(folder)
    remarks = check(str(settings_files(folder)[-1]), config)
    config.CourseDirectory.root = str(folder)
    if url := setting(config, "db_url", "", "CourseDirectory"):
        config.CourseDirectory.db_url = in_folder(str(url), folder)
    cells = read_cells(folder, otherwise=ALL)
    course = Course(config, folder, is_ours=False, cells=cells, remarks=remarks)
    class_file = read_class_file(folder, course.lessons)
    keep_to(class_file, config)
    course = replace(course, class_file=class_file)
    lessons = course.lessons
    chosen = WhereTestsRun(tests) if tests else read_settings(folder, lessons)
    beside = ("tests", "lessons", "cells", "data")
    variants = read_variants(folder, lessons, beside)
    course = replace(course, data=read_data(folder, course.rooms))
    return replace(course, tests=chosen, variants=variants)
