"""A root folder of the student process's own, holding only what it may see."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import stat
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from autograder.sealed.sandbox import syscalls

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108, a mount point
"""Where semaphores and shared arrays live; private and small in the new root."""
SHARED_MEMORY_MIB = 64
PROC = Path("/proc")

_WORKBENCH = b"/tmp"  # any folder that surely exists; covered only while building
_CURRENT_FOLDER = -100  # AT_FDCWD
_EMPTY_PATH, _RECURSIVE = 0x1000, 0x8000
_CLONE_TREE, _MOVE_FROM_DESCRIPTOR = 1, 4
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC = 1, 2, 4, 8
_MS_REC, _MS_PRIVATE = 1 << 14, 1 << 18
_DETACH = 2
_FILES_PER_MIB = 100


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def _mount(kind: bytes, target: bytes, options: bytes, flags: int) -> None:
    syscalls.libc("mount", kind, target, kind, flags, options)


def _restrict_mount(descriptor: int, path: bytes, attributes: int, how: int) -> None:
    wanted = _MountAttributes(set=attributes)
    size = ctypes.sizeof(wanted)
    syscalls.syscall("mount_setattr", descriptor, path, how, ctypes.byref(wanted), size)


@lru_cache
def outermost(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the paths and what they link to, without those inside another.

    Not what /proc/self links to: it is this process here, another one where it is used.
    """
    names = {Path(os.path.abspath(path)) for path in paths}
    names.update(path.resolve() for path in paths if not path.is_relative_to(PROC))
    kept: list[Path] = []
    for name in sorted(names, key=lambda path: (len(path.parts), path)):
        if not any(name.is_relative_to(outer) for outer in kept):
            kept.append(name)
    return tuple(kept)


def _take(path: Path, attributes: int, opened: contextlib.ExitStack) -> int | None:
    """Copy what is mounted at `path`; None if this process cannot reach it."""
    how = _CLONE_TREE | _RECURSIVE | os.O_CLOEXEC
    source = os.fsencode(path)
    try:
        tree = syscalls.syscall("open_tree", _CURRENT_FOLDER, source, how)
    except (FileNotFoundError, PermissionError):
        if os.path.exists(path):
            raise  # it is the mounting that was refused
        return None
    opened.callback(os.close, tree)
    _restrict_mount(tree, b"", attributes, _EMPTY_PATH | _RECURSIVE)
    return tree


def _place(tree: int, target: Path) -> None:
    """Mount a copied tree at `target`, below the workbench."""
    is_folder = stat.S_ISDIR(os.fstat(tree).st_mode)
    if not os.path.lexists(target):
        (target if is_folder else target.parent).mkdir(parents=True, exist_ok=True)
        if not is_folder:
            target.touch()
    syscalls.syscall(
        "move_mount",
        tree,
        b"",
        _CURRENT_FOLDER,
        os.fsencode(target),
        _MOVE_FROM_DESCRIPTOR,
    )


def _furnish(readable: Iterable[Path], scratch: Path) -> None:
    """Fill the workbench with copies of the readable paths and of scratch."""
    visible = [path for path in readable if not path.is_relative_to(PROC)]
    trees = [(path, _attributes(path)) for path in (PROC, *visible)]
    trees += [(path, _NO_SUID | _NO_DEVICES) for path in outermost((scratch,))]
    with contextlib.ExitStack() as opened:
        taken = [(_take(path, how, opened), path) for path, how in trees]
        _mount(b"tmpfs", _WORKBENCH, b"mode=0755,size=4m", _NO_SUID | _NO_DEVICES)
        bench = Path(os.fsdecode(_WORKBENCH))
        for tree, path in taken:
            if tree is not None:
                _place(tree, bench / path.relative_to("/"))
    for folder in ("tmp", "dev/shm"):
        (bench / folder).mkdir(parents=True, exist_ok=True)
    size = f"mode=1777,size={SHARED_MEMORY_MIB}m".encode()
    _mount(b"tmpfs", _WORKBENCH + b"/dev/shm", size, _NO_SUID | _NO_DEVICES)


def _attributes(path: Path) -> int:
    is_device = path.is_relative_to("/dev")
    return _READ_ONLY | _NO_SUID | (0 if is_device else _NO_DEVICES)


def replace_root(readable: Iterable[Path], scratch: Path) -> str:
    """Make a new root folder in which nothing else than the given paths exists.

    No path of `readable` may lie inside another one: see `outermost`.

    Needs a mount namespace of this process's own. Every path keeps its name: a
    readable one is mounted read-only, `scratch` writable. /proc is still the
    machine's; see `mount_own_proc`.

    Raises
    ------
    OSError
        Mounting was refused, or the kernel is older than Linux 5.12. Nothing that
        this process sees has changed then.
    """
    syscalls.libc("mount", None, b"/", None, _MS_REC | _MS_PRIVATE, None)
    umask = os.umask(0o022)
    try:
        _furnish(readable, scratch)
        os.chdir(_WORKBENCH)
        syscalls.syscall("pivot_root", b".", b".")
    except OSError:
        if os.path.ismount(_WORKBENCH):
            syscalls.libc("umount2", _WORKBENCH, _DETACH)
        raise
    finally:
        os.umask(umask)
    syscalls.libc("umount2", b".", _DETACH)
    os.chdir("/")
    _restrict_mount(_CURRENT_FOLDER, b"/", _READ_ONLY, 0)
    return ""


def keep_in_memory(scratch: Path, size_mib: int) -> None:
    """Cover `scratch` with a folder in memory that holds the same, up to a size.

    Nothing is left of it when the process ends, however it was filled. Needs the root
    that `replace_root` makes.

    Raises
    ------
    OSError
        Mounting was refused, or what is in `scratch` already does not fit.
    """
    given = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        options = f"mode=0700,size={size_mib}m,nr_inodes={_FILES_PER_MIB * size_mib}"
        _mount(b"tmpfs", bytes(scratch), options.encode(), _NO_SUID | _NO_DEVICES)
        below = f"/proc/self/fd/{given}"
        shutil.copytree(below, scratch, symlinks=True, dirs_exist_ok=True)
    finally:
        os.close(given)


def mount_own_proc() -> str:
    """Cover /proc with one that knows the processes of this PID namespace only.

    Raises
    ------
    OSError
        Refused: in a container whose own /proc is partly hidden, for one.
    """
    _mount(b"proc", b"/proc", b"", _NO_SUID | _NO_DEVICES | _NO_EXEC)
    return ""
