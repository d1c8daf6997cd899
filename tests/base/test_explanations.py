"""An error that a beginner meets ends in words, in the notebook and elsewhere."""

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.base.explanations import explain_errors, explained

SETUP = """
import math
import numpy as np

decimals, whole = np.array([1.0, -2.0]), np.array([1, -2])

class Node:
    def __init__(self, *parents):
        self.parents = (parents[0])
"""
MEANT = {
    "if decimals >= 0: pass": "np.where(condition, this, that)",
    "max(decimals, 0 * decimals)": "np.maximum(a, b)",
    "whole += 0.5": "no room for decimals",
    "np.maximum.reduce(decimals, axis=1)": "axis=-1 is the last one",
    "np.add(decimals, decimals, 0.1)": "takes a third one for `out`",
    "for parent in Node(Node(1)).parents: pass": "(a,) is a tuple",
    "one = 3.0; one[one < 0] = 0": "return something new",
    "len(decimals[0])": "all elements at once",
    "math.exp(decimals)": "np.exp, takes arrays",
    "decimals @ np.ones(3)": "inner two have to be equal",
    "print(None.T)": "whose `return` is missing",
    "np.ones(3)[decimals]": ".astype(int)",
    "np.max(0, decimals)": "np.maximum(a, b) compares element by element",
    "decimals ^ 2": "Write z**2",
    "2.0 ^ 2": "Write z**2",
    "decimals[3]": "axis 0 has 2 entries, counted from 0",
    "decimals.reshape(2, 3)": "exactly 2 elements",
    "one = 3.0; one[one < 0]": "np.where(condition, this, that)",
    "float([0.4, 0.9])": "evaluate returns a list",
    "W, b = []": "2 names to the left of the =, but 0 values",
    "raise ValueError('Arguments `target` and `output` must have the same rank')": (
        "sparse_categorical_crossentropy"
    ),
    "{}['val_accuracy']": 'metrics=["accuracy"]',
    "def f(): f()\nf()": "np.tanh(self) calls self.tanh() again",
    "one = lambda: one(); one()": "np.tanh(self) calls self.tanh() again",
    "answer = c": "needs quotes: 'c'",
    "answer = nan": "float('nan')",
    "predict_loss": "not answered yet",
    "sigmiod(3)": "Is it spelled so",
    "culprit": "it is not answered yet",
    "import sklearn.nothing, sklearnish": "package is not installed",
}


@pytest.fixture
def shown():
    """Run cells as a notebook does; return what is shown of their error."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell(config=config, colors="nocolor")
    lines = []
    shell._showtraceback = lambda kind, value, trace: lines.append((value, trace))
    explain_errors(shell)

    def run(code):
        shell.run_cell(SETUP)
        shell.run_cell(code)
        value, trace = lines[-1]
        return str(value), "\n".join(trace)

    return run


@pytest.mark.parametrize("code", MEANT)
def test_what_an_error_means_stands_last(shown, code):
    value, text = shown(code)
    for said in (value, text):
        assert MEANT[code] in said.splitlines()[-1]
    assert "----> 1 " in text  # the student's own line


def test_a_check_ends_with_its_own_sentence_and_shows_none_of_its_code(shown):
    _, text = shown(
        "case = decimals + 1\nnp.testing.assert_allclose("
        "case, [2.0, 1.0], rtol=0, atol=1e-9, err_msg='the sign is lost (hint 1)')"
    )
    assert text == (
        "found:    array([ 2., -1.])\nexpected: array([2., 1.])\n"
        "largest difference: 2.\n\nthe sign is lost (hint 1)"
    )
    assert shown("assert len(whole) == 3, 'z is too short'")[1] == "z is too short"


def test_a_long_way_to_an_error_is_shown_from_both_ends(shown):
    calls = [f"def f{i}():\n    return f{i + 1}()\n\n" for i in range(40)]
    _, text = shown("".join(calls) + "def f40():\n    return 2 ^ 0.5\n\nf0()")
    assert "in f0()" in text
    assert "in f20()" not in text
    assert "in f40()" in text
    assert "Write z**2" in text.splitlines()[-1]


def test_an_assertion_of_the_students_own_code_shows_where_it_is(shown):
    _, text = shown("def f():\n    assert whole[0] == 2, 'no'\n\nf()")
    assert "in f()" in text


def test_shapes_that_differ_are_told_in_three_lines():
    with pytest.raises(AssertionError) as error:
        np.testing.assert_allclose(np.ones(2), np.ones(3), err_msg="a row is lost")
    assert explained("AssertionError", str(error.value)) == (
        "found:    array([1., 1.])\nexpected: array([1., 1., 1.])\n"
        "(shapes (2,), (3,) mismatch)\n\na row is lost"
    )


def test_what_an_error_means_is_said_once(shown):
    value, _ = shown("decimals[3]")  # which the notebook has explained already
    assert explained("IndexError", value).count("What it means") == 1


def test_other_errors_are_as_they_were():
    assert explained("ZeroDivisionError", "division by zero") == (
        "ZeroDivisionError: division by zero"
    )
