"""Plain values of every kind, and the way of one to the other side."""

import socket

import hypothesis.extra.numpy as hnp
import numpy as np
import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from autograder.sealed.protocol.decoder import Decoder
from autograder.sealed.protocol.encoder import Encoder
from autograder.sealed.protocol.wire import Inbox, MessageLimits, pack, send

PATIENT = settings(deadline=None, database=None, max_examples=150)
surrogates = st.text(st.characters(exclude_categories=()), max_size=5)
plain_dtypes = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(),
    hnp.unsigned_integer_dtypes(),
    hnp.floating_dtypes(sizes=(16, 32, 64)),
    hnp.complex_number_dtypes(sizes=(64, 128)),
    hnp.unicode_string_dtypes(max_len=4),
    hnp.byte_string_dtypes(max_len=4),
    hnp.datetime64_dtypes(),
    hnp.timedelta64_dtypes(),
)
arrays = plain_dtypes.flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=3)
    )
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**6000), 2**6000),
    st.floats(),
    st.complex_numbers(),
    surrogates,
    st.binary(max_size=20),
    st.just(...),
    st.builds(slice, st.none() | st.integers(), st.integers(), st.none()),
    # A range may be as long as a message may have elements.
    st.builds(range, st.integers(0, 2**20), st.integers(-(2**20), 2**20), st.just(5)),
    st.sampled_from([int, dict, ValueError, np.float32, np.exp, np.matmul, pd.NA]),
    plain_dtypes.map(np.dtype),
    st.just(np.dtype(object)),
    plain_dtypes.flatmap(lambda dtype: hnp.arrays(dtype, ())).map(lambda a: a[()]),
)
keys = st.one_of(
    st.integers(),
    surrogates,
    st.binary(max_size=4),
    st.tuples(st.integers(), st.text()),
)


def containers(items):
    return st.one_of(
        st.lists(items, max_size=4),
        st.lists(items, max_size=4).map(tuple),
        st.sets(keys, max_size=4),
        st.frozensets(keys, max_size=4),
        st.dictionaries(keys, items, max_size=4),
        st.lists(items, max_size=4).map(object_array),
    )


def object_array(items):
    array = np.empty(len(items), dtype=object)
    for at, item in enumerate(items):
        array[at] = item
    return array


values = st.recursive(scalars | arrays, containers, max_leaves=12)
FRAME = pd.DataFrame(
    {
        "int": [1, 2, 3],
        "text": ["x", None, "z"],
        "float": [0.1, np.nan, -0.0],
        "category": pd.Categorical(["u", None, "u"], ["w", "u"], ordered=True),
        "when": pd.to_datetime(["2020-01-01", None, "2022-05-06"]),
        "zoned": pd.to_datetime(["2020", "2021", "2022"]).tz_localize("Europe/Berlin"),
        "Int64": pd.array([1, None, 3], dtype="Int64"),
        "Float32": pd.array([1.5, None, 3], dtype="Float32"),
        "boolean": pd.array([True, None, False], dtype="boolean"),
        "string": pd.array(["a", None, "c"], dtype="string"),
        "mixed": pd.Series([1, "a", None], dtype=object),
        ("a", 1): np.array([1, 2, 3], "m8[s]"),
    },
    index=pd.Index([5, 5, 7], name="row"),
)


def same(one, other):
    """Whether two values are equal in type, order and every bit with a meaning."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        if one.dtype != other.dtype or np.shape(one) != np.shape(other):
            return False
        if one.dtype == object:
            return same(one.reshape(-1).tolist(), other.reshape(-1).tolist())
        return one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float | complex):
        return repr(one) == repr(other)
    return one is other or one == other


def encode(value, limits=None):
    """Encode one value that has nothing but plain kinds in it: structure and blobs."""
    encoder = Encoder(limits or MessageLimits())
    return encoder.encode(value), encoder.blobs


def decode(node, blobs, limits=None):
    """Rebuild what `encode` was given."""
    return Decoder(limits or MessageLimits(), blobs).value(node)


def through_a_socket(value, limits=None):
    """Send a value through a real socket and rebuild it on the other end."""
    limits = limits or MessageLimits()
    node, blobs = encode(value, limits)
    here, there = socket.socketpair()
    with here, there:
        send(here, pack({"value": node}, blobs, limits))
        message = Inbox(there, limits).advance(block=True)
    return decode(message.body["value"], message.blobs, limits)
