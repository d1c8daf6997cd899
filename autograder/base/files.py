"""Files: replaced in one step, so that nobody ever finds half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_native_id
from typing import IO, Literal


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
