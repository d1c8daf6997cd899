"""A week of a class on two platforms, as commands; all that tells marks agrees."""

import shutil
import zipfile

import pytest

from tests.support.downloads import pack
from tests.support.small_class import LESSON, RIGHT, WRONG, SmallClass, cells
from tests.support.told_marks import assert_all_tell

pytestmark = [pytest.mark.patient, pytest.mark.xdist_group("a_week")]
BOTH = [LESSON, "ps2"]
ROSTER = """\
id,first_name,last_name,email,number
ada,Ada,King,ada@x.org,11
bob,Bob,Low,bob@x.org,12
cy,Cy,Moor,cy@x.org,
dee,Dee,Nil,dee@x.org,
eve,Eve,Orr,eve@x.org,13
"""
SHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,\
Last modified (submission)
Participant 31,Cy Moor,cy@x.org,Submitted,,10.00,"Sunday, 1 March 2026, 1:30 PM"
Participant 32,Dee Nil,dee@x.org,Submitted,,10.00,"Sunday, 1 March 2026, 11:00 AM"
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework A (4100),ps2 (4101)
    Points Possible,,,,,10,10
"King, Ada",11,,ada,A,,
"Low, Bob",12,,bob,A,,
"Orr, Eve",13,,eve,A,,
"""
LATE = (2026, 3, 11, 12, 0, 0)  # so late that no points are left, in each zone


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Make two lessons and a roster; nothing is handed in."""
    made = SmallClass(tmp_path_factory.mktemp("week") / "course")
    second = made.root / "source" / "ps2"
    shutil.copytree(made.root / "source" / LESSON, second)
    (second / f"{LESSON}.ipynb").rename(second / "ps2.ipynb")
    for name, text in {"roster": ROSTER, "sheet": SHEET, "canvas": CANVAS}.items():
        (made.root / f"{name}-theirs.csv").write_text(text)
    return made


def work(room: SmallClass, answers: dict) -> bytes:
    """Return a notebook with these answers, which nobody has handed in yet."""
    path = room.hand_in("nobody", answers)
    content = path.read_bytes()
    shutil.rmtree(path.parent.parent)
    return content


def say_in_class_file(room: SmallClass, old: str, new: str) -> None:
    path = room.root / "class.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_monday_the_class_is_set_up(room):
    roster = str(room.root / "roster-theirs.csv")
    due = ("--due", "ps1=2026-03-01T12:00:00", "--due", "ps2=2026-03-08")
    order = ("class", "init", *BOTH, "--roster", roster, *due, "--time-zone", "UTC")
    assert "ps1, ps2; 5 students" in room.run(*order)
    assert "edit it instead" in room.refused(*order)
    say_in_class_file(room, "# penalty = 10", "penalty = 20")
    say_in_class_file(room, '# title = "Week 1"', 'title = "Homework A"')


def test_tuesday_two_downloads_are_collected_and_graded(room):
    canvas = {
        "kingada_11_501_ps1.ipynb": RIGHT,
        "lowbob_LATE_12_502_ps1.ipynb": WRONG,
    }
    moodle = {
        "Cy Moor_31_assignsubmission_file_/ps1.ipynb": RIGHT,
        "Dee Nil_32_assignsubmission_file_/ps1.ipynb": WRONG,
    }
    files = [[(n, work(room, a)) for n, a in of.items()] for of in (canvas, moodle)]
    first = pack(room.root / "canvas.zip", files[0], LATE)
    second = pack(room.root / "moodle.zip", files[1], LATE)
    assert "2 placed" in room.run("collect", str(first))
    sheet = str(room.root / "sheet-theirs.csv")
    assert "2 placed" in room.run("collect", str(second), "--roster", sheet)
    said = room.run("grade")
    assert "ps1 is due 2026-03-01 12:00 UTC, before: none" in said
    assert "4 graded, 0 unreadable" in said
    after = {"ada": 6.0, "bob": 0.0, "cy": 4.0, "dee": 2.0}  # cy: 6 less 20 %
    assert_all_tell(room, {(who, LESSON): n for who, n in after.items()})
    assert "handed in nothing of ps1: eve" in room.run("export")


def test_wednesday_written_answers_are_marked(room):
    for who in ("ada", "bob", "cy", "dee"):
        room.give("why", who, 3)
        room.give("draw", who, 1)
    assert "mark changed bob/ps1: 4 → 0 of 10 (late penalty 2 → 6)" in room.run("show")
    after = {"ada": 10.0, "bob": 0.0, "cy": 8.0, "dee": 6.0}
    assert_all_tell(room, {(who, LESSON): n for who, n in after.items()})


