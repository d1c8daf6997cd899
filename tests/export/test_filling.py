"""The platforms' own files come back as they were, with marks in the right cells."""

import csv
import io

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from autograder.export.filling import Filling
from autograder.gradebook.people import Person, note_people
from autograder.intake.platforms.receipts import Receipt, Receipts
from tests.support.marked import Hand, mark
from tests.support.platform_files import CANVAS, WORKSHEETS
from tests.support.small_course import NAME, make_course

pytestmark = pytest.mark.xdist_group("filling")  # one class for all of them


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Five students: one waits for marks, one is late, one handed in nothing."""
    course = make_course(tmp_path_factory.mktemp("course"))
    mark(course, [Hand(s) for s in ("ada@x.org", "tim", "emmy_1004", "zoe")])
    note_people(
        course,
        [
            Person("ada@x.org", "Ada Maria", "King"),
            Person("tim", "Tim", "Byron", "tim@x.org", "1002"),
            Person("zoe", "Zoe", "Gone", "zoe@x.org", "1444"),
            Person("lou", "Lou", "Lost"),
        ],
    )
    receipts = Receipts(course.results / "collected.csv")
    sent = f"noetheremmy_1004_700_{NAME}.ipynb"
    receipts.add(Receipt("emmy_1004", NAME, "canvas", 700, "", "", "", sent))
    receipts.write()
    with Gradebook(course.db_url) as gradebook:
        for student, points in (("ada@x.org", 2.5), ("tim", 0), ("emmy_1004", 3)):
            answer = gradebook.find_grade("why", NAME, NAME, student)
            answer.manual_score, answer.needs_manual_grade = points, False
        late = gradebook.find_submission_notebook(NAME, NAME, "emmy_1004")
        late.late_submission_penalty = 2.0
        gradebook.db.commit()
    return course


def fill(course, kind, text, tmp_path, **options):
    theirs, ours = tmp_path / "theirs.csv", tmp_path / "ours.csv"
    theirs.write_text(text, "utf-8")
    report = Filling(course, kind, theirs, **options).write(ours)
    return report, ours.read_text("utf-8")


def table(text, separator=","):
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def test_canvas_gets_its_own_file_with_marks_in_one_column(course, tmp_path):
    report, text = fill(course, "canvas", CANVAS, tmp_path)
    before, after = table(CANVAS), table(text)
    marks = [row[6] for row in after]
    points = ["9.5", "7", "2.5", "8", "", ""]
    assert marks == ["00 Small (4101)", "", "10", points[1], points[0], *points[2:]]
    assert [row[1:6] + row[7:] for row in after] == [r[1:6] + r[7:] for r in before]
    assert [row[0] for row in after[3:5]] == ["Byron, Tim", "King, Ada Maria"]
    assert after[5][0] == "'=cmd|' /C calc'!A0"
    assert report.filled == 3
    assert report.strangers == ["=cmd|' /C calc'!A0 (1003)", "Student, Test (1999)"]
    assert report.unlisted == ["Zoe Gone (zoe)"]


@pytest.mark.parametrize("language", WORKSHEETS)
def test_moodle_gets_its_own_worksheet_in_its_language(language, course, tmp_path):
    report, text = fill(course, "moodle", WORKSHEETS[language], tmp_path)
    separator = ";" if language == "German" else ","
    before, after = (table(t, separator) for t in (WORKSHEETS[language], text))
    assert [row[4] for row in after[1:]] == [
        "9.5" if language == "English" else "9,5",
        "7",
    ]
    assert [row[:4] + row[5:] for row in after] == [r[:4] + r[5:] for r in before]
    assert report.filled == 2
    assert report.unlisted == ["emmy_1004", "Lou Lost (lou)", "Zoe Gone (zoe)"]


def test_what_waits_is_empty_and_not_nought(course, tmp_path):
    text = CANVAS.replace('Lost, Lou",1005,,lou,A,,', 'Gone, Zoe",1444,,zoe,A,,7')
    report, filled = fill(course, "canvas", text, tmp_path)
    zoe = next(row for row in table(filled) if row[3] == "zoe")
    assert zoe[6] == ""
    assert report.waiting == [f"Zoe Gone (zoe): {NAME}"]


@pytest.mark.parametrize(
    "row",
    [
        '"King, Ada Maria",1777,,eve@x.org,A,,,,',  # calls himself as she does
        '"Byron, Tim",1777,,,A,,,,',  # the name of one with another number
        "ada@x.org,1777,,,A,,,,",  # takes her login for a name
    ],
)
def test_nobody_gets_anothers_mark_by_a_name(row, course, tmp_path):
    report, text = fill(course, "canvas", CANVAS + row + "\n", tmp_path)
    assert table(text)[-1][6] == ""
    assert any("1777" in stranger for stranger in report.strangers)


def test_two_rows_of_one_student_get_nothing(course, tmp_path):
    row = '"Someone, Else",1777,ada@x.org,,A,,,,\n'
    report, text = fill(course, "canvas", CANVAS + row, tmp_path)
    assert [r[6] for r in table(text) if "ada@x.org" in r] == ["", ""]
    assert report.filled == 2


def test_moodles_number_in_another_assignment_is_nobody(course, tmp_path):
    """Participant 1002 of this worksheet is not whom another one calls so."""
    text = (
        "Identifier,Full name,Status,Grade,Maximum grade\n"
        "Participant 1002,Eve Eden,,,10.00\nParticipant 5,Tim Byron,,,10.00\n"
    )
    report, filled = fill(course, "moodle", text, tmp_path)
    assert [row[3] for row in table(filled)[1:]] == ["", "7"]
    assert report.strangers == ["Eve Eden (Participant 1002)"]


def test_moodles_numbers_are_known_from_its_download_of_the_lesson(course, tmp_path):
    path = course.results / "collected.csv"
    before = path.read_bytes()
    receipts = Receipts(path)
    sent = "Z Z_55_assignsubmission_file_"
    receipts.add(Receipt("tim", NAME, "moodle", 1, "", "", "", sent))
    receipts.write()
    text = "Identifier,Status,Grade,Maximum grade\nParticipant 55,,,10.00\n"
    try:
        _, filled = fill(course, "moodle", text, tmp_path)
    finally:
        path.write_bytes(before)
    assert table(filled)[1][2] == "7"


def test_a_gradebook_of_moodles_without_a_worksheets_columns_is_filled(
    course, tmp_path
):
    text = (
        "First name,Last name,ID number,Email address,Assignment: 00_small (Real)\n"
        "Tim,Byron,,tim@x.org,-\n"
    )
    _, filled = fill(course, "moodle", text, tmp_path)
    assert table(filled)[1] == ["Tim", "Byron", "", "tim@x.org", "7"]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Week 1: small (4101)", None),
        ("00-SMALL (4101)", None),
        ("Homework 2 (4101)", "Homework 2 (4101)"),
    ],
)
def test_a_column_is_found_by_the_lessons_name_or_named(
    heading, column, course, tmp_path
):
    text = CANVAS.replace("00 Small (4101)", heading)
    options = {"lessons": [NAME], "column": column}
    report, _ = fill(course, "canvas", text, tmp_path, **options)
    assert report.filled == 3


TWICE = CANVAS.replace("Homework (4100)", "00 Small (4101)")


@pytest.mark.parametrize(
    ("kind", "text", "options", "said"),
    [
        ("canvas", CANVAS.replace("00 Small", "Other"), {}, "--column"),
        ("canvas", CANVAS.replace("00 Small", "Smaller"), {}, "--column"),
        ("canvas", CANVAS.replace("Homework", "Small 2"), {"column": "x"}, "no column"),
        ("canvas", CANVAS.replace("Homework", "00_small"), {}, "expected one for"),
        ("canvas", TWICE, {}, "expected one for 00_small"),
        ("moodle", "Username,00 Small,00 Small\nx,,\n", {}, "expected one for 00_s"),
        ("moodle", "Username,Week,Week\nx,,\n", {}, "expected one for 00_small"),
        ("moodle", CANVAS, {}, "expected Canvas's gradebook"),
        ("canvas", WORKSHEETS["French"], {}, "expected Canvas's gradebook"),
        ("moodle", "a,b\n1,2\n", {}, "expected Canvas's gradebook"),
        ("canvas", CANVAS, {"lessons": ["07_none"]}, "found no marks of 07_none"),
    ],
)
def test_what_is_not_certain_is_asked_for(kind, text, options, said, course, tmp_path):
    with pytest.raises(WrongUse, match=said):
        fill(course, kind, text, tmp_path, **options)
    assert not (tmp_path / "ours.csv").exists()


def test_other_maximum_points_are_told(course, tmp_path):
    report, _ = fill(course, "canvas", CANVAS.replace(",5,10,", ",5,100,"), tmp_path)
    assert report.notes[0].startswith("00 Small (4101) is of 100 points there")


def test_a_column_that_canvas_passes_over_is_told(course, tmp_path):
    theirs = CANVAS.replace("00 Small (", "Finals 00 Small (")
    report, _ = fill(course, "canvas", theirs, tmp_path)
    (note,) = [note for note in report.notes if "passes over" in note]
    assert note.startswith("Finals 00 Small (4101): Canvas passes over columns with")


def test_the_command_names_who_is_left_out(course, tmp_path):
    theirs, ours = tmp_path / "theirs.csv", tmp_path / "ours.csv"
    theirs.write_text(CANVAS, "utf-8")
    options = ["--format", "canvas", "--to", str(ours), "--roster", str(theirs)]
    here = ["--classroom", str(course.results)]
    result = CliRunner().invoke(app, ["export", *options, *here])
    assert result.exit_code == 0, result.output
    assert "1 here, and not in theirs.csv: Zoe Gone (zoe)" in result.output
    assert "2 in theirs.csv, and nobody here for certain" in result.output
    assert "3 marks filled in" in result.output
    for wrong in (["--roster", str(theirs)], ["--column", "x"]):
        assert CliRunner().invoke(app, ["export", *wrong, *here]).exit_code
