"""Tests written for direct calls mean the same through remote references."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import traceback
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sealed.examiner.channel import StudentGone
from autograder.sealed.examiner.conversation import Conversation
from autograder.sealed.examiner.run_test import run_test
from autograder.sealed.protocol.wire import Garbled, Inbox, MessageLimits, pack, send
from autograder.sealed.student.server import Server

ROOT = Path(__file__).parents[3]


class TimeUp(BaseException):
    """What an engine's limit may raise."""


def be_the_student(sock, wrap=None):
    """Serve in this process, with bare `exec` for a shell, and never return."""
    namespace = {"__name__": "__main__"}
    server = Server(sock)

    def run_cell(source):
        try:
            exec(compile(source, "<cell>", "exec"), namespace)
        except Exception:
            text = traceback.format_exc()
            server.emit({"output_type": "stream", "name": "stderr", "text": text})
            return "error"
        return "ok"

    @contextlib.contextmanager
    def capturing():
        before = sys.stdout
        sys.stdout = Printing(server.emit)
        try:
            yield
        finally:
            sys.stdout = before

    server.serve(namespace, run_cell, capturing)


class Printing:
    """A stream that sends what is printed."""

    def __init__(self, emit):
        self.emit = emit

    def write(self, text):
        self.emit({"output_type": "stream", "name": "stdout", "text": text})

    def flush(self):
        pass


@contextlib.contextmanager
def forked(child):
    """Run `child(sock)` in a forked process; give the other end and the process."""
    here, there = socket.socketpair()
    process = os.fork()
    if process == 0:
        try:
            here.close()
            child(there)
        finally:
            os._exit(0)
    there.close()
    try:
        with here:
            yield here, process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


@contextlib.contextmanager
def notebook(code, **options):
    """Give a conversation with a student's process that has run this code."""
    with forked(be_the_student) as (sock, process):
        conversation = Conversation(sock, **options)
        conversation.process = process
        assert conversation.run_cell(textwrap.dedent(code)) == "ok"
        yield conversation


def run(conversation, test, namespace=None):
    """Run a test cell with NumPy and pandas at hand."""
    if namespace is None:
        namespace = {"np": np, "pd": pd, "warnings": warnings}
    return run_test(textwrap.dedent(test), conversation, namespace)


LAYERS = """
    import numpy as np

    class Dense:
        "A fully connected layer."

        def __init__(self, n_in, n_out, rng, init="he"):
            if init not in ("he", "xavier"):
                raise ValueError(f"unknown init {init}")
            self.W = rng.normal(size=(n_in, n_out))
            self.b = np.zeros(n_out)
            self.x = None

        def forward(self, x):
            self.x = x
            return x @ self.W + self.b

        def backward(self, dout):
            if self.x is None:
                raise RuntimeError("backward before forward")
            self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
            return dout @ self.W.T

    class ReLU:
        def forward(self, x):
            self.mask = x > 0
            return x * self.mask

        def backward(self, dout):
            return dout * self.mask

    class SGD:
        def __init__(self, layers, lr):
            self.layers, self.lr = layers, lr

        def step(self):
            for layer in self.layers:
                if hasattr(layer, "W"):
                    layer.W -= self.lr * layer.dW
                    layer.b -= self.lr * layer.db

    class NeuralNetwork:
        def __init__(self, layers):
            self.layers = layers

        def forward(self, x):
            for layer in self.layers:
                x = layer.forward(x)
            return x

    def minibatches(X, y, batch_size, rng):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            chosen = order[start : start + batch_size]
            yield X[chosen], y[chosen]
"""


def test_classes_instances_and_lists_of_them_work_as_written():
    with notebook(LAYERS) as conversation:
        run(
            conversation,
            """
            rng = np.random.default_rng(0)
            dense, relu = Dense(3, 2, rng), ReLU()
            twin = np.random.default_rng(0).normal(size=(3, 2))
            assert np.array_equal(dense.W, twin)
            assert isinstance(dense, Dense) and not isinstance(relu, Dense)
            assert not isinstance(dense.W, Dense)
            assert type(dense).__name__ == "Dense" and Dense.__name__ == "Dense"
            assert dense.__doc__ == "A fully connected layer."
            assert callable(Dense) and not callable(dense)
            assert set(vars(dense)) == {"W", "b", "x"}
            net = NeuralNetwork([dense, relu])
            assert net.layers[0] is dense and len(net.layers) == 2
            X = rng.normal(size=(5, 3))
            W, b = dense.W, dense.b
            assert np.allclose(net.forward(X), np.maximum(X @ W + b, 0))
            dense.backward(np.ones((5, 2)))
            SGD([dense, relu], lr=0.1).step()
            assert np.allclose(dense.W, W - 0.1 * X.T @ np.ones((5, 2)))
            dense.b = np.array([1.0, 2.0])
            assert dense.forward(np.zeros((1, 3))).tolist() == [[1.0, 2.0]]
            assert hasattr(dense, "W") and not hasattr(dense, "gamma")
            assert getattr(dense, "gamma", 7) == 7
            del dense.b
            assert not hasattr(dense, "b")
            """,
        )


