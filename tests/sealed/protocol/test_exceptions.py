"""Exceptions of student code arrive as builtin ones, made of limited data."""

import traceback

import pytest

from autograder.sealed.protocol.wire import MessageLimits
from tests.support.sealed.conversation import notebook

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
