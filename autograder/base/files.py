"""Files: small plain ones in a folder, and the replacement of one in a single step."""

import os
import shutil
from collections import Counter
from collections.abc import Collection, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import get_native_id
from typing import IO, Literal

LARGEST_EXTRA_FILE_MIB = 50
MOST_EXTRA_FILES = 200
MOST_ENTRIES = 5_000
"""Files and folders that are looked at, of one folder and all below it."""
DEEPEST = 20
"""Folders in folders."""
LONGEST_PATH = 1_000
"""Bytes of a file's path in the folder: it has room wherever it is copied to."""
IGNORED = {".ipynb_checkpoints", "__pycache__"}


@dataclass
class ExtraFiles:
    """What lies beside a notebook and may be used: small plain files."""

    by_name: dict[str, Path] = field(default_factory=dict)
    """By their path in the folder."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many files or folders were left out, by the reason."""


def look_beside(
    folder: Path,
    most_mib: float = float("inf"),
    but: Container[str] = (),
    ignored: Collection[str] = frozenset(IGNORED),
) -> ExtraFiles:
    """Return what lies beside a notebook and may be used.

    Links are left out, wherever they lead, and names that no text can hold.

    Parameters
    ----------
    most_mib
        What all of them may take together, in MiB, on disk or when they are read.
    but
        Paths in the folder that are passed by.
    ignored
        Names of files and folders, wherever they lie, that are passed by.
    """
    found = ExtraFiles()
    left = most_mib * 2**20
    inner = sorted(
        walk(folder, found.left_out, ignored), key=lambda name: name.split("/")
    )
    for name in inner:
        path = folder / name
        if path.suffix == ".ipynb" or path.is_symlink() or not path.is_file():
            continue
        if name in but:
            continue
        if not _is_text(name):
            found.left_out["name is no text"] += 1
            continue
        state = path.stat()
        size = max(state.st_size, state.st_blocks * 512)  # a file may be full of holes
        if size > LARGEST_EXTRA_FILE_MIB * 2**20:
            found.left_out[f"larger than {LARGEST_EXTRA_FILE_MIB} MiB"] += 1
        elif len(found.by_name) == MOST_EXTRA_FILES:
            found.left_out[f"more than {MOST_EXTRA_FILES} files"] += 1
        elif size > left:
            found.left_out[f"more than {most_mib:g} MiB in all"] += 1
        else:
            left -= size
            found.by_name[name] = path
    return found


def extra_files(folder: Path) -> list[Path]:
    """Return the files beside a notebook that may be used."""
    return list(by_name(folder).values())


def by_name(folder: Path) -> dict[str, Path]:
    """Return the extra files of a folder by their path in it."""
    return look_beside(folder).by_name


def walk(
    folder: Path,
    left_out: Counter[str] | None = None,
    ignored: Collection[str] = frozenset(IGNORED),
) -> Iterator[str]:
    """Yield the path in a folder of all that is no folder, in it and below it.

    Anybody may have made the folder: no shape of it takes long, or raises an error.

    Parameters
    ----------
    left_out
        Counts what was not looked into, by the reason.
    ignored
        Names of files and folders that are passed by.
    """
    left_out = Counter() if left_out is None else left_out
    waiting, entries = [""], 0
    while waiting:
        inner = waiting.pop()
        try:
            with os.scandir(folder / inner) as found:
                # Those of one folder in their order, as far as it is not too full.
                listed = [e for e, _ in zip(found, range(MOST_ENTRIES), strict=False)]
        except OSError:  # it may go at any time, or be closed to us
            left_out["a folder that cannot be read"] += 1
            continue
        for entry in sorted(listed, key=lambda e: e.name):
            name = f"{inner}/{entry.name}" if inner else entry.name
            entries += 1
            if entries > MOST_ENTRIES:
                left_out[f"more than {MOST_ENTRIES} files and folders"] += 1
                return
            if entry.name in ignored:
                continue
            if len(os.fsencode(name)) > LONGEST_PATH:
                left_out[f"path longer than {LONGEST_PATH} bytes"] += 1
            elif not _is_folder(entry):
                yield name
            elif name.count("/") >= DEEPEST:
                left_out[f"more than {DEEPEST} folders deep"] += 1
            else:
                waiting.append(name)


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


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


def being_made(place: Path) -> Path:
    """Return where a folder is made that shall take this place: beside it, hidden."""
    return place.with_name(f".{place.name}.new")


def replace_folder(fresh: Path, place: Path) -> None:
    """Let a folder take the place of another, which goes when that is done."""
    before = _before(place)
    if before.exists():
        shutil.rmtree(before)
    if place.exists():
        place.rename(before)
    fresh.rename(place)
    shutil.rmtree(before, ignore_errors=True)


def is_on_its_way(folder: Path) -> bool:
    """Whether a folder is one that takes another's place, or has lost its own."""
    return folder.name.startswith(".") and folder.suffix in (".new", ".old")


def put_back_folder(place: Path) -> None:
    """Undo `replace_folder` if the process was killed in the middle of it."""
    if not place.exists() and _before(place).exists():
        _before(place).rename(place)


def _before(place: Path) -> Path:
    return place.with_name(f".{place.name}.old")
