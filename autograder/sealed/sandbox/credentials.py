"""Who the student process is to the kernel: nobody, with no privileges."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterable
from pathlib import Path

from autograder.sealed.sandbox import syscalls

NOBODY = 65534
"""User and group that the student process gets when the grader runs as root."""

ACCOUNTS = ("etc/passwd", "etc/group", "etc/nsswitch.conf")
"""Files of the new root that say who there is: root, and who the student's code is."""

CLONE_NEWUSER = 0x10000000

_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 4, 24, 38
_CAPABILITIES_VERSION_3 = 0x20080522


def accounts(home: Path) -> dict[str, str]:
    """Return the content of `ACCOUNTS`; no other user of the machine is in them."""
    user, group = os.geteuid() or NOBODY, os.getegid() or NOBODY
    contents = (
        f"root:x:0:0::/:/bin/sh\nnobody:x:{user}:{group}::{home}:/bin/sh\n",
        f"root:x:0:\nnogroup:x:{group}:\n",
        "passwd: files\ngroup: files\nhosts: files\n",
    )
    return dict(zip(ACCOUNTS, contents, strict=True))


def enter_user_namespace() -> str:
    """Enter a user namespace in which only this process's own user exists.

    Besides the right to make other namespaces, it gives the submission a count of
    processes of its own (since Linux 5.14), for RLIMIT_NPROC.

    Raises
    ------
    OSError
        User namespaces are switched off.
    """
    user, group = os.geteuid(), os.getegid()
    syscalls.libc("unshare", CLONE_NEWUSER)
    # A process that changed its user may not write its own maps otherwise.
    syscalls.prctl(_PR_SET_DUMPABLE, 1)
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path("/proc/self", file).write_text(text)
    return ""


def _empty_bounding_set() -> None:
    for capability in range(64):
        try:
            syscalls.prctl(_PR_CAPBSET_DROP, capability)
        except OSError:
            break  # beyond the last one, or an ordinary user without a namespace


def become_nobody(scratch: Path, needed: Iterable[Path]) -> str:
    """Turn root into an unprivileged user, for good.

    Parameters
    ----------
    scratch
        A folder that is given to the new user with all that is in it.
    needed
        Folders that the new user has to be able to enter.

    Raises
    ------
    OSError
        Root may not change its user here, or a folder is closed to everyone but
        its owner. The process is root still, and scratch is root's.
    """
    if os.geteuid() != 0:
        return f"user {os.geteuid()}"
    _empty_bounding_set()
    os.setgroups([])
    _give(scratch, NOBODY)
    try:
        os.setresgid(NOBODY, NOBODY, 0)
        os.setresuid(NOBODY, NOBODY, 0)
        _insist_on_entering([scratch, *needed])
    except OSError:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        _give(scratch, 0)
        raise
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    return f"user {NOBODY}"


def _give(scratch: Path, owner: int) -> None:
    """Change the owner of a folder and of all that is in it, links not followed."""
    os.chown(scratch, owner, owner)
    for folder, folders, files in os.walk(scratch):
        for name in (*folders, *files):
            os.lchown(os.path.join(folder, name), owner, owner)


def _insist_on_entering(folders: Iterable[Path]) -> None:
    for folder in folders:
        if not os.access(folder, os.R_OK | os.X_OK, effective_ids=True):
            text = f"{folder} is closed to user {NOBODY}"
            raise OSError(errno.EACCES, text)


def drop_capabilities() -> str:
    """Give up all capabilities, and the way to get them back by running a program.

    Raises
    ------
    OSError
        The system has no capabilities.
    """
    _empty_bounding_set()
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscalls.syscall("capset", ctypes.byref(header), ctypes.byref(nothing))
    return ""


def forbid_new_privileges() -> str:
    """Make set-user-id programs run as ordinary ones, for good.

    Raises
    ------
    OSError
        The system cannot do this.
    """
    syscalls.prctl(_PR_SET_NO_NEW_PRIVS, 1)
    return ""
