"""System calls of Linux that Python does not offer, with OSError for failure."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from functools import cache

from autograder.sealed.sandbox.syscall_numbers import MACHINES, NUMBERS

_library = ctypes.CDLL(None, use_errno=True)


@cache
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
    return NUMBERS[name][MACHINES.index(machine)]


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
