"""Memory, processes, files and time of a submission have limits that hold."""

import contextlib
import os
import resource
import signal
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from autograder.sealed.sandbox import layers
from tests.support.sealed.sandbox import (
    LINUX_ONLY,
    NO_NAMESPACES,
    SMALL,
    failure,
    read_all,
    sleeper,
)

pytestmark = LINUX_ONLY


def test_memory_beyond_the_limit_is_a_memory_error(grader):
    def work():
        taken = bytearray(100 << 20)
        try:
            bytearray(SMALL.memory_mib << 20)
        except MemoryError:
            return len(taken)

    assert grader.ask(work) == 100 << 20


def test_a_fork_bomb_stops_at_the_limit(grader):
    def work():
        children = 0
        with contextlib.suppress(BlockingIOError):
            while children < 10 * SMALL.processes:
                sleeper()
                children += 1
        return children

    assert grader.ask(work, need=[layers.USER]) == SMALL.processes - 1


@pytest.mark.patient
def test_a_fork_bomb_stops_without_a_user_namespace_too(grader):
    def work():
        with contextlib.suppress(BlockingIOError):
            for _ in range(10 * SMALL.processes):
                sleeper()
            return "never stopped"
        return "stopped"

    # A folder that user 65534 may enter: root gives up itself only then.
    with tempfile.TemporaryDirectory(prefix="sandbox-test-") as folder:
        os.chown(folder, grader.user, grader.user)
        open_to_all = replace(grader, scratch=Path(folder))
        found = open_to_all.ask(work, refused=NO_NAMESPACES, need=[layers.NOBODY])
    assert found == "stopped"


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["namespace", "without"])
def test_what_else_the_user_runs_does_not_count(grader, refused):
    def main(told):
        if os.fork() > 0:
            os.write(told, b"forked")

    def examiner():
        others = [sleeper() for _ in range(2 * SMALL.processes)]
        answer, told = os.pipe()
        null = os.open(os.devnull, os.O_WRONLY)
        with grader.spawn(partial(main, told), keep_fds=[told], output=null):
            os.close(told)
            said = read_all(answer).decode()
        for pid in others:
            os.kill(pid, signal.SIGKILL)  # fails if the sandbox has killed it
            os.waitpid(pid, 0)
        return said

    assert grader.run(examiner, refused=refused) == "forked"


def test_a_file_beyond_the_limit_is_cut(grader):
    def work():
        error = failure(Path("big").write_bytes, b"x" * (8 << 20))
        return [error, os.stat("big").st_size]

    assert grader.ask(work) == ["EFBIG", SMALL.file_size_mib << 20]


def test_open_files_are_limited(grader):
    def work():
        opened = []
        with contextlib.suppress(OSError):
            while len(opened) < 1000:
                opened.append(os.dup(0))
        return max(opened)

    assert grader.ask(work) == SMALL.open_files - 1


def test_limits_cannot_be_raised_again(grader):
    def work():
        limits = (resource.RLIMIT_DATA, resource.RLIMIT_NPROC, resource.RLIMIT_CPU)
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        refused = 0
        for kind in limits:
            with contextlib.suppress(ValueError, PermissionError):
                resource.setrlimit(kind, unlimited)
                continue
            refused += 1
        return refused

    assert grader.ask(work) == 3


def test_cpu_time_beyond_the_limit_ends_the_process(grader):
    def spin():
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True:
            pass

    def examiner():
        with grader.spawn(spin, limits=replace(SMALL, cpu_s=1)) as student:
            ended = student.wait()
        return [ended.signal, ended.cause]

    assert grader.run(examiner) == ["SIGKILL", "cpu"]
