"""A cluster is asked for by its address, is loaded only then, and may be lost."""

import subprocess
import sys

import pytest

from autograder.base.errors import ClusterLost, WrongUse
from autograder.base.paths import ROOT
from autograder.cluster import connection
from autograder.cluster.connection import connect
from autograder.gradebook.results import Ledger
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from tests.support.graded import grade
from tests.support.small_course import RIGHT, hand_in, make_course


def test_without_a_scheduler_the_address_is_named(monkeypatch):
    monkeypatch.setattr(connection, "CONNECT_S", 0.5)
    with (
        pytest.raises(WrongUse, match=r"tcp://127\.0\.0\.1:1: found no Dask scheduler"),
        connect("tcp://127.0.0.1:1"),
    ):
        pass


def test_dask_is_loaded_only_when_it_is_asked_for():
    code = (
        "import sys\n"
        "sys.modules['rfc3987_syntax'] = None  # as in main; slow\n"
        "import autograder.cli, autograder.sealed.engine\n"
        "import autograder.intake.submissions\n"
        "assert not {'dask', 'distributed'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


class EngineThatIsLost(Engine):
    """An engine with the fate of a cluster whose last worker goes after two jobs."""

    jobs = 0

    def run(self, job: Job):
        self.jobs += 1
        if self.jobs > 2:
            raise ClusterLost("no worker is left")
        return super().run(job)


def test_when_all_workers_are_gone_the_run_ends_and_the_next_one_goes_on(tmp_path):
    course = make_course(tmp_path)
    wrong = RIGHT | {"total": "def total(numbers):\n    return len(numbers)"}
    for student, answers in {"ada": RIGHT, "bob": wrong, "cy": {}}.items():
        hand_in(tmp_path, student, answers)
    with pytest.raises(ClusterLost, match="no worker is left"):
        grade(tmp_path, engine=EngineThatIsLost)
    before = Ledger(course.results / "results.jsonl").records
    assert len(before) <= 2  # as many jobs were done
    assert all(record.status == "graded" for record in before.values())
    again = grade(tmp_path)
    scores = {student: record.score for student, record in again.items()}
    assert scores == {"ada": 7, "bob": 5, "cy": 0}
