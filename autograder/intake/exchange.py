"""Exchange: takes what lies still in nbgrader's, and gives feedback back to it.

nbgrader's own classes copy the files; which of them they may copy is decided here,
since anybody can write into the exchange.
"""

import glob
import logging
from copy import deepcopy
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.utils import parse_utc

from autograder.base.errors import EngineError, WrongUse
from autograder.course.course import Course
from autograder.intake.polling import Stillness
from autograder.intake.submissions import NOTES, TIMESTAMP


class Exchange:
    """The exchange of one course.

    Raises
    ------
    WrongUse
        The course has no name, or the exchange has no such course.
    """

    def __init__(self, course: Course, lessons: list[str], still: Stillness) -> None:
        self._course, self._lessons, self._still = course, lessons, still
        name = course.config.CourseDirectory.get("course_id")
        if not name:
            raise WrongUse(
                "found no CourseDirectory.course_id in nbgrader_config.py, expected "
                "the course's name in the exchange."
            )
        root = course.config.Exchange.get("root") or ExchangeCollect.root.default_value
        self._folder = Path(root) / name / "inbound"
        if not self._folder.is_dir():
            raise WrongUse(
                f"found no folder {self._folder}, expected the exchange of {name}; "
                "`nbgrader release_assignment` makes it."
            )

    def collect(self) -> None:
        """Copy the newest submission of each student and lesson into the class.

        Raises
        ------
        EngineError
            One of them cannot be copied; the others are, now or at the next call.
        """
        newest: dict[tuple[str, str], tuple] = {}
        for folder in self._folder.iterdir():
            sent = self._sent(folder)
            if sent:
                student, lesson, moment = sent
                others = newest.get((student, lesson), (moment, folder))
                newest[student, lesson] = max(others, (moment, folder))
        for (student, lesson), (_, folder) in newest.items():
            names = self._still.names_of_new(folder)
            if TIMESTAMP in names and any(n.endswith(".ipynb") for n in names):
                if _has_links(folder):
                    raise EngineError(
                        f"exchange: {folder.name}: found links in it, expected files; "
                        "it was left: a link may lead to somebody else's work."
                    )
                self._run(_Collect, lesson, student, update=True, only=folder)

    def release(self, student: str, lesson: str) -> None:
        """Give a student's feedback to the exchange, if it came from there."""
        folder = self._course.path("feedback", student, lesson)
        if all((folder / note).exists() for note in NOTES):
            self._run(ExchangeReleaseFeedback, lesson, student)

    def _sent(self, folder: Path) -> tuple | None:
        """Return student, lesson and time of a folder that can be a submission."""
        student, lesson, moment, *_ = [*folder.name.rsplit("+", 3), "", "", ""]
        if lesson not in self._lessons or student in ("", ".", ".."):
            return None
        try:
            return student, lesson, parse_utc(moment)
        except (ValueError, OverflowError):
            return None

    def _run(self, step: type, lesson: str, student: str, **traits: object) -> None:
        config = deepcopy(self._course.config)
        config.CourseDirectory.assignment_id = lesson
        config.CourseDirectory.student_id = glob.escape(student)
        only = traits.pop("only", None)
        made = step(coursedir=CourseDirectory(config=config), config=config, **traits)
        made.log = logging.getLogger(__name__)
        made.only = only
        try:
            made.start()
        except (ExchangeError, OSError, RuntimeError) as error:
            raise EngineError(f"exchange: {student}/{lesson}: {error}") from error


def _has_links(folder: Path) -> bool:
    return any(path.is_symlink() for path in [folder, *folder.rglob("*")])


class _Collect(ExchangeCollect):
    """Collects one folder and no other, whatever lies beside it."""

    only: Path

    def init_src(self) -> None:
        self.inbound_path = str(self.only.parent)
        self.src_records = [self._path_to_record(str(self.only))]
