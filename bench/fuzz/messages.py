"""Messages: what a student's process sends to the examiner."""

import json
import socket
import warnings
from contextlib import suppress
from functools import cache
from random import Random

import numpy as np
import pandas as pd

from autograder.sealed.examiner.channel import StudentGone
from autograder.sealed.examiner.conversation import Conversation
from autograder.sealed.protocol.decoder import Decoder
from autograder.sealed.protocol.encoder import Encoder
from autograder.sealed.protocol.wire import (
    HEADER,
    MARK,
    Closed,
    Garbled,
    Inbox,
    MessageLimits,
    pack,
)
from bench.fuzz.mutations import as_json, of_bytes, of_structure
from bench.fuzz.target import Target

LIMITS = MessageLimits(message_bytes=2**22, structure_bytes=2**21, items=200_000)
_TABLE = pd.DataFrame(
    {"x": [1.5, None], "t": ["a", "b"], "c": pd.Categorical(["u", None])},
    index=pd.date_range("2020", periods=2, tz="Europe/Berlin"),
)
_VALUES = (
    [1, "two", 3.0, None, (4, 5j), {6, 7}, {"a": b"bytes"}, range(3), slice(1, None)],
    np.arange(12.0).reshape(3, 4),
    np.array([["a", "bc"]]),
    np.array([1, "a", None], dtype=object),
    np.float32(1.5),
    np.datetime64("2020-01-01"),
    np.dtype("<f4"),
    10**60,
    "\ud800",
    _TABLE,
    _TABLE["c"],
    pd.Timestamp("2020-01-01", tz="UTC"),
)
_PROXY = ["proxy", 1, "Name", ["x.Name", "numpy.ndarray"], ["__call__", "__len__"]]
_ERROR = {"classes": ["builtins.ValueError"], "text": "no", "traceback": ["a line"]}
_WORDS = (b"proxy", b"list", b"array", b"new", b"same", b"callback", b"\\udfff", b"<U0")


@cache
def _examples() -> list[bytes]:
    replies = []
    for value in _VALUES:
        encoder = Encoder(LIMITS)
        node = ["dict", ["x"], [encoder.encode(value)]]
        replies.append(({"is": "result", "number": 1, "value": node}, encoder.blobs))
    handle = ["dict", ["x"], [_PROXY]]
    replies += [
        ({"is": "result", "number": 1, "value": handle, "forgotten": [1]}, []),
        ({"is": "result", "number": 1, "error": _ERROR}, []),
        ({"is": "result", "number": 1, "value": 1, "changed": [[0, 1]]}, []),
        ({"is": "result", "number": 1, "warnings": [["UserWarning", "x", 1]]}, []),
        ({"is": "call", "number": 1, "callback": 1, "args": ["list", []]}, []),
        ({"is": "output", "output": {"output_type": "stream", "text": "x"}}, []),
    ]
    return [b"".join(pack(body, blobs, LIMITS)) for body, blobs in replies]


def _spoilt(chance: Random, example: bytes) -> bytes:
    """Spoil a message; mostly what it says, not where it begins and ends."""
    if chance.random() < 0.2:
        return of_bytes(chance, example, _WORDS)
    _, length, _ = HEADER.unpack_from(example)
    body = json.loads(example[HEADER.size : HEADER.size + length])
    rest = example[HEADER.size + length :]
    for _ in range(chance.randint(1, 4)):
        body = of_structure(chance, body, _WORDS)
    if chance.random() < 0.2:
        rest = of_bytes(chance, rest)
        if isinstance(body, dict):
            body["blobs"] = [len(rest)]
    text = as_json(body)
    return HEADER.pack(MARK, len(text), len(rest)) + text + rest


def _received(content: bytes) -> None:
    """Take bytes for a message, and what it says for a value: that, or garbled."""
    here, there = _sent(content)
    with here, there, suppress(Garbled, Closed):
        while True:
            message = Inbox(here, LIMITS).advance(block=True)
            node = message.body.get("value")
            Decoder(LIMITS, message.blobs, registers=True).value(node)


def _answered(content: bytes) -> None:
    """Take bytes for an answer, and look at what came as a test would."""
    here, there = _sent(content)
    with here, there, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(StudentGone, Exception):  # of the student's, as tests meet them
            found = Conversation(here, limits=LIMITS).names(["x"])
            for value in found.values():
                for look in (repr, bool, len, float, np.asarray, np.sum, np.shape):
                    with suppress(Exception):
                        look(value)


def _sent(content: bytes) -> tuple[socket.socket, socket.socket]:
    here, there = socket.socketpair()
    there.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * len(content) + 2**12)
    there.setblocking(False)
    there.send(content)
    there.shutdown(socket.SHUT_WR)
    return here, there


TARGETS = (
    Target("message", _examples, _spoilt, _received),
    Target("answer", _examples, _spoilt, _answered),
)
