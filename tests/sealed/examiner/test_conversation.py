"""Requests to the student's process: values, limits, interrupts."""

import os
import select
import signal
import time

import numpy as np
import pytest

from autograder.sealed.examiner.channel import StudentGone
from autograder.sealed.protocol.wire import MessageLimits
from tests.support.sealed.conversation import TimeUp, notebook, run


def test_tables_and_plain_results_of_every_sort_arrive_as_copies():
    code = """
        import numpy as np
        import pandas as pd
        from collections import OrderedDict, namedtuple

        def subgroup_report(y, yhat, group):
            frame = pd.DataFrame({"group": group, "error": np.abs(y - yhat)})
            found = frame.groupby("group")["error"].agg(n="size", mae="mean")
            return found.reset_index()

        def grouped_split(df, key, test_size, rng):
            names = df[key].unique()
            chosen = rng.permutation(names)[: int(len(names) * test_size)]
            held_out = df[key].isin(chosen)
            return df[~held_out], df[held_out]

        def describe(a):
            return dict(shape=a.shape, ndim=a.ndim, dtype=a.dtype, size=a.size)

        def odd_ones():
            Pair = namedtuple("Pair", "w b")
            return Pair(1, np.float32(2)), OrderedDict(b=1, a=2), {(0, "x"): {3}}

        zero_d = np.array(3.0)
        derived = np.arange(2.0).view(type("Derived", (np.ndarray,), {}))
        records = np.zeros(2, dtype=[("field", "i4")])
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            report = subgroup_report(np.ones(3), np.zeros(3), np.array(["a", "b", "a"]))
            assert type(report) is pd.DataFrame
            assert list(report.columns) == ["group", "n", "mae"]
            assert report["n"].tolist() == [2, 1]
            df = pd.DataFrame({"k": list("aabbcc"), "v": range(6)})
            train, test = grouped_split(df, "k", 0.34, np.random.default_rng(0))
            pd.testing.assert_frame_equal(pd.concat([train, test]).sort_index(), df)
            a = np.zeros((2, 3), np.float32)
            assert describe(a) == {
                "shape": (2, 3), "ndim": 2, "dtype": np.dtype("float32"), "size": 6
            }
            pair, ordered, keyed = odd_ones()
            assert type(pair) is tuple and type(pair[1]) is np.float32
            assert type(ordered) is dict and list(ordered) == ["b", "a"]
            assert keyed == {(0, "x"): {3}}
            assert type(zero_d) is np.ndarray and zero_d.shape == ()
            assert type(derived) is np.ndarray
            assert not isinstance(records, np.ndarray)
            """,
        )


def test_a_value_that_contains_itself_is_an_error_and_not_a_hang():
    code = """
        def f(x):
            return x

        def knot():
            found = []
            found.append({"again": found})
            return found

        def tie(values):
            values.append([values])
            values[-1].append(values[-1])
    """
    with notebook(code) as conversation:
        names = conversation.names(["f", "knot", "tie"])
        mine = [1]
        mine.append((mine,))
        with pytest.raises(TypeError, match="contains itself"):
            names["f"](mine)
        with pytest.raises(TypeError, match="contains itself"):
            names["knot"]()
        with pytest.raises(TypeError, match="contains itself"):
            names["tie"]([1])
        assert names["f"]([2]) == [2]


def test_a_value_that_is_too_large_is_an_error_in_both_directions():
    code = """
        def f(x):
            return x

        def large():
            return bytes(2**20)
    """
    with notebook(code, limits=MessageLimits(message_bytes=2**17)) as conversation:
        names = conversation.names(["f", "large"])
        with pytest.raises(TypeError, match="too large"):
            names["f"](np.zeros(2**17))
        with np.errstate(over="raise"), pytest.raises(TypeError, match="too large"):
            names["f"]([b"x" * 2**16, b"y" * 2**16])
        assert names["f"](1) == 1
    with notebook(code) as conversation:
        conversation._limits = conversation._channel._inbox._limits = MessageLimits(
            message_bytes=2**17
        )
        with pytest.raises(StudentGone, match="too large"):
            conversation.names(["large"])["large"]()
        assert conversation.broken


