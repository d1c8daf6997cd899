"""A student process ends with all its descendants, and how it ended is told."""

import ctypes
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.support.sealed.sandbox import (
    LINUX_ONLY,
    NO_NAMESPACES,
    PATIENCE_S,
    read_all,
    wait_until,
)

pytestmark = LINUX_ONLY


def daemon():
    """Fork twice, into a session of its own, ignoring every polite signal."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() > 0:
            os._exit(0)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(10 * PATIENCE_S)


def leave_a_daemon(ready):
    daemon()
    daemon()
    os.write(ready, b"x")
    time.sleep(PATIENCE_S)


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["namespace", "without"])
def test_no_descendant_survives_a_kill(grader, refused):
    def examiner():
        lifeline, held = os.pipe()
        ready, readied = os.pipe()
        main = partial(leave_a_daemon, readied)
        student = grader.spawn(main, keep_fds=[held, readied])
        os.close(held)
        os.read(ready, 1)
        student.kill()
        ended = student.wait()
        # At its end when nobody holds the other end any more.
        return [ended.cause, read_all(lifeline).decode()]

    assert grader.run(examiner, refused=refused) == ["killed", ""]


def test_leaving_the_block_kills_descendants_of_a_process_that_has_ended(grader):
    def examiner():
        lifeline, held = os.pipe()
        with grader.spawn(daemon, keep_fds=[held]) as student:
            os.close(held)
            cause = student.wait().cause
        return [cause, read_all(lifeline).decode()]

    assert grader.run(examiner, refused=NO_NAMESPACES) == ["exited", ""]


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["namespace", "without"])
def test_the_student_process_dies_with_its_examiner(grader, refused):
    lifeline, held = os.pipe()

    def examiner():
        grader.spawn(partial(time.sleep, 10 * PATIENCE_S), keep_fds=[held])
        return "left behind"

    assert grader.run(examiner, refused=refused) == "left behind"
    os.close(held)
    assert read_all(lifeline) == b""


def test_an_interrupt_is_a_keyboard_interrupt(grader):
    def main(ready, told):
        try:
            os.write(ready, b"x")
            time.sleep(PATIENCE_S)
        except KeyboardInterrupt:
            os.write(told, b"interrupted")

    def examiner():
        reading, ready = os.pipe()
        answer, told = os.pipe()
        main_with_pipes = partial(main, ready, told)
        with grader.spawn(main_with_pipes, keep_fds=[ready, told]) as student:
            os.close(told)
            os.read(reading, 1)
            student.interrupt()
            return [read_all(answer).decode(), student.wait().code]

    assert grader.run(examiner) == ["interrupted", 0]


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["namespace", "without"])
def test_the_time_of_children_is_counted(grader, refused):
    def main():
        if os.fork() == 0:
            while True:
                pass
        time.sleep(PATIENCE_S)

    def examiner():
        with grader.spawn(main) as student:
            wait_until(lambda: student.cpu_s() > 0.2)
            own = float(Path(f"/proc/{student.pid}/stat").read_text().split()[13])
            wait_until(lambda: student.memory_mib() > 1)
        return own / os.sysconf("SC_CLK_TCK") < student.cpu_s()

    assert grader.run(examiner, refused=refused) is True


@pytest.mark.parametrize(
    ("main", "code", "cause"),
    [
        (lambda: None, 0, "exited"),
        (lambda: sys.exit(3), 3, "exited"),
        (lambda: 1 / 0, 1, "exited"),
        (lambda: ctypes.string_at(0), None, "crashed"),
        (os.abort, None, "crashed"),
    ],
    ids=["returns", "exits", "raises", "reads address 0", "aborts"],
)
def test_the_end_is_described(grader, main, code, cause):
    def examiner():
        null = os.open(os.devnull, os.O_WRONLY)
        with grader.spawn(main, output=null) as student:
            ended = student.wait()
        return [ended.code, ended.cause, ended.signal is None]

    assert grader.run(examiner) == [code, cause, code is not None]
