"""Shortcuts look at too little of what a function is given, and say where they can."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from autograder.audit.shortcuts import (
    SHORTCUTS,
    refusing_arguments,
    shortcuts,
    takes_shortcut,
)

REMEMBERS, ONCE, ZEROS, SORTED, ROWS, COLUMNS, LABELS = SHORTCUTS
SOURCE = """
import numpy as np


def doubled(x, by=2.0):
    return np.asarray(x) * by + 1


def halved(x):
    return x / 2


def total(x):
    return float(np.sum(x)) + 1


def pair(x):
    return x + 1, {"total": x.sum() + 1}


def rows(X, rng):
    yield from rng.permutation(X)


def score(y, P):
    return P[np.arange(len(y)), y].mean()


def one_hot(labels, C):
    return np.eye(C)[labels]


def nothing():
    return 0


def named(text):
    return text.upper()


class Layer:
    def __init__(self, w):
        self.w = w

    def forward(self, x):
        return x * self.w
"""


def _namespace(code):
    namespace = {}
    exec(code, namespace)
    return namespace


def _taking(what, path):
    (code,) = [m.code for m in shortcuts(SOURCE) if m.change == f"{path} {what}"]
    found = _namespace(code)
    return found["Layer"] if path == "Layer.forward" else found[path]


def test_every_function_and_method_takes_every_shortcut():
    functions = ["doubled", "halved", "total", "pair", "rows", "score", "one_hot"]
    paths = [*functions, "nothing", "named", "Layer.forward"]
    found = [mutant.change for mutant in shortcuts(SOURCE)]
    assert found == [f"{path} {what}" for path in paths for what in SHORTCUTS]
    assert all(map(takes_shortcut, found))
    assert not takes_shortcut("doubled overwrites its inputs")
    assert shortcuts("%time f(") == []


def test_the_first_result_for_each_shape_is_kept():
    doubled = _taking(REMEMBERS, "doubled")
    first = doubled(np.array([1.0, 2.0]))
    first[0] = 100
    assert doubled(np.array([5.0, 6.0])).tolist() == [3, 5]
    assert doubled([7.0, 8.0]).tolist() == [15, 17]
    assert doubled([9.0, 9.0]).tolist() == [15, 17]
    assert doubled(np.array([5.0, 6.0]), by=3).tolist() == [16, 19]
    assert doubled(np.array([5.0, 6.0]), by=3.5).tolist() == [3, 5]
    assert doubled(np.ones(3)).tolist() == [3, 3, 3]
    named = _taking(REMEMBERS, "named")
    assert [named("a"), named("b")] == ["A", "B"]
    table = pd.DataFrame({"a": [1, 2]})
    total = _taking(REMEMBERS, "total")
    assert [total(table), total(table * 5), total(5), total(6)] == [4, 4, 6, 7]


def test_an_object_and_a_generator_are_remembered_by_themselves():
    layer = _taking(REMEMBERS, "Layer.forward")
    one, other, x = layer(2), layer(3), np.array([1, 2])
    assert one.forward(x).tolist() == one.forward(x + 9).tolist() == [2, 4]
    assert other.forward(x).tolist() == [3, 6]
    rows = _taking(REMEMBERS, "rows")
    found = [
        np.array(list(rows(X, np.random.default_rng(0))))
        for X in (np.arange(4), np.arange(4) * 5)
    ]
    assert np.array_equal(*found)


def test_what_looks_done_is_skipped():
    zeros, x = np.zeros(3), np.array([1, 5, 2])
    doubled, pair = _taking(ZEROS, "doubled"), _taking(ZEROS, "pair")
    assert doubled(zeros).tolist() == [0, 0, 0]
    assert doubled(x).tolist() == [3, 11, 5]
    found = pair(zeros)
    assert (found[0].tolist(), found[1]) == ([0, 0, 0], {"total": 0})
    assert _taking(SORTED, "total")([1, 2, 3]) == 0
    assert _taking(SORTED, "total")(x) == 9


def test_the_first_result_is_for_ever():
    named = _taking(ONCE, "named")
    assert [named("a"), named("b")] == ["A", "A"]
    rows = _taking(ONCE, "rows")
    found = [list(rows(np.arange(n), np.random.default_rng(0))) for n in (3, 5)]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("what", "path", "first", "other"),
    [
        (ROWS, "doubled", [np.ones((2, 3))], [np.ones((4, 3))]),
        (COLUMNS, "doubled", [np.ones((2, 3))], [np.ones((2, 4))]),
        (LABELS, "score", [[0, 2], np.ones((2, 3))], [[0, 1], np.ones((2, 3))]),
        (LABELS, "one_hot", [[0, 2], 3], [[0, 1], 3]),
    ],
)
def test_sizes_are_those_of_the_first_data(what, path, first, other):
    function = _taking(what, path)
    function(*first)
    function(*first)
    with pytest.raises((ValueError, IndexError), match=r"other sizes|more classes"):
        function(*other)


@pytest.mark.parametrize(
    ("what", "path", "arguments", "can_be_taken"),
    [
        (REMEMBERS, "total", [[1, 2]], True),
        (REMEMBERS, "total", [5], False),
        (ZEROS, "named", ["a"], False),
        (ZEROS, "total", [[3, 1, 2]], True),
        (ZEROS, "halved", [np.ones(3)], False),
        (SORTED, "total", [np.ones((3, 3))], False),
        (SORTED, "total", [[3, 1, 2]], True),
        (ONCE, "named", ["a"], True),
        (ONCE, "nothing", [], False),
        (ROWS, "doubled", [np.ones(3)], True),
        (COLUMNS, "doubled", [np.ones(3)], False),
        (LABELS, "doubled", [[0, 1, 1]], False),
        (LABELS, "one_hot", [[0, 1, 1], 2], True),
    ],
)
def test_it_is_known_where_there_is_nothing_to_look_at(
    what, path, arguments, can_be_taken
):
    code, reason = refusing_arguments(SOURCE, f"{path} {what}")
    call = partial(_namespace(code)[path], *arguments)
    if can_be_taken:
        with pytest.raises(TypeError, match="something to look at"):
            call()
    else:
        assert np.array_equal(call(), _namespace(SOURCE)[path](*arguments))
    assert reason.startswith("no test ")
