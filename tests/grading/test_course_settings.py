"""What a course of others sets counts here as it does for nbgrader."""

import os

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from autograder.cli.options import limits_of
from autograder.course import lesson_files
from autograder.course.course import foreign_course
from autograder.sealed.engine import Engine
from autograder.sealed.limits import NotebookLimits
from tests.support.other_course import SOLUTION, cell, command, hand_in, make, points
from tests.support.other_course import records as records_of

WARNS = "import sys\nsys.stderr.write('{} of squares')\nglobals()\nNone"
READS = """
import os
[
    os.path.exists("linked.csv"),
    os.path.exists("shared/deep/file.csv"),
    os.path.exists("many/file299.txt"),
    not os.path.exists("_key.py"),
].count(True) * (own == "the student's")
"""


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
            tagged("squares = None"),
            tagged("raise SystemError", "slow"),
            cell("assert squares(2) == [1, 4]", "test_squares", 2),
            cell(sealed, "test_where", 1),
            cell("from mine import own", "answer"),
            cell(READS, "test_files", 4),
            cell(WARNS.format("Old name"), "test_ignored", 1),
            cell(WARNS.format("Trouble"), "test_warned", 1),
        ],
    )
    settings = """
import rules
c.AssignLatePenalties.plugin_class = "late.Late"
c.CourseDirectory.autograded_directory = "out/marked"
c.CourseDirectory.feedback_directory = "out/pages"
c.CourseDirectory.student_id_exclude = "tester"
c.CourseDirectory.ignore.append("_*")
c.Autograde.exclude_overwriting = {"ps1": ["mine.py"]}
c.Execute.timeout = 45
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = "^Old"
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
    lay_files(root / "source" / "ps1", root / "data")
    own = root / "submitted" / "ann" / "ps1"
    (own / "mine.py").write_text('own = "the student\'s"')
    (own / "linked.csv").symlink_to("/etc/passwd")
    return root


def tagged(source, name=""):
    """Return a cell that a course keeps from running."""
    made = cell(source, name)
    made.metadata["tags"] = ["skip-execution"]
    return made


def lay_files(source, shared):
    """Lay files of every kind beside the lesson's notebook."""
    (shared / "deep").mkdir(parents=True)
    (shared / "deep" / "file.csv").write_text("1")
    (shared / "deep" / "circle").symlink_to(shared)
    (source / "linked.csv").symlink_to("../../data/deep/file.csv")
    (source / "shared").symlink_to("../../data")
    (source / "many").mkdir()
    for number in range(300):
        (source / "many" / f"file{number}.txt").write_text("1")
    (source / "_key.py").write_text("secret = 1")
    (source / "mine.py").write_text("own = 'the solution'")


@pytest.fixture(scope="module")
def ran():
    """Return the notebooks that ran, and which of their tests were shared."""
    return []


@pytest.fixture(scope="module")
def said(course, ran):
    """Return what grading it says, and writing the pages."""
    run = Engine.run

    def told(engine, job):
        sources = tuple(one.source for one in job.notebook.cells)
        ran.append((sources, frozenset(job.shared)))
        return run(engine, job)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "run", told)
        graded = command("grade", "--course", str(course))
    return graded, command("feedback", "--course", str(course))


def test_cells_and_tests_know_that_they_are_graded(course, said):
    assert "NBGRADER_EXECUTION" not in os.environ
    ann = points(records_of(course)["ann", "ps1"])
    assert ann == {
        "test_squares": 2,
        "test_where": 1,
        "test_files": 4,
        "test_ignored": 1,
        "test_warned": 0,
    }


def test_what_has_the_courses_tag_does_not_run(course, said):
    path = course / "out" / "marked" / "ann" / "ps1" / "problem.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    found = {c.source: c.execution_count for c in cells if c.cell_type == "code"}
    assert found["squares = None"] is found["raise SystemError"] is None
    assert found["import os"] == 1


def test_no_run_of_the_solution_is_made_twice(said, ran):
    dry_runs = ran[:-1]  # the last is who handed in
    assert len(set(dry_runs)) == len(dry_runs) > 2


def test_pages_are_where_the_course_wants_them(course, said):
    assert (course / "out/pages/ann/ps1/problem.html").exists()
    assert f"1 feedback page in {course / 'out/pages'}" in said[1].replace("\n", "")


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


def test_files_lie_beside_answers_as_the_course_says(course, said):
    graded = course / "out" / "marked" / "ann" / "ps1"
    assert (graded / "mine.py").read_text() == 'own = "the student\'s"'
    assert (graded / "linked.csv").read_text() == "1"
    assert not (graded / "_key.py").exists()


def test_the_time_of_a_cell_is_the_courses(course):
    chosen = foreign_course(course)
    assert limits_of(chosen).cell_cpu_s == 45
    assert limits_of(chosen, 300.0) == NotebookLimits(300, 4500, 300, 4500)
    settings = course / "nbgrader_config.py"
    text = settings.read_text()
    for line, seconds in {"None": 3600, "-1": 3600, "20": 20}.items():
        settings.write_text(f"{text}\nc.Execute.timeout = {line}\n")
        assert limits_of(foreign_course(course)).cell_cpu_s == seconds
    settings.write_text("c = get_config()\n")
    assert limits_of(foreign_course(course)).cell_cpu_s == 30  # as nbgrader
    settings.write_text(text)


def test_too_many_files_are_the_courses_affair(course, monkeypatch):
    monkeypatch.setattr(lesson_files, "MOST_FILES", 200)
    told = CliRunner().invoke(app, ["grade", "--course", str(course)])
    assert isinstance(told.exception, WrongUse)
    assert "more than 200 files" in str(told.exception)
