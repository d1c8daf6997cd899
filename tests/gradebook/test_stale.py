"""What marks rest on went away, came back older or changed its time."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from autograder.base.errors import EngineError
from autograder.course.course import foreign_course
from autograder.gradebook.converters import MarkExecuted
from autograder.gradebook.marker import write_feedback
from autograder.pages.feedback import FeedbackPage
from tests.support.small_class import LESSON, RIGHT, WRONG, ZERO, SmallClass, cells
from tests.support.told_gradebook import grades_of

pytestmark = pytest.mark.xdist_group("stale")  # one class for all of them
LATE = "2026-03-01 13:30:00 UTC"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Grade a class of which one was late."""
    made = SmallClass(tmp_path_factory.mktemp("stale") / "course")
    made.settings(ZERO)
    text = f"[lessons.{LESSON}]\ndue = 2026-03-01T12:00:00Z\n"
    (made.root / "class.toml").write_text(text)
    for student, time in {"ada": "", "bob": "", "cy": LATE}.items():
        made.hand_in(student, WRONG if student == "ada" else RIGHT, time)
    made.run("grade")
    assert made.totals() == {"ada": 2, "bob": 6, "cy": 0}
    return made


def copied(room: SmallClass) -> bytes:
    """Return the gradebook as a copy of it."""
    with closing(sqlite3.connect(room.root / "gradebook.db")) as gradebook:
        gradebook.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return (room.root / "gradebook.db").read_bytes()


def test_work_without_a_time_is_in_time_whenever_an_earlier_one_came(room):
    (room.root / "submitted" / "cy" / LESSON / "timestamp.txt").unlink()
    said = room.run("grade")
    assert "mark changed cy/ps1: 0 → 6 of 10 (late penalty 6 → 0)" in said


def test_an_older_copy_of_the_gradebook_gets_the_marks_of_today(room):
    room.give("why", "bob", 2)
    copy = copied(room)
    room.hand_in("ada", RIGHT)
    room.run("grade")
    for path in room.root.glob("gradebook.db*"):
        path.unlink()
    (room.root / "gradebook.db").write_bytes(copy)
    said = room.run("grade")
    assert "the gradebook has other marks of its tests: ada/ps1\n" in said
    assert "mark changed ada/ps1: 2 → 6 of 10" in said
    assert room.totals() == {"ada": 6, "bob": 8, "cy": 6}
    assert "3 unchanged" in room.run("grade")


def test_pages_that_tell_earlier_marks_are_named(room):
    room.run("feedback")
    assert "pages tell" not in room.run("show")
    room.give("why", "bob", 1)
    for command in ("show", "export", "report", "grade"):
        assert "pages tell earlier marks: bob/ps1;" in room.run(command)
    room.run("feedback", "--student", "bob")
    assert "pages tell" not in room.run("show")
    room.give("why", "bob", 2)


def test_what_fails_in_its_middle_leaves_the_pages_and_notebooks_of_before(
    room, monkeypatch
):
    """As a run that is killed there does: nothing is empty at any time."""
    page = room.root / "feedback" / "bob" / LESSON / f"{LESSON}.html"
    graded = room.root / "autograded" / "bob" / LESSON / f"{LESSON}.ipynb"
    before = page.read_bytes(), graded.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise KeyError("in the middle")

    with monkeypatch.context() as patched:
        patched.setattr(FeedbackPage, "from_notebook_node", fail)
        with pytest.raises(EngineError, match="nbgrader"):
            write_feedback(foreign_course(room.root), "all", LESSON, ["bob"])
        patched.setattr(MarkExecuted, "write_single_notebook", fail)
        assert "1 errored" in room.run("grade", "--force", "--student", "bob")
    assert (page.read_bytes(), graded.read_bytes()) == before
    assert "1 graded" in room.run("grade")
    assert not grades_of(room.root, "bob")["why"][2]  # nobody is asked again
    hidden = [p.name for p in room.root.glob("*/bob/.*")]
    assert hidden == []


def test_a_graded_notebook_that_is_gone_is_made_again(room):
    shutil.rmtree(room.root / "autograded" / "cy")
    assert "its graded notebook is gone: cy/ps1\n" in room.run("grade")
    assert (room.root / "autograded" / "cy" / LESSON / f"{LESSON}.ipynb").exists()


def test_marks_of_work_that_was_taken_away_are_named(room):
    taken = room.root / "submitted" / "cy"
    taken.rename(taken.with_name("cyril"))
    said = room.run("grade")
    assert "ps1 has marks of cy, and no folder for them" in said
    assert "class remove" in said
    assert room.totals()["cy"] == room.totals()["cyril"] == 6
    room.run("class", "remove", "cy")
    assert "has marks of" not in room.run("grade")


def test_more_than_a_cell_is_worth_now_is_looked_at_again(room):
    changed = cells()
    changed[4].metadata.nbgrader.points = 1
    room.write_lesson(changed)
    said = room.run("grade")
    assert "in its metadata" not in said  # students have the points of before
    assert grades_of(room.root, "bob")["why"][1:] == (2, True)
    room.give("why", "bob", 1)
    room.run("grade", "--force", "--student", "bob")
    assert grades_of(room.root, "bob")["why"][1:] == (1, False)
