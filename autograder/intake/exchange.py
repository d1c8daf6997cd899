"""Exchange: takes what lies still in nbgrader's, and gives feedback back to it.

nbgrader's own classes copy the files; which of them they may copy is decided here,
since anybody can write into the exchange.
"""

import glob
import logging
import os
import pwd
from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.utils import parse_utc

from autograder.base.errors import AutograderError, EngineError, WrongUse
from autograder.base.files import walk
from autograder.base.names import can_be_recorded, shown
from autograder.course.course import Course
from autograder.course.times import TIMESTAMP
from autograder.intake.polling import Stillness
from autograder.intake.submissions import NOTES

A_DAY = timedelta(days=1)
"""By so much a clock may be ahead, in a time zone that was not said."""
LONGEST_TIME = 1_000
"""Characters of a note of the time."""


@dataclass(frozen=True)
class Sent:
    """A folder of the exchange, with what its name says."""

    student: str
    lesson: str
    moment: datetime
    """When it was handed in, in UTC and without a zone."""
    folder: Path


class Owners:
    """Who may hand in as whom, as far as the system tells owners of folders.

    It does where students have accounts here. Where all of them write as one user, as
    from containers, nothing can be told.

    Parameters
    ----------
    inbound
        Its owner, root and whoever runs this may hand in for everybody.
    students
        The names of all who handed something in.
    """

    def __init__(self, inbound: Path, students: Collection[str]) -> None:
        self._all = {0, os.geteuid(), inbound.stat().st_uid}
        self._students = students

    def problem(self, one: Sent) -> str:
        """Say why a folder is not of the student of its name; nothing if it may be."""
        try:
            owner = one.folder.lstat().st_uid
        except OSError as error:
            return f"it cannot be read: {error.strerror}."
        name = _account(owner)
        if owner in self._all or name == one.student:
            return ""
        if not _has_account(one.student) and name not in self._students:
            return ""
        return (
            f"found a folder of {shown(name or str(owner))}, expected one of "
            f"{shown(one.student)}; it was left: nobody hands in for somebody else."
        )


def _account(uid: int) -> str:
    """Return the name of a user of this system, or nothing."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def _has_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except (KeyError, ValueError):
        return False
    return True


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
            Some of them were left, or what they say is odd; the others are copied.
        """
        sent = [found for folder in self._folder.iterdir() if (found := _sent(folder))]
        ours = [one for one in sent if one.lesson in self._lessons]
        owners = Owners(self._folder, {one.student for one in sent})
        said = []
        newest: dict[tuple[str, str], Sent] = {}
        for one in sorted(ours, key=lambda one: one.moment):
            if problem := owners.problem(one) or _odd_time(one):
                said.append(f"exchange: {shown(one.folder.name)}: {problem}")
            else:
                newest[one.student, one.lesson] = one
        for one in newest.values():
            try:
                said += self._collect(one)
            except (AutograderError, OSError) as error:
                said.append(f"exchange: {shown(one.folder.name)}: {error}")
        if said:
            raise EngineError("\n".join(said))

    def _collect(self, one: Sent) -> Iterator[str]:
        """Copy one submission if it lies still; yield what is wrong with it."""
        folder = one.folder
        names = self._still.names_of_new(folder)
        if TIMESTAMP not in names or not any(n.endswith(".ipynb") for n in names):
            return
        if problem := _unsafe(folder) or _another_time(one):
            yield f"exchange: {shown(folder.name)}: {problem}"
            return
        made = datetime.fromtimestamp(folder.stat().st_ctime, UTC).replace(tzinfo=None)
        if made > one.moment + A_DAY:
            yield (
                f"exchange: {shown(folder.name)}: taken, but the file system says that "
                f"it was made on {made:%Y-%m-%d}, later than its name says"
            )
        self._run(_Collect, one.lesson, one.student, update=True, only=folder)

    def release(self, student: str, lesson: str) -> None:
        """Give a student's feedback to the exchange, if it came from there."""
        folder = self._course.path("feedback", student, lesson)
        if all((folder / note).exists() for note in NOTES):
            self._run(ExchangeReleaseFeedback, lesson, student)

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


def _sent(folder: Path) -> Sent | None:
    """Return what a folder says that it is; nothing if it can be no submission."""
    student, lesson, moment, *_ = [*folder.name.rsplit("+", 3), "", "", ""]
    if student in ("", ".", "..") or not can_be_recorded(folder.name):
        return None
    try:
        return Sent(student, lesson, parse_utc(moment), folder)
    except (ValueError, OverflowError):
        return None


def _odd_time(one: Sent) -> str:
    if one.moment <= datetime.now(UTC).replace(tzinfo=None) + A_DAY:
        return ""
    return (
        f"found a time that is still to come, {one.moment:%Y-%m-%d}, expected the time "
        "of handing in; it was left: it would replace all that comes until then."
    )


def _another_time(one: Sent) -> str:
    """Say if its note says another time than its name; penalties go by the note."""
    try:
        with (one.folder / TIMESTAMP).open(encoding="utf-8") as file:
            noted = parse_utc(file.read(LONGEST_TIME).strip())
    except (ValueError, OverflowError):
        noted = None
    if noted == one.moment:
        return ""
    return (
        f"found another time in its {TIMESTAMP}, expected that of its name, as "
        "`nbgrader submit` writes both; it was left."
    )


def _unsafe(folder: Path) -> str:
    """Say what in a folder may be somebody else's work."""
    paths = [folder, *(folder / name for name in walk(folder))]
    if any(path.is_symlink() for path in paths):
        return (
            "found links in it, expected files; it was left: a link may lead to "
            "somebody else's work."
        )
    owners = {path.stat().st_uid for path in paths}
    if len(owners) > 1:
        return (
            "found files of several owners in it, expected those of who handed in; it "
            "was left: one may be somebody else's work."
        )
    return ""


class _Collect(ExchangeCollect):
    """Collects one folder and no other, whatever lies beside it."""

    only: Path

    def init_src(self) -> None:
        self.inbound_path = str(self.only.parent)
        self.src_records = [self._path_to_record(str(self.only))]