def test_thursday_one_gets_longer_and_nothing_is_executed(room):
    line = "# [lessons.ps1.extensions]\n# ada = 2027-03-03T18:00:00"
    longer = "[lessons.ps1.extensions]\ncyy = 2026-03-01T14:00:00"
    say_in_class_file(room, line, longer)
    assert "found no student cyy in roster-theirs.csv, expected perhaps cy" in (
        room.refused("grade")
    )
    say_in_class_file(room, "cyy = ", "cy = ")
    said = room.run("grade")
    assert "cy has time for ps1 until 2026-03-01 14:00 UTC" in said
    assert "mark changed cy/ps1: 8 → 10 of 10 (late penalty 2 → 0)" in said
    assert "0 graded, 0 unreadable, 0 errored, 4 unchanged" in said
    after = {"ada": 10.0, "bob": 0.0, "cy": 10.0, "dee": 6.0}
    assert_all_tell(room, {(who, LESSON): n for who, n in after.items()})


def test_friday_a_test_is_corrected_and_a_second_lesson_comes_in(room):
    room.write_lesson(cells(test="assert x in (1, 3)"))
    for who in ("cy", "eve"):
        place = room.root / "submitted" / who / "ps2"
        place.mkdir(parents=True)
        (place / "ps2.ipynb").write_bytes(work(room, RIGHT))
        (place / "timestamp.txt").write_text("2026-03-10 12:00:00 UTC")
    line = "# [lessons.ps2.extensions]\n# ada = 2027-03-03T18:00:00"
    say_in_class_file(room, line, "[lessons.ps2.extensions]\neve = 2026-03-10")
    said = room.run("grade")
    assert "executed again, tests changed: ada/ps1, bob/ps1, cy/ps1, dee/ps1" in said
    assert "mark changed dee/ps1: 6 → 10 of 10" in said
    assert room.waiting("dee") == []  # what a person did is still done
    after = {(who, LESSON): 10.0 for who in ("ada", "cy", "dee")}
    after |= {("bob", LESSON): 0.0, ("cy", "ps2"): 2.0, ("eve", "ps2"): 6.0}
    assert_all_tell(room, after)


def test_saturday_one_hands_in_half_a_file_and_one_leaves_and_stays_away(room):
    broken = room.root / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb"
    broken.write_bytes(broken.read_bytes()[:500])
    assert "0 graded, 1 unreadable" in room.run("grade")
    room.run("class", "remove", "dee")
    assert "0 graded" in room.run("grade")  # she is in the roster still
    after = {(who, LESSON): 10.0 for who in ("ada", "cy")}
    after |= {("bob", LESSON): 0.0, ("cy", "ps2"): 2.0, ("eve", "ps2"): 6.0}
    assert_all_tell(room, after)
    assert "dee" not in room.run("show")


def test_sunday_marks_and_pages_go_back(room):
    theirs, filled = room.root / "canvas-theirs.csv", room.root / "filled.csv"
    order = ("export", "--format", "canvas", "--roster", str(theirs))
    room.run(*order, "--to", str(filled))
    rows = {row["SIS Login ID"]: row for row in room.table("filled.csv")}
    found = {who: row["Homework A (4100)"] for who, row in rows.items() if who}
    assert found == {"ada": "10", "bob": "0", "eve": ""}  # by the title in class.toml
    assert rows["eve"]["ps2 (4101)"] == ""  # it waits for a person
    sheet = str(room.root / "sheet-theirs.csv")
    order = ("export", LESSON, "--format", "moodle", "--roster", sheet)
    room.run(*order, "--to", str(room.root / "sheet.csv"))
    grades = {row["Identifier"]: row["Grade"] for row in room.table("sheet.csv")}
    assert grades == {"Participant 31": "10", "Participant 32": ""}
    room.run("feedback", "--zip", "canvas")
    with zipfile.ZipFile(room.root / "feedback-canvas-ps1.zip") as packed:
        assert len(packed.namelist()) == 2
    page = (room.root / "feedback" / "cy" / LESSON / f"{LESSON}.html").read_text()
    assert "<h1>Homework A</h1>" in page
    room.run("report")
    assert "Homework A (ps1)" in (room.root / "report.html").read_text("utf-8")


def test_what_the_file_says_no_longer_is_taken_back(room):
    say_in_class_file(room, "cy = 2026-03-01T14:00:00", "")
    said = room.run("grade")
    assert "mark changed cy/ps1: 10 → 8 of 10" in said
    say_in_class_file(room, "due = 2026-03-01T12:00:00", "")
    said = room.run("grade")
    assert "ps1 is due none, before: 2026-03-01 12:00 UTC" in said
    assert "mark changed cy/ps1: 8 → 10 of 10" in said
    assert "mark changed bob/ps1: 0 → 10 of 10" in said


def test_a_lesson_that_leaves_the_class_is_nowhere(room):
    text = (room.root / "class.toml").read_text("utf-8")
    (room.root / "class.toml").write_text(text[: text.index("[lessons.ps2]")])
    room.run("grade")
    assert "ps2" not in room.run("show")
    room.run("report")
    assert "ps2" not in (room.root / "report.html").read_text("utf-8")
    room.run("export", "--format", "canvas")
    assert "ps2" not in (room.root / "canvas.csv").read_text("utf-8")
    assert {row["lesson"] for row in room.table("grades.csv")} == {LESSON}
