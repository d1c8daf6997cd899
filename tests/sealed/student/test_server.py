"""Copies of the student's process have no part in the conversation."""

import os
import signal
import time

import pytest

from autograder.sealed.examiner.channel import StudentGone
from tests.support.sealed.conversation import expiring, notebook


def test_a_forked_copy_of_the_student_cannot_answer():
    code = """
        import ctypes, os

        def fork(how=os.fork):
            child = how()
            if child:
                os.waitpid(child, 0)
            return "parent" if child else "child"

        def fork_past_python():
            return fork(ctypes.CDLL(None).fork)

        def fork_and_call(f):
            child = os.fork()
            if child:
                os.waitpid(child, 0)
                return "parent"
            return f()
    """
    with notebook(code) as conversation:
        names = conversation.names(["fork", "fork_and_call", "fork_past_python"])
        calls = []
        for _ in range(2):
            assert names["fork"]() == "parent"
            assert names["fork_past_python"]() == "parent"
            assert names["fork_and_call"](lambda: calls.append(1)) == "parent"
        assert calls == []


def test_a_forked_copy_that_lives_on_does_not_hide_that_the_student_is_gone():
    code = """
        import os, time

        def leave_a_copy():
            copy = os.fork()
            if not copy:
                time.sleep(60)
                os._exit(0)
            return copy
    """
    with notebook(code) as conversation:
        leave_a_copy = conversation.names(["leave_a_copy"])["leave_a_copy"]
        copy = leave_a_copy()
        try:
            os.kill(conversation.process, signal.SIGKILL)
            conversation._channel.tick = expiring(time.monotonic() + 20)
            with pytest.raises(StudentGone):
                leave_a_copy()
        finally:
            os.kill(copy, signal.SIGKILL)
