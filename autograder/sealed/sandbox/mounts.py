"""A root folder of the student process's own, holding only what it may see."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.sealed.sandbox import syscalls

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108, a mount point
"""Where semaphores and shared arrays live; private and small in the new root."""
SHARED_MEMORY_MIB = 64
PROC = Path("/proc")

# Nothing that is readable lies in it but itself; covered only while building.
_WORKBENCH = PROC
_DEVICES = "/dev/"
_NOTHING, _NOWHERE = "run/nothing", "run/nowhere"
"""An empty file and an empty folder of the new root, to cover others with."""
PROC_SHOWS = {"self", "thread-self", "mounts", "net", "filesystems", "version"}
PROC_SHOWS |= {"cpuinfo"}
"""What is left of /proc beside the processes; all else tells what others do."""
PROC_AS_IT_WAS = ("meminfo", "stat", "uptime")
"""Of these there is a copy, which does not go on telling what the machine does."""
_CURRENT_FOLDER = -100  # AT_FDCWD
_EMPTY_PATH, _RECURSIVE = 0x1000, 0x8000
_CLONE_TREE, _MOVE_FROM_DESCRIPTOR = 1, 4
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC = 1, 2, 4, 8
_MS_BIND, _MS_REC, _MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18
_DETACH = 2
_FILES_PER_MIB = 100
_MOST_LINKS = 1000


@dataclass(frozen=True)
class Layout:
    """What a new root is made of; the same for every process of a run."""

    places: tuple[Path, ...]
    """Files and folders, none inside another one, no link on the way to any."""
    links: tuple[tuple[Path, str], ...]
    """Links outside of these, by which they have other names too."""
    submounts: tuple[Path, ...]
    """Folders inside of these where something else is mounted: they stay empty."""


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def _mount(kind: bytes, target: Path | str, options: bytes, flags: int) -> None:
    syscalls.libc("mount", kind, os.fsencode(target), kind, flags, options)


def _bind(source: str, target: str) -> None:
    """Show a file or a folder, with what is mounted in it, in another place as well."""
    flags = _MS_BIND | _MS_REC
    names = os.fsencode(source), os.fsencode(target)
    syscalls.libc("mount", *names, None, flags, None)


def _restrict_mount(path: str, attributes: int, how: int) -> None:
    wanted = _MountAttributes(set=attributes)
    place = _CURRENT_FOLDER, os.fsencode(path)
    size = ctypes.sizeof(wanted)
    syscalls.syscall("mount_setattr", *place, how, ctypes.byref(wanted), size)


@lru_cache
def outermost(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the paths and what they link to, without those inside another.

    Not what /proc/self links to: it is this process here, another one where it is used.
    """
    names = {Path(os.path.abspath(path)) for path in paths}
    names.update(path.resolve() for path in paths if not path.is_relative_to(PROC))
    return _without_inner(names)


def _without_inner(names: Iterable[Path]) -> tuple[Path, ...]:
    kept: set[Path] = set()
    for name in sorted(names, key=lambda path: len(path.parts)):
        if kept.isdisjoint((name, *name.parents)):
            kept.add(name)
    return tuple(sorted(kept))


@lru_cache
def layout(readable: tuple[Path, ...]) -> Layout:
    """Plan the root in which these paths exist under all their names.

    What lies in /proc is left out: see `mount_own_proc`.
    """
    links: dict[Path, str] = {}
    named = [path for path in readable if not path.is_relative_to(PROC)]
    places = _without_inner(_followed(path, links) for path in named)
    inside = set(places)
    return Layout(
        places=places,
        links=tuple(
            (link, target)
            for link, target in sorted(links.items())
            if inside.isdisjoint(link.parents)
        ),
        submounts=tuple(
            path
            for path in _mount_points()
            if not inside.isdisjoint(path.parents) and os.path.isdir(path)
        ),
    )


@lru_cache
def ways_to(places: tuple[Path, ...]) -> frozenset[Path]:
    """Return these places and all folders on the way to them."""
    return frozenset(way for place in places for way in (place, *place.parents))


def _followed(path: Path, links: dict[Path, str]) -> Path:
    """Return where a path leads; note down the links on the way."""
    place, rest = Path("/"), [*Path(os.path.abspath(path)).parts[1:]]
    while rest:
        step = place / rest.pop(0)
        if os.path.islink(step) and len(links) < _MOST_LINKS:
            links[step] = os.readlink(step)
            target = Path(os.path.normpath(place / links[step]))
            rest, place = [*target.parts[1:], *rest], Path("/")
        else:
            place = step
    return place


def _mount_points() -> list[Path]:
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return []
    return [Path(os.fsdecode(_unescaped(line.split()[4]))) for line in lines]


def _unescaped(name: bytes) -> bytes:
    """Return a name as it is; the kernel writes spaces and the like in octal."""
    return re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8)]), name)


def _make_room(place: str, target: str) -> None:
    """Make what a file or a folder can be mounted on, if it is not there."""
    if os.path.isdir(place):
        os.makedirs(target, exist_ok=True)
    elif not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.mknod(target, 0o644)