def test_errors_of_student_code_arrive_as_the_builtin_of_that_name():
    with notebook(LAYERS) as conversation:
        run(
            conversation,
            """
            rng = np.random.default_rng(0)
            for kind, call in [
                (ValueError, lambda: Dense(2, 3, rng, init="ones")),
                (RuntimeError, lambda: Dense(2, 3, rng).backward(np.ones((1, 3)))),
                (TypeError, lambda: Dense()),
                (AttributeError, lambda: Dense(2, 3, rng).nothing),
            ]:
                try:
                    call()
                except kind as error:
                    assert type(error) is kind
                    text = str(error)
                else:
                    raise AssertionError(kind)
            """,
        )


def test_minibatches_are_iterated_and_share_the_random_generator():
    with notebook(LAYERS) as conversation:
        run(
            conversation,
            """
            X = np.arange(14.0).reshape(7, 2)
            y = X[:, 0]
            rng, twin = np.random.default_rng(5), np.random.default_rng(5)
            sizes, seen = [], []
            for xb, yb in minibatches(X, y, 3, rng):
                assert np.array_equal(xb[:, 0], yb)
                sizes.append(len(xb))
                seen.extend(yb)
            assert sizes == [3, 3, 1] and sorted(seen) == sorted(y)
            assert np.array_equal(np.array(seen), y[twin.permutation(7)])
            assert rng.normal() == twin.normal()
            """,
        )


def test_a_generator_is_one_object_over_there_and_stays_in_step():
    code = """
        class Dropout:
            def __init__(self, rng):
                self.rng = rng

            def draw(self):
                return self.rng.normal()

        def both(a, b):
            return a is b, a.normal()

        def with_callback(rng, draw):
            return [rng.normal(), draw(), rng.normal()]
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            for kind in (np.random.PCG64, np.random.MT19937, np.random.Philox):
                rng = np.random.Generator(kind(1))
                twin = np.random.Generator(kind(1))
                layer = Dropout(rng)
                assert layer.draw() == twin.normal()
                assert rng.normal() == twin.normal()
                assert layer.draw() == twin.normal()
                assert both(rng, rng) == (True, twin.normal())
                drawn = with_callback(rng, lambda: rng.normal())
                assert drawn == [twin.normal(), twin.normal(), twin.normal()]
                assert layer.rng is rng
            """,
        )


def test_callbacks_run_in_the_test_and_see_arguments_as_they_are():
    code = """
        import numpy as np

        def numeric_grad(f, theta, h=1e-5):
            grad = np.zeros_like(theta)
            for at in np.ndindex(theta.shape):
                old = theta[at]
                theta[at] = old + h
                up = f(theta)
                theta[at] = old - h
                down = f(theta)
                theta[at] = old
                grad[at] = (up - down) / (2 * h)
            return grad

        def neuron(x, w, b, activation):
            return activation(x @ w + b)

        class Neuron:
            def __init__(self, activation):
                self.activation = activation

            def forward(self, z):
                return self.activation(z)

        def filled(values, fill):
            fill(values)
            return list(values)
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            theta = np.array([[1.0, -2.0], [0.5, 3.0]])
            before = theta.copy()
            # The function looks at the test's own array, not at what it is given.
            grad = numeric_grad(lambda _: np.sum(theta**2), theta)
            assert np.allclose(grad, 2 * before) and np.array_equal(theta, before)
            x, w = np.array([1.0, 2.0]), np.array([3.0, -1.0])
            assert neuron(x, w, 0.5, lambda z: 2 * z) == 3.0
            assert neuron(x, w, 0.5, np.tanh) == np.tanh(1.5)
            assert neuron(x, w, 0.5, activation=float) == 1.5

            def double(z):
                return 2 * z

            kept = Neuron(double)
            assert kept.forward(4) == 8 and kept.activation is double
            inner = Neuron(double)
            assert Neuron(inner.forward).forward(5) == 10
            assert Neuron(lambda z: inner.forward(z) + 1).forward(5) == 11
            assert filled([1], lambda values: values.append(2)) == [1, 2]
            """,
        )


def test_an_error_in_a_callback_passes_through_student_code():
    code = """
        def call(f):
            return f()

        def catching(f):
            try:
                return f()
            except ValueError as error:
                return f"caught {error}"
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            class Own(LookupError):
                pass

            errors = [Own("mine"), ValueError("theirs"), AssertionError("secret")]

            def failing(error):
                def fail():
                    raise error
                return fail

            for error in errors:
                try:
                    call(failing(error))
                except Exception as found:
                    assert found is error
                else:
                    raise AssertionError("nothing was raised")
            assert catching(failing(errors[1])) == "caught theirs"
            """,
        )


