"""A fault ends a run with what to do about it, and the next run finishes the class."""

import errno
import os
import signal
from functools import partial
from multiprocessing import forkserver

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import cli
from autograder.grading.grader import Grader
from autograder.grading.system_errors import concerns
from autograder.intake.submissions import submissions
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits
from bench.fault_injection import NotHere
from bench.fault_scenarios import (
    MIDDLE,
    STUDENTS,
    NotingEngine,
    make_class,
    run_scenario,
    undisturbed,
)

pytestmark = pytest.mark.xdist_group("faults")
SAID = {
    "file too large, in the middle": "disk I/O error; look whether its disk is full",
    "disk full, in the middle": "; free some space on its disk, and run the same",
    "read only, in the middle": "Read-only file system; make it writable, or copy",
    "gradebook locked, in the middle": "locked; close what else has it open",
    "coordinator killed 0 ms after a record": "ended by signal 9",
}
"""What a run says that ends in the middle. `make soak` tries all other scenarios."""


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Return the gradebook of a class that nothing happened to."""
    return undisturbed(tmp_path_factory.mktemp("quiet") / "class")


@pytest.mark.parametrize("scenario", SAID)
def test_a_run_that_ends_in_its_middle_keeps_what_it_recorded(
    scenario, expected, tmp_path, capfd
):
    try:
        outcome = run_scenario(scenario, tmp_path, expected)
    except NotHere as error:
        pytest.skip(str(error))
    assert outcome.is_same
    assert SAID[scenario] in outcome.said
    assert (outcome.recorded, outcome.lost, outcome.twice) == (MIDDLE, [], [])
    assert "Traceback" not in capfd.readouterr().err


def test_a_second_run_in_the_middle_changes_nothing_and_says_why(expected, tmp_path):
    outcome = run_scenario("second run in the middle", tmp_path, expected)
    assert outcome.is_good
    assert outcome.recorded == STUDENTS
    assert "exit status 1" in outcome.said
    assert "another run grades tiny of this class now; wait until it" in outcome.said


def test_a_template_that_is_killed_is_made_anew(expected, tmp_path):
    outcome = run_scenario("template killed, in the middle", tmp_path, expected)
    assert outcome.is_good
    assert (outcome.said, outcome.recorded) == ("", STUDENTS)


def test_what_another_run_has_graded_meanwhile_is_not_graded_again(tmp_path):
    course = make_class(tmp_path / "class")
    todo, executed = submissions(course)[:2], []
    late = Grader(
        course, jobs=1, limits=NotebookLimits(), engine=partial(NotingEngine, executed)
    )
    Grader(course, jobs=1, limits=NotebookLimits()).run(todo[:1])
    assert [r.student for r in late.each(todo, force=False)] == [todo[1].student]
    assert executed == [todo[1].student]


def test_what_only_a_submissions_own_folder_refuses_ends_no_run(tmp_path):
    own, disk = str(tmp_path / "ada" / "notes.txt"), str(tmp_path / "results.jsonl")
    assert concerns(PermissionError(errno.EACCES, "no", own), tmp_path / "ada")
    assert not concerns(PermissionError(errno.EACCES, "no", disk), tmp_path / "ada")
    assert not concerns(OSError(errno.ENOSPC, "full", own), tmp_path / "ada")


def test_a_new_template_is_made_as_the_first_one_was():
    """Else numbers could depend on which of them a notebook came from."""
    cell = new_code_cell("import os\nassert os.environ['OMP_NUM_THREADS'] == '1'")
    cell.metadata["nbgrader"] = {"grade": True, "grade_id": "threads", "points": 1}
    job = Job(new_notebook(cells=[cell]), "", shared={"threads"})
    with Engine([], NotebookLimits()) as engine:
        assert engine.run(job).cells[0]["status"] == "passed"
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
        assert engine.run(job).cells[0]["status"] == "passed"


def test_any_command_that_meets_a_full_disk_says_so(monkeypatch, capsys):
    def meets_it() -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "class/report.html")

    monkeypatch.setattr("logging.disable", lambda _: None)
    monkeypatch.setattr(cli, "app", meets_it)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith("class/report.html: No space left on device; free some")
