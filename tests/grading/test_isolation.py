"""Courses of others: their tests run sealed where that gives the same marks."""

import csv
import shutil

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.grading.dry_run import DryRun, DryRuns
from tests.support.other_course import (
    SOLUTION,
    SQUARES,
    cell,
    command,
    hand_in,
    make,
    points,
    records,
)

pytestmark = pytest.mark.xdist_group("isolation")  # one course for most of them
TASK = {
    "schema_version": 3,
    "grade_id": "task",
    "grade": False,
    "solution": False,
    "locked": True,
    "task": True,
    "points": 4,
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a graded course; one of its tests needs a helper, one the variables."""
    root = tmp_path_factory.mktemp("course")
    cells = [
        cell("from helpers import triple\nlog = []"),
        cell(SOLUTION, "squares"),
        cell("assert squares(3) == [1, 4, 9]\nassert triple(2) == 6", "plain", 1),
        cell("def last(n):\n    return squares(n)[-1]\nassert last(3) == 9", "help", 1),
        cell("kept = squares\ndel squares\nsquares = kept\nlast(4)", "deletes", 1),
        cell("log.append(1)", "appends", 1),
        cell("### BEGIN HIDDEN TESTS\nassert log == [1]\n### END HIDDEN TESTS", "h", 2),
    ]
    make(root, "ps1", cells)
    (root / "source" / "ps1" / "helpers.py").write_text("def triple(x): return 3 * x")
    hand_in(root, "ada", "ps1", {"squares": SQUARES})
    hand_in(root, "eve", "ps1", {"squares": "def squares(n):\n    return [1, 4, 9]"})
    assert "2 graded, 0 unreadable, 0 errored" in command(
        "grade", "--course", str(root), "--jobs", "1"
    )
    return root


def test_a_test_that_needs_the_students_variables_gets_them_and_others_do_not(course):
    with (course / "tests.csv").open(newline="") as file:
        rows = {row["cell"]: (row["tests"], row["why"]) for row in csv.DictReader(file)}
    assert {name: tests for name, (tests, _) in rows.items()} == {
        "plain": "sealed",
        "help": "shared",
        "deletes": "shared",
        "appends": "shared",
        "h": "shared",
    }
    assert rows["help"][1] == "prepares something for deletes"
    assert "squares" in rows["deletes"][1]
    assert "instead of 2 of 2 points: AssertionError" in rows["h"][1]


def test_marks_are_those_of_stock_nbgrader_and_results_say_where_tests_ran(course):
    found = records(course)
    ada, eve = found["ada", "ps1"], found["eve", "ps1"]
    assert points(ada) == {"plain": 1, "help": 1, "deletes": 1, "appends": 1, "h": 2}
    assert points(eve) == points(ada)
    assert ada["tests"] == "mixed"
    assert ada["shared"] == ["help", "deletes", "appends", "h"]


def test_feedback_and_report_say_where_tests_ran(course):
    command("feedback", "--course", str(course))
    page = next(course.glob("feedback/ada/ps1/*.html")).read_text("utf-8")
    assert "4 of 5 checks ran among your notebook's own variables" in page
    command("report", "--course", str(course))
    report = (course / "report.html").read_text("utf-8")
    assert "<li>ps1: appends, deletes, h, help</li>" in report


def test_what_sealed_running_would_change_is_listed(course):
    before = (course / "tests.csv").read_bytes()
    said = command("tests", "--course", str(course), "--compare", "--tests", "sealed")
    assert "ada/ps1/problem h: 0 points, 2 among the student's variables" in said
    assert "eve/ps1/problem h: 0 points" in said
    assert "deletes: 0 points, 1 among the student's variables: NameError" in said
    assert "4 marks of 2 submissions are other ones" in said
    assert (course / "tests.csv").read_bytes() == before


AUTOTESTS = """
python3:
  setup: "import math"
  hash: 'hash({{snippet}})'
  dispatch: "type({{snippet}})"
  normalize: "str({{snippet}})"
  check: "assert {{snippet}} == '{{value}}', '{{message}}'"
  success: "math"
  templates:
    default: [{test: "{{snippet}}", fail: "not the solution"}]
"""
PICTURE = b"\x89PNG"


def test_an_assignment_of_two_notebooks_with_a_picture_an_autotest_and_a_task(tmp_path):
    make(
        tmp_path,
        "ps1",
        [
            new_markdown_cell("![a dot](dot.png)"),
            cell(SOLUTION, "squares"),
            cell("### AUTOTEST squares(2)", "auto", 2),
            cell("assert open('dot.png', 'rb').read(4) == b'\\x89PNG'", "picture", 1),
        ],
    )
    task = new_markdown_cell("Draw a dot.")
    task.metadata["nbgrader"] = TASK
    source = tmp_path / "source" / "ps1"
    nbformat.write(new_notebook(cells=[task]), source / "second.ipynb")
    (source / "dot.png").write_bytes(PICTURE)
    (tmp_path / "autotests.yml").write_text(AUTOTESTS)
    hand_in(tmp_path, "ada", "ps1", {"squares": SQUARES})
    hand_in(tmp_path, "bob", "ps1", {"squares": "def squares(n):\n    return [1, 3]"})
    for student in ("ada", "bob"):
        shutil.copy(source / "second.ipynb", tmp_path / "submitted" / student / "ps1")
    said = command("grade", "--course", str(tmp_path), "--jobs", "1")
    assert "2 graded, 0 unreadable, 0 errored" in said
    found = records(tmp_path)
    right, wrong = (points(found[student, "ps1"]) for student in ("ada", "bob"))
    assert right == {"auto": 2, "picture": 1, "task": 0}  # which waits for a person
    assert wrong == {"auto": 0, "picture": 1, "task": 0}
    with (tmp_path / "grades.csv").open(newline="") as file:
        assert {row["waits_for_a_person"] for row in csv.DictReader(file)} == {"True"}
    assert (tmp_path / "autograded" / "ada" / "ps1" / "dot.png").exists()
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("task", "second", "ps1", "ada").manual_score = 4
        gradebook.db.commit()
        assert gradebook.find_submission("ps1", "ada").score == 7


def test_what_cannot_be_compared_is_named(course, monkeypatch):
    lack = {"problem": DryRun(problem="it needs what is not here")}
    monkeypatch.setattr(DryRuns, "of", lambda *_: lack)
    said = command("tests", "--course", str(course), "--compare", "--tests", "sealed")
    assert "ada/ps1/problem: it needs what is not here" in said