def test_the_text_of_a_failed_check_is_not_told_to_student_code():
    code = """
        def listen(f):
            try:
                f()
            except AssertionError as error:
                return str(error)
    """
    with notebook(code) as conversation:
        listen = conversation.names(["listen"])["listen"]

        def check():
            raise AssertionError("the hidden answer is 42")

        assert "42" not in listen(check)


def test_a_callback_is_only_valid_while_a_request_is_under_way():
    code = """
        import threading, time
        found = []

        def later(f):
            def wait_and_call():
                time.sleep(0.1)
                try:
                    f()
                except RuntimeError as error:
                    found.append(str(error))
            threading.Thread(target=wait_and_call).start()

        def in_a_thread(f):
            result = []
            thread = threading.Thread(target=lambda: result.append(f(3)))
            thread.start()
            thread.join()
            return result

        def told():
            time.sleep(0.3)
            return found
    """
    with notebook(code) as conversation:
        names = conversation.names(["later", "told", "in_a_thread"])
        calls = []
        names["later"](lambda: calls.append(1))
        time.sleep(0.2)
        assert "after the test" in names["told"]()[0]
        assert calls == []
        assert names["in_a_thread"](lambda x: x + 1) == [4]


def test_every_mutable_argument_that_changed_is_changed_in_place():
    code = """
        import numpy as np

        def change(a, l, d, s, *, df, series, nested):
            a[0] = 9
            l.pop()
            l.append("new")
            d["array"] = a
            d["old"].clear()
            s.add(5)
            df["b"] = df["a"] * 2
            df.loc[3] = [4, 8]
            series.iloc[0] = -1
            nested[0]["x"][1] += 1
            nested.reverse()

        def reshape(a, b):
            a.shape = (3, 2)
            b.dtype = np.int64

        def is_same(a, b):
            return a is b

        def write(a):
            a[0] = 1

        def hand_back(x):
            return x, [x]
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            a, l, d, s = np.zeros(3), [1, 2], {"old": [1]}, {1}
            old, inner = d["old"], np.zeros(2)
            df = pd.DataFrame({"a": [1, 2, 3]})
            series = pd.Series([1.0, 2.0], name="n")
            first, second = {"x": inner}, (1,)
            nested = [first, second]
            change(a, l, d, s, df=df, series=series, nested=nested)
            assert a.tolist() == [9, 0, 0] and l == [1, "new"] and s == {1, 5}
            assert d["array"] is a and d["old"] is old and old == []
            assert list(df.columns) == ["a", "b"] and df["b"].tolist() == [2, 4, 6, 8]
            assert series.tolist() == [-1, 2] and series.name == "n"
            assert nested == [second, first] and nested[1] is first
            assert first["x"] is inner and inner.tolist() == [0, 1]
            p, q = np.arange(6.0).reshape(2, 3), np.ones(2)
            reshape(p, q)
            assert p.shape == (3, 2) and q.dtype == np.int64
            assert is_same(a, a) and is_same(b=l, a=l) and not is_same([1], [1])
            fixed = np.zeros(2)
            fixed.flags.writeable = False
            try:
                write(fixed)
            except ValueError:
                pass
            else:
                raise AssertionError("a read-only array was written to")
            assert write(fixed.copy()) is None and fixed.tolist() == [0, 0]
            assert hand_back(a)[0] is a and hand_back(a)[1][0] is a
            """,
        )


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


FORGER = """
    import numpy as np

    class Liar:
        def __eq__(self, other):
            return True

        __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__
        __hash__ = object.__hash__

        def __bool__(self):
            return True

        def __contains__(self, item):
            return True

        def __add__(self, other):
            return 1.0

        __radd__ = __sub__ = __rsub__ = __abs__ = __neg__ = __add__

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return True

        def __array_ufunc__(self, *args, **kwargs):
            return np.bool_(True)

        def __array_function__(self, *args, **kwargs):
            return True

        __array_priority__ = 1e9

        def __format__(self, spec):
            return "0.5"

        __class__ = float

    class Number(float):
        __eq__ = __lt__ = __gt__ = lambda self, other: True
        __hash__ = float.__hash__
        __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0

    class Array(np.ndarray):
        def __array_ufunc__(self, *args, **kwargs):
            return np.bool_(True)

        def __array_function__(self, *args, **kwargs):
            return True

    class Text(str):
        __eq__ = lambda self, other: True
        __hash__ = str.__hash__

    class List(list):
        __eq__ = lambda self, other: True

    class Dict(dict):
        __eq__ = lambda self, other: True
        __getitem__ = lambda self, key: 1

    liar, number, text = Liar(), Number(3), Text("wrong")
    array = np.zeros(3).view(Array)
    several, mapping = List([1, number]), Dict(a=text)
    scalar = type("float64", (np.float64,), {"__eq__": lambda self, other: True})(2)

    Honest = type("float", (), {"__module__": "builtins"})
    honest = Honest()
    Fake = type("ndarray", (), {"__module__": "numpy"})
    fake = Fake()
    Path = type("Path", (), {"__module__": "pathlib"})
    path = Path()
"""


