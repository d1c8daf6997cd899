"""A fault ends a run with what to do about it, and the next run finishes the class."""

import errno
import os
import signal
from multiprocessing import forkserver, get_context

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import cli
from autograder.alone import only_grader
from autograder.errors import EngineError
from autograder.faults import concerns
from autograder.sealed.engine import Engine, Job
from autograder.sealed.limits import Limits
from bench.faults import FAULTS, STUDENTS, suffer, undisturbed

pytestmark = pytest.mark.xdist_group("faults")
SAID = {
    "gradebook_locked": "database is locked; close what else has it open",
    "second_run": "another run grades tiny of this class now; wait until it has",
    "template_killed": "",
}
"""The other faults of `bench.faults` need root or more time: `make soak` tries them."""


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Return the gradebook of a class that nothing happened to."""
    return undisturbed(tmp_path_factory.mktemp("quiet") / "class")


@pytest.mark.parametrize(
    "fault", [f for f in FAULTS if f.__name__ in SAID], ids=lambda f: f.__name__
)
def test_a_class_ends_with_the_same_gradebook_after(fault, expected, tmp_path, capfd):
    outcome = suffer(fault, tmp_path, expected)
    assert outcome.is_same
    assert SAID[outcome.fault] in outcome.said
    assert "Traceback" not in capfd.readouterr().err
    if outcome.fault == "template_killed":
        assert (outcome.said, outcome.recorded) == ("", STUDENTS)


def test_a_lesson_has_one_grader_at_a_time_and_other_lessons_have_others(tmp_path):
    with only_grader(tmp_path, ["a", "b"]), only_grader(tmp_path, ["c"]):
        with pytest.raises(EngineError, match="another run grades b of this class"):
            only_grader(tmp_path, ["b", "d"]).__enter__()
        with only_grader(tmp_path, ["d"]):  # what was refused holds nothing
            pass
    with only_grader(tmp_path, ["a", "b", "c"]):
        pass


def test_a_killed_grader_keeps_nobody_out(tmp_path):
    context = get_context("fork")
    ours, theirs = context.Pipe()

    def grade() -> None:
        with only_grader(tmp_path, ["a"]):
            theirs.send("begun")
            signal.pause()

    grader = context.Process(target=grade)
    grader.start()
    assert ours.recv() == "begun"
    with pytest.raises(EngineError, match="another run grades a of"):
        only_grader(tmp_path, ["a"]).__enter__()
    grader.kill()
    grader.join()
    with only_grader(tmp_path, ["a"]):
        pass


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
    with Engine([], Limits()) as engine:
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
