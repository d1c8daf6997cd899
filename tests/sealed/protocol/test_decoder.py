"""Hostile structure is a value or garbled, and nothing else."""

import copy
import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sealed.protocol.decoder import _READERS
from autograder.sealed.protocol.pandas_tables import _COLUMNS
from autograder.sealed.protocol.wire import Garbled, MessageLimits
from tests.support.sealed.values import FRAME, PATIENT, decode, encode, values

EIGHT = [bytes(8)]
RANGE = ["index", "range", [None], [0, 10**15, 1]]
PRIME = 2**61 - 1
"""Python's hash of an integer is what is left of it after division by this."""
MANY = 60_000
MEETING = {
    "integers": [["int", f"{k * PRIME:x}"] for k in range(MANY)],
    "complex numbers": [["complex", -1000003.0 * k, float(k)] for k in range(MANY)],
    "pairs": [["tuple", [["int", f"{k * PRIME:x}"], 1]] for k in range(MANY)],
}
"""Elements of one hash, a table of which takes minutes to fill."""


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
        (["array", "<U0", [2**27], "C", 0], [b""]),
        (["array", "|S0", [2**27], "C", 0], [b""]),
        (["array", "<f8", [0, 2**27], "C", 0], [b""]),
        (["index", "range", [None], [0, 10**15, 1]], []),
        (["frame", ["index", "range", [None], [0, 0, 1]], RANGE, []], []),
        (["date", 2020, 13, 1], []),
        (["span", 10**10, 0, 0], []),
        (["datetime", "tomorrow", 0], []),
        (["Decimal", "1e999999999"], []),
        (["Decimal", "1" * 3000], []),
        (["Fraction", [1, 0]], []),
        (["moment", ["scalar", "<M8[s]", "00" * 8], "dateutil//etc/passwd"], []),
    ],
    ids=str,
)
def test_hostile_structure_is_garbled(node, blobs):
    with pytest.raises(Garbled):
        decode(node, blobs)


@pytest.mark.parametrize("kind", MEETING)
def test_elements_that_meet_in_a_hash_table_are_garbled(kind):
    nodes = MEETING[kind]
    for hostile in (["set", nodes], ["frozenset", nodes], ["dict", nodes, [1] * MANY]):
        began = time.process_time()
        with pytest.raises(Garbled, match="hash"):
            decode(hostile, [])
        assert time.process_time() - began < 5


@pytest.mark.parametrize("kind", [int, float, str, lambda k: (k, k % 7)])
def test_an_honest_set_may_be_large(kind):
    honest = {kind(k) for k in range(MANY)}
    assert decode(*encode(honest)) == honest


def test_elements_of_all_containers_together_are_counted():
    few = MessageLimits(items=10)
    for node in (
        ["list", [1] * 11],
        ["list", [["tuple", [1, 2, 3]], ["tuple", [1, 2, 3]], ["list", [1, 2, 3]]]],
        ["dict", [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
        ["objects", [11], "C", [1] * 11],
    ):
        with pytest.raises(Garbled, match="more than 10 elements"):
            decode(node, [], few)
    assert decode(["list", [["tuple", [1, 2, 3]], 4]], [], few) == [(1, 2, 3), 4]


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
