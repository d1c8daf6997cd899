"""A test cell runs here, with the student's names within reach."""

import textwrap
import time
import traceback
from contextlib import contextmanager

import numpy as np
import pytest

from autograder.sealed.compiling.code_of_tests import compile_test, definitions_of
from autograder.sealed.examiner.run_test import names_used_next, run_test
from tests.support.sealed.conversation import notebook, run


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


CHANGING = """
    import numpy as np

    looked_at = 0

    class Looking:
        def __array__(self, *args, **kwargs):
            global looked_at
            looked_at += 1
            return np.zeros(2)

    number, odd = 1, Looking()

    def one():
        return 1

    def change():
        global one, number
        number = 2

        def one():
            return 2

    def none():
        return 0
"""


def test_functions_that_a_test_uses_are_fetched_in_one_request():
    with notebook(CHANGING) as conversation:
        before = conversation.requests
        assert run(conversation, "[one, change, none][0]()") == 1
        assert conversation.requests - before == 2


def test_a_name_is_as_it_is_when_it_is_used():
    with notebook(CHANGING) as conversation:
        assert run(conversation, "change()\none() + number") == 4


def test_functions_that_the_next_tests_use_come_with_the_cell():
    tests = {"test_a": "one()", "test_b": "(lambda: none())()", "test_c": "change()"}
    cells = [
        {"kind": "code", "grade_id": name, "is_test": name in tests}
        for name in ["solution", "test_a", "test_b", "other", "test_c"]
    ]
    codes = {name: compile_test(source) for name, source in tests.items()}
    used = names_used_next({"cells": cells, "codes": codes}, 0)
    assert used == {"one", "none"}
    with notebook(CHANGING) as conversation:
        conversation.run_cell("del none", ahead=used)
        before = conversation.requests
        assert run(conversation, "one()") == 1
        assert conversation.requests - before == 1
        with pytest.raises(NameError, match="does not define 'none'"):
            run(conversation, "none()")


def test_a_function_that_is_known_is_not_asked_for_again():
    with notebook(CHANGING) as conversation:
        run(conversation, "none()")
        before = conversation.requests
        assert run(conversation, "none() or (lambda: none())()") == 0
        assert conversation.requests - before == 2


@pytest.mark.parametrize(
    "code",
    [
        "change()",
        "globals().update(one=lambda: 2)",
        "def one():\n    return 2",
        "import threading\nt = threading.Thread(target=change)\nt.start()\nt.join()",
        "one = [2, 2].pop",
    ],
)
def test_a_function_that_is_bound_anew_is_the_new_one_in_later_tests(code):
    with notebook(CHANGING) as conversation:
        assert run(conversation, "one(), none()") == (1, 0)
        conversation.run_cell(code)
        assert run(conversation, "one()") == 2


def test_a_function_that_is_gone_is_not_there_in_later_tests():
    with notebook(CHANGING) as conversation:
        run(conversation, "one()")
        conversation.run_cell("del one")
        with pytest.raises(NameError, match="does not define 'one'"):
            run(conversation, "one()")


def test_what_runs_in_between_sees_what_has_just_been_bound():
    code = """
        def one():
            return 1

        def apply(function):
            global one
            one = lambda: 2
            return function()
    """
    with notebook(code) as conversation:
        assert run(conversation, "one()") == 1
        assert run(conversation, "apply(lambda: one())") == 2


def test_what_is_no_function_is_left_alone_until_it_is_used():
    with notebook(CHANGING) as conversation:
        assert run(conversation, "one()\nlooked_at") == 0
        assert run(conversation, "one() == 1 or odd\nlooked_at") == 0
        assert run(conversation, "odd\nlooked_at") == 1


def test_names_of_the_test_itself_are_asked_of_nobody():
    test = "import math\nown = [x for x in range(3)]\none() + len(own)"
    with notebook(
        CHANGING + "\n    def own(): pass\n    def x(): pass"
    ) as conversation:
        asked = []
        fetch = conversation.names
        conversation.names = lambda *names: asked.append(names) or fetch(*names)
        assert run(conversation, test) == 4
    assert [(wanted, sorted(ahead)) for wanted, ahead in asked] == [(["one"], [])]


