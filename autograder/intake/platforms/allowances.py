"""Allowances: how much of an archive is looked at, whoever has made it."""

import io
import zipfile
from dataclasses import dataclass

from autograder.base.errors import UnreadableSubmission

MOST_FILES = 5_000
"""Entries of a download; and of an archive in it with all that are in that one."""
LARGEST_LIST = MOST_FILES * 400
"""Bytes of what says which files a student's archive has: it is read as a whole."""


@dataclass
class Allowance:
    """What may still be unpacked: of a download, or of what one student handed in."""

    most_mib: int
    entries: int = 0
    size: int = 0

    def take_entries(self, count: int) -> None:
        """Look at so many entries, unless that would be too many in all.

        Raises
        ------
        UnreadableSubmission
            It would.
        """
        self.entries += count
        if self.entries > MOST_FILES:
            raise UnreadableSubmission(
                f"found {self.entries} entries, expected at most {MOST_FILES}; "
                "unpack it yourself and collect the folder"
            )

    def take(self, size: int) -> None:
        """Unpack a file of a size in bytes, unless that would be too much in all.

        Raises
        ------
        UnreadableSubmission
            It would.
        """
        self.size += size
        if self.size > self.most_mib * 2**20:
            raise UnreadableSubmission(
                f"found more than {self.most_mib} MiB in all, expected less; "
                "download fewer submissions at a time"
            )


class _Content(io.BytesIO):
    is_listed = False

    def read(self, size: int | None = -1) -> bytes:
        if not self.is_listed and size and size > LARGEST_LIST:
            raise zipfile.BadZipFile("the list of its files is too long")
        return super().read(size)


def opened(content: bytes) -> zipfile.ZipFile:
    """Open an archive that a student made: its list must not fill the memory.

    Raises
    ------
    zipfile.BadZipFile
        It is none, or its list of files is too long.
    """
    file = _Content(content)
    archive = zipfile.ZipFile(file)
    file.is_listed = True
    return archive
