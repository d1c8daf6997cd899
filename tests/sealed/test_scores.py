"""What a test that ends in a score or a truth gives, whatever an answer is made of."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits

BEGIN = """\
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
"""
TESTS = [
    "f(3) == 9",
    "not f(3) != 9",
    "np.isclose(f(3), 9)",
    "5 * (f(3) == 9)",
    "5 - (f(3) - 9) ** 2",
    "(f(3) == 9) & (f(2) == 4)",
    "sum([f(3) == 9, f(2) == 4]) * 2.5",
    "right = f(3) == 9\nright",
    "score = 0\nscore += 3 * (f(3) == 9)\nscore += 2 * np.isclose(f(2), 4)\nscore",
]
SHOWN = "f(3) * np.ones(2)", "table = pd.DataFrame({'y': [f(3)]})\ntable", "f"
WRONG = {
    "an array": "np.array([0.0])",
    "a guess among others": "np.arange(-99.0, 99.0)",
    "nothing": "np.array([])",
    "a column": "pd.Series([0.0, 9.0])",
    "a table": "pd.DataFrame({'y': [0.0]})",
    "an index": "pd.Index([0.0])",
    "nothing of pandas": "pd.NA",
    "a column of nothing": "pd.Series([None], dtype='Int64')",
    "objects": "np.array([None, 9], dtype=object)",
    "a complex number": "3j",
    "an object": "Any()",
    "a number beyond all floats": "10**400 + 1",
    "a fraction beyond all floats": "Fraction(10**400 + 1, 3)",
    "a decimal number that is none": "Decimal('sNaN')",
}
RIGHT = "x ** 2", "np.float64(x ** 2)", "np.array([x ** 2])"
ANY = """\
class Any:
    def give(self, *_):
        return self
    __and__ = __mul__ = __rmul__ = __sub__ = __rsub__ = __pow__ = __add__ = give
"""


@pytest.fixture(scope="module")
def engine():
    """Start an engine that knows pandas."""
    with Engine(["pandas"], NotebookLimits()) as engine:
        yield engine


def cell(source, name, **flags):
    entry = {"grade_id": name, "schema_version": 3, "locked": True, **flags}
    entry = {"grade": False, "solution": False, **entry}
    return new_code_cell(source, metadata={"nbgrader": entry})


def points(engine, answer, tests):
    answer = cell(f"{ANY}\ndef f(x):\n    return {answer}", "f", solution=True)
    graded = [
        cell(test, f"test_{n}", grade=True, points=5) for n, test in enumerate(tests)
    ]
    notebook = new_notebook(cells=[cell(BEGIN, "begin"), answer, *graded])
    found = engine.run(Job(notebook, BEGIN)).cells
    return [entry["points"] for entry in found]


@pytest.mark.parametrize("way", WRONG)
def test_no_shape_of_a_wrong_answer_scores(engine, way):
    assert points(engine, WRONG[way], TESTS) == [0] * len(TESTS)


@pytest.mark.parametrize("answer", RIGHT)
def test_every_shape_of_a_right_answer_scores(engine, answer):
    assert points(engine, answer, TESTS) == [5] * len(TESTS)


def test_what_a_test_only_shows_costs_nothing(engine):
    assert points(engine, "-x ** 2", SHOWN) == [5] * len(SHOWN)
