"""Classes as old versions left them are graded on, and nothing of them is lost."""

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder
from autograder.base.errors import WrongUse
from autograder.base.paths import ROOT
from autograder.cli import app
from autograder.gradebook.results import Ledger, Record
from tests.support.other_course import command, records

OLD = ROOT / "tests" / "old_classes"
BY_A_PERSON = """
    SELECT s.student_id, b.name, g.manual_score, g.extra_credit
    FROM grade g JOIN base_cell b ON b.id = g.cell_id {rest}
    UNION ALL SELECT s.student_id, b.name, c.manual_comment, ''
    FROM comment c JOIN base_cell b ON b.id = c.cell_id {rest_of_comments}
    ORDER BY 1, 2
"""
BY_A_TEST = """
    SELECT s.student_id, b.name, g.auto_score
    FROM grade g JOIN base_cell b ON b.id = g.cell_id {rest} ORDER BY 1, 2
"""
REST = """
    JOIN submitted_notebook n ON n.id = {0}.notebook_id
    JOIN submitted_assignment s ON s.id = n.assignment_id
"""
pytestmark = pytest.mark.xdist_group("upgrade")  # each class is graded once


def marks(root: Path, query: str) -> list[tuple]:
    """Return what a gradebook holds, past all code that could hide a loss."""
    told = query.format(rest=REST.format("g"), rest_of_comments=REST.format("c"))
    with closing(sqlite3.connect(root / "gradebook.db")) as gradebook:
        return gradebook.execute(told).fetchall()


def lay_out(root: Path, version: str) -> Path:
    """Write a class as an old version left it."""
    shutil.copytree(OLD / "course", root, dirs_exist_ok=True)
    shutil.copytree(OLD / version, root, dirs_exist_ok=True)
    with closing(sqlite3.connect(root / "gradebook.db")) as gradebook:
        gradebook.executescript((root / "gradebook.sql").read_text("utf-8"))
    return root


@pytest.fixture(scope="module", params=["first", "watch"])
def old(request, tmp_path_factory):
    """Return an old class, and the same one after this version has graded it."""
    before, after = (
        lay_out(tmp_path_factory.mktemp(name), request.param)
        for name in ("before", "after")
    )
    said = command("grade", "--course", str(after), "--jobs", "2")
    assert "3 graded, 1 unreadable, 0 errored, 0 unchanged" in said
    return before, after


def test_what_a_person_gave_is_kept(old):
    before, after = old
    given = marks(before, BY_A_PERSON)
    assert ("ada", "why", 2.5, 0.5) in given
    assert ("ada", "why", "Say for which n.", "") in given
    assert marks(after, BY_A_PERSON) == given


def test_marks_of_tests_are_the_same(old):
    before, after = old
    assert marks(after, BY_A_TEST) == marks(before, BY_A_TEST)
    was, now = records(before), records(after)
    for key in ("status", "score", "max_score"):
        assert {who: r[key] for who, r in now.items()} == {
            who: r[key] for who, r in was.items()
        }
    with (after / "grades.csv").open(newline="") as file:
        rows = {row["student"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == {"ada": 6, "bob": 1, "cy": 0, "dee": 0}


def test_each_result_says_why_it_was_executed_again_and_by_which_version(old):
    for record in records(old[1]).values():
        assert "grader changed" in record["executed_because"]
        assert "gradebook" not in record["executed_because"]
        assert record["version"] == autograder.__version__
    again = command("grade", "--course", str(old[1]))
    assert "0 graded, 0 unreadable, 0 errored, 4 unchanged" in again


def test_it_is_shown_and_exported(old):
    _, after = old
    for order in ("feedback", "report", "export", "show"):
        command(order, "--course", str(after))
    page = (after / "feedback" / "ada" / "ps1" / "problem.html").read_text("utf-8")
    assert "Say for which n." in page
    assert autograder.__version__ in (after / "report.html").read_text("utf-8")
    with (after / "points.csv").open(newline="") as file:
        rows = {(r["student"], r["cell"]): r["points"] for r in csv.DictReader(file)}
    assert rows["ada", "why"] == "3"


LATER = json.dumps({"student": "a", "lesson": "b", "status": "graded", "mood": 1})


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (LATER[:-1] + ', "version": "9.0.0"}', "'mood' of autograder 9.0.0"),
        (LATER, "'mood' of autograder another version"),
        ('{"student": "a", "lesson": "b"}', "no status"),
        ("[1, 2]", "'[1, 2]'"),
        ("student,lesson,status", "'student,lesson,status'"),
    ],
)
def test_results_that_cannot_be_read_end_a_run_and_stay(line, found, tmp_path):
    root = lay_out(tmp_path, "watch")
    path = root / "results.jsonl"
    content = line + "\n" + path.read_text("utf-8")
    path.write_text(content, "utf-8")
    refused = CliRunner().invoke(app, ["grade", "--course", str(root)]).exception
    assert isinstance(refused, WrongUse)
    assert f"{path}, line 1: found {found}" in str(refused)
    assert path.read_text("utf-8") == content


@pytest.mark.parametrize("tail", ['{"stu', '{"student": "bob", "les', "\0" * 40])
def test_what_a_power_cut_leaves_is_done_again(tail, tmp_path):
    path = tmp_path / "results.jsonl"
    Ledger(path).add(Record("ada", "ps1", "graded", message="one\u2028line"))
    with path.open("a", encoding="utf-8") as file:
        file.write(tail)
    assert Ledger(path).records.keys() == {("ada", "ps1")}
    assert path.read_text("utf-8").endswith("}\n")
