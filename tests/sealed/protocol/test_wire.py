"""Bytes on the socket are a message or garbled, however they arrive."""

import socket

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sealed.protocol.wire import (
    Closed,
    Garbled,
    Inbox,
    Message,
    MessageLimits,
    pack,
)
from tests.support.sealed.values import PATIENT, decode, encode, values


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
