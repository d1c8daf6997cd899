"""Archives: the notebooks of a download, read within limits and never unpacked.

A download is a folder or a zip archive; a student may have handed in an archive in it.
No name inside an archive is ever used as a path. Clones of git repositories are read in
the same way, notebooks alone; git itself is never run in them.
"""

import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from stat import S_ISLNK

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.base.files import walk
from autograder.base.names import shown
from autograder.intake.platforms.allowances import Allowance, opened
from autograder.intake.submissions import (
    LARGEST_FILE_MIB,
    LEFT_BY_PROGRAMS,
    NOT_OF_THE_WORK,
)

LARGEST_TOTAL_MIB = 2_048
"""What all files of one download may be together, unpacked."""
LARGEST_HANDED_IN_MIB = 512
"""The same of an archive that a student handed in: it takes nothing from others."""
MOST_NESTED = 3
"""Archives in the archive that a student handed in."""
LARGEST_RATIO = 200
"""Of a file's size to its size in the archive; notebooks with figures have under 20."""
LEAST_SUSPECT_MIB = 1
"""Smaller files may be as regular as they like."""
NOTEBOOKS = (".ipynb", ".ipynb.txt", ".ipynb.json", ".json", ".txt", "")
"""Endings of notebooks as students have them, and as programs make them; what has one
of the later ones is a notebook only if there are cells in it."""
OTHER_ARCHIVES = (".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
ASK_AGAIN = "ask the student to hand it in again"
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""All that `zipfile` is known to raise on a spoilt archive."""


@dataclass(frozen=True)
class Item:
    """One file of a download."""

    where: str
    """For people: the download and the path in it."""
    path: PurePosixPath
    """Where the platform put it, below the download."""
    wrappers: int
    """How many of the path's folders all files of the download are in."""
    name: str
    """Its own file name, the last one inside a student's archive."""
    date: float
    """Seconds since 1970: the platform's date, never one that a student chose."""
    content: bytes = b""
    unusable: str = ""
    """Why it cannot be taken, and what to do."""


class Reader:
    """Reads one download; counts what it has unpacked so far."""

    def __init__(self, download: Path) -> None:
        self._download = download
        self._wrappers = 0

    def items(self) -> Iterator[Item]:
        """Yield every notebook, and everything that is none with the reason.

        Raises
        ------
        WrongUse
            There is no folder and no zip archive of this name.
        """
        download = self._download
        if download.is_dir():
            yield from self._of_folder()
        elif zipfile.is_zipfile(download):
            date = download.stat().st_mtime
            whole = Item(shown(download.name), PurePosixPath(), 0, "", date)
            allowance = Allowance(LARGEST_TOTAL_MIB)
            opening = partial(zipfile.ZipFile, download)
            yield from self._of_archive(opening, whole, allowance)
        else:
            raise WrongUse(
                f"{download}: found no folder and no zip archive, expected what the "
                "learning platform gave you; download it again, or put a single "
                "notebook into submitted/STUDENT/LESSON/ yourself."
            )

    def list_called(self, name: str, largest_mib: int) -> bytes:
        """Return what is in the file of this name that all others lie beside or below.

        Nothing if there is none, or it is too large to be the platform's.
        """
        download, most = self._download, largest_mib * 2**20
        if download.is_dir():
            place = _outermost(list(self._paths()), name)
            file = download / place if place else None
            if file and not file.is_symlink() and file.stat().st_size <= most:
                return file.read_bytes()
        elif zipfile.is_zipfile(download):
            with suppress(*BROKEN), zipfile.ZipFile(download) as archive:
                files = {PurePosixPath(e.filename): e for e in archive.infolist()}
                paths = [p for p, entry in files.items() if not entry.is_dir()]
                place = _outermost(paths, name)
                if place and files[place].file_size <= most:
                    return archive.read(files[place])
        return b""

    def _of_folder(self) -> Iterator[Item]:
        paths = list(self._paths())
        self._wrappers = wrappers_of(paths)
        for path in paths:
            file = self._download / path
            where = shown(f"{self._download.name}/{path}")
            date = file.lstat().st_mtime
            item = Item(where, path, self._wrappers, path.name, date)
            read = _read(item, file)
            yield from [read] if read.unusable else self.looked_into(read)

    def _paths(self) -> Iterator[PurePosixPath]:
        for folder, inner, names in os.walk(self._download):
            inner.sort()
            links = [name for name in inner if (Path(folder) / name).is_symlink()]
            for name in sorted(names + links):
                file = Path(folder) / name
                path = PurePosixPath(file.relative_to(self._download).as_posix())
                if not _is_left_by_programs(path):
                    yield path

    def looked_into(
        self, item: Item, allowance: Allowance | None = None, depth: int = 0
    ) -> Iterator[Item]:
        """Yield the item, or what it holds if it is a student's archive."""
        if not item.name.lower().endswith(".zip"):
            yield item
        elif depth > MOST_NESTED:
            yield replace(
                item,
                unusable=f"found an archive in an archive, more than {MOST_NESTED} of "
                f"them, in what was handed in, expected notebooks; {ASK_AGAIN}",
            )
        else:
            allowance = allowance or Allowance(LARGEST_HANDED_IN_MIB)
            opening = partial(opened, item.content)
            yield from self._of_archive(opening, item, allowance, depth)

    def _of_archive(
        self,
        opening: Callable[[], zipfile.ZipFile],
        holder: Item,
        allowance: Allowance,
        depth: int = -1,
    ) -> Iterator[Item]:
        try:
            allowance.take_entries(0)  # there may be none left
            with opening() as archive:
                entries = archive.infolist()
                allowance.take_entries(len(entries))
                if depth < 0:
                    files = [
                        PurePosixPath(e.filename) for e in entries if not e.is_dir()
                    ]
                    files = [path for path in files if not _is_left_by_programs(path)]
                    self._wrappers = wrappers_of(files)
                for entry in entries:
                    yield from self._of_entry(archive, entry, holder, allowance, depth)
        except BROKEN as error:
            yield replace(
                holder,
                unusable=f"the archive cannot be read ({error}); {ASK_AGAIN}",
            )
        except UnreadableSubmission as error:
            yield replace(holder, unusable=str(error))

    def _of_entry(
        self,
        archive: zipfile.ZipFile,
        entry: zipfile.ZipInfo,
        holder: Item,
        allowance: Allowance,
        depth: int,
    ) -> Iterator[Item]:
        inside = bool(holder.name)
        # A student's may have been made by a program of Windows.
        called = entry.filename.replace("\\", "/") if inside else entry.filename
        path = PurePosixPath(called)
        if called.endswith("/") or _is_left_by_programs(path):
            return
        item = Item(
            f"{holder.where}: {shown(entry.filename)}",
            holder.path if inside else path,
            self._wrappers,
            path.name,
            holder.date if inside else _date(entry),
        )
        try:
            _refuse_path(called, path)
            _refuse_link(S_ISLNK(entry.external_attr >> 16))
            _refuse_size(item, entry.file_size)
            content = _unpacked(archive, entry, allowance)
        except UnreadableSubmission as error:
            yield replace(item, unusable=str(error))
        except BROKEN as error:
            yield replace(
                item, unusable=f"it cannot be unpacked ({error}); {ASK_AGAIN}"
            )
        else:
            found = _checked(replace(item, content=content))
            own = allowance if inside else None
            yield from self.looked_into(found, own, depth + 1)


def _unpacked(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: Allowance
) -> bytes:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # The others let a file of a few bytes ask for gigabytes of memory.
        raise UnreadableSubmission(
            f"found compression method {entry.compress_type}, expected deflate; "
            f"{ASK_AGAIN}"
        )
    ratio = entry.file_size / max(entry.compress_size, 1)
    if ratio > LARGEST_RATIO and entry.file_size > LEAST_SUSPECT_MIB * 2**20:
        raise UnreadableSubmission(
            f"found a file that unpacks to {ratio:.0f} times its size, expected at "
            f"most {LARGEST_RATIO}: an archive made to fill the disk; ask the "
            "student"
        )
    allowance.take(entry.file_size)
    return archive.read(entry)  # never more than the size that it states


def handed_in(archive: Path) -> Iterator[Item]:
    """Yield what is in an archive that a student handed in, or why it is not read."""
    name = shown(archive.name)
    item = Item(name, PurePosixPath(name), 0, name, 0.0)
    read = _read(item, archive)
    yield from [read] if read.unusable else Reader(archive).looked_into(read)


def packed_files(archive: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield a student's files of any kind, up to the first that cannot be read."""
    allowance = Allowance(LARGEST_HANDED_IN_MIB)
    with (
        suppress(UnreadableSubmission, *BROKEN),
        opened(archive.read_bytes()) as files,
    ):
        allowance.take_entries(len(files.infolist()))
        for entry in files.infolist():
            called = entry.filename.replace("\\", "/")
            path = PurePosixPath(called)
            if not called.endswith("/") and not _is_left_by_programs(path):
                _refuse_path(called, path)
                _refuse_link(S_ISLNK(entry.external_attr >> 16))
                yield path, _unpacked(files, entry, allowance)


def clones_in(folder: Path) -> dict[str, Path]:
    """Return a clone, or all clones in a folder, by their folders' names.

    Raises
    ------
    WrongUse
        There is no clone of a git repository.
    """
    inner = sorted(folder.iterdir()) if folder.is_dir() else []
    is_one = (folder / ".git").exists()
    clones = [folder] if is_one else [p for p in inner if (p / ".git").exists()]
    if not clones:
        raise WrongUse(
            f"{folder}: found no clone of a git repository in it, expected a folder "
            "for each student with .git in it."
        )
    return {clone.resolve().name if is_one else clone.name: clone for clone in clones}


def of_clones(clones: Mapping[str, Path]) -> Iterator[Item]:
    """Yield the notebooks of clones."""
    for name, clone in clones.items():
        left_out: Counter[str] = Counter()
        for inside in sorted(walk(clone, left_out, NOT_OF_THE_WORK)):
            file = clone / inside
            if file.suffix.lower() == ".ipynb":
                path = PurePosixPath(name, inside)
                where = shown(str(path))
                item = Item(where, path, 0, file.name, file.lstat().st_mtime)
                yield _read(item, file)
        for why in left_out:
            yield Item(shown(name), PurePosixPath(name), 0, "", 0.0, unusable=why)


def wrappers_of(paths: Sequence[PurePosixPath]) -> int:
    """Return how many folders all of these files are in, one in the other."""
    shared = 0
    for parts in zip(*(path.parts[:-1] for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    return shared


def _outermost(paths: Sequence[PurePosixPath], name: str) -> PurePosixPath | None:
    """Return the file of this name that all others lie beside or below."""
    own = [path for path in paths if not _is_left_by_programs(path)]
    called = [path for path in own if path.name == name]
    place = min(called, key=lambda path: len(path.parts), default=None)
    is_outer = place is not None and len(place.parts) == wrappers_of(own) + 1
    return place if is_outer else None


def _is_left_by_programs(path: PurePosixPath) -> bool:
    return bool(LEFT_BY_PROGRAMS & set(path.parts)) or path.name.startswith("._")


def _read(item: Item, file: Path) -> Item:
    """Return an item with what is in its file, or why it cannot be taken."""
    try:
        _refuse_link(file.is_symlink())
        _refuse_size(item, file.stat().st_size)
        content = file.read_bytes() if file.is_file() else b""
        return _checked(replace(item, content=content))
    except (UnreadableSubmission, OSError) as error:
        return replace(item, unusable=str(error))


def _date(entry: zipfile.ZipInfo) -> float:
    try:
        return datetime(*entry.date_time).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _refuse_path(name: str, path: PurePosixPath) -> None:
    has_drive = name[1:2] == ":"
    if path.is_absolute() or ".." in path.parts or "\\" in name or has_drive:
        raise UnreadableSubmission(
            "found a path that leads out of the archive or was made on Windows, "
            "expected names joined by /; unpack it yourself and collect the folder"
        )


def _refuse_link(is_link: bool) -> None:
    if is_link:
        raise UnreadableSubmission(f"found a link, expected a file; {ASK_AGAIN}")


def _refuse_size(item: Item, size: int) -> None:
    name = item.name.lower()
    if name.endswith(OTHER_ARCHIVES):
        raise UnreadableSubmission(
            "found an archive of another kind, expected .zip; unpack it yourself, and "
            "collect the folder that all of the download is in"
        )
    if not name.endswith((*NOTEBOOKS[:-1], ".zip")) and "." in name:
        raise _no_notebook()
    if size > LARGEST_FILE_MIB * 2**20:
        raise UnreadableSubmission(
            f"found {size / 2**20:.0f} MiB, expected at most {LARGEST_FILE_MIB}; ask "
            "the student to clear all outputs and hand it in again"
        )


def _checked(item: Item) -> Item:
    """Return an item, as unusable if it is only by its name that it might be one."""
    name = item.name.lower()
    if name.endswith((".ipynb", ".ipynb.txt", ".ipynb.json", ".zip")):
        return item
    begins = item.content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if begins.startswith(b"{") and b'"cells"' in item.content:
        return item
    return replace(item, unusable=str(_no_notebook()))


def _no_notebook() -> UnreadableSubmission:
    return UnreadableSubmission(
        "found no notebook, expected a file that ends in .ipynb, or .zip with such "
        "files; look whether it belongs to the work"
    )
