"""Interrupts come where they are let in, and at the end where they are held back."""

import signal
import threading

import pytest

from autograder.sealed.student.interrupts import held_back, let_in


@pytest.fixture(autouse=True)
def ignoring():
    """Ignore interrupts around the test's own blocks, as between two requests."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_comes_at_once_where_it_is_let_in():
    reached = []

    def interrupted():
        with let_in():
            signal.raise_signal(signal.SIGINT)
            reached.append("after")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not reached


def test_an_interrupt_that_is_held_back_comes_at_the_end():
    reached = []

    def interrupted():
        with let_in(), held_back():
            signal.raise_signal(signal.SIGINT)
            reached.append("inside")
        reached.append("after")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert reached == ["inside"]


def test_what_was_held_back_comes_where_it_is_let_in():
    with held_back():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), let_in():
            pytest.fail("it came too late")
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler


def test_other_threads_change_nothing():
    seen = []

    def look():
        with let_in():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_IGN]


def test_a_block_whose_end_was_interrupted_ends_all_the_same():
    block = let_in()
    block.__enter__()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    del block
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
