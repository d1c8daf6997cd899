"""The system calls that student code may make, as a seccomp filter."""

from __future__ import annotations

import ctypes
import errno
import platform
import signal
import socket
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from autograder.sealed.sandbox import syscalls

_ALLOWED_FOR = {
    "memory": """
        brk madvise map_shadow_stack membarrier mincore mlock mlock2 mmap mprotect
        mremap mseal msync munlock munmap get_mempolicy""",
    "files": """
        access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3
        faccessat faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown
        fchownat fcntl fdatasync fgetxattr flistxattr flock fstat fstatfs fsync
        ftruncate getcwd getdents getdents64 getxattr ioctl lchown lgetxattr link linkat
        listxattr llistxattr lseek lstat mkdir mkdirat mknod mknodat newfstatat open
        openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead
        readlink readlinkat readv rename renameat renameat2 rmdir sendfile splice stat
        statfs statx symlink symlinkat sync_file_range truncate umask unlink unlinkat
        utime utimensat utimes write writev""",
    "waiting": """
        epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd
        eventfd2 futex futex_requeue futex_wait futex_waitv futex_wake pause pipe pipe2
        poll ppoll pselect6 select signalfd signalfd4 timerfd_create timerfd_gettime
        timerfd_settime""",
    "sockets": """
        accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom
        recvmmsg recvmsg sendmmsg sendmsg sendto setsockopt shutdown socket
        socketpair""",
    "processes and threads": """
        arch_prctl clone execve execveat exit exit_group fork get_robust_list getcpu
        getegid geteuid getgid getgroups getpgid getpgrp getpid getppid getpriority
        getresgid getresuid getrlimit getrusage getsid gettid getuid capget kill
        pidfd_open pidfd_send_signal prctl prlimit64 rseq sched_get_priority_max
        sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
        sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setparam
        sched_setscheduler sched_yield
        set_robust_list set_tid_address setpgid setpriority setrlimit setsid tgkill
        tkill vfork wait4 waitid""",
    "signals": """
        restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
        rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sigaltstack""",
    "time, chance, and what machine this is": """
        alarm clock_getres clock_gettime clock_nanosleep getitimer getrandom
        gettimeofday nanosleep setitimer sysinfo time timer_create timer_delete
        timer_getoverrun timer_gettime timer_settime times uname""",
}
ALLOWED = frozenset(name for names in _ALLOWED_FOR.values() for name in names.split())
"""System calls that lessons, their libraries, shells and R make. All others fail."""

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
"""System calls that fail with EPERM. All that are in neither list, those of kernels to
come among them, fail with ENOSYS, upon which libraries do without them."""
LEFT_OUT = (
    *_REFUSED_FOR,
    "watching files, asynchronous input and output, message queues, shared segments",
    "all that is new in the kernel",
)
"""What system calls are for that no lesson can make, for people."""


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
    """What the call fails with; 0 if it shall seem to have succeeded."""
    unless_null: int | None = None
    """An argument, a pointer, with which the call is let through when it is null."""


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
    # A child whose end is ignored is gone before its computing time was counted.
    ArgumentRule(
        "rt_sigaction", 0, 0xFFFFFFFF, signal.SIGCHLD, True, errno.EPERM, unless_null=1
    ),
    # Buffers of pipes (F_SETPIPE_SZ) and sockets (SO_SNDBUF, SO_RCVBUF) are memory
    # that no limit of the kernel counts: they keep their size.
    ArgumentRule("fcntl", 1, 0xFFFFFFFF, 1031, True, errno.EPERM),
    ArgumentRule("setsockopt", 2, 0xFFFFFFFF, 7, True, 0),
    ArgumentRule("setsockopt", 2, 0xFFFFFFFF, 8, True, 0),
    # F_NOTIFY tells what others do in a folder, F_SETLEASE makes them wait for a file.
    ArgumentRule("fcntl", 1, 0xFFFFFFFF, 1026, True, errno.EPERM),
    ArgumentRule("fcntl", 1, 0xFFFFFFFF, 1024, True, errno.EPERM),
    # TIOCSTI types into the terminal that the grader was started from.
    ArgumentRule("ioctl", 1, 0xFFFFFFFF, 0x5412, True, errno.EPERM),
    # A session is what the scheduler weighs: a submission stays one, and believes it.
    ArgumentRule("setsid", 0, 0, 0, True, 0),
)

