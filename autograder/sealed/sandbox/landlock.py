"""Landlock: the kernel's list of files and sockets that a process may use."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from autograder.sealed.sandbox import syscalls

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15

_RIGHTS_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR

_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_RIGHTS_SINCE_ABI_5 = (1 << 16) - 1
_ALL_TCP = 0b11  # bind and connect, since ABI 4
_ALL_SCOPES = 0b11  # abstract unix sockets and signals, since ABI 6

_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1


class _Ruleset(ctypes.Structure):
    """What is refused unless a rule allows it; older kernels know fewer fields."""

    _fields_ = (
        ("files", ctypes.c_uint64),
        ("tcp", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """Return the version of Landlock in this kernel, from 1.

    Raises
    ------
    OSError
        The kernel has no Landlock (ENOSYS) or it is switched off (EOPNOTSUPP).
    """
    return syscalls.syscall("landlock_create_ruleset", None, 0, _VERSION_FLAG)


def _file_rights(version: int) -> int:
    if version >= 5:
        return _RIGHTS_SINCE_ABI_5
    return _RIGHTS_BY_ABI[min(version, 3)]


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Grant `rights` on a file, or on a folder and all that is in it."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return  # what cannot be reached needs no permission
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _RIGHTS_OF_A_FILE
        rule = ctypes.byref(_PathBeneath(rights, descriptor))
        syscalls.syscall("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def _shortcomings(version: int) -> str:
    gaps = [
        text
        for needed, text in (
            (3, "truncating files is not covered (needs version 3)"),
            (4, "TCP is not covered (needs version 4)"),
            (6, "signals and abstract sockets are not covered (needs version 6)"),
        )
        if version < needed
    ]
    return "; ".join([f"version {version}", *gaps])


def restrict(
    *,
    readable: Iterable[Path],
    listable: Iterable[Path] = (),
    writable: Iterable[Path],
    devices: Iterable[Path],
    tcp: bool = False,
) -> str:
    """Confine this thread and all its later children, for good.

    Needs `no new privileges` (or CAP_SYS_ADMIN) to be set before.

    Parameters
    ----------
    readable
        Files and folders that may be read and executed.
    listable
        Folders in and below which names may be listed.
    writable
        Folders in which everything but making device files is allowed.
    devices
        Device files that may be read and written.
    tcp
        Whether TCP is left alone.

    Returns
    -------
    str
        Landlock's version and what that version does not cover.

    Raises
    ------
    OSError
        The kernel has no Landlock or refuses it.
    """
    version = abi()
    handled = _file_rights(version)
    attributes = _Ruleset(
        handled,
        _ALL_TCP if version >= 4 and not tcp else 0,
        _ALL_SCOPES if version >= 6 else 0,
    )
    size = ctypes.sizeof(attributes)
    ruleset = syscalls.syscall(
        "landlock_create_ruleset", ctypes.byref(attributes), size, 0
    )
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in listable:
            _allow(ruleset, path, _READ_DIR & handled)
        for path in writable:
            _allow(ruleset, path, handled & ~(_MAKE_CHAR | _MAKE_BLOCK | _IOCTL_DEV))
        for path in devices:
            _allow(ruleset, path, (_READ_FILE | _WRITE_FILE | _TRUNCATE) & handled)
        syscalls.syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
    return _shortcomings(version)