def test_an_object_of_the_student_never_decides_a_comparison():
    with notebook(FORGER) as conversation:
        run(
            conversation,
            """
            def refused(function, *arguments):
                try:
                    function(*arguments)
                except TypeError:
                    return True
                return False

            assert not liar == 3 and liar != 3 and liar == liar
            assert not (np.float64(3) == liar) and not (3.0 == liar)
            assert not np.any(np.ones(2) == liar)
            assert liar not in [1, 2] and [liar] != [1]
            for ordered in (
                lambda: liar < 3, lambda: 3 < liar, lambda: np.float64(3) <= liar,
                lambda: np.ones(2) > liar, lambda: min(liar, 3),
                lambda: bool(liar), lambda: not liar, lambda: liar + 1,
                lambda: 1 - liar, lambda: abs(liar), lambda: -liar,
                lambda: np.isclose(liar, 1), lambda: np.allclose(liar, 1),
                lambda: np.add(liar, 1), lambda: float(liar), lambda: f"{liar:.1f}",
            ):
                assert refused(ordered)
            assert not np.array_equal(liar, 1)
            try:
                with liar:
                    raise AssertionError
            except (TypeError, AttributeError):
                pass
            else:
                raise SystemExit("an assertion was swallowed")
            """,
        )


def test_a_subclass_of_a_plain_type_arrives_as_data_without_its_behaviour():
    with notebook(FORGER) as conversation:
        run(
            conversation,
            """
            assert type(number) is float and number != 4 and not number < 2
            assert type(text) is str and text != "right"
            assert type(array) is np.ndarray and not np.allclose(array, 1)
            assert type(several) is list and several != [1] and several[1] == 3
            assert type(several[1]) is float and type(mapping["a"]) is str
            assert type(mapping) is dict and mapping != {}
            assert scalar != 3 and type(scalar) in (float, np.float64)
            """,
        )


def test_a_class_that_only_has_the_name_of_a_builtin_is_not_that_builtin():
    with notebook(FORGER) as conversation:
        run(
            conversation,
            """
            import numbers
            for thing in (honest, fake, liar):
                assert not isinstance(
                    thing, float | int | str | list | dict | np.ndarray | np.generic
                    | pd.DataFrame | numbers.Number
                )
                assert type(thing) not in (float, np.ndarray)
            """,
        )


def test_arithmetic_of_the_students_own_class_works():
    code = """
        class Node:
            def __init__(self, value):
                self.value, self.grad, self.parents = value, 0.0, ()

            def __add__(self, other):
                other = other if isinstance(other, Node) else Node(other)
                return Node(self.value + other.value)

            def __mul__(self, other):
                other = other if isinstance(other, Node) else Node(other)
                return Node(self.value * other.value)

            __radd__, __rmul__ = __add__, __mul__

            def tanh(self):
                import math
                return Node(math.tanh(self.value))
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            import copy
            a, b = Node(2.0), Node(-3.0)
            assert (2 * a + b * a + 1).value == -1.0
            assert (a + np.float64(1)).value == 3.0 and (np.float64(1) + a).value == 3.0
            assert a.tanh().value == np.tanh(2.0)
            try:
                a - b
            except TypeError as error:
                assert "Node" in str(error)
            else:
                raise AssertionError
            total = a
            for _ in range(300):
                total += a
            assert total.value == 602.0
            twin = copy.deepcopy(a)
            twin.value = 5.0
            assert a.value == 2.0
            """,
        )


CONTROL = """
    import sys

    def stop():
        raise StopIteration("early")

    def leave():
        sys.exit(0)

    def interrupt():
        raise KeyboardInterrupt

    def generator_exit():
        raise GeneratorExit

    class Stop(StopIteration, ValueError):
        pass

    def other_stop():
        raise Stop

    def breaking():
        yield 1
        raise StopIteration

    class Odd(Exception):
        def __str__(self):
            raise ValueError("no text")

    def odd():
        raise Odd

    def long():
        raise ValueError("x" * 10**6)

    def own():
        class Mine(KeyError):
            pass
        raise Mine("a key")

    def undecodable():
        b"\\xff".decode()

    def missing_file():
        open("/nowhere/at/all")
"""


@pytest.mark.parametrize(
    "name", ["stop", "leave", "interrupt", "generator_exit", "other_stop"]
)
def test_an_exception_of_control_flow_becomes_a_runtime_error(name):
    with notebook(CONTROL) as conversation:
        function = conversation.names([name])[name]
        with pytest.raises(RuntimeError, match="raised"):
            list(map(lambda _: function(), [1, 2]))


