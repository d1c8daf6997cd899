"""The gradebook leaves for spreadsheets and learning platforms."""

import csv
import re
import zipfile

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from typer.testing import CliRunner

from autograder.cli import app
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.sealed.limits import NotebookLimits
from tests.support.small_course import NAME, RIGHT, hand_in, make_course

pytestmark = pytest.mark.xdist_group("export")  # one class for all of them


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """Grade two students, one of them with a name that needs quotes."""
    root = tmp_path_factory.mktemp("course")
    course = make_course(root)
    hand_in(root, "ada")
    hand_in(root, "bob", RIGHT | {"double": "def double(x):\n    return 3"})
    Grader(course, jobs=1, limits=NotebookLimits()).run(submissions(course))
    with Gradebook(course.db_url) as gradebook:
        gradebook.update_or_create_student(
            "ada", first_name='Ada "Countess"', last_name="King, L.", email="a@b.org"
        )
        gradebook.update_or_create_student("cy", lms_user_id="77")
        # Bob's written answer is marked, Ada's waits.
        answer = gradebook.find_grade("why", NAME, NAME, "bob")
        answer.manual_score, answer.needs_manual_grade = 0.0, False
        gradebook.db.commit()
    return root / "classroom"


def export(classroom, kind, path):
    result = CliRunner().invoke(
        app,
        ["export", "--format", kind, "--to", str(path), "--classroom", str(classroom)],
    )
    assert result.exit_code == 0, result.output
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file)), result.output


def set_penalty(classroom, points):
    with Gradebook(f"sqlite:///{classroom / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, "bob")
        notebook.late_submission_penalty = points
        gradebook.db.commit()


def test_every_point_is_a_row(classroom, tmp_path):
    rows, output = export(classroom, "csv", tmp_path / "points.csv")
    assert rows[0] == ["student", "lesson", "cell", "points", "max_points", "waits"]
    assert rows[1] == ["ada", NAME, "test_double_arrays", "2", "2", "no"]
    assert ["bob", NAME, "test_double_three", "0", "1", "no"] in rows
    assert ["ada", NAME, "why", "", "3", "yes"] in rows
    assert len(rows) == 1 + 2 * 4
    assert ["bob", NAME, "why", "0", "3", "no"] in rows
    assert "1 submissions wait for marks of written answers" in output
    assert f"1 handed in nothing of {NAME}: cy" in output


def test_canvas_gets_its_columns_and_the_points_possible(classroom, tmp_path):
    rows, _ = export(classroom, "canvas", tmp_path / "canvas.csv")
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME]
    assert rows[0] == head
    assert [cell.strip() for cell in rows[1]] == ["Points Possible", *[""] * 4, "10"]
    assert rows[2] == ['King, L., Ada "Countess"', "", "", "ada", "", ""]  # it waits
    assert rows[3][3:] == ["bob", "", "4"]
    assert rows[4] == ["cy", "77", "", "cy", "", ""]  # nothing handed in: no zero


def test_moodle_gets_a_column_to_know_students_by(classroom, tmp_path):
    rows, _ = export(classroom, "moodle", tmp_path / "moodle.csv")
    assert rows[0] == ["Username", "First name", "Last name", "Email address", NAME]
    assert rows[1] == ["ada", 'Ada "Countess"', "King, L.", "a@b.org", ""]  # it waits
    assert rows[2][-1] == "4"


@pytest.mark.parametrize(("penalty", "score"), [(1.5, "2.5"), (9.0, "0")])
def test_a_late_penalty_is_taken_off(penalty, score, classroom, tmp_path):
    set_penalty(classroom, penalty)
    rows, _ = export(classroom, "moodle", tmp_path / "moodle.csv")
    set_penalty(classroom, 0.0)
    assert rows[2][-1] == score


def test_nbgraders_own_command_writes_the_same_file(classroom, tmp_path):
    ours, _ = export(classroom, "canvas", tmp_path / "ours.csv")
    theirs = tmp_path / "theirs.csv"
    ExportApp.clear_instance()
    program = ExportApp.instance()
    program.initialize(
        [
            "--exporter=autograder.export.Canvas",
            f"--to={theirs}",
            f"--CourseDirectory.db_url=sqlite:///{classroom / 'gradebook.db'}",
            f"--CourseDirectory.root={tmp_path}",
        ]
    )
    program.start()
    ExportApp.clear_instance()
    with theirs.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == ours


def test_what_was_handed_in_and_has_no_marks_yet_is_not_missing(classroom, tmp_path):
    place = classroom / "submitted" / "cy" / NAME
    place.mkdir(parents=True)
    _, output = export(classroom, "moodle", tmp_path / "moodle.csv")
    place.rmdir()
    assert "handed in nothing" not in output


def test_of_one_lesson_there_is_one_column(classroom, tmp_path):
    order = ["export", "--format", "canvas", "--classroom", str(classroom)]
    path = tmp_path / "one.csv"
    found = CliRunner().invoke(app, [*order, "--to", str(path), "--lesson", NAME])
    assert found.exit_code == 0, found.output
    assert path.read_text("utf-8").splitlines()[0].endswith(f"Section,{NAME}")
    unknown = CliRunner().invoke(app, [*order, "--lesson", "07_none"])
    assert "found no lesson 07_none" in str(unknown.exception)


def test_an_unknown_format_is_named():
    result = CliRunner().invoke(app, ["export", "--format", "odt"])
    assert result.exit_code
    assert "csv, canvas, moodle" in str(result.exception)


def test_a_spreadsheet_gets_text_as_text_and_marks_as_numbers(classroom, tmp_path):
    path = tmp_path / "marks.xlsx"
    with Gradebook(f"sqlite:///{classroom / 'gradebook.db'}") as gradebook:
        for name, last in (("00123", "=1+1"), ("1-2", "Zoë")):
            gradebook.update_or_create_student(name, last_name=last)
        gradebook.db.commit()
    options = ["--format", "excel", "--to", str(path), "--classroom", str(classroom)]
    done = CliRunner().invoke(app, ["export", *options])
    assert done.exit_code == 0, done.output
    with Gradebook(f"sqlite:///{classroom / 'gradebook.db'}") as gradebook:
        for name in ("00123", "1-2"):
            gradebook.remove_student(name)
    with zipfile.ZipFile(path) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        marks = book.read("xl/worksheets/sheet1.xml").decode()
    for text in ("00123", "1-2", "=1+1", "Zoë"):
        assert f"<t>{text}</t>" in texts
    assert "<f>" not in marks
    (bob,) = re.findall(r'<c r="E\d+"><v>([\d.]+)</v>', marks)
    assert float(bob) > 0