def test_functions_that_call_each_other_for_ever_are_stopped():
    code = """
        def bounce(f, n):
            return f(n)

        def often(f):
            while True:
                f()
    """
    with notebook(code, limits=MessageLimits(callbacks=50)) as conversation:
        names = conversation.names(["bounce", "often"])

        def back(n):
            return names["bounce"](back, n - 1) if n else "done"

        assert back(10) == "done"
        with pytest.raises(RecursionError):
            back(10**6)
        with pytest.raises(RuntimeError, match="for ever"):
            names["often"](lambda: None)
        assert back(3) == "done"


def test_what_student_code_prints_during_a_request_is_handed_on():
    outputs = []
    reading, writing = os.pipe()
    code = """
        import os, threading

        def talk():
            print("hello", end="")
            thread = threading.Thread(target=print, args=("thread",))
            thread.start()
            thread.join()
            return 1
    """
    try:
        with notebook(code, on_output=outputs.append, raw_output=reading) as it:
            os.write(writing, b"past \xff Python")
            assert it.names(["talk"])["talk"]() == 1
            assert it.run_cell("undefined") == "error"
            it.drain()
    finally:
        os.close(reading)
        os.close(writing)
    shown = "".join(output["text"] for output in outputs)
    for part in ("hello", "thread", "past \ufffd Python", "NameError"):
        assert part in shown


SPINNING = """
    import os, time

    def spin():
        os.write({begun}, b"!")
        while True:
            time.sleep(0.001)

    def deaf():
        while True:
            try:
                spin()
            except KeyboardInterrupt:
                continue

    def through(f):
        return f()

    def flood():
        os.write({begun}, b"!")
        while True:
            print("x")

    def pester(f):
        os.write({begun}, b"!")
        while True:
            f()

    def one():
        return 1
"""
REPLACING = """
    def replace():
        global one
        one = lambda: 2
        spin()
"""
A_THREAD = """
    import threading

    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
"""


@pytest.fixture
def begun():
    """Return a pipe, by which the student's process tells that it spins.

    An interrupt that came before would be one between requests, and change nothing.
    """
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


def until_begun(begun):
    """Make a tick that gives up once: when the student's process spins."""
    has_given_up = []

    def tick():
        if not has_given_up and select.select([begun[0]], [], [], 0)[0]:
            has_given_up.append(True)
            raise TimeUp

    return tick


@pytest.mark.parametrize("beside", ["", A_THREAD], ids=["alone", "beside a thread"])
@pytest.mark.parametrize("how", ["direct", "nested", "flood", "pester", "cell"])
def test_after_a_limit_and_an_interrupt_the_conversation_goes_on(how, beside, begun):
    code = SPINNING.format(begun=begun[1]) + beside
    with notebook(code, tick=until_begun(begun)) as conversation:
        names = conversation.names(["spin", "through", "flood", "pester", "one"])
        with pytest.raises(TimeUp):
            {
                "direct": names["spin"],
                "nested": lambda: names["through"](names["spin"].__call__),
                "flood": names["flood"],
                "pester": lambda: names["pester"](lambda: None),
                "cell": lambda: conversation.run_cell("spin()"),
            }[how]()
        os.kill(conversation.process, signal.SIGINT)
        assert conversation.recover(60.0)
        assert names["one"]() == 1


def test_what_an_interrupted_call_has_bound_counts(begun):
    code = SPINNING.format(begun=begun[1]) + REPLACING
    with notebook(code, tick=until_begun(begun)) as conversation:
        names = conversation.names(["one", "replace"])
        with pytest.raises(TimeUp):
            names["replace"]()
        os.kill(conversation.process, signal.SIGINT)
        assert conversation.recover(60.0)
        assert run(conversation, "one()") == 2


def test_a_process_that_ignores_the_interrupt_ends_the_conversation(begun):
    code = SPINNING.format(begun=begun[1])
    with notebook(code, tick=until_begun(begun)) as conversation:
        deaf = conversation.names(["deaf"])["deaf"]
        with pytest.raises(TimeUp):
            deaf()
        os.kill(conversation.process, signal.SIGINT)
        assert not conversation.recover(0.2)
        with pytest.raises(StudentGone):
            conversation.names(["one"])


def test_an_interrupt_between_requests_changes_nothing():
    with notebook("def one():\n    return 1") as conversation:
        one = conversation.names(["one"])["one"]
        os.kill(conversation.process, signal.SIGINT)
        time.sleep(0.05)
        assert one() == 1