def test_an_exception_is_rebuilt_from_limited_data():
    limits = MessageLimits(text=1000)
    with notebook(CONTROL, limits=limits) as conversation:
        names = conversation.names(
            ["odd", "long", "own", "undecodable", "missing_file", "breaking"]
        )
        with pytest.raises(Exception, match="cannot be shown") as odd:
            names["odd"]()
        assert type(odd.value) is Exception
        with pytest.raises(ValueError, match="x") as long:
            names["long"]()
        assert len(str(long.value)) <= 1000
        assert len(long.value.student_traceback) <= 1100
        with pytest.raises(KeyError, match="a key"):
            names["own"]()
        with pytest.raises(UnicodeError, match="utf-8"):
            names["undecodable"]()
        with pytest.raises(FileNotFoundError) as missing:
            names["missing_file"]()
        assert missing.value.errno == 2
        with pytest.raises(RuntimeError):
            list(names["breaking"]())


def test_the_traceback_shows_where_in_the_students_code_it_happened():
    code = """
        def inner(x):
            return x.missing

        def outer(x):
            return inner(x)
    """
    with notebook(code) as conversation, pytest.raises(AttributeError) as found:
        conversation.names(["outer"])["outer"](3)
    text = found.value.student_traceback
    assert "in inner" in text
    assert "in outer" in text
    assert "sealed" not in text
    assert text in "".join(traceback.format_exception(found.value))


def test_warnings_and_error_state_are_those_of_the_test():
    code = """
        import warnings
        import numpy as np

        def careful():
            warnings.warn("careful", FutureWarning)
            return 1

        def overflow(x):
            return np.exp(x)

        def catching():
            try:
                return careful()
            except FutureWarning:
                return "caught"
    """
    with notebook(code) as conversation:
        run(
            conversation,
            """
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                assert careful() == 1
                overflow(np.array([1e4]))
            kinds = [entry.category for entry in caught]
            assert kinds == [FutureWarning, RuntimeWarning], kinds
            assert str(caught[0].message) == "careful"
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("ignore")
                careful()
            assert caught == []
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                assert catching() == "caught"
                try:
                    careful()
                except FutureWarning:
                    pass
                else:
                    raise AssertionError("no error")
            with np.errstate(over="raise"):
                try:
                    overflow(np.array([1e4]))
                except FloatingPointError:
                    pass
                else:
                    raise AssertionError("no error")
            with np.errstate(over="ignore"):
                assert np.isinf(overflow(np.array([1e4])))
            """,
        )


