"""Values survive the way to the other side exactly; nothing else is let in."""

import copy
import json
import random
import socket

import hypothesis.extra.numpy as hnp
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sealed.protocol.decoder import _READERS, Decoder
from autograder.sealed.protocol.encoder import Encoder
from autograder.sealed.protocol.pandas_tables import _COLUMNS
from autograder.sealed.protocol.shared_state import Shared, Streams
from autograder.sealed.protocol.wire import (
    Closed,
    Garbled,
    Inbox,
    Message,
    MessageLimits,
    Unsendable,
    pack,
    send,
)

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


@PATIENT
@given(values)
def test_every_plain_value_survives_the_round_trip_exactly(value):
    found = through_a_socket(value)
    assert same(value, found), (value, found)


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(20)[::3],
        np.ones((3, 4))[:, 1:3],
        np.array(2.5),
        np.zeros((0, 5), np.int8),
        np.array([1, 1 / 3], np.longdouble),
        np.array([1j / 3], np.clongdouble),
        np.arange(3, dtype=">u2"),
        np.array(["2020-01-01", "NaT"], "M8[25s]"),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_an_array_keeps_its_layout_and_its_type(array):
    found = through_a_socket(array)
    np.testing.assert_array_equal(found, array)
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    expected = array.copy("K").flags
    assert found.flags.f_contiguous == expected.f_contiguous
    assert found.flags.owndata
    assert found.flags.writeable


def test_a_read_only_array_arrives_read_only():
    array = np.arange(3)
    array.flags.writeable = False
    assert not through_a_socket(array).flags.writeable


def test_unused_bytes_of_a_longdouble_do_not_leave_the_process():
    if np.finfo(np.longdouble).nmant != 63:
        pytest.skip("longdouble has no unused bytes here")
    raw = np.full(16, 0xAB, np.uint8)
    _, blobs = encode(raw.view(np.longdouble))
    assert bytes(blobs[0])[10:] == bytes(6)


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
FEW = FRAME[["int", "float"]]


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.set_index(["text", "when"]),
        FEW.set_axis(pd.MultiIndex.from_tuples([("p", 1), ("q", 2)]), axis=1),
        FRAME[["int", "int"]],
        FRAME.reset_index(drop=True),
        pd.DataFrame(),
        pd.DataFrame(index=["a", "b"]),
    ],
)
def test_a_table_survives_with_its_dtypes_names_and_index(frame):
    found = through_a_socket(frame)
    pd.testing.assert_frame_equal(found, frame, check_freq=False)
    assert type(found.index) is type(frame.index)


@pytest.mark.parametrize("name", FRAME.columns)
def test_a_series_and_an_index_survive(name):
    pd.testing.assert_series_equal(through_a_socket(FRAME[name]), FRAME[name])
    index = pd.Index(FRAME[name])
    pd.testing.assert_index_equal(through_a_socket(index), index, exact=True)


def nested_lists(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def a_list_in_itself():
    value = [1]
    value.append({"deeper": (value,)})
    return value


def many_paths():
    value = [0]
    for _ in range(60):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (a_list_in_itself(), "contains itself"),
        (nested_lists(150), "nested more than"),
        (many_paths(), "too large"),
        (np.zeros(2**20), "too large"),
        ("x" * 2**18, "too large"),
        (object(), "object"),
        (np.zeros(2, dtype=[("field", object)]), "ndarray"),
        (pd.period_range("2020", periods=2, freq="D"), "PeriodIndex"),
    ],
)
def test_what_cannot_cross_is_refused_with_the_reason(value, reason):
    limits = MessageLimits(message_bytes=2**20, structure_bytes=2**17, items=10**5)
    with pytest.raises(Unsendable, match=reason):
        through_a_socket(value, limits)


def test_a_subclass_of_a_plain_type_is_not_plain():
    class Liar(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    with pytest.raises(Unsendable):
        encode([Liar(1)])


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


def received(data, limits=None):
    """Let bytes arrive and the connection end; return the message, if it is one."""
    here, there = socket.socketpair()
    with there:
        with here:
            here.sendall(data)
        return Inbox(there, limits or MessageLimits()).advance(block=True)


@PATIENT
@given(st.binary(max_size=200))
def test_random_bytes_are_no_message(data):
    with pytest.raises((Garbled, Closed)):
        received(data)


@PATIENT
@given(values, st.data())
def test_a_message_with_other_bytes_is_a_message_or_garbled(value, data):
    node, blobs = encode(value)
    whole = bytearray(b"".join(pack({"value": node}, blobs, MessageLimits())))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] = data.draw(st.integers(0, 255))
    try:
        message = received(bytes(whole))
        decode(message.body.get("value"), message.blobs)
    except (Garbled, Closed):
        return
    assert type(message) is Message


