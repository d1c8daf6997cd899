"""Indented JSON is what Python's own encoder writes."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as some

from autograder.base.indented_json import indented
from autograder.base.paths import ROOT

LEAVES = some.none() | some.booleans() | some.integers() | some.floats() | some.text()
VALUES = some.recursive(
    LEAVES,
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=40,
)


def by_python(value):
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)


@given(VALUES)
def test_any_value_is_written_as_python_writes_it(value):
    assert indented(value) == by_python(value)


@pytest.mark.parametrize("value", [{}, [], [[]], {"a": {}}, 'é\u2028\x00"\\', 1e400])
def test_odd_values_are_written_as_python_writes_them(value):
    assert indented(value) == by_python(value)


def test_a_solution_is_written_as_it_stands():
    path = (
        ROOT / "solutions" / "03_logistic_regression" / "03_logistic_regression.ipynb"
    )
    text = path.read_text("utf-8")
    assert indented(json.loads(text)) == text.rstrip("\n")
    assert nbformat.reads(indented(json.loads(text)), as_version=4)