def test_a_warning_cannot_show_a_line_of_a_file_of_this_side(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("the_hidden_answer = 42\n")
    code = f"""
        import warnings

        def spy():
            warnings.warn_explicit("look", UserWarning, {str(secret)!r}, 1)
    """
    with notebook(code) as conversation:
        spy = conversation.names(["spy"])["spy"]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            spy()
    shown = warnings.formatwarning(
        caught[0].message, caught[0].category, caught[0].filename, caught[0].lineno
    )
    assert "look" in shown
    assert "hidden_answer" not in shown


def test_names_resolve_to_the_tests_own_then_builtins_then_the_notebook():
    code = """
        np = "the student's np"
        len = "the student's len"
        data = [1, 2]
        other = 5

        def value():
            return 1
    """
    with notebook(code) as conversation:
        namespace = {"np": np}
        run(conversation, "other = 6\ndef helper(): return value() + 1", namespace)
        assert "value" not in namespace
        assert run(conversation, "data.append(3)\nlen(data)", namespace) == 3
        assert run(conversation, "len(data)", namespace) == 2
        assert run(conversation, "assert other == 6\nhelper()", namespace) == 2
        assert run(conversation, "np.zeros(2).tolist()", namespace) == [0, 0]
        assert conversation.run_cell("def value(): return 10") == "ok"
        assert run(conversation, "helper()", namespace) == 11
        assert run(conversation, "x = 1", namespace) is None
        with pytest.raises(NameError, match="does not define 'values'"):
            run(conversation, "values()", namespace)


def test_a_traceback_shows_the_line_of_the_test_cell():
    with notebook("x = 1") as conversation, pytest.raises(AssertionError) as found:
        run_test("y = 2\nassert x == y, 'no'", conversation, {}, "<test_x>")
    lines = "".join(traceback.format_exception(found.value))
    assert 'File "<test_x>", line 2' in lines
    assert "assert x == y" in lines


def test_objects_that_only_the_test_knows_are_refused_by_name():
    with notebook("def f(x):\n    return x") as conversation:
        run(
            conversation,
            """
            import datetime, functools, math, pathlib

            class Layer:
                pass

            for thing in (Layer(), Layer, iter([1]), np, (Layer() for _ in [1])):
                try:
                    f(thing)
                except TypeError as error:
                    assert "a test cannot pass" in str(error), error
                else:
                    raise AssertionError(thing)
            day = f(datetime.date(2020, 1, 2))
            assert isinstance(day, datetime.date) and day.year == 2020
            assert isinstance(f(pathlib.Path("a") / "b"), pathlib.Path)
            assert f(math.floor)(1.5) == 1 and f(np.mean)([1, 3]) == 2
            add = functools.partial(lambda a, b: a + b, 1)
            assert f(add) is add
            assert f(np.float32) is np.float32 and f(ValueError) is ValueError
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


def test_an_endless_iteration_ends_at_the_limit():
    code = """
        def numbers():
            while True:
                yield 1
    """
    with notebook(code, limits=MessageLimits(iteration=30)) as conversation:
        numbers = conversation.names(["numbers"])["numbers"]
        with pytest.raises(RuntimeError, match="more items"):
            list(numbers())


def test_dropped_proxies_are_released_over_there():
    code = """
        import gc, weakref

        class Thing:
            pass

        alive = weakref.WeakSet()
        kept = Thing()

        def make():
            thing = Thing()
            alive.add(thing)
            return thing

        def count():
            gc.collect()
            return len(alive)

        def same():
            return kept
    """
    with notebook(code, limits=MessageLimits(proxies=20)) as conversation:
        names = conversation.names(["make", "count", "same"])
        held = [names["make"]() for _ in range(5)]
        for _ in range(200):
            names["make"]()
        assert names["count"]() <= 6
        assert names["same"]() is names["same"]()
        one = names["same"]()
        for _ in range(3):
            two = names["same"]()
            del two
        assert names["same"]() is one
        del held
        names["count"]()
        assert names["count"]() == 0
        with pytest.raises(Garbled, match="more than 20"):
            [names["make"]() for _ in range(30)]


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
        while True:
            print("x")

    def pester(f):
        while True:
            f()

    def one():
        return 1
"""


@pytest.mark.parametrize("how", ["direct", "nested", "flood", "pester", "cell"])
def test_after_a_limit_and_an_interrupt_the_conversation_goes_on(how):
    deadline = [time.monotonic() + 1e6]

    def tick():
        if time.monotonic() > deadline[0]:
            raise TimeUp

    with notebook(SPINNING, tick=tick) as conversation:
        names = conversation.names(["spin", "through", "flood", "pester", "one"])
        deadline[0] = time.monotonic() + 0.2
        with pytest.raises(TimeUp):
            {
                "direct": names["spin"],
                "nested": lambda: names["through"](names["spin"].__call__),
                "flood": names["flood"],
                "pester": lambda: names["pester"](lambda: None),
                "cell": lambda: conversation.run_cell("spin()"),
            }[how]()
        deadline[0] = time.monotonic() + 1e6
        os.kill(conversation.process, signal.SIGINT)
        assert conversation.recover(5.0)
        assert names["one"]() == 1


def test_a_process_that_ignores_the_interrupt_ends_the_conversation():
    deadline = [time.monotonic() + 1e6]

    def tick():
        if time.monotonic() > deadline[0]:
            raise TimeUp

    with notebook(SPINNING, tick=tick) as conversation:
        deaf = conversation.names(["deaf"])["deaf"]
        deadline[0] = time.monotonic() + 0.2
        with pytest.raises(TimeUp):
            deaf()
        deadline[0] = time.monotonic() + 1e6
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


def test_a_forked_copy_of_the_student_cannot_answer():
    code = """
        import ctypes, os

        def fork(how=os.fork):
            child = how()
            if child:
                os.waitpid(child, 0)
            return "parent" if child else "child"

        def fork_past_python():
            return fork(ctypes.CDLL(None).fork)

        def fork_and_call(f):
            child = os.fork()
            if child:
                os.waitpid(child, 0)
                return "parent"
            return f()
    """
    with notebook(code) as conversation:
        names = conversation.names(["fork", "fork_and_call", "fork_past_python"])
        calls = []
        for _ in range(2):
            assert names["fork"]() == "parent"
            assert names["fork_past_python"]() == "parent"
            assert names["fork_and_call"](lambda: calls.append(1)) == "parent"
        assert calls == []


def test_a_forked_copy_that_lives_on_does_not_hide_that_the_student_is_gone():
    code = """
        import os, time

        def leave_a_copy():
            copy = os.fork()
            if not copy:
                time.sleep(60)
                os._exit(0)
            return copy
    """
    with notebook(code) as conversation:
        leave_a_copy = conversation.names(["leave_a_copy"])["leave_a_copy"]
        copy = leave_a_copy()
        try:
            os.kill(conversation.process, signal.SIGKILL)
            conversation._channel.tick = expiring(time.monotonic() + 20)
            with pytest.raises(StudentGone):
                leave_a_copy()
        finally:
            os.kill(copy, signal.SIGKILL)


def expiring(deadline):
    """Make a tick that gives up after a time."""

    def tick():
        if time.monotonic() > deadline:
            raise TimeUp

    return tick


@pytest.mark.parametrize(
    "code",
    [
        "os._exit(0)",
        "os.kill(os.getpid(), 9)",
        "os.closerange(3, 200)",
        "[os.write(fd, b'?' * 99) for fd in range(3, 99) if is_socket(fd)]",
    ],
)
def test_a_process_that_breaks_the_connection_is_gone(code):
    setup = """
        import os, stat

        def is_socket(fd):
            try:
                return stat.S_ISSOCK(os.fstat(fd).st_mode)
            except OSError:
                return False
    """
    with notebook(setup + f"\n        def end():\n            {code}") as conversation:
        end = conversation.names(["end"])["end"]
        with pytest.raises(StudentGone):
            end()
        assert conversation.broken
        with pytest.raises(StudentGone):
            conversation.names(["end"])


def fake_student(answer):
    """Make a process that sends the same JSON in reply to every request."""

    def child(sock):
        inbox = Inbox(sock, MessageLimits())
        while True:
            number = inbox.advance(block=True).body["number"]
            send(
                sock, pack(answer | {"number": number}, [b"12345678"], MessageLimits())
            )

    return child


def result(node):
    """Make a reply to `names(["x"])` that is good except for one node."""
    return {"is": "result", "value": ["dict", ["x"], [node]]}


PROXY = ["proxy", 1, "Name", ["x.Name"], ["__call__"]]


@pytest.mark.parametrize(
    "answer",
    [
        {"is": "result"},
        result(["pickle", 0]),
        result(["held", 1]),
        result(["generator", 1]),
        result(["callback", 1]),
        result(["new", 0, ["list", []]]),
        result(["same", 5]),
        result([*PROXY[:4], ["__exit__"]]),
        result([*PROXY[:4], ["__eq__"]]),
        result([*PROXY[:2], 3, [], []]),
        result(["proxy", [], "x", [], []]),
        result(PROXY[:3]),
        result(1) | {"changed": [[0, 1]]},
        result(1) | {"changed": [[0]]},
        result(1) | {"generators": [[1, ["dict", [], []]]]},
        result(1) | {"generators": {}},
        result(1) | {"warnings": [["UserWarning"]]},
        result(1) | {"warnings": [[[1], "x", 1]]},
        result(1) | {"forgotten": [[]]},
        {"is": "result", "error": "ValueError"},
        {"is": "result", "error": {"classes": "ValueError", "text": ""}},
        {"is": "result", "error": {"classes": [], "text": 3}},
    ],
    ids=json.dumps,
)
def test_a_malformed_answer_fails_the_request_and_only_it(answer):
    with forked(fake_student(answer)) as (sock, _):
        conversation = Conversation(sock)
        for _ in range(2):
            with pytest.raises(Garbled):
                conversation.names(["x"])
        assert conversation.broken is None


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"is": "request"},
        {"is": ["result"]},
        {"is": "output", "output": 3},
        {"is": "output", "output": {}},
        {"is": "output", "output": {"output_type": ["stream"]}},
    ],
    ids=json.dumps,
)
def test_something_else_than_an_answer_ends_the_conversation(answer):
    with forked(fake_student(answer)) as (sock, _):
        conversation = Conversation(sock)
        with pytest.raises(StudentGone):
            conversation.names(["x"])
        assert conversation.broken


