"""The trusted side of a conversation with the process that runs a student's notebook.

A test is executed on this side, where no student code ever runs; what it asks of an
object of the notebook is carried out over there (see `proxies`, with the rules that
keep a student from deciding a test). One side speaks at a time: a request is answered
by a result, and in between the student's process may call functions of the test, which
may make requests of their own. Every message that comes in is checked; a value that is
not as it must be raises `Garbled`, which fails the test that asked.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping

from autograder.sealed.examiner.channel import Channel, StudentGone
from autograder.sealed.examiner.context import Context
from autograder.sealed.examiner.proxies import Proxy, is_proxy, remote_of
from autograder.sealed.examiner.proxy_table import ProxyTable
from autograder.sealed.protocol.decoder import Decoder, expect
from autograder.sealed.protocol.encoder import Encoder, is_small
from autograder.sealed.protocol.exceptions import describe, rebuild, reissue
from autograder.sealed.protocol.shared_state import SharedState
from autograder.sealed.protocol.wire import Garbled, Message, MessageLimits, Unsendable

_KEPT_ERRORS = 100
_STATUSES = ("ok", "error", "interrupted")
_BEARING_NAMES = (("builtins.function",), ("builtins.type",))


def _nothing(*anything: object) -> None:
    """Stand in for a listener that nobody has set."""


class Conversation:
    """Requests to the process that runs a student's notebook, one at a time.

    Parameters
    ----------
    sock
        Connected to the student's `server.Server`.
    on_output
        Gets what student code prints or shows while a request is under way, as dicts of
        nbformat 4 whose `output_type` is text and nothing else is checked.
    raw_output
        File descriptor with what the student's processes write past Python; read while
        waiting and handed to `on_output` as text of stdout.
    tick
        Called at least every 50 ms while waiting. May raise, best a BaseException, to
        give a request up; then see `recover`.
    """

    def __init__(
        self,
        sock: socket.socket,
        *,
        on_output: Callable[[dict], None] = _nothing,
        raw_output: int | None = None,
        tick: Callable[[], None] = _nothing,
        limits: MessageLimits | None = None,
    ) -> None:
        self._limits = limits or MessageLimits()
        self._channel = Channel(sock, on_output, raw_output, tick, self._limits)
        self._state = SharedState(self._limits)
        self._proxies = ProxyTable(self, self._state.generators, self._limits)
        self._context = Context()
        self._open: list[str] = []  # "request" and "callback", outermost first
        self._errors: dict[int, Exception] = {}  # raised by callbacks, by number
        self._callbacks_made = 0
        self._bound: dict[str, object] = {}
        self._to_restore: list[int] = []
        self.requests = 0
        """How many requests have been made so far."""
        self.calls = 0

    @property
    def broken(self) -> str | None:
        """Why no request can be made any more; None while all is well."""
        return self._channel.broken

    @property
    def bound(self) -> Mapping[str, object]:
        """What is known to bear these names: functions, classes and small values.

        Nothing is known while the notebook's code runs: it may just have bound others.
        """
        return {} if self._open else self._bound

    def drain(self) -> None:
        """Hand what waits in `raw_output` to `on_output`."""
        self._channel.drain()

    def run_cell(
        self,
        source: str,
        known: bytes = b"",
        ahead: Iterable[str] = (),
        given: tuple[int, bytes, list[str]] | None = None,
    ) -> str:
        """Run a cell in the student's process: "ok", "error" or "interrupted".

        Parameters
        ----------
        known
            The same cell as code, if it is compiled already.
        ahead
            As in `names`.
        given
            Of a locked cell: a number for `restore`; its definitions as code, as
            `code_of_tests.definitions_of` returns it; and the names that it binds.
        """
        ahead, cell = sorted(ahead), (source, known) if known else (source,)
        result = self._exchange({"op": "cell"}, (ahead, given, *cell), {})
        is_told = type(result) is list and len(result) == 2
        status, found = result if is_told else (None, None)
        if type(status) is not str or status not in _STATUSES:
            raise Garbled("the student's process does not say how the cell ended")
        self._note_bound(found, ahead)
        return status

    def names(
        self, wanted: Iterable[str], ahead: Iterable[str] = ()
    ) -> dict[str, object]:
        """Fetch what the student's namespace holds under these names.

        Names that it does not hold are missing from the result. Functions, classes and
        small values are `bound` from now on, until the other side says that they are
        not.

        Parameters
        ----------
        ahead
            Names that will be wanted soon: what of them can be `bound` comes along.
        """
        wanted, ahead = list(wanted), sorted(ahead)
        found = self._exchange({"op": "names"}, (wanted, ahead), {})
        self._note_bound(found, [*wanted, *ahead])
        return found

    def restore(self, numbers: list[int]) -> None:
        """Have names bound again to what locked cells define.

        It is done with the next request, before what that is about. `bound` may be
        used till then: what has taken the place of a definition is not told ahead.
        """
        self._to_restore = numbers

    def _note_bound(self, found: object, asked: list[str]) -> None:
        """Note what can be `bound` to names that were asked for."""
        if type(found) is not dict or not found.keys() <= {*asked}:
            raise Garbled("the student's process answers with names nobody asked for")
        for name, value in found.items():
            if is_small(value) or _bears_a_name(value):
                self._bound[name] = value

    def end_test(self) -> None:
        """Take back what a test cell has lent: its functions and its generators."""
        self._proxies.forget_all_callbacks()
        self._state.generators.forget_all()
        self._to_restore = []
        for name, value in list(self._bound.items()):
            if is_proxy(value) and remote_of(value).is_computed:
                del self._bound[name]  # that it is computed ends with its test, too

    def request(
        self, operation: str, target: Proxy, /, *args: object, **kwargs: object
    ) -> object:
        """Have an operation on a proxy carried out in the student's process.

        Raises
        ------
        Exception
            Whatever the student's code raised, as a builtin exception.
        Unsendable
            An argument cannot be passed (a TypeError).
        Garbled
            The answer is not one.
        StudentGone
            There is no answer, and there will be none.
        """
        self._proxies.carry_out_waiting([target, args, kwargs])
        self.calls += operation == "call"
        body = {"op": operation, "target": remote_of(target).number}
        return self._exchange(body, args, kwargs)

    def recover(
        self, grace_s: float, meanwhile: Callable[[], None] = lambda: None
    ) -> bool:
        """After `tick` gave a request up, get ready for the next one.

        The caller has interrupted the student's process (SIGINT). Waits for the answers
        that are still due.

        Parameters
        ----------
        grace_s
            Longest wait, in seconds.
        meanwhile
            Called at once and while it waits, every 20 ms: what was interrupted
            may go on making processes for a while.

        Returns
        -------
        bool
            False if the answers did not come in time; the conversation is over then.
        """
        channel, deadline = self._channel, time.monotonic() + grace_s
        self._bound.clear()  # nobody reads in these answers what has been bound anew
        next_time = 0.0

        def tick() -> None:
            nonlocal next_time
            if time.monotonic() >= next_time:
                meanwhile()
                next_time = time.monotonic() + 0.02
            _expire(deadline)

        usual_tick, channel.tick = channel.tick, tick
        meanwhile()
        try:
            while self._open and channel.broken is None:
                self._finish_innermost()
        except (TimeoutError, StudentGone):
            channel.broken = channel.broken or "the student's process did not stop"
        finally:
            channel.tick = usual_tick
        self._end_requests()
        return channel.broken is None

    def _finish_innermost(self) -> None:
        """Bring the innermost exchange that was given up one step to its end."""
        if self._open[-1] == "callback":
            stop = describe(RuntimeError("the test was stopped"), self._limits)
            self._channel.send({"is": "answer", "error": stop})
            self._open.pop()
            return
        kind = self._channel.receive().body.get("is")
        if kind == "callback":
            self._open.append("callback")
        elif kind == "result":
            self._open.pop()
        else:
            self._channel.end("the student's process sent something else than a result")

    def _exchange(self, body: dict, args: tuple, kwargs: dict) -> object:
        """Send a request and return the value of its result."""
        self._ensure_turn()
        known = len(self._state.arguments)
        try:
            self._send_request(body, args, kwargs)
            message = self._await_result()
            self._open.pop()
            return self._read_result(message)
        finally:
            self._state.arguments.forget(known)
            if not self._open:
                self._end_requests()

    def _ensure_turn(self) -> None:
        if self.broken is not None:
            raise StudentGone(self.broken)
        if self._open and self._open[-1] == "request":
            self._channel.end("a request was given up and its answer never came")
        if self._open.count("request") >= self._limits.nesting:
            raise RecursionError(
                "functions of the test and of the notebook call each other too deeply"
            )

    def _end_requests(self) -> None:
        self._state.arguments.forget(0)
        self._errors.clear()
        self._callbacks_made = 0

    def _encoder(self) -> Encoder:
        return Encoder(self._limits, self._proxies.encode, self._state.arguments)

    def _decoder(self, message: Message) -> Decoder:
        readers, shared = self._proxies.readers, self._state.arguments
        return Decoder(self._limits, message.blobs, readers, shared)

    def _send_request(self, body: dict, args: tuple, kwargs: dict) -> None:
        encoder = self._encoder()
        changes = self._state.changes(encoder)
        encoder.registers = True
        request = {
            "is": "request",
            **body,
            **changes,
            "args": [encoder.encode(value) for value in args],
            "kwargs": {name: encoder.encode(kwargs[name]) for name in kwargs},
            "unused": self._state.generators.forget_unused(),
            "released": self._proxies.take_released(),
            **({"restored": self._to_restore} if self._to_restore else {}),
            **self._state.states(encoder),
            **self._context.news(),
        }
        self.requests += 1
        self._open.append("request")  # before it is sent: its result must be awaited
        try:
            self._channel.send(request | {"number": self.requests}, encoder.blobs)
        except Unsendable:
            self._open.pop()
            self._context.tell_again()
            self._state.generators.tell_again()
            raise
        self._to_restore = []

    def _await_result(self) -> Message:
        number = self.requests
        while True:
            message = self._channel.receive()
            kind = message.body.get("is")
            if kind == "result" and message.body.get("number") == number:
                return message
            if kind != "callback":
                self._channel.end("the student's process sent something else")
            self._open.append("callback")
            self._answer(message)
            self._open.pop()

    def _read_result(self, message: Message) -> object:
        body, decoder = message.body, self._decoder(message)
        for name in expect(body.get("rebound", []), list):
            self._bound.pop(expect(name, str), None)
        self._state.read(body, decoder)
        reissue(body.get("warnings", []), self._limits)
        value = decoder.value(body.get("value"))
        # Last, since the value may be a function that is dropped over there by now.
        self._proxies.forget_callbacks(body.get("forgotten", []))
        if "value" in body:
            return value
        error = rebuild(body.get("error"), self._limits)
        number = body["error"].get("callback")
        own = self._errors.get(number) if type(number) is int else None
        if own is None or isinstance(own, StopIteration | StopAsyncIteration):
            raise error
        raise own

    def _answer(self, message: Message) -> None:
        """Run a function of the test for the student's code, and send what it gives."""
        encoder = self._encoder()
        try:
            body = {"value": encoder.encode(self._run_callback(message))}
            body |= self._state.changes(encoder)
            body |= self._state.states(encoder)
            self._channel.send({"is": "answer", **body}, encoder.blobs)
        except Exception as error:  # of the test's function: it travels through
            body = {"is": "answer", "error": self._describe_own(error)}
            self._channel.send(body)

    def _run_callback(self, message: Message) -> object:
        body, decoder = message.body, self._decoder(message)
        self._callbacks_made += 1
        if self._callbacks_made > self._limits.callbacks:
            raise RuntimeError(
                "the notebook's code calls a function of the test for ever"
            )
        function = self._proxies.callback(body.get("callback"))
        self._state.read(body, decoder)
        args = expect(decoder.value(body.get("args")), list)
        kwargs = expect(decoder.value(body.get("kwargs")), dict)
        self._proxies.forget_callbacks(body.get("forgotten", []))
        self._state.arguments.remember()
        found = function(*args, **kwargs)
        self._proxies.carry_out_waiting(found)
        return found

    def _describe_own(self, error: Exception) -> dict:
        """Describe an exception of the test's function to the student's process."""
        number = len(self._errors) % _KEPT_ERRORS
        self._errors[number] = error
        description = describe(error, self._limits) | {"callback": number}
        if isinstance(error, AssertionError):  # its text is the test's
            description |= {"text": "a check of the test failed", "args": None}
        return description


def _bears_a_name(value: object) -> bool:
    return is_proxy(value) and remote_of(value).classes[:1] in _BEARING_NAMES


def _expire(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise TimeoutError
