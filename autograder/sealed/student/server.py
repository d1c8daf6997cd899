"""The student's side of the conversation: runs cells and answers what tests ask.

Everything in this process is at the student's mercy, so nothing here decides a mark.
What it must do is keep the conversation whole while student code prints from threads,
forks, raises what it likes, or is interrupted.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress

from autograder.sealed.protocol.decoder import Decoder
from autograder.sealed.protocol.encoder import Encoder
from autograder.sealed.protocol.exceptions import describe_with_traceback, rebuild
from autograder.sealed.protocol.shared_state import SharedState
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
from autograder.sealed.student.context import AppliedContext
from autograder.sealed.student.given_definitions import GivenDefinitions
from autograder.sealed.student.interrupts import held_back, let_in
from autograder.sealed.student.object_table import ObjectTable
from autograder.sealed.student.operations import carry_out

_HEADROOM = 120  # frames that a callback and requests within it need at least


class Server:
    """Answers the requests of a `conversation.Conversation`.

    One a process. Copies of the process that student code forks are cut off from the
    conversation.
    """

    def __init__(
        self, sock: socket.socket, limits: MessageLimits | None = None
    ) -> None:
        self._limits = limits or MessageLimits()
        self._sock = sock
        self._inbox = Inbox(sock, self._limits)
        self._process = os.getpid()
        self._sending = threading.Lock()  # one message at a time
        self._speaking = threading.RLock()  # one thread at a time asks and waits
        self._requests = 0
        self._state = SharedState(self._limits)
        self._objects = ObjectTable(self._state.generators, self._call_back)
        self._told: dict[str, object] = {}
        """What the trusted side knows to bear these names: see `crosses_as_it_is`."""
        cut_off = weakref.WeakMethod(self._cut_off)
        os.register_at_fork(after_in_child=lambda: (cut_off() or _nothing)())

    def emit(self, output: dict) -> None:
        """Send an output (a dict of nbformat 4) while a request is answered.

        Parameters
        ----------
        output
            Ready for JSON. Too large a one is replaced by a line that says so.
        """
        if os.getpid() != self._process:
            return
        try:
            self._send({"is": "output", "output": output})
        except Unsendable as error:
            text = f"[an output was dropped: {error}]\n"
            note = {"output_type": "stream", "name": "stderr", "text": text}
            self._send({"is": "output", "output": note})

    def serve(
        self,
        namespace: dict[str, object],
        run_cell: Callable[[str], str],
        capturing: Callable[[], AbstractContextManager] = nullcontext,
    ) -> None:
        """Answer requests until the trusted side is gone.

        The caller should end the process then (`os._exit`): threads and exit functions
        of the student have nobody to work for any more.

        Parameters
        ----------
        namespace
            The notebook's variables.
        run_cell
            Runs the source of a cell and returns "ok", "error" or "interrupted".
        capturing
            Made around student code that runs outside cells, to show what it prints.
        """
        self._namespace, self._run_cell = namespace, run_cell
        self._capturing = capturing
        self._context = AppliedContext(self._limits)
        self._given = GivenDefinitions(namespace)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        while True:
            try:
                message = self._inbox.advance(block=True)
            except (Closed, Garbled):
                return
            self._answer(message)

    def _answer(self, message: Message) -> None:
        """Answer one request with one result, whatever happens."""
        known = len(self._state.arguments)
        self._requests += 1
        found: list = []
        try:
            body, blobs = self._result(message, found)
        except BaseException as error:  # of student code: an interrupt too, at any time
            body, blobs = self._failure(error), []
        if os.getpid() != self._process:
            os._exit(0)
        with self._speaking:  # a thread may still be waiting for a function of the test
            self._requests -= 1
            self._state.arguments.forget(known)
            closing = {"is": "result", "number": message.body["number"]}
            closing["warnings"] = found
            closing["forgotten"] = self._objects.take_forgotten()
            closing["rebound"] = self._take_rebound()
            try:
                self._send({**body, **closing}, blobs)
            except (Unsendable, ValueError) as error:
                self._send({**self._failure(error), **closing})

    def _result(self, message: Message, found: list) -> tuple[dict, list]:
        body = message.body
        decoder = self._decoder(message)
        self._objects.release(body["released"])
        self._state.generators.forget(body["unused"])
        if "around" in body:
            self._context.update(body["around"])
        self._state.read(body, decoder, self._objects.make_generator)
        args = [decoder.value(node) for node in body["args"]]
        kwargs = {name: decoder.value(node) for name, node in body["kwargs"].items()}
        self._state.arguments.remember(again=False)
        encoder = self._encoder()
        try:
            if "restored" in body:
                self._restore(body["restored"], body["op"])
            outcome = {"value": encoder.encode(self._run(body, args, kwargs, found))}
        except BaseException as error:  # student code may raise anything
            encoder = self._encoder()
            outcome = self._failure(error)
        outcome |= self._state.changes(encoder)
        outcome |= self._state.states(encoder)
        return outcome, encoder.blobs

    def _run(self, body: dict, args: list, kwargs: dict, found: list) -> object:
        if body["op"] == "names":
            return self._find_names(*args)
        if body["op"] == "cell":
            ahead, given, *cell = args
            with let_in():
                status = self._run_cell(*cell)
            if given:
                self._given.note(*given)
            return [status, self._find_names([], ahead)]
        target = self._objects.at(body["target"])
        with let_in(), self._context.in_force(found), self._capturing():
            return carry_out(body["op"], target, args, kwargs)

    def _restore(self, numbers: list[int], operation: str) -> None:
        """Bind names to what locked cells define, before an operation.

        Raises
        ------
        RuntimeError
            A name stands for another object now than the trusted side was told, which
            may be the very one that it asks something of. It is told so with this
            result.
        """
        before = {*self._rebound()}  # by a thread of the student's, say
        # A locked cell that is about to run says itself what is wrong.
        with suppress(Exception if operation == "cell" else ()), let_in():
            self._given.restore(numbers)
        moved = set(self._rebound()) - before
        if moved and operation not in ("cell", "names"):
            raise RuntimeError(
                "a locked cell of the notebook defines this, and it was replaced: leave"
                " it as it was handed out"
            )

    def _find_names(self, wanted: list[str], ahead: list[str]) -> dict[str, object]:
        known, crosses_as_it_is = self._namespace, self._objects.crosses_as_it_is
        found = {name: known[name] for name in wanted if name in known}
        # What is put right before it is used need not be known.
        soon = (name for name in ahead if not self._given.is_replaced(name))
        for name in [*wanted, *soon]:
            if name in known and crosses_as_it_is(known[name]):
                found[name] = self._told[name] = known[name]
        return found

    def _rebound(self) -> list[str]:
        """Return names that no longer stand for what the trusted side was told."""
        told, known = self._told, self._namespace
        return [name for name in told if known.get(name) is not told[name]]

    def _take_rebound(self) -> list[str]:
        """Return such names, which the trusted side is told now."""
        rebound = self._rebound()
        for name in rebound:
            del self._told[name]
        return rebound

    def _failure(self, error: BaseException) -> dict:
        description = describe_with_traceback(error, self._limits)
        number = self._objects.number_of_error(error)
        if number is not None:
            description["callback"] = number
        return {"error": description}

    def _call_back(self, number: int, args: tuple, kwargs: dict) -> object:
        """Have a function of the test called on the trusted side, and return its value.

        Raises
        ------
        Exception
            What the function raised, as a builtin exception.
        """
        if os.getpid() != self._process:
            raise RuntimeError(
                "a function of the test cannot be called in a forked copy"
            )
        _ensure_headroom(_HEADROOM)
        with self._speaking, held_back():
            if not self._requests:
                raise RuntimeError("a function of the test was called after the test")
            encoder = self._encoder()
            body = self._state.changes(encoder)
            body["args"] = encoder.encode(list(args))
            body["kwargs"] = encoder.encode(kwargs)
            body |= self._state.states(encoder)
            body |= {"is": "callback", "callback": number}
            body["forgotten"] = self._objects.take_forgotten()
            self._send(body, encoder.blobs)
            return self._await_answer()

    def _await_answer(self) -> object:
        while True:
            try:
                message = self._inbox.advance(block=True)
            except (Closed, Garbled):
                os._exit(1)
            if message.body["is"] == "answer":
                break
            self._answer(message)
        body, decoder = message.body, self._decoder(message)
        if "error" in body:
            error = rebuild(body["error"], self._limits)
            self._objects.note_error(error, body["error"].get("callback"))
            raise error
        self._state.read(body, decoder, self._objects.make_generator)
        return decoder.value(body["value"])

    def _encoder(self) -> Encoder:
        return Encoder(self._limits, self._objects.encode, self._state.arguments)

    def _decoder(self, message: Message) -> Decoder:
        readers, shared = self._objects.readers, self._state.arguments
        return Decoder(self._limits, message.blobs, readers, shared, registers=True)

    def _send(self, body: dict, blobs: list | tuple = ()) -> None:
        pieces = pack(body, blobs, self._limits)
        with held_back(), self._sending:
            try:
                send(self._sock, pieces)
            except Closed:
                os._exit(1)  # student code closed the socket, or nobody listens

    def _cut_off(self) -> None:
        """In a forked copy: let go of the socket and of locks nobody will release."""
        self._sending, self._speaking = threading.Lock(), threading.RLock()
        self._sock.close()


def _ensure_headroom(frames: int) -> None:
    """Raise RecursionError now rather than in the middle of an exchange."""
    if frames:
        _ensure_headroom(frames - 1)


def _nothing() -> None:
    """Stand in for the method of an object that is gone."""
