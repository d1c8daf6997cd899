"""An honest submission beside one that keeps the only core busy keeps its marks."""

import os
import re

import pytest

from autograder.sealed.limits import NotebookLimits
from autograder.sealed.sandbox import spawn
from tests.attacks.arena import FULL, Arena, Hand, solved
from tests.attacks.confinement.neighbours import honest_but_slow, load

pytestmark = [
    pytest.mark.patient,  # they load the machine as long as they succeed
    pytest.mark.xdist_group("neighbours"),
    pytest.mark.skipif(
        not all(layer.active for layer in spawn.probe()),
        reason="without the whole sandbox these attacks could harm this machine",
    ),
]

LIMITS = NotebookLimits(
    cell_cpu_s=1.0,
    notebook_cpu_s=15.0,
    cell_wall_s=6.0,
    notebook_wall_s=90.0,
    memory_mib=256,
    processes=64,
    open_files=128,
    file_size_mib=8,
    scratch_mib=32,
    output_kib=64,
)
"""The ratios of `NotebookLimits`, with a tenth of the seconds."""


@pytest.fixture
def one_core():
    """Let this process and its children run on one core only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.mark.parametrize("attack", load.attacks, ids=lambda attack: attack.name)
def test_an_honest_student_keeps_all_marks_beside(attack, one_core, tmp_path):
    arena = Arena(tmp_path)
    hand = Hand(room=arena.room)
    attack.prepare(hand)
    arena.hand_in("a_bully", hand)
    arena.hand_in("honest", honest_but_slow())
    outcomes = arena.grade(LIMITS, jobs=2)
    record = outcomes["honest"].record
    assert record.status == "graded", record.message
    lost = [c for c in record.cells if c["points"] < c["max_points"]]
    assert [c["message"] for c in lost if c["status"] != "manual"] == []
    assert record.score == FULL
    assert outcomes["a_classmate"].record.score == FULL


def test_an_honest_student_keeps_all_marks_alone(one_core, tmp_path):
    arena = Arena(tmp_path)
    arena.hand_in("honest", honest_but_slow())
    assert arena.grade(LIMITS, jobs=1)["honest"].record.score == FULL


UNCOUNTED = {
    "children that nobody waits for": """
import signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    spend()
""",
    "children of a child that nobody waits for": """
import signal
if os.fork() == 0:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        spend()
time.sleep(100)
""",
    "children without a wait": """
import ctypes
class Action(ctypes.Structure):
    _fields_ = [("handler", ctypes.c_void_p), ("mask", ctypes.c_ulong * 16),
                ("flags", ctypes.c_int), ("restorer", ctypes.c_void_p)]
ctypes.CDLL(None).sigaction(17, ctypes.byref(Action(None, flags=2)), None)
while True:
    spend()
""",
}
"""Ways to compute in processes that are gone before anybody has counted them."""


@pytest.mark.parametrize("name", UNCOUNTED)
def test_all_that_is_computed_is_counted(name, tmp_path):
    """What is spent is told by the processes themselves, as they end."""
    arena, hand = Arena(tmp_path), solved()
    hand.last(
        """
import os, time
def spend():
    try:
        child = os.fork()
    except OSError:  # as many as it may have
        child = None
    if child == 0:
        while time.process_time() < 0.05:
            pass
        print("spent:", time.process_time(), flush=True)
        os._exit(0)
    time.sleep(0.02)
"""
        + UNCOUNTED[name]
    )
    arena.hand_in("spender", hand)
    outcome = arena.grade(LIMITS, jobs=1)["spender"]
    spent = sum(map(float, re.findall(r"spent: ([0-9.]+)", outcome.outputs)))
    assert outcome.record.score == FULL
    # They say it when they end; uncounted, they spend six times the limit.
    assert spent < 1.5 * LIMITS.cell_cpu_s
