"""Plain values survive the way to the other side exactly; others are refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from autograder.sealed.protocol.wire import MessageLimits, Unsendable
from tests.support.sealed.values import PATIENT, encode, same, through_a_socket, values


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
