"""Comparisons in test cells: shapes count, and everything else is as it was."""

import textwrap

import numpy as np
import pandas as pd
import pytest

from autograder.sealed.examiner.run_test import run_test
from tests.support.sealed.nobody import Nobody

HEAD = """
import math, operator, unittest
import numpy as np
import pandas as pd
from numpy import allclose as same, testing
from numpy.testing import assert_allclose as check
right = np.ones((2, 3))
empty, row, number = np.empty((0, 2, 3)), np.ones(3), 1.0
deep, column = np.ones((1, 1, 2, 3)), np.ones((2, 1))
"""


def run(code):
    run_test(HEAD + textwrap.dedent(code), Nobody(), {})


CLOSE = """
found = []
for one, other in sides:
    try:
        found.append(COMPARE(one, other, **options) in (None, True))
    except AssertionError:
        found.append(False)
found
"""
FLOATS = [
    0.0,
    1.0,
    1 + 5e-8,
    1 - 3e-7,
    1 + 9e-6,
    -1.0,
    1e-300,
    1e308,
    np.nan,
    np.inf,
    -np.inf,
]


TOLERANCES = [{}, {"rtol": 0}, {"atol": 1e-8}, {"rtol": -1, "atol": 2}]


@pytest.mark.parametrize(
    ("compare", "options"),
    [
        *(("np.testing.assert_allclose", options) for options in TOLERANCES),
        *(("np.allclose", options) for options in [*TOLERANCES, {"equal_nan": True}]),
        ("np.testing.assert_array_equal", {}),
    ],
)
def test_floats_are_close_where_numpy_finds_them_close(compare, options):
    sides = [
        sides
        for one in FLOATS
        for other in FLOATS
        for sides in [(one, other), ([one, 1.0], np.array([other, 1.0]))]
    ]
    namespace = {"np": np, "sides": sides, "options": options}
    code = CLOSE.replace("COMPARE", compare)
    found = run_test(code, Nobody(), dict(namespace))
    exec(code, namespace)
    assert found == namespace["found"]
    assert {True, False} == set(found)


LYING = ["empty", "row", "number", "deep", "column", "[]", "[1.0]", "np.empty((0, 3))"]


@pytest.mark.parametrize("lie", LYING)
@pytest.mark.parametrize(
    "check",
    [
        "assert np.allclose({0}, right)",
        "assert same({0}, right)",
        "assert np.allclose(a={0}, b=right)",
        "assert np.allclose({0}, b=right)",
        "assert np.ma.allclose({0}, right)",
        "assert np.array_equiv({0}, right)",
        "assert np.array_equal({0}, right)",
        "assert np.isclose({0}, right).all()",
        "assert np.all(np.isclose({0}, right))",
        "assert np.all(np.asarray({0}) == right)",
        "assert (np.asarray({0}) == right).all()",
        "assert not np.any(np.asarray({0}) != right)",
        "assert not (np.asarray({0}) != right).any()",
        "assert np.count_nonzero(np.asarray({0}) != right) == 0",
        "np.testing.assert_allclose({0}, right)",
        "testing.assert_allclose(actual={0}, desired=right)",
        "check({0}, right)",
        "np.testing.assert_array_equal({0}, right)",
        "np.testing.assert_array_almost_equal({0}, right)",
        "np.testing.assert_almost_equal({0}, right)",
        "compare = np.allclose\nassert compare({0}, right)",
        "assert all(f({0}, right) for f in [np.allclose])",
        "def equal(a, b):\n    return np.allclose(a, b)\n\nassert equal({0}, right)",
        "assert (lambda a, b: np.all(a == b))(np.asarray({0}), right)",
    ],
)
def test_what_only_broadcasting_makes_equal_is_not(check, lie):
    with pytest.raises((AssertionError, ValueError)):
        run(check.format(lie))


@pytest.mark.parametrize(
    "check",
    [
        "assert np.all(np.abs(empty - right) < 1e-9)",
        "assert (np.abs(empty - right) < 1e-9).all()",
        "assert not np.any(np.abs(empty - right) > 1e-9) and np.allclose(empty, right)",
        "assert np.equal(empty, right).all()",
        "assert not np.not_equal(empty, right).any()",
        "same_values = empty == right\nassert same_values.all()",
        "np.testing.assert_array_less(np.abs(empty - right), 1e-9)",
        "assert np.allclose(empty - right, 0)",
        "assert np.allclose(empty, 1.0)",
        "assert np.all(empty == 1.0)",
        "found = []\nfor f, e in zip(found, row):\n    assert f == e",
        "found = []\nassert all(f == e for f, e in zip(found, [1, 2]))",
        "assert sum(f != e for f, e in zip(list(), row)) == 0",
        "found = []\nfor i in range(len(found)):\n    assert found[i] == row[i]",
        "found = ()\nfor i, value in enumerate(found):\n    assert value == row[i]",
        "found = row[3:]\nassert all(found[k] == row[k] for k in range(len(found)))",
    ],
)
def test_empty_is_not_equal(check):
    with pytest.raises(AssertionError):
        run(check)


