"""System calls that student code has no use for are refused."""

import mmap
import os
from pathlib import Path

import pytest

from autograder.sealed.sandbox import layers, seccomp, syscalls
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
