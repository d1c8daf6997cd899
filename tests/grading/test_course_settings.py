"""What a course of others sets counts here as it does for nbgrader."""

import os

import pytest
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from tests.support.other_course import SOLUTION, cell, command, hand_in, make, points
from tests.support.other_course import records as records_of


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Make a course with settings of its own, for which two handed in."""
    root = tmp_path_factory.mktemp("course")
    waits = (
        "import os\nwhere = os.getenv('NBGRADER_EXECUTION')\nwhile not where:\n    pass"
    )
    sealed = "assert os.getenv('NBGRADER_EXECUTION') == 'autograde' == where"
    make(
        root,
        "ps1",
        [
            cell("import os"),
            cell(waits),
            cell(SOLUTION, "squares"),
            cell("assert squares(2) == [1, 4]", "test_squares", 2),
            cell(sealed, "test_where", 1),
        ],
    )
    settings = """
import rules
c.AssignLatePenalties.plugin_class = "late.Late"
c.CourseDirectory.autograded_directory = "out/marked"
c.CourseDirectory.feedback_directory = "out/pages"
c.CourseDirectory.student_id_exclude = "tester"
"""
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(settings)
    (root / "rules.py").write_text("OFF = 1\n")
    (root / "late.py").write_text(
        "from nbgrader.plugins import BasePlugin\nimport rules\n\n"
        "class Late(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, seconds):\n"
        "        return rules.OFF\n"
    )
    for student in ("ann", "tester"):
        hand_in(root, student, "ps1", {})
    return root


@pytest.fixture(scope="module")
def said(course):
    """Return what grading it says, and writing the pages."""
    graded = command("grade", "--course", str(course))
    return graded, command("feedback", "--course", str(course))


def test_cells_and_tests_know_that_they_are_graded(course, said):
    assert "NBGRADER_EXECUTION" not in os.environ
    ann = points(records_of(course)["ann", "ps1"])
    assert ann == {"test_squares": 2, "test_where": 1}


def test_pages_are_where_the_course_wants_them(course, said):
    assert (course / "out/pages/ann/ps1/problem.html").exists()
    assert f"1 feedback pages in {course / 'out/pages'}" in said[1].replace("\n", "")


def test_who_is_left_out_is_not_graded(course, said):
    assert "1 graded" in said[0]
    assert set(records_of(course)) == {("ann", "ps1")}


def test_a_rule_that_is_not_there_stops_before_anything_runs(course, said):
    settings = course / "nbgrader_config.py"
    text, before = settings.read_text(), (course / "results.jsonl").read_bytes()
    settings.write_text(text.replace("late.Late", "gone.Late"))
    told = CliRunner().invoke(app, ["grade", "--course", str(course), "--force"])
    settings.write_text(text)
    assert isinstance(told.exception, WrongUse)
    assert "plugin_class: found No module named 'gone'" in str(told.exception)
    assert (course / "results.jsonl").read_bytes() == before
