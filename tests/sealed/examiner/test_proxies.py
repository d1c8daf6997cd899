"""Tests written for direct calls mean the same through proxies, and none is forged."""

import pytest

from autograder.sealed.protocol.wire import MessageLimits
from tests.support.sealed.conversation import notebook, run

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


def test_an_argument_may_have_the_name_of_a_parameter_of_ours():
    with notebook("def f(**options):\n    return options") as conversation:
        run(
            conversation,
            """
            names = ("self", "operation", "proxy", "target", "args", "kwargs", "name")
            options = {name: at for at, name in enumerate(names)}
            assert f(**options) == options
            """,
        )


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
                lambda: bool(liar), lambda: not liar, lambda: (liar + 1).anything,
                lambda: liar + 1 < 3, lambda: float(1 - liar),
                lambda: abs(liar), lambda: -liar,
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
