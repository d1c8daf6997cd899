"""A person's work is kept: marks, comments, and that nobody has to look again."""

import shutil

import pytest

from tests.support.small_class import LESSON, RIGHT, WRONG, SmallClass, cells

pytestmark = pytest.mark.xdist_group("person_work")


@pytest.fixture
def room(tmp_path):
    """Grade two students, all of whose answers a person has marked."""
    made = SmallClass(tmp_path / "course")
    for student in ("ada", "bob"):
        made.hand_in(student, RIGHT)
    made.run("grade")
    for student in ("ada", "bob"):
        made.give("why", student, 2.5)
        made.give("draw", student, 1)
        made.give("test_one", student, 0.5)
    with made.gradebook() as gradebook:
        comment = gradebook.find_comment("why", LESSON, LESSON, "ada")
        comment.manual_comment = "Well said."
        gradebook.db.commit()
    return made


def test_a_regrade_of_the_same_text_asks_nobody(room):
    room.write_lesson(cells(test="assert x in (1, 3)"))
    room.run("grade")
    room.run("grade", "--force")
    assert room.waiting("ada") == room.waiting("bob") == []
    assert room.totals() == {"ada": 6, "bob": 6}
    with room.gradebook() as gradebook:
        comment = gradebook.find_comment("why", LESSON, LESSON, "ada")
        assert comment.comment == "Well said."
    room.run("feedback")
    page = (room.root / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()
    assert "still waits" not in page


CHANGED = {
    "the written answer": ({"why": "Because of that."}, ["why"]),
    "the code of a test": ({"one": "x = 1 + 0"}, ["test_one"]),
    "nothing but blanks": ({"why": "Because.\n"}, []),
}


@pytest.mark.parametrize(("answers", "waits"), CHANGED.values(), ids=CHANGED)
def test_what_a_student_changed_waits_again_and_nothing_else(answers, waits, room):
    room.hand_in("ada", RIGHT | answers)
    room.run("grade")
    assert room.waiting("ada") == waits
    assert room.waiting("bob") == []
    room.run("grade", "--force")  # it has waited before: no regrade ends that
    assert room.waiting("ada") == waits


BROKEN = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:200]),
    "empty": lambda path: path.write_bytes(b""),
    "no notebook": lambda path: path.write_text('"a string"'),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(spoil, id=name, marks=pytest.mark.patient if number else ())
        for number, (name, spoil) in enumerate(BROKEN.items())
    ],
)
def test_a_broken_upload_takes_no_graded_ones_place(spoil, room):
    before = room.totals()
    path = room.root / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb"
    spoil(path)
    said = room.run("grade")
    assert "unreadable ada/ps1" in said
    assert "the marks stay those" in said
    assert "mark changed" not in said
    assert room.totals() == before
    assert room.waiting("ada") == []
    (row,) = [r for r in room.table("grades.csv") if r["student"] == "ada"]
    assert (row["status"], row["total"]) == ("unreadable", "6.0")
    assert "6x" in room.run("show")
    room.run("grade", "--force")  # and so it is the next time
    assert room.totals() == before
    room.run("feedback")
    page = (room.root / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()
    assert "could not be read" in page
    room.hand_in("ada", WRONG)
    room.run("grade")
    room.run("feedback")
    page = (room.root / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()
    assert "could not be read" not in page


def test_a_notebook_of_another_lesson_takes_no_graded_ones_place(room):
    shutil.copytree(room.root / "source" / LESSON, room.root / "source" / "ps2")
    other = room.root / "source" / "ps2" / f"{LESSON}.ipynb"
    other.write_text(other.read_text().replace('"grade_id": "', '"grade_id": "of_ps2_'))
    before = room.totals()
    path = room.root / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb"
    path.write_text(other.read_text())
    said = room.run("grade", LESSON)
    assert "found the notebook of ps2, expected that of ps1; ask the student" in said
    assert room.totals() == before


def test_what_could_never_be_read_has_no_marks(room):
    path = room.hand_in("eve", RIGHT)
    path.write_bytes(b"{")
    assert "the marks stay" not in room.run("grade")
    assert room.totals()["eve"] == 0


def test_tries_that_are_used_up_are_said_on_the_page(room):
    (room.root / "watch.toml").write_text("tries = 1\n")
    room.run("feedback")
    page = (room.root / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()
    assert "All tries (1) are used" in page
    (room.root / "watch.toml").write_text("tries = 2\n")
    room.run("feedback")
    page = (room.root / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()
    assert "All tries" not in page
