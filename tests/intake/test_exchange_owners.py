"""Who hands in what in nbgrader's exchange, and when: its folders are anybody's."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest

from autograder.base.errors import AutograderError
from autograder.intake.exchange import Exchange
from autograder.intake.polling import Stillness
from tests.support.small_course import NAME, RIGHT, make_course, released

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can give a folder to somebody else"
)
VICTIM, THIEF = (entry.pw_name for entry in pwd.getpwall()[1:3])
WRONG = {"double": "def double(x):\n    return 0"}


class Inbox:
    """An exchange with a course, into which anybody can write."""

    def __init__(self, root: Path) -> None:
        self.course = make_course(root)
        self.course.config.CourseDirectory.course_id = "nn"
        self.course.config.Exchange.root = str(root / "exchange")
        self.inbound = root / "exchange" / "nn" / "inbound"
        self.inbound.mkdir(parents=True)
        self._notebook = released(root)

    def put(
        self, student: str, moment: datetime | str, answers: dict, owner: str
    ) -> Path:
        """Write a folder as `nbgrader submit` does, owned by whoever did it."""
        notebook = self._notebook
        for cell in notebook.cells:
            cell.source = (RIGHT | answers).get(cell.id, cell.source)
        text = (
            moment if isinstance(moment, str) else f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"
        )
        folder = (
            self.inbound / f"{student}+{NAME}+{text}+x{len(os.listdir(self.inbound))}"
        )
        folder.mkdir()
        (folder / f"{NAME}.ipynb").write_text(nbformat.writes(notebook), "utf-8")
        (folder / "timestamp.txt").write_text(text, "utf-8")
        user = pwd.getpwnam(owner)
        for path in (folder, *folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)
        return folder

    def collect(self) -> str:
        """Collect what is there; return what was said about it."""
        try:
            Exchange(self.course, [NAME], Stillness(0.0)).collect()
        except AutograderError as error:
            return str(error)
        return ""

    def found(self, student: str) -> str:
        """Return what this student has handed in, as text; nothing if nothing."""
        path = self.course.path("submitted", student, NAME) / f"{NAME}.ipynb"
        return path.read_text("utf-8") if path.exists() else ""


@pytest.fixture
def inbox(tmp_path):
    return Inbox(tmp_path)


NOW = datetime.now(UTC)
WRONG_LINE = "return 0"


@pytest.mark.parametrize(
    "later",
    [timedelta(minutes=1), timedelta(days=1), timedelta(days=30_000)],
    ids=["a minute", "a day", "a lifetime"],
)
def test_nobody_replaces_what_a_classmate_has_handed_in(later, inbox):
    inbox.put(VICTIM, NOW - timedelta(hours=1), {}, VICTIM)
    stolen = inbox.put(VICTIM, NOW - timedelta(hours=1) + later, WRONG, THIEF)
    said = inbox.collect()
    assert WRONG_LINE not in inbox.found(VICTIM)
    assert inbox.found(VICTIM) != ""
    assert stolen.name in said
    assert THIEF in said


def test_nobody_replaces_what_was_collected_before(inbox):
    inbox.put(VICTIM, NOW - timedelta(hours=2), {}, VICTIM)
    inbox.collect()
    inbox.put(VICTIM, NOW - timedelta(hours=1), WRONG, THIEF)
    inbox.collect()
    assert WRONG_LINE not in inbox.found(VICTIM)


def test_nobody_hands_in_for_a_classmate_who_has_not(inbox):
    """With zero points, say, before the classmate does; or to use up the tries."""
    inbox.put(VICTIM, NOW - timedelta(hours=1), WRONG, THIEF)
    said = inbox.collect()
    assert inbox.found(VICTIM) == ""
    assert THIEF in said


def test_nobody_takes_a_classmates_files_by_a_folder_of_their_own(inbox):
    """The folder is the thief's, the notebook in it is a hard link to the victim's."""
    theirs = inbox.put(VICTIM, NOW - timedelta(hours=1), {}, VICTIM)
    own = inbox.put(THIEF, NOW - timedelta(minutes=30), WRONG, THIEF)
    (own / f"{NAME}.ipynb").unlink()
    os.link(theirs / f"{NAME}.ipynb", own / f"{NAME}.ipynb")
    said = inbox.collect()
    assert inbox.found(THIEF) == ""
    assert own.name in said


@pytest.mark.parametrize("years", [1, 73, 5000])
def test_a_time_from_the_future_is_refused_and_named(years, inbox):
    moment = f"{NOW.year + years}-01-01 00:00:00.0 UTC"
    inbox.put(VICTIM, NOW - timedelta(hours=1), {}, VICTIM)
    ahead = inbox.put(VICTIM, moment, WRONG, VICTIM)
    said = inbox.collect()
    assert WRONG_LINE not in inbox.found(VICTIM)
    assert ahead.name in said


def test_the_time_in_a_folder_is_that_of_its_name(inbox):
    """Nbgrader takes the late penalty from the file, which is the student's own."""
    folder = inbox.put(VICTIM, NOW - timedelta(hours=1), {}, VICTIM)
    (folder / "timestamp.txt").write_text("2001-01-01 00:00:00.0 UTC", "utf-8")
    said = inbox.collect()
    place = inbox.course.path("submitted", VICTIM, NAME) / "timestamp.txt"
    is_right = place.exists() and not place.read_text("utf-8").startswith("2001")
    assert is_right or folder.name in said


def test_a_time_long_before_the_folder_was_made_is_named(inbox):
    """Its name says last year; the file system knows that it came a moment ago."""
    folder = inbox.put(VICTIM, NOW - timedelta(days=365), {}, VICTIM)
    assert folder.name in inbox.collect()


def test_the_owner_and_the_instructor_may_hand_in(inbox):
    inbox.put(VICTIM, NOW - timedelta(minutes=2), {}, VICTIM)
    inbox.put("somebody_without_account", NOW - timedelta(minutes=2), {}, "root")
    assert inbox.collect() == ""
    assert inbox.found(VICTIM) != ""
    assert inbox.found("somebody_without_account") != ""
