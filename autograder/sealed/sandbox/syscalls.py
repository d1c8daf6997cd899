"""System calls of Linux that Python does not offer, with OSError for failure."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys

MACHINES = ("x86_64", "aarch64")
"""The machines whose system-call numbers are listed below."""

_NUMBERS = {
    # name: (x86_64, aarch64); -1 where the machine has no such call
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "capset": (126, 91),
    "chroot": (161, 51),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "init_module": (175, 105),
    "ioperm": (173, -1),
    "ioctl": (16, 29),
    "iopl": (172, -1),
    "kcmp": (312, 272),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "memfd_create": (319, 279),
    "migrate_pages": (256, 238),
    "mmap": (9, 222),
    "modify_ldt": (154, -1),
    "mount": (165, 40),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "nfsservctl": (180, 42),
    "open_by_handle_at": (304, 265),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pivot_root": (155, 41),
    "prctl": (157, 167),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "semget": (64, 190),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "shmget": (29, 194),
    "socket": (41, 198),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
    # Calls added since 2019 have one number on every machine.
    "clone3": (435, 435),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "memfd_secret": (447, 447),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "quotactl_fd": (443, 443),
}

_library = ctypes.CDLL(None, use_errno=True)


def syscall_number(name: str) -> int | None:
    """Return the number of a system call; None where this machine has none.

    Raises
    ------
    OSError
        ENOSYS: this machine's numbers are not listed here.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in MACHINES:
        text = f"no system-call numbers for {sys.platform} on {machine}"
        raise OSError(errno.ENOSYS, text)
    number = _NUMBERS[name][MACHINES.index(machine)]
    return None if number < 0 else number


def libc(function: str, *arguments: object) -> int:
    """Call a function of the C library; integers are passed as C longs.

    Raises
    ------
    OSError
        The function failed, or the C library of this system has no such function.
    """
    try:
        target = getattr(_library, function)
    except AttributeError:
        raise OSError(errno.ENOSYS, f"no {function}() on this system") from None
    result = target(*(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
    return result


def syscall(name: str, *arguments: object) -> int:
    """Make a system call by its name; see `libc`."""
    number = syscall_number(name)
    if number is None:
        raise OSError(errno.ENOSYS, f"no {name} on this machine")
    try:
        return libc("syscall", number, *arguments)
    except OSError as err:
        text = f"{name}: {os.strerror(err.errno)}"
        raise OSError(err.errno, text) from None


def prctl(option: int, value: int = 0) -> int:
    """Set a property of this process."""
    return libc("prctl", option, value, 0, 0, 0)
