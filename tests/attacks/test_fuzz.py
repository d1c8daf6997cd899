"""A few cases of each target of `make fuzz`, the same in every run."""

import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.sealed.sandbox.spawn import probe
from bench.fuzz import incoming
from bench.fuzz.__main__ import TARGETS
from bench.fuzz.supervision import Trial
from bench.fuzz.target import Target, Wrong

FEW = settings(
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
pytestmark = pytest.mark.xdist_group("fuzz")  # what they need is made once


@pytest.fixture(scope="module", autouse=True)
def scratch(tmp_path_factory):
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("fuzz"))
    incoming.prepare_once()
    yield
    tempfile.tempdir = before


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "class"])
@FEW
@given(number=st.integers(0, 10**6))
def test_nothing_that_comes_in_ends_in_an_error_of_ours(name, number):
    TARGETS[name].attempt(TARGETS[name].case(0, number))


@pytest.mark.patient
@pytest.mark.skipif(
    not all(layer.active for layer in probe()),
    reason="without the whole sandbox these cases could harm this machine",
)
def test_somebody_honest_keeps_all_marks_beside_spoilt_notebooks():
    TARGETS["class"].attempt(TARGETS["class"].case(0, 1))


def test_a_case_is_the_same_each_time_and_others_are_others():
    target = TARGETS["notebook"]
    cases = [target.case(seed, number) for seed in (1, 2) for number in range(20)]
    assert cases == [target.case(seed, n) for seed in (1, 2) for n in range(20)]
    assert len(set(cases)) > 30


def _ends(content: bytes) -> None:
    if content == b"raises":
        raise Wrong("this must not be")
    if content == b"ends":
        raise SystemExit
    if content == b"takes memory":
        bytearray(2**28)
    if content == b"takes long":
        while True:
            pass


@pytest.mark.parametrize(
    ("content", "told"),
    {
        b"is fine": "",
        b"raises": "this must not be",
        b"ends": "SystemExit",
        b"takes memory": "MemoryError",
        b"takes long": "no answer after",
    }.items(),
)
def test_what_must_not_be_is_found(content, told, monkeypatch):
    if content == b"takes long":  # all others answer, however busy the machine is
        monkeypatch.setattr("bench.fuzz.supervision.LATE_S", 0.01)
    monkeypatch.setattr("bench.fuzz.supervision.LOOK_S", 0.05)
    target = Target("x", lambda: [b"x"], lambda _, x: x, _ends, 0.1, memory_mib=50)
    trial = Trial(target)
    try:
        problem = trial.attempt(content).problem
        assert told in problem
        assert bool(told) == bool(problem)
    finally:
        trial.end()
