"""A conversation with a student's process that has a bare `exec` for a shell."""

import contextlib
import os
import signal
import socket
import sys
import textwrap
import time
import traceback
import warnings

import numpy as np
import pandas as pd

from autograder.sealed.examiner.conversation import Conversation
from autograder.sealed.examiner.run_test import run_test
from autograder.sealed.student.server import Server


class TimeUp(BaseException):
    """What an engine's limit may raise."""


def be_the_student(sock):
    """Serve in this process, with bare `exec` for a shell, and never return."""
    namespace = {"__name__": "__main__"}
    server = Server(sock)

    def run_cell(source):
        try:
            exec(compile(source, "<cell>", "exec"), namespace)
        except Exception:
            text = traceback.format_exc()
            server.emit({"output_type": "stream", "name": "stderr", "text": text})
            return "error"
        return "ok"

    @contextlib.contextmanager
    def capturing():
        before = sys.stdout
        sys.stdout = Printing(server.emit)
        try:
            yield
        finally:
            sys.stdout = before

    server.serve(namespace, run_cell, capturing)


class Printing:
    """A stream that sends what is printed."""

    def __init__(self, emit):
        self.emit = emit

    def write(self, text):
        self.emit({"output_type": "stream", "name": "stdout", "text": text})

    def flush(self):
        pass


@contextlib.contextmanager
def forked(child):
    """Run `child(sock)` in a forked process; give the other end and the process."""
    here, there = socket.socketpair()
    process = os.fork()
    if process == 0:
        try:
            here.close()
            child(there)
        finally:
            os._exit(0)
    there.close()
    try:
        with here:
            yield here, process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


@contextlib.contextmanager
def notebook(code, **options):
    """Give a conversation with a student's process that has run this code."""
    with forked(be_the_student) as (sock, process):
        conversation = Conversation(sock, **options)
        conversation.process = process
        assert conversation.run_cell(textwrap.dedent(code)) == "ok"
        yield conversation


def run(conversation, test, namespace=None):
    """Run a test cell with NumPy and pandas at hand."""
    if namespace is None:
        namespace = {"np": np, "pd": pd, "warnings": warnings}
    return run_test(textwrap.dedent(test), conversation, namespace)


def expiring(deadline):
    """Make a tick that gives up after a time."""

    def tick():
        if time.monotonic() > deadline:
            raise TimeUp

    return tick
