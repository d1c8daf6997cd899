"""Hostile structure is a value or garbled, and nothing else."""

import copy
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sealed.protocol.decoder import _READERS
from autograder.sealed.protocol.pandas_tables import _COLUMNS
from autograder.sealed.protocol.wire import Garbled
from tests.support.sealed.values import FRAME, PATIENT, decode, encode, values

EIGHT = [bytes(8)]


@pytest.mark.parametrize(
    ("node", "blobs"),
    [
        (["array", "<f8", [10**12], "C", 0], EIGHT),
        (["array", "<f8", [0, 10**12], "C", 0], [b""]),
        (["array", "<f8", [-1], "C", 0], EIGHT),
        (["array", "<f8", [True], "C", 0], EIGHT),
        (["array", "<f8", [1], "C", 1], EIGHT),
        (["array", "<f8", [1], "C", -1], EIGHT),
        (["array", "<f8", [1] * 40, "C", 0], EIGHT),
        (["array", "|O", [1], "C", 0], EIGHT),
        (["array", "|V8", [1], "C", 0], EIGHT),
        (["array", "<U999999999", [0], "C", 0], [b""]),
        (["array", [["x", "|O"]], [1], "C", 0], EIGHT),
        (["array", "<f8,<f8", [1], "C", 0], EIGHT),
        (["objects", [3], "C", [1]], []),
        (["scalar", "<f8", "00"], []),
        (["scalar", "|O", "0000000000000000"], []),
        (["dtype", "O,O"], []),
        (["type", "numpy.ndarray"], []),
        (["type", "eval"], []),
        (["type", "os.system"], []),
        (["ufunc", "sum"], []),
        (["ufunc", "__loader__"], []),
        (["dict", [["list", []]], [1]], []),
        (["dict", [1, 1], [2, 3]], []),
        (["dict", [1], []], []),
        (["set", [1, 1]], []),
        (["complex", "1", "2"], []),
        (["int", "1_0" * 3 + "zz"], []),
        (["same", 0], []),
        (["new", 0, ["list", []]], []),
        (["pickle", 0], EIGHT),
        (["frame", ["index", "range", [None], [0, 1, 1]], 3, []], []),
        (["index", "range", [None], [0, 1, 0]], []),
        (["missing", "Series"], []),
        ({"list": []}, []),
        ([], []),
        ([["list"]], []),
        (["list", [], []], []),
        (["surrogates", 0], [b"\xff\xff"]),
    ],
    ids=str,
)
def test_hostile_structure_is_garbled(node, blobs):
    with pytest.raises(Garbled):
        decode(node, blobs)


def test_structure_nested_without_end_is_garbled():
    node = ["list", []]
    for _ in range(5000):
        node = ["list", [node]]
    with pytest.raises(Garbled, match="nested"):
        decode(node, [])


KINDS = sorted([*_READERS, *_COLUMNS, "levels"])
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
    | st.sampled_from([*KINDS, "<f8", "|O", "C", "<U3", "ff", "NaT"]),
    lambda items: st.one_of(
        st.lists(items, max_size=4),
        st.dictionaries(st.text(max_size=3), items, max_size=2),
        st.tuples(st.sampled_from(KINDS), st.lists(items, max_size=3)).map(
            lambda pair: [pair[0], *pair[1]]
        ),
    ),
    max_leaves=15,
)


def decoded_or_garbled(node, blobs):
    reason = ""
    try:
        decode(node, blobs)
    except Garbled as error:
        reason = str(error)
    assert len(reason) < 300


@settings(PATIENT, max_examples=400)
@given(json_values, st.lists(st.binary(max_size=16), max_size=3))
def test_random_structure_is_a_value_or_garbled(node, blobs):
    decoded_or_garbled(node, blobs)


def replaced(node, generator, other):
    """Put another node somewhere into a structure."""
    if not isinstance(node, list) or not node or generator.random() < 0.3:
        return other
    node = copy.copy(node)
    at = generator.randrange(len(node))
    node[at] = replaced(node[at], generator, other)
    return node


@settings(PATIENT, max_examples=300)
@given(
    values | st.sampled_from([FRAME, FRAME["category"]]),
    json_values,
    st.integers(0, 10**9),
)
def test_a_tampered_value_is_a_value_or_garbled(value, other, seed):
    node, blobs = encode(value)
    tampered = replaced(json.loads(json.dumps(node)), random.Random(seed), other)
    decoded_or_garbled(tampered, [bytes(blob) for blob in blobs])