def test_an_answer_to_another_request_ends_the_conversation():
    def child(sock):
        Inbox(sock, MessageLimits()).advance(block=True)
        send(sock, pack(result(1) | {"number": 7}, [], MessageLimits()))
        sock.recv(1)

    with forked(child) as (sock, _), pytest.raises(StudentGone):
        Conversation(sock).names(["x"])


answers = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=5))
    | st.sampled_from(["result", "list", "proxy", "builtins.ValueError", "dict"]),
    lambda items: st.one_of(
        st.lists(items, max_size=4),
        st.dictionaries(
            st.sampled_from(["classes", "text", "args", "callback", "traceback"]), items
        ),
    ),
    max_leaves=10,
)
FIELDS = ["value", "error", "changed", "generators", "warnings", "forgotten"]


@settings(deadline=None, database=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(FIELDS), answers))
def test_any_result_at_all_is_a_value_an_exception_or_garbled(fields):
    here, there = socket.socketpair()
    with here, there, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reply = fields | {"is": "result", "number": 1}
        send(there, pack(reply, [], MessageLimits()))
        conversation = Conversation(here)
        with contextlib.suppress(Exception):
            conversation.names(["x"])
        assert conversation.broken is None


def test_a_process_may_not_call_functions_nobody_passed_to_it():
    def child(sock):
        inbox = Inbox(sock, MessageLimits())
        request = inbox.advance(block=True).body
        call = {"is": "callback", "callback": 99, "args": ["list", []]}
        send(sock, pack(call | {"kwargs": ["dict", [], []]}, [], MessageLimits()))
        answer = inbox.advance(block=True).body
        told = {"is": "result", "number": request["number"]}
        send(
            sock,
            pack(told | {"value": ["dict", ["x"], [str(answer)]]}, [], MessageLimits()),
        )
        sock.recv(1)

    with forked(child) as (sock, _):
        assert "nobody passed" in Conversation(sock).names(["x"])["x"]