def test_what_a_test_defines_is_not_fetched_where_a_locked_cell_stopped_it():
    with notebook("helper = 1") as conversation:
        namespace = {}
        with pytest.raises(RuntimeError, match="KeyError: 7"):
            run_test("own = helper", conversation, namespace, given=[7])
        with pytest.raises(NameError, match="did not get so far"):
            run_test("own", conversation, namespace)


GIVEN = """
    def wrapped(function):
        def inner(*cases):
            return function(*cases)
        return inner


    def doubled(x):
        return 2 * x


    @wrapped
    def halved(x):
        return x / 2
"""
HELD = ["wrapped", "doubled", "halved"]


@contextmanager
def notebook_with_given():
    """Have a notebook whose locked cell, number 0, holds three functions."""
    with notebook("answer = 3") as conversation:
        source = textwrap.dedent(GIVEN)
        definitions = definitions_of(source, tuple(HELD))
        status = conversation.run_cell(source, ahead=HELD, given=(0, definitions, HELD))
        assert status == "ok"
        yield conversation


def test_definitions_are_restored_on_the_way_to_a_call():
    with notebook_with_given() as conversation:
        conversation.run_cell("doubled.__code__ = (lambda x: 0).__code__")
        before = conversation.requests
        assert run_test("doubled(2)", conversation, {}, given=[0]) == 4
        assert conversation.requests - before == 1


@pytest.mark.parametrize("ahead", [(), HELD])
def test_what_took_the_place_of_a_definition_is_not_used(ahead):
    with notebook_with_given() as conversation:
        source = "def doubled(x):\n    return 0\nhalved = len"
        conversation.run_cell(source, ahead=ahead)
        test = "doubled(2), halved(6)"
        assert run_test(test, conversation, {}, given=[0]) == (4, 3.0)


def test_nothing_is_restored_once_its_test_is_over():
    with notebook_with_given() as conversation:
        run_test("1 + 1", conversation, {}, given=[0])
        conversation.run_cell("def doubled(x):\n    return 0", ahead=HELD)
        assert run_test("doubled(2)", conversation, {}) == 0


def test_a_wrapped_definition_with_other_code_is_not_called():
    with notebook_with_given() as conversation:
        conversation.run_cell(
            "def fake(function):\n    def inner(x):\n        return function\n"
            "    return inner\nhalved.__code__ = fake(0).__code__"
        )
        with pytest.raises(RuntimeError, match="it was replaced"):
            run_test("halved(6)", conversation, {}, given=[0])
        assert run_test("halved(6)", conversation, {}, given=[0]) == 3


def test_what_a_thread_binds_meanwhile_fails_no_test():
    with notebook_with_given() as conversation:
        later = "threading.Timer(0.1, lambda: globals().update(answer=4)).start()"
        conversation.run_cell(f"import threading\n{later}", ahead=["answer"])
        time.sleep(0.5)
        assert run_test("doubled(2)", conversation, {}, given=[0]) == 4


@pytest.mark.parametrize("value", ["3", "2.5", "'tall'", "True", "None", "-(2**61)"])
def test_a_small_value_that_the_next_tests_use_comes_with_the_cell(value):
    with notebook("answer = 1") as conversation:
        conversation.run_cell(f"answer = {value}", ahead=["answer"])
        before = conversation.requests
        assert run(conversation, f"answer == {value}")
        assert conversation.requests == before


@pytest.mark.parametrize("value", ["2**70", "'tall' * 100", "[1]", "1j", "(1, 2)"])
def test_other_values_are_fetched_when_they_are_used(value):
    with notebook("answer = 1") as conversation:
        conversation.run_cell(f"answer = {value}", ahead=["answer"])
        before = conversation.requests
        assert run(conversation, f"answer == {value}")
        assert conversation.requests == before + 1


def test_a_small_value_that_a_call_changes_is_the_new_one():
    with notebook("number = 1") as conversation:
        code = "def change():\n    global number\n    number += 1"
        conversation.run_cell(code, ahead=["number", "change"])
        assert run(conversation, "change()\nnumber") == 2
        assert run(conversation, "number") == 2
