"""A class is graded on a cluster: the same marks, whatever becomes of its workers."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import nbformat
import pytest
from course import NAME, RIGHT, hand_in, make_course
from distributed import Client
from misfits import MortalWorker
from test_variants import class_of, give_in, own_notebook, with_the_slope

from autograder.cluster import connection
from autograder.cluster.connection import connect
from autograder.cluster.coordinator import Cluster
from autograder.cluster.messages import Settings, pack, unpack
from autograder.errors import ClusterLost, WrongUse
from autograder.grade import Grader
from autograder.handout import hand_out
from autograder.results import Ledger
from autograder.sealed.engine import Engine, Job
from autograder.sealed.limits import Limits
from autograder.submissions import submissions

pytestmark = pytest.mark.xdist_group("cluster")
TESTS = Path(__file__).parent
LIMITS = Limits(cell_cpu_s=1, cell_wall_s=4)
SLOW = "import time\n\ntime.sleep(0.8)\n" + RIGHT["total"]
ANSWERS = {
    "ada": RIGHT,
    "bob": RIGHT | {"double": "def double(x):\n    return x ** 2"},
    "cy": RIGHT | {"total": "def total(n):\n    return len(n)"},
    "dee": RIGHT | {"double": "import os\ndef double(x):\n    os._exit(3)"},
    "eve": {},
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Start two workers on this machine that a notebook can have killed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "GraderWorker", MortalWorker)
        patch.setattr(connection, "DEATHS", 0)
        with connect("local:2") as found:
            yield found


def grade(root: Path, answers: dict[str, dict], engine=Engine) -> dict[str, dict]:
    """Grade a class; return the marks that matter by student."""
    course = make_course(root)
    for student, cells in answers.items():
        hand_in(root, student, cells)
    grader = Grader(course, jobs=2, limits=LIMITS, engine=engine)
    records = {r.student: asdict(r) for r in grader.run(submissions(course))}
    for record in records.values():
        for field in ("seconds", "slowest", "executed_because", "key"):
            del record[field]
    return records


def test_a_cluster_gives_the_marks_that_this_machine_gives(cluster, tmp_path):
    here = grade(tmp_path / "here", ANSWERS)
    there = grade(tmp_path / "there", ANSWERS, cluster.engine)
    assert [here[name]["score"] for name in ANSWERS] == [7, 4, 5, 4, 0]
    assert there == here
    path = f"classroom/autograded/dee/{NAME}/{NAME}.ipynb"
    graded = [nbformat.read(tmp_path / r / path, 4) for r in ("here", "there")]
    assert graded[0].cells == graded[1].cells
    assert (tmp_path / "there/classroom/grades.csv").read_text() == (
        tmp_path / "here/classroom/grades.csv"
    ).read_text()


def test_constants_of_each_students_own_go_there_too(cluster, tmp_path):
    course = class_of(tmp_path)
    list(hand_out(course, [], ["ada", "bob"]))
    adas = with_the_slope(course, "ada")
    for student in ("ada", "bob"):
        give_in(course, student, own_notebook(course, "ada"), adas)
    grader = Grader(course, jobs=2, limits=LIMITS, engine=cluster.engine)
    records = grader.run(submissions(course))
    assert {record.student: record.score for record in records} == {"ada": 3, "bob": 2}


OTHERS = {f"s{n}": RIGHT | {"why": f"I am {n}."} for n in range(3)}


def test_a_worker_that_is_killed_costs_no_mark(cluster, tmp_path):
    flag = tmp_path / "has-died"
    dies = RIGHT | {"total": SLOW + f"\n# dies once: {flag}"}
    records = grade(tmp_path, OTHERS | {"ada": dies}, cluster.engine)
    assert flag.exists()
    assert {record["score"] for record in records.values()} == {7}
    assert len(records) == 4


def test_a_submission_that_kills_its_workers_is_named_and_the_run_goes_on(
    cluster, tmp_path
):
    dies = RIGHT | {"total": SLOW + "\n# dies always"}
    records = grade(tmp_path, OTHERS | {"ada": dies}, cluster.engine)
    guilty = records.pop("ada")
    assert {record["score"] for record in records.values()} == {7}
    assert guilty["status"] == "errored"
    assert "2 workers were lost while this notebook ran" in guilty["message"]


@contextmanager
def a_worker(kind: str, address: str) -> Iterator[None]:
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address]
    options = ["--no-nanny", "--no-dashboard", "--worker-class", f"misfits.{kind}"]
    process = subprocess.Popen(
        [*command, *options], cwd=TESTS, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def test_a_worker_with_other_packages_gets_no_work_and_is_told_apart(tmp_path):
    said: list[str] = []
    with (
        connection.scheduler_here(workers=0) as address,
        a_worker("OldWorker", address),
        Client(address, set_as_default=False) as watcher,
    ):
        watcher.wait_for_workers(1, timeout=120)
        with (
            pytest.raises(ClusterLost, match="of 1 workers none may execute"),
            connect(address, require_sandbox=True, say=said.append, patience_s=3),
        ):
            pass
    (text,) = said
    assert "numpy: found 1.0, expected " in text
    assert "scipy" not in text
    assert "found no seccomp, expected all layers" in text


def test_without_a_scheduler_the_address_is_named(monkeypatch):
    monkeypatch.setattr(connection, "CONNECT_S", 0.5)
    with (
        pytest.raises(WrongUse, match=r"tcp://127\.0\.0\.1:1: found no Dask scheduler"),
        connect("tcp://127.0.0.1:1"),
    ):
        pass


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
    with pytest.raises(ClusterLost, match="no worker is left"):
        grade(tmp_path, ANSWERS, EngineThatIsLost)
    before = Ledger(course.results / "results.jsonl").records
    assert len(before) <= 1  # the lesson's solution was the first job
    assert all(record.status == "graded" for record in before.values())
    again = grade(tmp_path, ANSWERS)
    assert [again[name]["score"] for name in ANSWERS] == [7, 4, 5, 4, 0]


def test_a_message_is_bytes_and_a_students_file_names_no_path(tmp_path):
    (tmp_path / "worker").mkdir()
    for name, content in {"a": "data", "b": "more", "figures": "{}"}.items():
        (tmp_path / name).write_text(content)
    job = Job(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", id="one")]),
        "import numpy",
        {"data/a.csv": tmp_path / "a", "../../b": tmp_path / "b"},
        hidden_names=["X"],
        shared={"test_one"},
        figures=tmp_path / "figures",
        kernel={"name": "ir", "language": "R", "argv": ["R"], "env": {}},
    )
    settings = Settings(("numpy",), LIMITS)
    header, paths = pack(job, settings)
    contents = [path.read_bytes() for path in paths]
    assert {type(part) for part in [header, *contents]} == {bytes}
    found, found_settings = unpack(header, contents, tmp_path / "worker")
    assert found_settings == settings
    assert (found.notebook, found.imports) == (job.notebook, job.imports)
    assert (found.shared, found.kernel) == (job.shared, job.kernel)
    assert {n: p.read_text() for n, p in found.files.items()} == {
        "data/a.csv": "data",
        "../../b": "more",
    }
    assert found.figures.read_text() == "{}"
    written = [*found.files.values(), found.figures]
    assert {path.parent for path in written} == {tmp_path / "worker"}


def test_dask_is_loaded_only_when_it_is_asked_for():
    code = (
        "import sys\n"
        "sys.modules['rfc3987_syntax'] = None  # as in main; slow\n"
        "import autograder.cli, autograder.submissions, autograder.sealed.engine\n"
        "assert not {'dask', 'distributed'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=TESTS.parent)