def test_scikit_learn_pipelines_and_figures_are_proxies_of_their_class():
    pytest.importorskip("sklearn.neural_network")
    pytest.importorskip("plotnine")
    import matplotlib as mpl

    mpl.use("Agg")
    code = """
        import matplotlib.pyplot as plt
        from plotnine import aes, geom_line, ggplot
        from sklearn.neural_network import MLPClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        def make_classifier(hidden, seed):
            mlp = MLPClassifier(hidden, random_state=seed, max_iter=2)
            return make_pipeline(StandardScaler(), mlp)

        def forward(scaler, X):
            return (X - scaler.mean_) / scaler.scale_

        def curve():
            figure, axes = plt.subplots()
            axes.set_title("loss")
            return figure

        def plot(df):
            return ggplot(df, aes("x", "y")) + geom_line()
    """
    test = """
        import matplotlib.figure, plotnine
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler

        X = np.random.default_rng(0).normal(size=(30, 2))
        y = (X[:, 0] > 0).astype(int)
        pipeline = make_classifier((4,), 0)
        assert isinstance(pipeline, Pipeline)
        assert isinstance(pipeline[-1], MLPClassifier)
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            try:
                pipeline.fit(X, y)
            except ConvergenceWarning:
                pass
            else:
                raise AssertionError("two passes were enough")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            pipeline.fit(X, y)
        assert any(issubclass(w.category, ConvergenceWarning) for w in caught)
        assert pipeline.predict_proba(X).shape == (30, 2)
        assert pipeline.named_steps["mlpclassifier"].coefs_[0].shape == (2, 4)
        scaler = StandardScaler().fit(X)
        assert np.allclose(forward(scaler, X), scaler.transform(X))
        figure = curve()
        assert isinstance(figure, matplotlib.figure.Figure)
        assert figure.axes[0].get_title() == "loss"
        drawn = plot(pd.DataFrame({"x": [1, 2], "y": [3, 4]}))
        assert isinstance(drawn, plotnine.ggplot) and len(drawn.layers) == 1
        assert list(drawn.data.columns) == ["x", "y"]
    """
    with notebook(code) as conversation:
        run(conversation, test)


KERAS = '''
import keras, numpy as np, tensorflow as tf
from tests.sealed.examiner.test_conversation import notebook, run

CODE = """
    import keras, numpy as np, tensorflow as tf

    def linear_neuron(n):
        model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(1)])
        model.compile(loss="mse", optimizer="sgd")
        return model

    def read_weights(model):
        W, b = model.layers[-1].get_weights()
        return W[:, 0], float(b[0])

    def tensors():
        return tf.constant([1.0, 2.0]), tf.Variable(3.0), keras.Variable([4.0])
"""
TEST = """
    import keras
    model = linear_neuron(3)
    assert isinstance(model, keras.Model) and isinstance(model, keras.Sequential)
    assert not isinstance(model, keras.optimizers.Optimizer)
    assert model.layers[0].units == 1 and model.count_params() == 4
    assert [type(w) for w in model.get_weights()] == [np.ndarray] * 2
    X = np.ones((4, 3), np.float32)
    history = model.fit(X, np.ones((4, 1)), epochs=2, verbose=0)
    assert len(history.history["loss"]) == 2
    W, b = model.get_weights()
    assert np.allclose(model.predict(X, verbose=0), X @ W + b, atol=1e-5)
    own = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    w, b = read_weights(own)
    assert np.array_equal(w, own.get_weights()[0][:, 0])
    constant, variable, other = tensors()
    assert constant.tolist() == [1, 2] and variable == 3 and other.tolist() == [4]
"""
with notebook(CODE) as conversation:
    run(conversation, TEST)
print("the test of Keras ran to its end")
'''


@pytest.mark.tensorflow
def test_keras_models_are_proxies_and_tensors_are_arrays():
    # TensorFlow must be imported before the fork, and must not have run anything.
    done = subprocess.run(
        [sys.executable, "-c", KERAS],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "ran to its end" in done.stdout, done.stderr


def test_checking_a_kind_imports_no_library():
    code = """
        import sys
        from autograder.sealed.student import server
        from autograder.sealed.protocol import encoder
        from autograder.sealed.protocol.wire import MessageLimits
        from autograder.sealed.examiner import conversation

        encoder.Encoder(MessageLimits()).encode([1, (2.0, "x")])
        heavy = {"pandas", "tensorflow", "keras", "sklearn", "matplotlib"}
        print(sorted(heavy & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
