"""A test that is corrected after handing out accuses nobody, and counts at once."""

import json

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.course.course import configure
from autograder.gradebook.marker import Marker
from tests.support import small_course
from tests.support.small_class import LESSON, RIGHT, SmallClass, cells

pytestmark = pytest.mark.xdist_group("corrected")  # one class for all of them

EDITED = "the test was edited; the original was put back"


def corrected() -> list:
    """Return the lesson with other tests in view: of one, x has to be 3."""
    found = cells(test="assert x == 3")
    found[3].source = "assert y == 2, y"
    return found


def change(path, how) -> None:
    notebook = nbformat.read(path, as_version=4)
    how(notebook.cells)
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Return a class whose lesson was corrected between two runs."""
    made = SmallClass(tmp_path_factory.mktemp("class"))
    answers = {"honest": RIGHT, "formatted": RIGHT, "edited": RIGHT, "nameless": RIGHT}
    paths = {who: made.hand_in(who, own) for who, own in answers.items()}
    paths["other"] = made.hand_in("other", RIGHT | {"test_one": "assert y == 2"})
    paths["both"] = made.hand_in(
        "both", RIGHT | {"test_one": "assert x", "test_two": "assert y"}
    )
    change(paths["formatted"], lambda c: c[1].update(source="assert (x==1)  # mine"))
    change(paths["edited"], lambda c: c[1].update(source="assert x"))
    change(paths["nameless"], lambda c: [one.update(metadata={}) for one in c])
    made.first = made.run("grade")
    made.write_lesson(corrected())
    made.hand_in("today", RIGHT | {"one": "x = 3"})
    made.said = made.run("grade")
    lines = (made.root / "results.jsonl").read_text("utf-8").splitlines()
    made.records = {r["student"]: r for r in map(json.loads, lines)}
    return made


def test_whoever_has_what_was_handed_out_is_not_accused(room):
    assert {s: r["tampering"] for s, r in room.records.items() if r["tampering"]} == {
        "edited": [f"test_one: {EDITED}"],
        "other": [f"test_one: {EDITED}"],
        "both": [f"test_one: {EDITED}", f"test_two: {EDITED}"],
    }
    assert "tampered honest" not in room.first


def test_it_is_said_once_for_all_cells_of_which_it_is_true(room):
    assert f"\ntampered both/{LESSON}: test_one, test_two: {EDITED}\n" in room.first


def test_it_is_said_once_for_all_of_whom_it_is_true(room):
    told = "as handed out earlier, replaced by today's"
    both = f"test_one, test_two: {told}: formatted/{LESSON}, honest/{LESSON}, nameless"
    assert both in room.said
    assert f"\ntest_two: {told}: edited/{LESSON}, other/{LESSON}" in room.said
    assert "repaired honest" not in room.said
    assert room.records["honest"]["repairs"] == [f"test_one, test_two: {told}"]
    assert room.records["today"]["repairs"] == []


def test_todays_test_gives_the_marks(room):
    assert room.totals() == dict.fromkeys(room.records, 2) | {"today": 6}


def test_what_was_said_is_no_reason_to_grade_again(room):
    assert "7 unchanged" in room.run("grade")


def test_nbgraders_own_autograde_says_the_same(tmp_path, caplog):
    course = small_course.make_course(tmp_path)
    with Marker(course) as marker:
        marker.register(small_course.NAME)
    small_course.hand_in(tmp_path, "ann")
    text = small_course.LESSON.replace(
        "assert double(3) == 6,", "assert double(3) < 7,"
    )
    small_course.write_source(tmp_path, text)
    with Marker(course) as marker:
        marker.register(small_course.NAME)
    config = Config()
    configure(config, tmp_path)
    config.CourseDirectory.assignment_id = small_course.NAME
    rooms = CourseDirectory(config=config)
    Autograde(coursedir=rooms, config=config, force=True).start()
    told = "as handed out earlier, replaced by today's"
    said = [message for message in caplog.messages if message.startswith("ann:")]
    assert said == [f"ann: test_double_three: {told}"]
