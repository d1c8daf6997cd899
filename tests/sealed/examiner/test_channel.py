"""Whatever the student's process sends, it is an answer, garbled, or the end."""

import contextlib
import json
import socket
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sealed.examiner.channel import StudentGone
from autograder.sealed.examiner.conversation import Conversation
from autograder.sealed.protocol.wire import Garbled, Inbox, MessageLimits, pack, send
from tests.support.sealed.conversation import forked, notebook


@pytest.mark.parametrize(
    "code",
    [
        "os._exit(0)",
        "os.kill(os.getpid(), 9)",
        "os.closerange(3, 200)",
        "disturb(range(3, 99))",
    ],
)
def test_a_process_that_breaks_the_connection_is_gone(code):
    setup = """
        import os, stat

        def disturb(fds):
            for fd in fds:
                try:
                    if stat.S_ISSOCK(os.fstat(fd).st_mode):
                        os.write(fd, b"?" * 99)
                except OSError:  # not open, or a socket that nobody reads any more
                    pass
    """
    with notebook(setup + f"\n        def end():\n            {code}") as conversation:
        end = conversation.names(["end"])["end"]
        with pytest.raises(StudentGone):
            end()
        assert conversation.broken
        with pytest.raises(StudentGone):
            conversation.names(["end"])


def fake_student(answer):
    """Make a process that sends the same JSON in reply to every request."""

    def child(sock):
        inbox = Inbox(sock, MessageLimits())
        while True:
            number = inbox.advance(block=True).body["number"]
            send(
                sock, pack(answer | {"number": number}, [b"12345678"], MessageLimits())
            )

    return child


def result(node):
    """Make a reply to `names(["x"])` that is good except for one node."""
    return {"is": "result", "value": ["dict", ["x"], [node]]}


PROXY = ["proxy", 1, "Name", ["x.Name"], ["__call__"]]


@pytest.mark.parametrize(
    "answer",
    [
        {"is": "result"},
        result(["pickle", 0]),
        result(["held", 1]),
        result(["generator", 1]),
        result(["callback", 1]),
        result(["new", 0, ["list", []]]),
        result(["same", 5]),
        result([*PROXY[:4], ["__exit__"]]),
        result([*PROXY[:4], ["__eq__"]]),
        result([*PROXY[:2], 3, [], []]),
        result(["proxy", [], "x", [], []]),
        result(PROXY[:3]),
        result(1) | {"changed": [[0, 1]]},
        result(1) | {"changed": [[0]]},
        result(1) | {"generators": [[1, ["dict", [], []]]]},
        result(1) | {"generators": {}},
        result(1) | {"warnings": [["UserWarning"]]},
        result(1) | {"warnings": [[[1], "x", 1]]},
        result(1) | {"forgotten": [[]]},
        {"is": "result", "error": "ValueError"},
        {"is": "result", "error": {"classes": "ValueError", "text": ""}},
        {"is": "result", "error": {"classes": [], "text": 3}},
    ],
    ids=json.dumps,
)
def test_a_malformed_answer_fails_the_request_and_only_it(answer):
    with forked(fake_student(answer)) as (sock, _):
        conversation = Conversation(sock)
        for _ in range(2):
            with pytest.raises(Garbled):
                conversation.names(["x"])
        assert conversation.broken is None


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"is": "request"},
        {"is": ["result"]},
        {"is": "output", "output": 3},
        {"is": "output", "output": {}},
        {"is": "output", "output": {"output_type": ["stream"]}},
    ],
    ids=json.dumps,
)
def test_something_else_than_an_answer_ends_the_conversation(answer):
    with forked(fake_student(answer)) as (sock, _):
        conversation = Conversation(sock)
        with pytest.raises(StudentGone):
            conversation.names(["x"])
        assert conversation.broken


def test_an_answer_to_another_request_ends_the_conversation():
    def child(sock):
        Inbox(sock, MessageLimits()).advance(block=True)
        send(sock, pack(result(1) | {"number": 7}, [], MessageLimits()))
        sock.recv(1)

    with forked(child) as (sock, _), pytest.raises(StudentGone):
        Conversation(sock).names(["x"])


answers = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=5))
    | st.sampled_from(["result", "list", "proxy", "builtins.ValueError", "dict"]),
    lambda items: st.one_of(
        st.lists(items, max_size=4),
        st.dictionaries(
            st.sampled_from(["classes", "text", "args", "callback", "traceback"]), items
        ),
    ),
    max_leaves=10,
)
FIELDS = ["value", "error", "changed", "generators", "warnings", "forgotten"]


@settings(deadline=None, database=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(FIELDS), answers))
def test_any_result_at_all_is_a_value_an_exception_or_garbled(fields):
    here, there = socket.socketpair()
    with here, there, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reply = fields | {"is": "result", "number": 1}
        send(there, pack(reply, [], MessageLimits()))
        conversation = Conversation(here)
        with contextlib.suppress(Exception):
            conversation.names(["x"])
        assert conversation.broken is None


def test_a_process_may_not_call_functions_nobody_passed_to_it():
    def child(sock):
        inbox = Inbox(sock, MessageLimits())
        request = inbox.advance(block=True).body
        call = {"is": "callback", "callback": 99, "args": ["list", []]}
        send(sock, pack(call | {"kwargs": ["dict", [], []]}, [], MessageLimits()))
        answer = inbox.advance(block=True).body
        told = {"is": "result", "number": request["number"]}
        send(
            sock,
            pack(told | {"value": ["dict", ["x"], [str(answer)]]}, [], MessageLimits()),
        )
        sock.recv(1)

    with forked(child) as (sock, _):
        assert "nobody passed" in Conversation(sock).names(["x"])["x"]
