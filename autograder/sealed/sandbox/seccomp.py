"""A list of system calls that student code is refused, as a seccomp filter."""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from autograder.sealed.sandbox import syscalls

_REFUSED_FOR = {
    "reaching into other processes": """
        kcmp migrate_pages move_pages pidfd_getfd process_madvise process_vm_readv
        process_vm_writev ptrace""",
    "changing what is mounted, entering namespaces": """
        chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount
        name_to_handle_at open_by_handle_at open_tree pivot_root setns umount2
        unshare""",
    "changing the machine": """
        acct clock_adjtime clock_settime delete_module fanotify_init finit_module
        init_module ioperm iopl kexec_file_load kexec_load lookup_dcookie modify_ldt
        nfsservctl personality quotactl quotactl_fd reboot setdomainname sethostname
        settimeofday swapoff swapon syslog vhangup""",
    "a long history of holes in the kernel": """
        add_key bpf io_uring_enter io_uring_register io_uring_setup keyctl
        perf_event_open request_key userfaultfd""",
    "memory that no limit counts, or that outlives its process": """
        memfd_create memfd_secret mq_open msgget semget shmget""",
}
REFUSED = frozenset(name for names in _REFUSED_FOR.values() for name in names.split())
"""System calls that always fail with EPERM."""


@dataclass(frozen=True)
class ArgumentRule:
    """Refuse a system call by one of its arguments, looked at through a mask."""

    call: str
    argument: int
    """Which argument, from zero; its low 32 bits are looked at."""
    mask: int
    value: int
    refuse_equal: bool
    """Refuse when the masked argument equals `value`; otherwise when it differs."""
    error: int
    """What the call fails with."""


NAMESPACE_FLAGS = 0x7E020000
"""CLONE_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID and _NEWNET."""

ARGUMENT_RULES = (
    ArgumentRule("clone", 0, NAMESPACE_FLAGS, 0, False, errno.EPERM),
    # Nothing but local sockets: some families (vsock) know no network namespace.
    ArgumentRule("socket", 0, 0xFFFFFFFF, socket.AF_UNIX, False, errno.EAFNOSUPPORT),
    # MAP_SHARED | MAP_ANONYMOUS is memory that RLIMIT_DATA does not count.
    ArgumentRule("mmap", 3, 0x2F, 0x21, True, errno.ENOMEM),
    # PR_SET_PDEATHSIG: the student process has to die with its examiner.
    ArgumentRule("prctl", 0, 0xFFFFFFFF, 1, True, errno.EPERM),
    # TIOCSTI types into the terminal that the grader was started from.
    ArgumentRule("ioctl", 1, 0xFFFFFFFF, 0x5412, True, errno.EPERM),
)

RULES_WITH_TCP = (
    *(rule for rule in ARGUMENT_RULES if rule.call != "socket"),
    # AF_UNIX, AF_INET and AF_NETLINK (which tells of interfaces) are 1, 2 and 16.
    ArgumentRule("socket", 0, ~(1 | 2 | 16) & 0xFFFFFFFF, 0, False, errno.EAFNOSUPPORT),
    *(
        ArgumentRule("socket", 0, 0xFFFFFFFF, other, True, errno.EAFNOSUPPORT)
        for other in (3, 17, 18, 19)
    ),
)
"""For a network namespace that leads nowhere."""

_AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_CALLS_START = 0x40000000

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06  # BPF_LD|W|ABS, BPF_ALU|AND|K, BPF_RET|K
_IF_EQUAL, _IF_AT_LEAST = 0x15, 0x35  # BPF_JMP|JEQ|K, BPF_JMP|JGE|K
_ALLOW, _FAIL_WITH, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_CALL_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2


class _Instruction(ctypes.Structure):
    """One BPF instruction; the two jumps count the instructions to skip."""

    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("operand", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_uint16),
        ("instructions", ctypes.POINTER(_Instruction)),
    )


def _refuse(call: str, error: int) -> list[tuple[int, ...]]:
    """Instructions that fail one call; the call's number is in the register."""
    number = syscalls.syscall_number(call)
    if number is None:
        return []
    return [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _FAIL_WITH | error)]


def _refuse_by_argument(rule: ArgumentRule) -> list[tuple[int, ...]]:
    number = syscalls.syscall_number(rule.call)
    hit, miss = (0, 1) if rule.refuse_equal else (1, 0)
    return [
        (_IF_EQUAL, 0, 5, number),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * rule.argument),
        (_AND, 0, 0, rule.mask),
        (_IF_EQUAL, hit, miss, rule.value),
        (_RETURN, 0, 0, _FAIL_WITH | rule.error),
        (_LOAD, 0, 0, _CALL_NUMBER),
    ]


@lru_cache
def _program(
    refused: frozenset[str], rules: tuple[ArgumentRule, ...]
) -> ctypes.Array[_Instruction]:
    machine = platform.machine()
    # Calls of another architecture have other numbers: never let one through.
    steps: list[tuple[int, ...]] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, _AUDIT_ARCHITECTURES.get(machine, 0)),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _CALL_NUMBER),
    ]
    if machine == "x86_64":
        steps += [(_IF_AT_LEAST, 0, 1, _X32_CALLS_START), (_RETURN, 0, 0, _KILL)]
    for rule in rules:
        steps += _refuse_by_argument(rule)
    for call in sorted(refused):
        steps += _refuse(call, errno.EPERM)
    if rules:
        # clone3 hides its flags in memory; told ENOSYS, the C library uses clone.
        steps += _refuse("clone3", errno.ENOSYS)
    steps.append((_RETURN, 0, 0, _ALLOW))
    return (_Instruction * len(steps))(*steps)


def install(
    refused: Collection[str] = REFUSED,
    rules: tuple[ArgumentRule, ...] = ARGUMENT_RULES,
) -> str:
    """Refuse system calls to this thread and all its children, for good.

    Needs `no new privileges` (or CAP_SYS_ADMIN) to be set before.

    Raises
    ------
    OSError
        This machine's system calls are not listed, or the kernel has no filters.
    """
    instructions = _program(frozenset(refused), rules)
    program = _Program(len(instructions), instructions)
    syscalls.libc(
        "prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    )
    return f"{len(refused)} system calls refused, {len(rules)} by their arguments"
