"""System calls that student code has no use for are refused."""

import fcntl
import mmap
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from autograder.sealed.sandbox import layers, seccomp, syscalls
from autograder.sealed.sandbox.syscall_numbers import MACHINES, NUMBERS
from tests.support.sealed.sandbox import LINUX_ONLY, Grader, failure

pytestmark = LINUX_ONLY


@pytest.mark.parametrize("call", sorted(seccomp.REFUSED))
def test_a_refused_system_call_fails(call):
    grader = Grader(os.geteuid(), Path())
    if syscalls.syscall_number(call) is None:
        pytest.skip("this machine has no such call")

    def examiner():
        syscalls.prctl(38, 1)
        seccomp.install()
        return failure(syscalls.syscall, call, 0, 0, 0, 0, 0, 0)

    assert grader.run(examiner) == "EPERM"


def test_seccomp_is_on_in_a_student_process(grader):
    def work():
        newest = {"clone3": 0, "ptrace": 0, "unshare": 0x10000000}
        return [failure(syscalls.syscall, call, flag) for call, flag in newest.items()]

    found = grader.ask(work, need=[layers.SECCOMP])
    assert found == ["ENOSYS", "EPERM", "EPERM"]


def test_shared_memory_is_no_way_around_the_limit(grader):
    def work():
        return [
            failure(mmap.mmap, -1, 1 << 30),
            failure(os.memfd_create, "memory"),
            failure(syscalls.libc, "shmget", 0, 1 << 20, 0o1600),
            failure(open, "/dev/zero", "r+b"),
        ]

    found = grader.ask(work, need=[layers.SECCOMP])
    assert found[:3] == ["ENOMEM", "EPERM", "EPERM"]
    assert found[3] in ("ENOENT", "EACCES")


def test_the_tie_to_the_examiner_cannot_be_cut(grader):
    def work():
        return failure(syscalls.prctl, 1, 0)

    assert grader.ask(work, need=[layers.SECCOMP]) == "EPERM"


def test_a_call_that_is_in_neither_list_seems_not_to_exist(grader):
    def work():
        newer = [failure(syscalls.libc, "syscall", n, 0, 0, 0) for n in (459, 467, 999)]
        return [*newer, failure(syscalls.libc, "inotify_init")]

    found = grader.ask(work, need=[layers.SECCOMP])
    assert set(found) == {"ENOSYS"}


def test_no_call_is_in_both_lists():
    assert not seccomp.ALLOWED & seccomp.REFUSED


def test_a_number_belongs_to_one_call_on_each_machine():
    for place, _ in enumerate(MACHINES):
        numbers = [found[place] for found in NUMBERS.values()]
        known = [number for number in numbers if number is not None]
        assert len(known) == len(set(known))


def test_the_end_of_children_cannot_be_ignored_and_can_be_asked_about(grader):
    def work():
        return [
            failure(signal.signal, signal.SIGCHLD, signal.SIG_IGN),
            failure(signal.signal, signal.SIGUSR1, signal.SIG_IGN),
            failure(syscalls.libc, "sigaction", 17, None, bytes(200)),
            subprocess.run(["true"], check=False).returncode,
        ]

    assert grader.ask(work, need=[layers.SECCOMP]) == ["EPERM", None, None, 0]


def test_a_submission_stays_one_session_and_buffers_keep_their_size(grader):
    def work():
        with subprocess.Popen(["sleep", "9"], start_new_session=True) as child:
            stays = os.getsid(child.pid) == os.getsid(0)
            child.kill()
        one, _other = socket.socketpair()
        size = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * size)
        grown = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) != size
        pipe = failure(fcntl.fcntl, os.pipe()[1], 1031, 2**20)
        return [stays, grown, pipe]

    found = grader.ask(work, need=[layers.SECCOMP, layers.MOUNT])
    assert found == [True, False, "EPERM"]


def test_files_that_all_share_tell_nothing_and_keep_nobody_waiting(grader):
    def work():
        folder = os.open("/usr/bin", os.O_RDONLY)
        open("own.txt", "w").close()
        own = os.open("own.txt", os.O_RDONLY)
        return [
            failure(fcntl.fcntl, folder, fcntl.F_NOTIFY, fcntl.DN_ACCESS),
            failure(fcntl.fcntl, own, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        ]

    assert grader.ask(work, need=[layers.SECCOMP]) == ["EPERM", "EPERM"]
