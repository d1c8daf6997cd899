"""Files: small plain ones in a folder, and the replacement of one in a single step."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_native_id
from typing import IO, Literal

LARGEST_EXTRA_FILE_MIB = 50
MOST_EXTRA_FILES = 200
IGNORED = {".ipynb_checkpoints", "__pycache__"}


def extra_files(folder: Path) -> list[Path]:
    """Return what lies beside a notebook and may be used: small plain files.

    Links are left out, wherever they lead, and names that no text can hold.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        linked = any((folder / part).is_symlink() for part in [inner, *inner.parents])
        if linked or not path.is_file() or IGNORED & set(inner.parts):
            continue
        if not _is_text(str(inner)):
            continue
        small = path.stat().st_size <= LARGEST_EXTRA_FILE_MIB * 2**20
        if path.suffix != ".ipynb" and small:
            found.append(path)
    return found[:MOST_EXTRA_FILES]


def by_name(folder: Path) -> dict[str, Path]:
    """Return the extra files of a folder by their path in it."""
    return {str(path.relative_to(folder)): path for path in extra_files(folder)}


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def replacing(
    path: Path, mode: Literal["w", "wb"] = "w", *, is_durable: bool = False
) -> Iterator[IO]:
    """Open a file that takes the place of `path` when the block ends.

    Until then, and for ever if the block fails or the process is killed in it, what
    was there before stays. Text is UTF-8 with the ends of lines that are written. Who
    may read the file does not change.

    Parameters
    ----------
    is_durable
        Whether the new content is on disk, and not only on its way there, before it
        takes the old one's place.
    """
    text = {} if mode == "wb" else {"encoding": "utf-8", "newline": ""}
    # A name of each thread's own: two may write the same file at once.
    fresh = path.with_name(f".{path.name}.{get_native_id()}")
    try:
        with fresh.open(mode, **text) as file:
            with suppress(FileNotFoundError):
                os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            yield file
            file.flush()
            if is_durable:
                os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise
