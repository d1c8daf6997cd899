"""A worker: a Dask worker with an engine of its own, warm for as long as it lives."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from threading import Condition

import dask
from distributed import Worker, get_worker

from autograder.base.errors import EngineError
from autograder.base.tempdirs import run_tempdir
from autograder.cluster.compatibility import OURS, Profile
from autograder.cluster.messages import Settings, unpack
from autograder.sealed.engine import Engine

PLENTY = 10**6
"""Of each resource: the worker's threads limit how many jobs run, not these."""


class SharedEngine:
    """Lends the engine; one runs at a time, with the settings of the last job."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._users = 0
        self._settings: Settings | None = None
        self._engine: Engine | None = None

    @contextmanager
    def lent(self, settings: Settings) -> Iterator[Engine]:
        """Lend an engine with these settings, started if another or none runs."""
        with self._changed:
            self._changed.wait_for(
                lambda: not self._users or self._settings == settings
            )
            if self._settings != settings:
                self.close()
                self._engine = Engine(
                    settings.preload, settings.limits, for_many=True
                ).__enter__()
                self._settings = settings
            self._users += 1
        try:
            yield self._engine
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def close(self) -> None:
        """End the engine, if one runs."""
        # Dask may close a worker twice at once: the second time finds none.
        engine, self._engine, self._settings = self._engine, None, None
        if engine is not None:
            engine.__exit__()


class GraderWorker(Worker):
    """A Dask worker that says what it is, and keeps an engine.

    `dask worker tcp://HOST:8786 --worker-class autograder.cluster.worker.GraderWorker`
    """

    def __init__(self, *args, resources: dict | None = None, **kwargs) -> None:
        # A nanny starts its worker as a daemon, which may have no children; an engine
        # has some, and they end with it.
        multiprocessing.current_process().daemon = False
        profile = Profile.of_this_machine()
        own = resources or dask.config.get("distributed.worker.resources")
        super().__init__(
            *args,
            resources=own | dict.fromkeys(profile.offers(), PLENTY),
            startup_information={OURS: lambda _: asdict(profile)},
            **kwargs,
        )
        self.engine = SharedEngine()

    async def close(self, *args, **kwargs) -> str | None:
        """End the engine with the worker."""
        ended = await super().close(*args, **kwargs)
        await asyncio.to_thread(self.engine.close)
        return ended


def warm_up(settings: bytes) -> None:
    """Start the engine before its first job is there."""
    with get_worker().engine.lent(Settings.from_plain(json.loads(settings))):
        pass


def execute(header: bytes, *contents: bytes) -> bytes:
    """Execute a job that `pack` made; return an `Executed` as JSON.

    Raises
    ------
    EngineError
        This worker's engine failed; Dask tries another time.
    """
    worker = get_worker()
    try:
        with run_tempdir() as folder:
            job, settings = unpack(header, contents, folder)
            with worker.engine.lent(settings) as engine:
                return engine.run(job).to_json().encode()
    except Exception as error:
        what = "" if isinstance(error, EngineError) else f"{type(error).__name__}: "
        raise EngineError(f"worker {worker.address}: {what}{error}") from None