@pytest.mark.parametrize(
    "check",
    [
        # single numbers, on the second side or written out
        "assert np.allclose(right, 1) and np.allclose(right, np.float64(1))",
        "assert np.allclose(right, [1.0]) and np.allclose(1.0, right)",
        "assert np.allclose(-1, -right)",
        "assert np.all(right == 1) and not np.any(right != 1)",
        "np.testing.assert_allclose(right, 1)",
        "np.testing.assert_array_less(right, 2)",
        "assert np.isclose(0.1 + 0.2, 0.3) and math.isclose(0.1 + 0.2, 0.3)",
        "assert np.all(np.isfinite(right)) and np.all(right >= 0)",
        "assert np.all(np.empty((0, 3)) >= 0)",
        # both empty
        "assert np.allclose(empty, empty) and np.all(empty == empty)",
        "assert np.array_equal([], []) and np.allclose([], np.zeros(0))",
        "np.testing.assert_array_equal(empty, empty.copy())",
        # lists, texts, tables, nothing
        "assert [1, 2] == [1, 2] and 'a' != 'b' and None == None",
        "assert {'a': 1} == {'a': 1} and all([1 == 1, 'a' == 'a'])",
        "assert any(n == 2 for n in [1, 2]) and all(n != 3 for n in [1, 2])",
        "frame = pd.DataFrame(right)\nassert (frame == frame).all().all()",
        "assert (pd.Series([1, 2]) == 1).any() and (pd.Series([1, 1]) == 1).all()",
        "assert np.allclose(pd.Series([1.0, 2.0]), [1.0, 2.0])",
        "assert np.all(np.array(['a', 'b']) == ['a', 'b'])",
        # broadcasting on the way to what is expected
        "hot = np.arange(3) == np.array([0, 2])[:, None]\nassert hot.sum() == 2",
        "assert ((right - row) == 0).all() and np.all(right - column == 0)",
        "assert np.any(right == row) and (right == row).any(axis=1).all()",
        "assert np.all(right == row, axis=1).all()",
        "found = np.isclose(right, row)\nassert found.shape == (2, 3)",
        "z = np.zeros((0, 3)) - row\nassert z.shape == (0, 3)",
        "s = pd.Series([1, 3])\nassert (s - s.shift()).equals(pd.Series([np.nan, 2]))",
        "x = np.array([1, np.nan]) - 1\nassert np.isnan(x).tolist() == [False, True]",
        "none = []\nassert not list(zip(none, none)) and not list(zip(row[3:], row))",
        "none = []\nfor i in range(len(none)):\n    assert none[i] == none[i - 1]",
        "for i in range(len(row)):\n    assert row[i] == right[0][i] == row[i]",
        "for i, one in enumerate(row):\n    half = [one]\n    assert half[0] == row[i]",
        "one = [1]\nassert [*zip(row, one)] == [(1, 1)] and not [*zip(one, iter([]))]",
        "assert 0 < 1 <= 1 and not 1 == 2 == 3",
        "assert operator.eq(1, 1)\nunittest.TestCase().assertEqual([1], [1])",
        "scores = np.array([0.5, 1])\nscores[scores == 1] = 3\nassert scores[1] == 3",
    ],
)
def test_what_is_equal_stays_so(check):
    run(check)


def test_a_difference_of_shapes_is_told_where_the_test_says_nothing():
    with pytest.raises(AssertionError, match=r"empty array.*\(0, 2, 3\) and \(2, 3\)"):
        run("assert np.allclose(empty, right)")
    with pytest.raises(AssertionError, match=r"found an array of shape \(3,\)"):
        run("assert np.all(row == right)")
    with pytest.raises(AssertionError, match=r"^look at the shape$"):
        run("assert np.allclose(empty, right), 'look at the shape'")
    with pytest.raises(AssertionError, match=r"look\nfound an array of shape \(\)"):
        run("np.testing.assert_allclose(number, right, err_msg='look')")
    with pytest.raises(AssertionError, match=r"^$"):
        run("same(empty, right)\nassert 1 == 1\nassert np.allclose(right, 2 * right)")


def test_numpy_itself_is_as_it_was():
    assert np.allclose(np.empty((0, 3)), np.ones(3))
    assert pd.Series([1]).equals(pd.Series([1]))
