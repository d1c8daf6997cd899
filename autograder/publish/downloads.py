"""Downloads: a file over HTTP, resumed where it broke off, kept only if right."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.base.errors import AutograderError

RETRIES = 2
"""How often a broken download is taken up again before it counts as failed."""
CHUNK = 1 << 16


class DownloadFailed(AutograderError):
    """A file did not come, or something else came."""


def download(
    address: str,
    target: Path,
    is_right: Callable[[Path], bool],
    watch: Callable[[int, int], None],
) -> None:
    """Write what is at an address into `target`.

    What a broken download leaves is `<target>.part`; the next one, a minute or a month
    later, asks the server for the rest of it.

    Parameters
    ----------
    is_right
        Looks at what came, before it gets its name.
    watch
        Is told how many bytes are there and how many there will be.

    Raises
    ------
    DownloadFailed
        No connection, no such file, no space, or `is_right` said no.
    """
    import pooch  # takes a fifth of a second, and most commands need no network

    files = pooch.create(
        target.parent,
        base_url="",
        # No checksum here: pooch knows that of the file, not that of what is inside.
        registry={target.name: None},
        urls={target.name: address},
        retry_if_failed=RETRIES,
    )
    target.unlink(missing_ok=True)
    try:
        files.fetch(target.name, downloader=_Resuming(target, is_right, watch))
    except (OSError, ValueError) as error:  # all that requests raises is an OSError
        raise DownloadFailed(f"{address}: not downloaded, {_reason(error)}.") from error


@dataclass
class _Resuming:
    """Downloads a file for pooch, and is the progress bar that pooch moves."""

    target: Path
    is_right: Callable[[Path], bool]
    watch: Callable[[int, int], None]
    total: int = 0
    """Bytes that are still to come; pooch sets it."""
    _start: int = field(default=0, init=False)
    _done: int = field(default=0, init=False)

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        """Fill `output_file`, with the help of what the last try left."""
        from pooch import HTTPDownloader

        part = self.target.with_name(self.target.name + ".part")
        with part.open("ab") as stream:

            def begin(response, **_) -> None:
                # 200: the server sends all of it. 416: it has less than is here.
                if response.status_code in (200, 416):
                    self._start = stream.truncate(0)

            # The last byte once more: a server refuses to send nothing.
            self._start, self._done = stream.truncate(max(stream.tell() - 1, 0)), 0
            headers = {"Accept-Encoding": "identity"}  # bytes as they are counted
            if self._start:
                headers["Range"] = f"bytes={self._start}-"
            load = HTTPDownloader(
                progressbar=self,
                chunk_size=CHUNK,
                headers=headers,
                hooks={"response": begin},
            )
            load(url, stream, None)
        if not self.is_right(part):
            part.unlink()
            raise ValueError("what came has another content than this file")
        part.replace(output_file)

    def update(self, count: int) -> None:
        """Add to the bytes that came; pooch counts whole chunks."""
        self._done = min(self._done + count, self.total)
        self.watch(self._start + self._done, self._start + self.total)

    def reset(self) -> None:
        """Begin to count anew, as pooch does at the end."""
        self._done = 0

    def close(self) -> None:
        """Nothing to close: whoever watches does that."""


def _reason(error: BaseException) -> str:
    """Return what is at the bottom of an error of the network."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"the server answered {response.status_code} {response.reason}"
    while error.__context__ is not None:
        error = error.__context__
    return str(error)
