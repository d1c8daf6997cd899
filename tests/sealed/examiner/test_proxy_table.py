"""What a test passes to student code: callbacks, library objects, proxies sent back."""

import os

import pytest

from autograder.sealed.protocol.wire import Garbled, MessageLimits
from tests.support.sealed.conversation import notebook, run


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
    (told, tell), (hear, told_back) = os.pipe(), os.pipe()
    code = f"""
        import os, threading
        found = []

        def later(f):
            def wait_and_call():
                os.read({told}, 1)
                try:
                    f()
                except RuntimeError as error:
                    found.append(str(error))
                os.write({told_back}, b"!")
            threading.Thread(target=wait_and_call).start()

        def in_a_thread(f):
            result = []
            thread = threading.Thread(target=lambda: result.append(f(3)))
            thread.start()
            thread.join()
            return result

        def told():
            return found
    """
    with notebook(code) as conversation:
        names = conversation.names(["later", "told", "in_a_thread"])
        calls = []
        names["later"](lambda: calls.append(1))
        os.write(tell, b"!")
        os.read(hear, 1)
        assert "after the test" in names["told"]()[0]
        assert calls == []
        assert names["in_a_thread"](lambda x: x + 1) == [4]
    for descriptor in (told, tell, hear, told_back):
        os.close(descriptor)


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
