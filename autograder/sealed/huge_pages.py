"""Large pages for the template's memory, so that forking copies a list of few.

A fork copies one entry for each page that its parent holds, and drops as many when it
ends: of 160 MB of imported libraries 40,000, for each process of each notebook. In
pages of 2 MiB these are 80. What a fork writes to is copied in 4 KiB all the same.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
from collections.abc import Iterator
from pathlib import Path

RESERVED_MIB = 64
"""About what the objects of the first lessons' libraries take."""
_SIZE = 2 << 20
_LARGEST_SMALL = 512
"""Of Python's own allocator, in bytes: what is larger goes to C's."""
_COLLAPSE = 25
_IN_USE = 0.5
"""A reservation that hardly anything was written to would only take memory."""

_reserved: list[bytes] = []


def reserve() -> None:
    """Have Python take memory for its objects in one piece, before libraries come.

    It takes a MiB at a time, wherever there is room: between two libraries, too. An
    object or two in each keep it.
    """
    size = _LARGEST_SMALL - b"".__sizeof__()
    made = [b""] * ((RESERVED_MIB << 20) // _LARGEST_SMALL)
    for place in range(len(made)):  # a list that grows takes room between, too
        made[place] = bytes(size)
    _reserved.extend(made[:: (1 << 19) // _LARGEST_SMALL])


def collapse() -> None:
    """Put what this process has written into large pages, where Linux can (6.1)."""
    library = ctypes.CDLL(None)
    with contextlib.suppress(OSError, AttributeError):  # other systems have no maps
        for start, size in _written():
            place = ctypes.c_void_p(start), ctypes.c_size_t(size)
            pages = (ctypes.c_ubyte * (size // mmap.PAGESIZE))()
            library.mincore(*place, pages)
            if sum(pages) > _IN_USE * len(pages):
                library.madvise(*place, _COLLAPSE)


def _written() -> Iterator[tuple[int, int]]:
    """Yield address and size of what large pages can take the place of."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, rights, _, _, inode = line.split()[:5]
        if rights != "rw-p" or inode != "0":
            continue
        first, last = (int(address, 16) for address in addresses.split("-"))
        start = -(-first // _SIZE) * _SIZE
        size = last // _SIZE * _SIZE - start
        if size > 0:
            yield start, size
