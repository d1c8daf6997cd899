"""What a student's process may read: named parts of the system, not all of it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from autograder.base.errors import EngineError

_SYSTEM_PREFIXES = ("/", "/usr", "/usr/local")
"""Prefixes that hold much more than Python: only what is named below is read there."""
_OWN_PREFIX = ("bin", "lib", "lib64", "pyvenv.cfg", "ssl", "etc/fonts")
"""What is read of a prefix that is Python's alone, as of a virtual environment."""
_DATA = {
    "fonts": ("fonts", "fontconfig"),
    "time zones": ("zoneinfo",),
    "terminals": ("terminfo",),
    "translations": ("locale",),
}
_KERNELS = ("R", "julia", "octave")
"""Languages whose kernels find their own files in folders of this name."""

_PROGRAMS = ("/bin", "/usr/bin", "/usr/local/bin", "/sbin/ldconfig")
_SETTINGS = (
    "/etc/R",  # Debian's; R does not start without
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/timezone",
)
_MACHINE = (
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
    # Not /dev/zero: mapped as shared, it is memory that no limit counts.
)
_LOADER_CACHE = Path("/etc/ld.so.cache")
_LIBRARIES_WITHOUT_CACHE = ("/lib", "/usr/lib")


@lru_cache(maxsize=1)
def parts() -> dict[str, tuple[Path, ...]]:
    """Return what a student's process may read, by what it is; only what exists.

    Where a course, a class or an exchange lies inside one of these, `exposed` tells.
    """
    found = {
        "Python": _interpreter(),
        "its packages": (p for p in sys.path if Path(p).name.endswith("-packages")),
        "libraries": _libraries(),
        "programs": _PROGRAMS,
        "settings": _SETTINGS,
        "the machine": _MACHINE,
    }
    for name, folders in _DATA.items():
        found[name] = _below(("share", "lib"), folders)
    found["languages of kernels"] = _below(("share", "lib", "lib64"), _KERNELS)
    existing = {
        name: tuple(dict.fromkeys(Path(p) for p in paths if os.path.exists(p)))
        for name, paths in found.items()
    }
    return {name: paths for name, paths in existing.items() if paths}


@lru_cache(maxsize=1)
def default_readable() -> tuple[Path, ...]:
    """Return all that a student's process has to read; see `parts`."""
    return tuple(dict.fromkeys(path for paths in parts().values() for path in paths))


def exposed(forbidden: Iterable[Path], readable: Iterable[Path]) -> tuple[Path, ...]:
    """Return those of the forbidden paths that lie inside a readable one."""
    return inside(forbidden, (path.resolve() for path in readable))


def inside(paths: Iterable[Path], folders: Iterable[Path]) -> tuple[Path, ...]:
    """Return those of the paths that lie inside one of the folders.

    Parameters
    ----------
    folders
        With no link on the way to any.
    """
    known = frozenset(folders)

    def is_inside(path: Path) -> bool:
        place = path.resolve()
        return not known.isdisjoint((place, *place.parents))

    return tuple(filter(is_inside, paths))


def expect_hidden(forbidden: Iterable[Path]) -> None:
    """Refuse to go on where a student's process could read what it must not.

    Raises
    ------
    EngineError
        One of these paths lies in a part of the system that lessons need.
    """
    for path in exposed(forbidden, default_readable()):
        raise EngineError(
            f"{path}: found in a folder of Python or of the system, which student "
            "code may read, expected lessons and classes elsewhere; move it there."
        )


def _prefixes() -> dict[str, None]:
    found = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    return dict.fromkeys(found)


def _interpreter() -> Iterator[str]:
    """Yield the standard library, and what else makes a Python of its own."""
    yield os.path.dirname(os.__file__)
    yield from (path for path in sys.path if path.endswith("lib-dynload"))
    for prefix in _prefixes():
        if os.path.realpath(prefix) not in _SYSTEM_PREFIXES:
            yield from (os.path.join(prefix, name) for name in _OWN_PREFIX)


def _libraries() -> Iterable[str]:
    """Return the folders in which the system's loader finds libraries."""
    try:
        cache = _LOADER_CACHE.read_bytes()
    except OSError:  # musl has none
        return _LIBRARIES_WITHOUT_CACHE
    found = set(re.findall(rb"\0(/[^\0]+)/[^/\0]+", cache))
    return sorted({"/lib64", *map(os.fsdecode, found)})


def _below(rooms: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Yield folders of these names where data and libraries lie."""
    for prefix in ("/usr", "/usr/local", *_prefixes()):
        for room in rooms:
            yield from (os.path.join(prefix, room, name) for name in names)