@pytest.mark.parametrize(
    ("text", "blobs"),
    [
        (b"[]", b""),
        (b"{}", b""),
        (b'{"blobs":[-1,1]}', b""),
        (b'{"blobs":[true]}', b"x"),
        (b'{"blobs":[2]}', b"x"),
        (b'{"blobs":[], "x": ' + b"[" * 10**5 + b"]" * 10**5 + b"}", b""),
        (b'{"blobs":[], "x": ' + b"9" * 10**5 + b"}", b""),
        (b"\xff\xfe", b""),
    ],
    ids=range(8),
)
def test_a_malformed_message_is_garbled(text, blobs):
    header = b"NbN1" + len(text).to_bytes(4, "big") + len(blobs).to_bytes(8, "big")
    with pytest.raises(Garbled):
        received(header + text + blobs)


def test_a_message_that_claims_too_much_is_garbled_before_it_arrives():
    huge = b"NbN1" + (10).to_bytes(4, "big") + (2**62).to_bytes(8, "big")
    with pytest.raises(Garbled, match="too large"):
        received(huge)
    structure = b"NbN1" + (2**31).to_bytes(4, "big") + bytes(8)
    with pytest.raises(Garbled, match="too large"):
        received(structure)


def test_a_message_may_arrive_byte_by_byte():
    node, blobs = encode([np.arange(3), "x"])
    whole = b"".join(pack({"value": node}, blobs, MessageLimits()))
    here, there = socket.socketpair()
    with here, there:
        inbox = Inbox(there, MessageLimits())
        for byte in whole[:-1]:
            here.sendall(bytes([byte]))
            assert inbox.advance(block=False) is None
        here.sendall(whole[-1:])
        message = inbox.advance(block=False)
    assert decode(message.body["value"], message.blobs)[1] == "x"


def applied_over_there(arguments, change):
    """Share arguments with a second registry, change them there, apply it here."""
    limits = MessageLimits()
    here, there = Shared(limits), Shared(limits)
    encoder = Encoder(limits, None, here, registers=True)
    node = json.loads(json.dumps(encoder.encode(tuple(arguments))))
    blobs = [memoryview(bytes(blob)) for blob in encoder.blobs]
    copies = Decoder(limits, blobs, None, there, registers=True).value(node)
    there.remember(again=False)
    change(*copies)
    back = Encoder(limits, None, there)
    changes = json.loads(json.dumps(there.changes(back)))
    answer = [bytes(blob) for blob in back.blobs]
    here.apply(Decoder(limits, answer, None, here), changes)
    return changes


@PATIENT
@given(st.lists(values, max_size=3))
def test_arguments_that_nobody_changes_are_not_sent_back(arguments):
    before = copy.deepcopy(arguments)
    assert applied_over_there(arguments, lambda *copies: None) == []
    assert same(before, arguments)


def test_a_changed_argument_is_the_same_object_with_the_new_content():
    inner, outer = np.zeros(3), {"a": [1]}
    outer["inner"] = inner

    def change(inner, outer):
        assert outer["inner"] is inner
        inner[1] = np.nan
        outer["a"].append(inner)
        del outer["inner"]

    changes = applied_over_there([inner, outer], change)
    assert len(changes) == 3
    np.testing.assert_array_equal(inner, [0, np.nan, 0])
    assert outer["a"][1] is inner
    assert "inner" not in outer


def test_a_change_of_another_type_is_garbled():
    limits = MessageLimits()
    shared = Shared(limits)
    shared.add([1])
    for change in ([0, 5], [0, ["dict", [], []]], [1, ["list", []]], [0], [[], 1], 3):
        with pytest.raises(Garbled):
            shared.apply(Decoder(limits, [], None, shared), [change])


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_a_generators_state_comes_back(kind):
    limits = MessageLimits()
    mine = np.random.Generator(getattr(np.random, kind)(3))
    theirs = np.random.Generator(getattr(np.random, kind)(3))
    theirs.normal(size=1001)
    encoder, streams = Encoder(limits), Streams()
    number = streams.number(mine)
    node = encoder.encode(theirs.bit_generator.state)
    blobs = [bytes(blob) for blob in encoder.blobs]
    streams.apply(Decoder(limits, blobs), [[number, node]])
    assert mine.integers(2**60) == theirs.integers(2**60)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("PCG64", {"has_uint32": 2}),
        ("PCG64", {"uinteger": -1}),
        ("PCG64", {"bit_generator": "SFC64"}),
        ("PCG64", {"state": {"state": 1, "inc": 3}}),
        ("PCG64", {"state": {"state": 2**128 + 1}}),
        ("PCG64", {"more": 1}),
        ("MT19937", {"state": {"key": np.zeros(624, np.uint32), "pos": 10**6}}),
        ("MT19937", {"state": {"key": np.zeros(3, np.uint32), "pos": 3}}),
        ("Philox", {"buffer_pos": 10**6}),
        ("Philox", {"buffer_pos": -1}),
    ],
)
def test_the_state_of_another_generator_is_garbled(kind, changes):
    generator = np.random.Generator(getattr(np.random, kind)(3))
    before = generator.bit_generator.state
    encoder, streams = Encoder(MessageLimits()), Streams()
    number = streams.number(generator)
    node = encoder.encode(before | changes)
    blobs = [bytes(blob) for blob in encoder.blobs]
    with pytest.raises(Garbled):
        streams.apply(Decoder(MessageLimits(), blobs), [[number, node]])
    assert str(generator.bit_generator.state) == str(before)
