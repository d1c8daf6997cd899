"""Messages on a socket: a JSON part, raw bytes after it, limits on both.

One message is a header, a JSON object and the bytes of its arrays, in that order.
The JSON object lists the lengths of the byte strings under `"blobs"`, so arrays are
neither escaped nor copied into text. Whatever does not fit this shape is `Garbled`.
"""

from __future__ import annotations

import json
import select
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

HEADER = struct.Struct(">4sIQ")
MARK = b"NbN1"
PARTS_PER_SEND = 512  # sendmsg takes at most IOV_MAX (1024 on Linux) pieces


# Nothing that crosses contains itself, which it would look for in each container.
to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
from_json = json.JSONDecoder().decode


class Garbled(Exception):
    """What the other side sent is not a message, or not one that is allowed."""


class Unsendable(TypeError):
    """A value cannot cross to the other side, and why."""


class Closed(Exception):
    """The other side of the socket is gone."""


@dataclass(frozen=True)
class MessageLimits:
    """How much may cross, in either direction."""

    message_bytes: int = 256 * 2**20
    """Largest message, arrays included."""
    structure_bytes: int = 24 * 2**20
    """Largest JSON part; parsed JSON takes up to twenty times its text in memory."""
    items: int = 3_000_000
    """Most elements of all containers of one message together."""
    depth: int = 100
    """Deepest nesting of containers."""
    text: int = 20_000
    """Longest error message, traceback or `repr`, in characters."""
    proxies: int = 100_000
    """Most objects of the student that the trusted side holds at a time."""
    callbacks: int = 1_000_000
    """Most calls of a test's functions while one request is answered."""
    nesting: int = 25
    """Deepest chain of requests inside callbacks inside requests."""
    iteration: int = 1_000_000
    """Most items taken from one iteration over an object of the student."""


class Message(NamedTuple):
    """One message: `body` refers to `blobs` by position."""

    body: dict
    blobs: Sequence[memoryview | bytes]


def pack(body: dict, blobs: Sequence, limits: MessageLimits) -> list[memoryview]:
    """Lay a message out as the pieces that go through the socket.

    Raises
    ------
    Unsendable
        The message is larger than the limits allow.
    """
    lengths = [len(blob) for blob in blobs]
    text = to_json({**body, "blobs": lengths}).encode()
    total = len(text) + sum(lengths)
    if len(text) > limits.structure_bytes or total > limits.message_bytes:
        raise Unsendable(
            f"a value of {total:,} bytes ({len(text):,} of structure) is too large:"
            f" at most {limits.message_bytes:,} ({limits.structure_bytes:,}) may cross"
        )
    pieces = [HEADER.pack(MARK, len(text), sum(lengths)) + text, *blobs]
    return [memoryview(piece) for piece in pieces if len(piece)]


def send(
    sock: socket.socket,
    pieces: list[memoryview],
    wait: Callable[[], object] | None = None,
) -> None:
    """Send all pieces without a copy; `wait` is called while the socket is full."""
    at = 0
    while at < len(pieces):
        try:
            sent = sock.sendmsg(
                pieces[at : at + PARTS_PER_SEND], [], socket.MSG_DONTWAIT
            )
        except BlockingIOError:
            select.select([], [sock], [], 0.05)
            if wait is not None:
                wait()
            continue
        except OSError as error:
            raise Closed(f"the message could not be sent: {error}") from error
        while at < len(pieces) and sent >= len(pieces[at]):
            sent -= len(pieces[at])
            at += 1
        if sent:
            pieces[at] = pieces[at][sent:]


class Inbox:
    """Collects messages from a socket; a message may arrive in any number of steps."""

    def __init__(self, sock: socket.socket, limits: MessageLimits) -> None:
        self._sock = sock
        self._limits = limits
        self._buffer = bytearray(HEADER.size)
        self._filled = 0
        self._text_length: int | None = None

    def advance(self, *, block: bool) -> Message | None:
        """Read what is there; return a message once it is whole.

        Raises
        ------
        Closed
            The other side is gone.
        Garbled
            These bytes are not a message within the limits.
        """
        while True:
            if self._filled == len(self._buffer):
                if self._text_length is not None:
                    return self._finish()
                self._begin()
                continue
            if not self._read_some(block):
                return None

    def _read_some(self, block: bool) -> bool:
        target = memoryview(self._buffer)[self._filled :]
        try:
            flags = 0 if block else socket.MSG_DONTWAIT
            count = self._sock.recv_into(target, len(target), flags)
        except BlockingIOError:
            return False
        except OSError as error:
            raise Closed(f"the socket cannot be read: {error}") from error
        if count == 0:
            raise Closed("the other side closed the connection")
        self._filled += count
        return True

    def _begin(self) -> None:
        mark, text_length, blob_length = HEADER.unpack(self._buffer)
        limits = self._limits
        if mark != MARK or not text_length:
            raise Garbled("these bytes do not start a message")
        if (
            text_length > limits.structure_bytes
            or text_length + blob_length > limits.message_bytes
        ):
            raise Garbled(
                f"a message of {text_length + blob_length:,} bytes is too large"
            )
        self._text_length = text_length
        self._buffer = bytearray(text_length + blob_length)
        self._filled = 0

    def _finish(self) -> Message:
        view = memoryview(self._buffer)
        text, rest = bytes(view[: self._text_length]), view[self._text_length :]
        self._buffer, self._filled = bytearray(HEADER.size), 0
        self._text_length = None
        return Message(*unpack(text, rest))


def unpack(text: bytes, rest: memoryview) -> tuple[dict, list[memoryview]]:
    """Parse the JSON part and cut the bytes after it into its blobs.

    Raises
    ------
    Garbled
        The text is not a JSON object whose `"blobs"` add up to the bytes that follow.
    """
    try:
        body = from_json(text.decode())
        if b"\\ud" in text.lower() or not text.isascii():
            # Half a character would go as far as the first file it is written to.
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Garbled("the structure of a message is not JSON") from error
    if type(body) is not dict:
        raise Garbled("a message must be a JSON object")
    lengths = body.pop("blobs", None)
    if type(lengths) is not list or any(
        type(length) is not int or length < 0 for length in lengths
    ):
        raise Garbled("a message must list the lengths of its blobs")
    if sum(lengths) != len(rest):
        raise Garbled("the lengths of a message's blobs do not add up")
    blobs, at = [], 0
    for length in lengths:
        blobs.append(rest[at : at + length])
        at += length
    return body, blobs
