"""Hashing: digests of what results depend on, and versions of what is installed."""

import hashlib
import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path

# A change of one of these can change what a lesson's cells give.
PACKAGES = (
    "numpy scipy pandas matplotlib plotnine scikit-learn tensorflow tensorflow-cpu "
    "ipython"
)
PIECE = 2**20
"""Bytes of a file that are in memory at a time."""


def digest_of_code(package: Path, rooms: Iterable[str]) -> str:
    """Return a digest of the modules of some rooms, by name and content.

    Raises
    ------
    FileNotFoundError
        One of them has no module: what decides marks would no longer be part of what
        they depend on, in silence.
    """
    parts: list[str | bytes] = []
    for room in rooms:
        modules = sorted((package / room).rglob("*.py"))
        if not modules:
            raise FileNotFoundError(
                f"{package / room}: found no module, expected code that decides "
                "marks; name the room that it has moved to."
            )
        for path in modules:
            parts += [str(path.relative_to(package)), path.read_bytes()]
    return digest(*parts)


@cache  # to read them off what is installed takes as long as to mark a notebook
def versions() -> tuple[str, ...]:
    """Return the versions of Python and of what lessons import."""
    found = [platform.python_version(), platform.machine()]
    for package in PACKAGES.split():
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{package} {metadata.version(package)}")
    return tuple(found)


def digest(*parts: str | bytes | Path) -> str:
    """Return one digest of several parts, in their order; of a path, of its file.

    Raises
    ------
    OSError
        A file cannot be read.
    """
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            with part.open("rb") as file:
                total.update(os.fstat(file.fileno()).st_size.to_bytes(8, "big"))
                while piece := file.read(PIECE):
                    total.update(piece)
            continue
        content = part.encode() if isinstance(part, str) else part
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()[:32]
