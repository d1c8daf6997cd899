"""Workers of a cluster as they should not be: one dies, one has other packages."""

import os
import re
import signal
from pathlib import Path
from threading import Timer

from autograder.cluster import worker as ours
from autograder.cluster.compatibility import Profile

_unpack = ours.unpack
_jobs: dict[str, int] = {}


def jobs_of(kind: str) -> int | None:
    """Return how many jobs this process got; None if no such worker runs in it."""
    return _jobs.get(kind)


def _unpack_or_die(header: bytes, *rest):
    """Let the notebook say that its worker is killed while the cells run."""
    _count()
    once = re.search(rb"dies once: ([\w./-]+)", header)
    if b"dies always" in header or (once and not Path(once[1].decode()).exists()):
        if once:
            Path(once[1].decode()).touch()
        Timer(0.3, os.kill, [os.getpid(), signal.SIGKILL]).start()
    return _unpack(header, *rest)


def _count() -> None:
    for kind in _jobs:
        _jobs[kind] += 1


class MortalWorker(ours.GraderWorker):
    """A worker that is killed where a notebook says so."""

    def __init__(self, *args, **kwargs) -> None:
        _jobs["MortalWorker"] = 0
        ours.unpack = _unpack_or_die
        super().__init__(*args, **kwargs)


class OldWorker(ours.GraderWorker):
    """A worker that has another NumPy and no seccomp."""

    def __init__(self, *args, **kwargs) -> None:
        true = Profile.of_this_machine()
        old = Profile(true.installed | {"numpy": "1.0"}, ["seccomp"], offline=True)
        Profile.of_this_machine = lambda: old
        _jobs["OldWorker"] = 0
        ours.unpack = _unpack_or_die
        super().__init__(*args, **kwargs)
