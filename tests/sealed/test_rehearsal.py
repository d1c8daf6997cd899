"""The template rehearses a test: it is warm then, and as it was otherwise."""

import subprocess
import sys

PROGRAM = """
import linecache, os, random, signal, socket, threading
import numpy as np
from autograder.sealed import rehearsal
from autograder.sealed.examiner.run_test import run_test
from autograder.sealed.student.server import Server

def state():
    return (
        os.listdir("/dev/fd"), threading.active_count(),
        [name for name in linecache.cache if not os.path.exists(name)],
        signal.getsignal(signal.SIGINT), np.geterr(), random.getstate(),
        [str(part) for part in np.random.get_state()],
    )

def is_fast(function):
    return function.__code__._co_code_adaptive != function.__code__.co_code

socket.socketpair()  # which imports something
before = state()
assert not is_fast(run_test) and not is_fast(Server._answer)
rehearsal.rehearse()
assert state() == before
assert is_fast(run_test) and is_fast(Server._answer)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no child is left")
"""


def test_a_rehearsal_makes_both_parts_fast_and_leaves_nothing_else():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "no child is left\n", done.stderr
