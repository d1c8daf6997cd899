"""Messages: a job as bytes for a worker, and back.

Only bytes go over the wire: JSON with the notebook and names of files, and the files'
contents. Dask sends bytes as they are; nothing that a student made is pickled or
unpickled, on any side.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits


@dataclass(frozen=True)
class Settings:
    """What an engine is started with."""

    preload: tuple[str, ...]
    limits: NotebookLimits

    @classmethod
    def from_plain(cls, found: dict) -> Settings:
        """Make them of what JSON has kept of `asdict`."""
        return cls(tuple(found["preload"]), NotebookLimits(**found["limits"]))


def pack(job: Job, settings: Settings) -> tuple[bytes, list[Path]]:
    """Return a job's header, and the files whose contents go with it, in order."""
    header = {"settings": asdict(settings), "job": job.to_json()}
    figures = [job.figures] if job.figures else []
    return json.dumps(header).encode(), [*job.files.values(), *figures]


def unpack(
    header: bytes, contents: Sequence[bytes], folder: Path
) -> tuple[Job, Settings]:
    """Make a job of what `pack` returned; its files are written to `folder`.

    There they are called by number: what a student calls a file names no path.
    """
    found = json.loads(header)
    paths = [folder / str(number) for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    count = len(found["job"]["files"])
    job = Job.from_json(found["job"], paths[:count], *paths[count:])
    return job, Settings.from_plain(found["settings"])
