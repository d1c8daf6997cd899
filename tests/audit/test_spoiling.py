"""Spoilers change what functions return, and say when there is nothing to change."""

import numpy as np
import pandas as pd
import pytest

from autograder.audit.spoiling import SPOILERS, refusing_results, spoilers, spoils

EMPTY, TEXTS, SAME, MISSING, FIRST, WHOLE, DIGITS = SPOILERS
SOURCE = """
import numpy as np
import pandas as pd


def array(x):
    return np.asarray(x) * 2.0


def number(x):
    return x + 1


def pair(x):
    return [x], {"a": x}, "text", True


def table(x):
    return pd.DataFrame({"a": [x]})


def nothing(x):
    return None


class Layer:
    def forward(self, x):
        return np.array([x, x + 1.0])

    def _hidden(self):
        return 1
"""


def _spoilt(path, what):
    (code,) = [m.code for m in spoilers(SOURCE) if m.change == f"{path} {what}"]
    namespace = {}
    exec(code, namespace)
    return namespace


def test_every_function_and_method_is_spoilt_in_every_way():
    paths = ["array", "number", "pair", "table", "nothing", "Layer.forward"]
    found = [mutant.change for mutant in spoilers(SOURCE)]
    assert found == [f"{path} {what}" for path in paths for what in SPOILERS]
    assert all(map(spoils, found))
    assert not spoils("array overwrites its inputs")


def test_results_are_spoilt():
    x = [1, 2, 6]
    assert _spoilt("array", EMPTY)["array"](x).shape == (0, 3)
    assert _spoilt("array", TEXTS)["array"](x).tolist() == ["2.0", "4.0", "12.0"]
    assert np.array_equal(_spoilt("array", SAME)["array"](x), [6, 6, 6])
    assert _spoilt("number", TEXTS)["number"](1) == "2"
    number = _spoilt("number", SAME)["number"]
    assert [number(3), number(8)] == [4, 4]
    assert _spoilt("pair", EMPTY)["pair"](1) == ([], {}, "", True)
    assert len(_spoilt("table", EMPTY)["table"](1)) == 0
    assert _spoilt("array", FIRST)["array"](x).tolist() == [2, 5, 13]
    assert np.isnan(_spoilt("array", MISSING)["array"](x)).tolist() == [0, 0, 1]
    assert np.isnan(_spoilt("number", MISSING)["number"](1.0))
    whole = _spoilt("array", WHOLE)["array"]([1.3, 2])
    assert (whole.tolist(), whole.dtype.kind) == ([2, 4], "i")
    assert _spoilt("number", WHOLE)["number"](1.9) == 2
    assert _spoilt("number", DIGITS)["number"](1.0001) == 2.0
    assert _spoilt("array", DIGITS)["array"](x).dtype == np.float16
    assert list(_spoilt("table", EMPTY)["table"](1).columns) == ["a"]
    assert _spoilt("Layer.forward", EMPTY)["Layer"]().forward(1).size == 0


@pytest.mark.parametrize(
    ("path", "what", "is_spoilt"),
    [
        ("array", EMPTY, True),
        ("number", EMPTY, False),
        ("pair", TEXTS, False),
        ("nothing", SAME, False),
        ("table", SAME, False),
        ("number", WHOLE, False),
        ("array", DIGITS, True),
    ],
)
def test_it_is_known_where_there_is_nothing_to_spoil(path, what, is_spoilt):
    namespace = {}
    exec(refusing_results(SOURCE, f"{path} {what}"), namespace)
    if is_spoilt:
        with pytest.raises(TypeError, match="spoilt"):
            namespace[path]([1, 2])
    else:
        found, right = namespace[path](1), _right(path)
        assert found.equals(right) if path == "table" else found == right


def _right(path):
    namespace = {"pd": pd}
    exec(SOURCE, namespace)
    return namespace[path](1)


def test_a_cell_that_is_no_python_has_no_spoilers():
    assert spoilers("%time f(") == []
