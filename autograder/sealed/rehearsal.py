"""Rehearses a test in the template, so that no fork of it begins from nothing.

Python makes a function faster when it has been called some times, and writes that into
the function: what every test goes through is warm, then, and its memory stays shared.
The template plays both parts at once.
"""

from __future__ import annotations

import linecache
import signal
import socket
import threading

from autograder.sealed.compiling.code_of_tests import compile_test
from autograder.sealed.examiner.conversation import Conversation
from autograder.sealed.examiner.run_test import run_test
from autograder.sealed.student.server import Server

ROUNDS = 9
"""One more than Python 3.11 calls a function before it makes it faster."""

NOTEBOOK = """
import numpy as np

class Model:
    def __init__(self, rate):
        self.rate = rate

    def fit(self, X):
        self.w = self.rate * X.sum(axis=0)
        return self

def same(x):
    return x

def scaled(X, factor=2.0):
    return [np.asarray(X) * factor, {"factor": factor}]

def applied(function, x):
    return function(x)

def drawn(rng):
    return rng.normal(size=3)

def refused(x):
    raise ValueError("refused")
"""
TEST = """
import numpy as np
from numpy.testing import assert_allclose

X = np.arange(6.0).reshape(2, 3)
before = X.copy()
found = scaled(X, factor=3.0)
assert isinstance(found, list) and np.shape(found[0]) == (2, 3), f"found {found}"
assert np.array_equal(X, before), "the argument was changed"
assert np.allclose(found[0], 3 * X) and found[1]["factor"] == 3.0
assert_allclose(scaled(X)[0], 2 * X)
for value in (1, 2.5, "text", True, None, (1, 2), {"a": [1.0]}, np.float64(0.5)):
    assert same(value) == value, f"found {same(value)!r}, expected {value!r}"
assert abs(same(0.5) - 0.5) < 1e-9
assert np.array_equal(same(np.array([1, 2])), [1, 2])
assert applied(lambda x: x + 1, 2) == 3
model = Model(rate=0.5).fit(X)
assert np.allclose(model.w, 0.5 * X.sum(axis=0)) and callable(model.fit)
assert len(drawn(np.random.default_rng(0))) == 3
try:
    refused(1)
except ValueError as error:
    assert "refused" in str(error)
"""
_NAME = "<rehearsal>"


def rehearse() -> None:
    """Run a test some times, as its examiner and as the student's process."""
    before = signal.getsignal(signal.SIGINT)
    here, there = socket.socketpair()
    went_wrong: list[BaseException] = []
    # A thread, which is gone before anything forks: a fork would be warm by itself.
    other = threading.Thread(target=_examine, args=(here, went_wrong))
    other.start()
    with there:  # interrupts are the main thread's, and so the student's
        answer(there)
    other.join()
    for error in went_wrong:
        raise error
    signal.signal(signal.SIGINT, before)  # students' processes leave it out
    linecache.cache.pop(_NAME, None)


def examine(sock: socket.socket) -> None:
    """Be the examiner; raises what a test raises that fails."""
    conversation, code = Conversation(sock), compile_test(TEST, _NAME)
    for _ in range(ROUNDS):
        conversation.run_cell(NOTEBOOK)
        run_test(TEST, conversation, {"__name__": "__main__"}, _NAME, code)


def _examine(sock: socket.socket, went_wrong: list[BaseException]) -> None:
    try:
        with sock:
            examine(sock)
    except BaseException as error:
        went_wrong.append(error)


def answer(sock: socket.socket) -> None:
    """Be the student's process, until the examiner goes."""
    namespace: dict[str, object] = {}
    exec(NOTEBOOK, namespace)  # noqa: S102 - the one above
    Server(sock).serve(namespace, lambda source: "ok")
