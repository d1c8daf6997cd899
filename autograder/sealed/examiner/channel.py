"""The trusted side's end of the socket: waits with a limit, and listens meanwhile.

Nothing here blocks for longer than a twentieth of a second, whatever the student's
process does or leaves undone.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

from autograder.sealed.protocol.wire import (
    Closed,
    Garbled,
    Inbox,
    Message,
    MessageLimits,
    pack,
    send,
)

_TICK_S = 0.05
_RAW_BYTES = 2**16


class StudentGone(BaseException):
    """The student's process ended, or what it says cannot be followed any more.

    Not an `Exception`: no test may take it for an error that an answer has raised.
    """


class Channel:
    """Messages to and from the student's process.

    The parameters are those of `conversation.Conversation`. `broken` says why nothing
    can be sent any more; None while all is well.
    """

    def __init__(
        self,
        sock: socket.socket,
        on_output: Callable[[dict], None],
        raw_output: int | None,
        tick: Callable[[], None],
        limits: MessageLimits,
    ) -> None:
        self.broken: str | None = None
        self.tick = tick
        self._on_output = on_output
        self._sock = sock
        self._raw_output = raw_output
        self._limits = limits
        self._inbox = Inbox(sock, limits)
        self._last_tick_s = time.monotonic()
        self._waiting = select.poll()
        self._socket_number = sock.fileno()
        self._waiting.register(self._socket_number, select.POLLIN)
        if raw_output is not None:
            self._waiting.register(raw_output, select.POLLIN)

    def send(self, body: dict, blobs: Sequence = ()) -> None:
        """Send a message.

        Raises
        ------
        Unsendable
            The message is too large; nothing has been sent.
        StudentGone
            Nobody is there to read it.
        """
        pieces = pack(body, blobs, self._limits)
        try:
            send(self._sock, pieces, self._pause)
        except Closed:
            self.end("the student's process has ended")
        except BaseException:
            self.broken = "a message could not be sent in full"
            raise

    def receive(self) -> Message:
        """Wait for a message that is not an output.

        Raises
        ------
        StudentGone
            There will be none.
        """
        while True:
            self._tick_if_due()
            ready = dict(self._waiting.poll(_TICK_S * 1000))
            if self._socket_number in ready:
                message = self._advance()
                if message is None:
                    continue
                if message.body.get("is") != "output":
                    return message
                self._show(message.body.get("output"))
            elif self._raw_output in ready:
                self.drain()

    def _advance(self) -> Message | None:
        """Read what is there; return a message once it is whole."""
        try:
            return self._inbox.advance(block=False)
        except Closed:
            self.drain()
            self.end("the student's process has ended")
        except Garbled as error:
            self.end(f"the student's process sent no message: {error}")

    def drain(self) -> None:
        """Hand on what the student's processes have written past Python."""
        while self._raw_output is not None:
            if not select.select([self._raw_output], [], [], 0)[0]:
                return
            data = os.read(self._raw_output, _RAW_BYTES)
            if not data:  # every writer has closed its end
                self._waiting.unregister(self._raw_output)
                self._raw_output = None
                return
            text = data.decode("utf-8", "replace")
            self._on_output({"output_type": "stream", "name": "stdout", "text": text})
            self._tick_if_due()

    def end(self, reason: str) -> NoReturn:
        """Give the student's process up.

        Raises
        ------
        StudentGone
            Always.
        """
        self.broken = reason
        raise StudentGone(reason)

    def _show(self, output: object) -> None:
        if type(output) is not dict or type(output.get("output_type")) is not str:
            self.end("the student's process sent an output that is none")
        self._on_output(output)

    def _pause(self) -> None:
        self.drain()
        self._tick_if_due()

    def _tick_if_due(self) -> None:
        """Tick also while messages come so fast that there is nothing to wait for."""
        now = time.monotonic()
        if now - self._last_tick_s >= _TICK_S:
            self._last_tick_s = now
            self.tick()