def _write(path: str, text: str) -> None:
    """Write a file in a folder that is made if it is not there."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def _furnish(plan: Layout, scratch: Path, files: dict[str, str]) -> None:
    """Fill the workbench with the planned places and with scratch.

    Its names are texts: that is done for each notebook, and paths take longer to make
    than what they name.
    """
    bench, links = os.fspath(_WORKBENCH), dict(plan.links)
    origin = os.fspath(_followed(scratch, links))
    home = bench + origin
    how = _CLONE_TREE | _RECURSIVE | os.O_CLOEXEC
    proc = syscalls.syscall("open_tree", _CURRENT_FOLDER, bytes(PROC), how)
    seen = {f"run/{name}": _read(PROC / name) for name in PROC_AS_IT_WAS}
    try:
        _mount(b"tmpfs", bench, b"mode=0755,size=4m", _NO_SUID | _NO_DEVICES)
        for name, text in {**files, _NOTHING: "", **seen}.items():
            _write(f"{bench}/{name}", text)
        for folder in (_NOWHERE, "tmp", "dev/shm", "proc"):
            os.makedirs(f"{bench}/{folder}", exist_ok=True)
        for link, target in links.items():
            path = f"{bench}{link}"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if not os.path.islink(path):
                os.symlink(target, path)
        # Another user may have made the plan, who reaches more than this one.
        places = list(filter(os.path.exists, map(os.fspath, plan.places)))
        for place in (*places, origin):
            _make_room(place, bench + place)
        devices = [place for place in places if place.startswith(_DEVICES)]
        for place in places:
            if place not in devices:
                _bind(place, bench + place)
        for folder in plan.submounts:
            _bind(f"{bench}/{_NOWHERE}", f"{bench}{folder}")
        closed = _READ_ONLY | _NO_SUID | _NO_DEVICES
        syscalls.syscall(
            "move_mount",
            proc,
            b"",
            _CURRENT_FOLDER,
            os.fsencode(f"{bench}/proc"),
            _MOVE_FROM_DESCRIPTOR,
        )
        _restrict_mount(bench, closed, _RECURSIVE)
    finally:
        os.close(proc)
    for place in devices:
        _bind(place, bench + place)
        _restrict_mount(bench + place, _READ_ONLY | _NO_SUID, 0)
    _bind(origin, home)
    _restrict_mount(home, _NO_SUID | _NO_DEVICES, _RECURSIVE)
    _memory_at(bench + os.fspath(SHARED_MEMORY), SHARED_MEMORY_MIB, "1777")


def _memory_at(target: Path | str, size_mib: int, mode: str) -> None:
    """Mount a folder in memory, which holds so much and not too many files."""
    most = f"size={size_mib}m,nr_inodes={_FILES_PER_MIB * size_mib}"
    _mount(b"tmpfs", target, f"mode={mode},{most}".encode(), _NO_SUID | _NO_DEVICES)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # a container may hide it
        return ""


def replace_root(plan: Layout, scratch: Path, files: dict[str, str]) -> str:
    """Make a new root folder in which nothing else than the given paths exists.

    Needs a mount namespace of this process's own. Every path keeps its name: a
    planned one is mounted read-only, `scratch` writable. /proc is still the
    machine's; see `mount_own_proc`.

    Parameters
    ----------
    files
        Small files of its own, by their names relative to the root.

    Raises
    ------
    OSError
        Mounting was refused, or the kernel is older than Linux 5.12. Nothing that
        this process sees has changed then.
    """
    syscalls.libc("mount", None, b"/", None, _MS_REC | _MS_PRIVATE, None)
    umask = os.umask(0o022)
    before = _WORKBENCH.stat().st_dev
    try:
        _furnish(plan, scratch, files)
        os.chdir(_WORKBENCH)
        syscalls.syscall("pivot_root", b".", b".")
    except OSError:
        if _WORKBENCH.stat().st_dev != before:
            syscalls.libc("umount2", bytes(_WORKBENCH), _DETACH)
        raise
    finally:
        os.umask(umask)
    syscalls.libc("umount2", b".", _DETACH)
    os.chdir("/")
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
        _memory_at(scratch, size_mib, "0700")
        below = f"/proc/self/fd/{given}"
        shutil.copytree(below, scratch, symlinks=True, dirs_exist_ok=True)
    finally:
        os.close(given)


def mount_own_proc() -> str:
    """Cover /proc with one that knows the processes of this PID namespace only.

    Needs the root that `replace_root` makes. What does not concern them is covered.

    Raises
    ------
    OSError
        Refused: in a container whose own /proc is partly hidden, for one.
    """
    _mount(b"proc", PROC, b"", _NO_SUID | _NO_DEVICES | _NO_EXEC)
    for entry in os.scandir(PROC):
        if entry.name in PROC_AS_IT_WAS:
            _bind(f"/run/{entry.name}", entry.path)
        elif not (entry.name.isdigit() or entry.name in PROC_SHOWS):
            is_folder = entry.is_dir(follow_symlinks=False)
            _bind(f"/{_NOWHERE if is_folder else _NOTHING}", entry.path)
    return ""
