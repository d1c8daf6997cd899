"""A fault ends a run with what to do about it, and the next run finishes the class."""

import errno
import os
import signal
from multiprocessing import forkserver

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import cli
from autograder.sealed.engine import Engine, Job
from autograder.sealed.limits import Limits
from bench.faults import FAULTS, STUDENTS, suffer, undisturbed

pytestmark = pytest.mark.xdist_group("faults")
SAID = {
    "gradebook_locked": "database is locked; close what else has it open",
    "second_run": "another run grades this class now; wait until it has ended",
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
