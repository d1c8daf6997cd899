"""Missing values: a difference keeps its gaps, whatever name it is compared under."""

import textwrap

import pytest

from autograder.sealed.examiner.run_test import run_test
from tests.support.sealed.nobody import Nobody

HEAD = """
import operator
import numpy as np
import pandas as pd
tol = 1e-9
expected, table = np.ones(3), pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
found, shown = np.full(3, np.nan), pd.DataFrame({"a": [1.0, 2.0], "b": [np.nan] * 2})
holes = pd.Series([1.0, np.nan, 4.0])
"""


def run(code):
    return run_test(HEAD + textwrap.dedent(code), Nobody(), {})


@pytest.mark.parametrize(
    "check",
    [
        "d = found - expected\nassert not (d > tol).any()",
        "d = found - expected\nassert not np.any(np.abs(d) > tol)",
        "d = np.abs(found - expected)\nassert not np.max(d) > tol",
        "d = np.subtract(found, expected)\nassert not (d > tol).any()",
        "d = operator.sub(found, expected)\nassert not (d > tol).any()",
        "assert not (np.subtract(found, expected) > tol).any()",
        "d = [abs(f - e) for f, e in zip(found, expected)]\nassert max([0, *d]) < tol",
        "d = [0.0]\nfor f, e in zip(found, expected):\n    d.append(f - e)\n"
        "assert max(d) < tol",
        "assert not any(d > tol for d in found - expected)",
        "for d in found - expected:\n    assert not abs(d) > tol",
        "worst = 0.0\nfor f, e in zip(found, expected):\n"
        "    worst = max(worst, abs(f - e))\nassert worst < tol",
        "if (d := np.abs(found - expected).max()) > tol:\n    raise AssertionError(d)",
        "def off(f, e):\n    return abs(f - e)\n\nassert not off(found[0], 1.0) > tol",
        "class Check:\n    def off(self, f):\n        return abs(f - 1.0)\n\n"
        "assert not Check().off(found[0]) > tol",
        "off = lambda f, e: abs(f - e)\nassert not off(found[0], 1.0) > tol",
        "def bad(d):\n    return (d > tol).any()\n\nassert not bad(found - expected)",
        "d = shown - table\nassert d.abs().max().max() < tol",
        "d = shown - table\nassert d.sum().sum() == 0",
        "d = shown - table\nm = d.abs().max()\nassert m.max() < tol",
        "d = shown - table\nassert np.isclose(d.to_numpy(na_value=0).sum(), 0)"
        " and np.isclose(d.sum().sum(), 0)",
        "d = shown - table\nassert not d.any().any()",
        "d = pd.to_datetime(['NaT']) - pd.to_datetime(['2026-01-01'])\n"
        "assert not (d > pd.Timedelta(0)).any()",
        "found = np.full(3, np.inf)\nwith np.errstate(invalid='ignore'):\n"
        "    assert not (abs((found - expected) / found) > tol).any()",
        "found = float('inf')\nassert not abs(found - 1.0) / abs(found) > tol",
        # asked for a large difference
        "assert expected[0] - found[0] > 0",
        "gain = expected - found\nassert (gain > 0).all()",
    ],
)
def test_what_is_missing_is_near_nothing_under_any_name(check):
    with pytest.raises(AssertionError):
        run(check)


@pytest.mark.parametrize(
    "check",
    [
        "d = holes - holes.shift()\nassert d.equals(pd.Series([np.nan] * 3))",
        "wanted = holes - holes.mean()\nassert wanted.isna().sum() == 1",
        "wanted = holes - 1\nassert abs(holes - wanted).max() < 1.5",
        "wanted = holes - 1\nassert len(wanted) > 2 and wanted.shape[0] < 4",
        "wanted = holes - holes.mean()\npd.testing.assert_series_equal(wanted, wanted)",
        "wanted = (table['a'] / holes[:2]).mean()\nassert abs(wanted - 1.0) < tol",
        "d = expected - expected\nassert not (d > tol).any() and max(d) < tol",
        "d = holes - holes\nassert not (d.abs() > tol).any() and d.sum() == 0",
        "assert not 0 / np.float64(2) > tol and (expected / 2 < 1).all()",
        "rate = 0.5 - 0.25\nassert rate < 1 and operator.sub(3, 1) == 2",
    ],
)
def test_what_a_test_computes_of_its_own_data_is_as_ever(check):
    run(check)


def test_a_score_counts_what_is_there():
    found = "f = np.array([1.0, np.nan, 5.0])\nd = abs(f - expected)\n(d < tol).sum()"
    assert run(found) == 1
