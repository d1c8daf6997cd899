"""Those who learn alone run all tests on their own work, and see how far they are."""

import re
import subprocess

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.base.paths import ROOT
from autograder.cli import app
from autograder.publish import own_work
from tests.support.clone import fresh_clone
from tests.support.small_course import LESSON, NAME, RIGHT, make_course, released

README = (ROOT / "README.md").read_text("utf-8")
LINES = re.search(r"## Self-learners\n\n((?:    .+\n)+)", README)[1]


@pytest.fixture
def answers(tmp_path, monkeypatch):
    """Make the small lesson the only one; return what writes its notebook."""
    made = make_course(tmp_path, LESSON)
    monkeypatch.setattr(own_work, "ROOM", made.results)
    monkeypatch.setattr(own_work, "own_course", lambda _: made)
    monkeypatch.setattr(own_work, "lesson_names", lambda: [NAME])
    monkeypatch.setattr(own_work, "update_sources", lambda: [])

    def write(given, name=f"{NAME}.ipynb"):
        content = released(tmp_path)
        for cell in content.cells:
            cell.source = given.get(cell.id, cell.source)
        nbformat.write(content, tmp_path / name)
        return str(tmp_path / name)

    return write


def run(*arguments):
    return CliRunner().invoke(app, arguments)


def test_hidden_tests_run_too_and_progress_is_kept(answers):
    assert "00_small  - of 10" in run("progress").output
    path = answers(RIGHT | {"total": "def total(numbers):\n    return numbers[0]"})
    told = run("check", path, "--all")
    assert told.exit_code == 1
    assert "test_total_share" in told.output
    assert "2 of 3 checks pass, hidden ones included" in told.output
    progress = run("progress").output
    assert re.search(r"00_small +\S+ of 10 .* total", progress)
    assert "Go on with 00_small: total." in progress


def test_what_people_mark_waits_and_is_no_failed_check(answers):
    told = run("check", answers(RIGHT, "mine.ipynb"), "--all")
    assert told.exit_code == 0
    assert "3 of 3 checks pass, hidden ones included: 7 of 10 points" in told.output
    assert "3 more are for written answers: compare them with solutions/" in told.output
    assert "3 points: compare" in run("progress").output


REACHES = """
def double(x):
    import os
    for name in ("results.jsonl", "gradebook.db", "submitted/me/00_small/x"):
        path = os.path.join({room!r}, name)
        try:
            with open(path, "a") as file:
                file.write("full marks")
            raise RuntimeError("LOOT " + path)
        except OSError:
            pass
    return os.path.exists({room!r})
"""


def test_a_notebook_that_is_checked_neither_sees_nor_writes_progress(answers):
    run("check", answers(RIGHT), "--all")
    room = own_work.ROOM
    marks = run("progress").output
    reaching = answers(RIGHT | {"double": REACHES.format(room=str(room))})
    told = run("check", reaching, "--all")
    assert "LOOT" not in told.output
    assert "double(3) is False" in told.output
    assert "full marks" not in (room / "results.jsonl").read_text("utf-8")
    assert run("progress").output != marks


def test_a_notebook_of_no_lesson_is_named(answers, tmp_path):
    path = tmp_path / "other.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    told = run("check", str(path), "--all")
    assert "found no lesson that it is of" in str(told.exception)


@pytest.mark.patient
def test_the_lines_of_the_readme_work_in_a_fresh_clone(tmp_path):
    clone = fresh_clone(tmp_path)
    done = [
        subprocess.run(line, shell=True, cwd=clone, capture_output=True, text=True)
        for line in LINES.splitlines()
        if "make lab" not in line  # it opens a browser
    ]
    check, progress = done
    assert "checks pass, hidden ones included: 0 of 20 points" in check.stdout
    assert "Go on with 01_neuron: predict_z" in progress.stdout, progress.stderr
