"""A test cell runs here, with the student's names within reach."""

import traceback

import numpy as np
import pytest

from autograder.sealed.examiner.run_test import run_test
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
