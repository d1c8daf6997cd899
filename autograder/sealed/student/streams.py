"""Carry what student code shows out of its process, in order and in JSON's terms."""

from __future__ import annotations

import codecs
import io
import math
import numbers
import os
import threading
import time
from binascii import b2a_base64
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import itemgetter

from autograder.sealed.student.interrupts import (
    held_back,
    start_ignoring,
    start_raising,
)

_FULL_CHARS = 8192  # text of this length leaves at once, in pieces of this length
_PROMPT_S = 0.05  # text leaves at the end of a line, but not more often than this


class Outlet:
    """One queue of everything a cell shows, on its way to `emit`.

    Outputs leave during a turn only, from the thread that made the outlet, because
    `emit` writes into a strictly alternating conversation: what other threads show
    waits for that thread. A process that student code forks has no part in the
    conversation; what it shows goes to the file descriptors.
    """

    def __init__(self, emit: Callable[[dict], None]) -> None:
        self._emit = emit
        self._process, self._thread = os.getpid(), threading.get_ident()
        self._depth = 0
        # Pairs of a stream's name and text, or None and an output. Threads append to
        # a deque without a lock, and a fork finds none held.
        self._pending: deque[tuple[str | None, object]] = deque()
        self._pending_chars = 0
        self._next_line_s = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let outputs out, and interrupts in, until the block ends."""
        self._depth += 1
        if self._depth == 1:
            start_raising()
        try:
            yield
        finally:
            if os.getpid() != self._process:
                os._exit(0)  # a fork that outlived its cell must not answer for us
            if self._depth == 1:
                start_ignoring()
            try:
                self.flush()
            finally:
                self._depth -= 1

    def write(self, stream: str, text: str) -> None:
        """Append text to the stream "stdout" or "stderr"."""
        if os.getpid() != self._process:
            _write_past({"name": stream, "text": text})
            return
        self._pending.append((stream, text))
        self._pending_chars += len(text)
        if self._pending_chars >= _FULL_CHARS or (
            text.endswith("\n") and time.monotonic() >= self._next_line_s
        ):
            self.flush()

    def send(self, output: dict) -> None:
        """Append an output that is not a stream, which leaves at once."""
        if os.getpid() != self._process:
            _write_past(output)
            return
        self._pending.append((None, output))
        self.flush()

    def flush(self) -> None:
        """Emit all that waits, if this is the time and the thread for it."""
        if not self._pending:
            return
        here = os.getpid(), threading.get_ident()
        if not self._depth or here != (self._process, self._thread):
            return
        with held_back():
            self._pending_chars = 0
            entries = [self._pending.popleft() for _ in range(len(self._pending))]
            for stream, group in groupby(entries, key=itemgetter(0)):
                items = [item for _, item in group]
                for output in _pieces(stream, items) if stream else items:
                    self._emit(output)
            self._next_line_s = time.monotonic() + _PROMPT_S


def _pieces(stream: str, texts: list[str]) -> Iterator[dict]:
    text = plain("".join(texts))
    for start in range(0, len(text), _FULL_CHARS):
        piece = text[start : start + _FULL_CHARS]
        yield {"output_type": "stream", "name": stream, "text": piece}


def _write_past(output: dict) -> None:
    """Write an output's text to file descriptor 1 or 2."""
    text = output.get("text") or output.get("data", {}).get("text/plain", "")
    descriptor = 2 if output.get("name") == "stderr" else 1
    with suppress(OSError):
        os.write(descriptor, text.encode("utf-8", "backslashreplace"))


class TextStream(io.TextIOBase):
    """A `sys.stdout` or `sys.stderr` that fills an outlet.

    Parameters
    ----------
    name
        "stdout" or "stderr".
    descriptor
        What `fileno()` answers, for subprocesses: they write past the outlet.
    """

    encoding = "utf-8"
    errors = "backslashreplace"
    mode = "w"

    def __init__(self, name: str, descriptor: int, outlet: Outlet) -> None:
        self.name = name
        self.buffer = _ByteStream(self)
        self._descriptor = descriptor
        self._outlet = outlet

    def writable(self) -> bool:
        """Answer yes."""
        return True

    def write(self, text: str) -> int:
        """Append text to the outlet and return its length."""
        if not isinstance(text, str):
            kind = type(text).__name__
            raise TypeError(f"write() argument must be str, not {kind}")
        self._outlet.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        """Let the outlet emit what waits."""
        self._outlet.flush()

    def close(self) -> None:
        """Stay open: whoever closes `sys.stdout` must not silence later cells."""
        self.flush()

    def fileno(self) -> int:
        """Give the real descriptor, after what was printed before."""
        self.flush()
        return self._descriptor


class _ByteStream(io.BufferedIOBase):
    """The binary side, `sys.stdout.buffer`."""

    mode = "wb"

    def __init__(self, text: TextStream) -> None:
        self.name = text.name
        self._text = text
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self._text.write(self._decoder.decode(data))
        return len(data)

    def flush(self) -> None:
        self._text.flush()

    def close(self) -> None:
        self._text.close()

    def fileno(self) -> int:
        return self._text.fileno()


def plain(value: object) -> object:
    """Turn display data into what JSON can hold, by a kernel's rules.

    Bytes become base64, numbers the nearest of Python's, keys strings; characters
    that no UTF-8 file can hold become escapes.

    Raises
    ------
    TypeError
        JSON has nothing for a value of this type.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, bytes):
        return b2a_base64(value, newline=False).decode()
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(value) else repr(float(value))
    if isinstance(value, dict):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, Iterator)):
        return [plain(item) for item in value]
    raise TypeError(
        f"display data of type {type(value).__name__} has no form in JSON: "
        "convert it to numbers, strings, lists and dicts before it is displayed"
    )
