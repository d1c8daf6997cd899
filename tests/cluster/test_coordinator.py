"""A class is graded on a cluster: the same marks, whatever becomes of its workers."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import dask
import nbformat
import pytest
from distributed import Client

from autograder.base.errors import ClusterLost, WrongUse
from autograder.base.paths import ROOT
from autograder.cluster import connection
from autograder.cluster.connection import connect
from autograder.cluster.coordinator import Cluster
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.publish.variant_notebooks import hand_out
from autograder.sealed.engine import Engine
from autograder.sealed.limits import NotebookLimits
from tests.support.misfits import MortalWorker, jobs_of
from tests.support.small_course import NAME, RIGHT, hand_in, make_course
from tests.support.variants_course import (
    class_of,
    give_in,
    own_notebook,
    with_the_slope,
)

pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("cluster")]
LIMITS = NotebookLimits()
SLOW = "import time\n\ntime.sleep(2)\n" + RIGHT["total"]
ANSWERS = {
    "ada": RIGHT,
    "bob": RIGHT | {"double": "def double(x):\n    return x ** 2"},
    "cy": RIGHT | {"total": "def total(n):\n    return len(n)"},
    "dee": RIGHT | {"double": "import os\ndef double(x):\n    os._exit(3)"},
    "eve": {},
    "fay": RIGHT
    | {"double": "np.testing.assert_allclose = print\ndef double(x):\n    return x"},
}
SCORES = {"ada": 7, "bob": 4, "cy": 5, "dee": 4, "eve": 0, "fay": 4}
BOMB = """
class Bomb:
    def __eq__(self, other):
        return True

    def __repr__(self):
        return "bomb"

    def __reduce__(self):
        return open, ({flag!r}, "w")


def double(x):
    return Bomb()
"""
VISIT = """
import socket


def total(numbers):
    try:
        socket.create_connection(({host!r}, {port}), 2).close()
        print("in touch with the scheduler")
    except OSError as error:
        print("kept out:", type(error).__name__)
    return sum(numbers)
"""


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
    flag = tmp_path / "unpickled"
    scheduler = urlsplit(cluster.dashboard)
    visit = VISIT.format(host=scheduler.hostname, port=scheduler.port)
    attacks = {
        "gus": RIGHT | {"double": BOMB.format(flag=str(flag))},
        "hal": RIGHT | {"total": visit},
    }
    here = grade(tmp_path / "here", ANSWERS | attacks)
    there = grade(tmp_path / "there", ANSWERS | attacks, cluster.engine)
    scores = {name: record["score"] for name, record in there.items()}
    assert scores == SCORES | {"gus": 4, "hal": 7}
    assert there == here
    assert not flag.exists()
    path = f"{NAME}/{NAME}.ipynb"
    rooms = [tmp_path / room / "classroom" for room in ("here", "there")]
    for student in ("dee", "gus", "hal"):
        graded = [
            nbformat.read(room / "autograded" / student / path, 4) for room in rooms
        ]
        assert graded[0].cells == graded[1].cells
    assert "kept out: " in str(graded[1].cells)
    assert "in touch" not in str([cell.get("outputs") for cell in graded[1].cells])
    ours, theirs = [(room / "grades.csv").read_text() for room in rooms]
    assert theirs == ours


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
def a_worker(kind: str, address: str, *options: str) -> Iterator[None]:
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address]
    command += [
        "--no-nanny",
        "--no-dashboard",
        "--worker-class",
        f"tests.support.misfits.{kind}",
    ]
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def old() -> Iterator[tuple[str, Client]]:
    """Start a scheduler with a worker that has other packages."""
    with (
        connection.scheduler_here(workers=0) as address,
        a_worker("OldWorker", address),
        Client(address, set_as_default=False) as watcher,
    ):
        watcher.wait_for_workers(1, timeout=120)
        yield address, watcher


def test_a_worker_with_other_packages_gets_no_work_and_is_told_apart(old):
    said: list[str] = []
    with (
        pytest.raises(ClusterLost, match="of 1 workers none may execute"),
        connect(old[0], require_sandbox=True, say=said.append, patience_s=3),
    ):
        pass
    (text,) = said
    assert "numpy: found 1.0, expected " in text
    assert "scipy" not in text
    assert "found no seccomp, expected all layers" in text


def test_beside_such_a_worker_the_right_one_does_all_the_work(old, tmp_path):
    address, watcher = old
    said: list[str] = []
    with a_worker("MortalWorker", address), connect(address, say=said.append) as both:
        records = grade(tmp_path, ANSWERS, both.engine)
        (busy,), (idle,) = (
            [n for n in watcher.run(jobs_of, kind).values() if n is not None]
            for kind in ("MortalWorker", "OldWorker")
        )
    assert {name: record["score"] for name, record in records.items()} == SCORES
    assert (busy, idle) == (len(ANSWERS), 0)
    assert [text.count("numpy: found 1.0") for text in said] == [1]


def test_with_certificates_work_goes_over_tls_and_nobody_else_gets_in(tmp_path):
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=cluster"
    command = [*make.split(), "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    flags = ["--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key]
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard"]
    place = ["--host", "127.0.0.1", "--port", "0", "--protocol", "tls"]
    listening = tmp_path / "scheduler.json"
    scheduler = subprocess.Popen(
        [*command, *place, *flags, "--scheduler-file", str(listening)],
        stderr=subprocess.DEVNULL,
    )
    tls = {"ca-file": certificate, "client.cert": certificate, "client.key": key}
    try:
        address = _address(listening)
        with (
            a_worker("MortalWorker", address, *flags),
            dask.config.set({f"distributed.comm.tls.{k}": v for k, v in tls.items()}),
            connect(address) as cluster,
        ):
            records = grade(tmp_path, {"ada": RIGHT}, cluster.engine)
        assert records["ada"]["score"] == 7
        with pytest.raises(WrongUse, match="found no Dask scheduler"), connect(address):
            pass
    finally:
        scheduler.terminate()
        scheduler.wait()


def _address(listening: Path) -> str:
    """Return where a scheduler listens, once it does."""
    for _ in range(600):
        with suppress(FileNotFoundError, ValueError):
            return json.loads(listening.read_text())["address"]
        time.sleep(0.1)
    raise TimeoutError(str(listening))