RULES_WITH_TCP = (
    *(rule for rule in ARGUMENT_RULES if rule.call not in ("socket", "setsid")),
    # AF_UNIX, AF_INET and AF_NETLINK (which tells of interfaces) are 1, 2 and 16.
    ArgumentRule("socket", 0, ~(1 | 2 | 16) & 0xFFFFFFFF, 0, False, errno.EAFNOSUPPORT),
    *(
        ArgumentRule("socket", 0, 0xFFFFFFFF, other, True, errno.EAFNOSUPPORT)
        for other in (3, 17, 18, 19)
    ),
)
"""For a network namespace that leads nowhere, and Jupyter, which signals sessions."""

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


def _decide(calls: Collection[str], verdict: int) -> list[tuple[int, ...]]:
    """Instructions that decide these calls; the call's number is in the register."""
    numbers = {syscalls.syscall_number(call) for call in calls} - {None}
    steps: list[tuple[int, ...]] = []
    for number in sorted(numbers):
        steps += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, verdict)]
    return steps


def _refuse_by_argument(rule: ArgumentRule) -> list[tuple[int, ...]]:
    number = syscalls.syscall_number(rule.call)
    spared: list[tuple[int, ...]] = []
    if rule.unless_null is not None:
        low = _ARGUMENTS + 8 * rule.unless_null
        spared = [
            (_LOAD, 0, 0, low),
            (_IF_EQUAL, 0, 2, 0),
            (_LOAD, 0, 0, low + 4),
            (_IF_EQUAL, 1, 0, 0),
        ]
    past = 1 + len(spared)
    hit, miss = (0, past) if rule.refuse_equal else (past, 0)
    return [
        (_IF_EQUAL, 0, 4 + past, number),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * rule.argument),
        (_AND, 0, 0, rule.mask),
        (_IF_EQUAL, hit, miss, rule.value),
        *spared,
        (_RETURN, 0, 0, _FAIL_WITH | rule.error),
        (_LOAD, 0, 0, _CALL_NUMBER),
    ]


@lru_cache
def program(
    allowed: frozenset[str] | None,
    refused: frozenset[str],
    rules: tuple[ArgumentRule, ...],
) -> ctypes.Array[_Instruction]:
    """Return the filter; see `install`."""
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
    steps += _decide(refused, _FAIL_WITH | errno.EPERM)
    if allowed is None:
        steps.append((_RETURN, 0, 0, _ALLOW))
    else:
        # Among them clone3, which hides its flags: the C library uses clone then.
        steps += _decide(allowed, _ALLOW)
        steps.append((_RETURN, 0, 0, _FAIL_WITH | errno.ENOSYS))
    return (_Instruction * len(steps))(*steps)


def install(
    refused: Collection[str] = REFUSED,
    rules: tuple[ArgumentRule, ...] = ARGUMENT_RULES,
    allowed: Collection[str] | None = ALLOWED,
) -> str:
    """Refuse system calls to this thread and all its children, for good.

    Parameters
    ----------
    allowed
        All that are not refused; None for every other call of the kernel.

    Needs `no new privileges` (or CAP_SYS_ADMIN) to be set before.

    Raises
    ------
    OSError
        This machine's system calls are not listed, or the kernel has no filters.
    """
    kept = None if allowed is None else frozenset(allowed)
    instructions = program(kept, frozenset(refused), rules)
    code = _Program(len(instructions), instructions)
    syscalls.libc(
        "prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(code), 0, 0
    )
    if kept is None:
        return f"all system calls but {len(refused)} allowed"
    return f"{len(kept)} system calls allowed, {len(rules)} looked at more closely"
