"""The coordinator: sends jobs to workers of Dask and waits for what comes back."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from threading import Lock

from distributed import CancelledError, Client, Future
from distributed.scheduler import KilledWorker

from autograder.base.errors import ClusterLost, EngineError
from autograder.base.hashing import digest
from autograder.cluster.answers import read_answer
from autograder.cluster.compatibility import WORKER_CLASS, Profile, reasons
from autograder.cluster.messages import Settings, pack
from autograder.cluster.worker import execute, warm_up
from autograder.sealed.job import Executed, Job
from autograder.sealed.limits import NotebookLimits

LOOK_EVERY_S = 1.0
RETRIES = 2
"""Of a job whose engine failed, on whichever worker."""
INLINE_BYTES = 64 * 1024
MOST_FILES = 16


class Cluster:
    """A Dask cluster that executes notebooks.

    Parameters
    ----------
    say
        Told, as they come, about workers that get no work.
    """

    def __init__(
        self,
        client: Client,
        require_sandbox: bool,
        say: Callable[[str], None],
        patience_s: float,
    ) -> None:
        self._client = client
        self._address = client.scheduler.address
        self._require_sandbox = require_sandbox
        self._say = say
        self._patience_s = patience_s
        self._profile = Profile.of_this_machine()
        self._resource = {self._profile.resource(require_sandbox): 1}
        self._looking = Lock()
        self._suspects = Lock()
        self._looked = 0.0
        self._last_worker = time.monotonic()
        self._refused: set[str] = set()
        self._workers: dict[str, dict] = {}
        """Those that get work, by address, as the scheduler knows them."""
        self._content = lru_cache(MOST_FILES)(self._send)

    @property
    def dashboard(self) -> str:
        """Address of Dask's own page on what its workers do."""
        return self._client.dashboard_link

    @property
    def threads(self) -> int:
        """How many jobs all workers take at a time."""
        return sum(worker["nthreads"] for worker in self._workers.values())

    def wait_for_workers(self) -> None:
        """Wait for the first worker.

        Raises
        ------
        ClusterLost
            None came.
        """
        while not self._workers:
            time.sleep(LOOK_EVERY_S / 5)
            self._look()

    @contextmanager
    def engine(
        self, preload: Sequence[str], limits: NotebookLimits
    ) -> Iterator[RemoteEngine]:
        """Stand in for an `Engine`; workers import what lessons need from now on."""
        settings = Settings(tuple(preload), limits)
        message = json.dumps(asdict(settings)).encode()
        started = [
            self._client.submit(
                warm_up,
                message,
                workers=[address],
                resources=self._resource,
                pure=False,
            )
            for address in self._workers
        ]
        yield RemoteEngine(self, settings)
        self._client.cancel(started)

    def execute(self, header: bytes, files: list[Path]) -> bytes:
        """Let a worker execute a packed job.

        Raises
        ------
        EngineError
            The job lost worker after worker, or their engines failed.
        ClusterLost
            There is no worker any more, or no scheduler.
        """
        with suppress(KilledWorker):
            return self._attempt(header, files)
        # Dask blames every job that a lost worker had. Those that were only beside the
        # cause get through when they are tried again without it.
        with self._suspects:
            try:
                return self._attempt(header, files)
            except KilledWorker as killed:
                raise EngineError(
                    f"{2 * killed.allowed_failures + 2} workers were lost while this "
                    f"notebook ran, the last was {killed.last_worker.address}. The "
                    "next run tries it again; if that ends in the same way, look into "
                    "the workers' logs (is memory enough? docs/cluster.md) or grade "
                    "without a cluster."
                ) from None

    def _attempt(self, header: bytes, files: list[Path]) -> bytes:
        """Let a worker execute a job, and others if that one is lost."""
        contents = [self._content(path, path.stat().st_mtime_ns) for path in files]
        future = self._client.submit(
            execute,
            header,
            *contents,
            key=f"execute-{uuid.uuid4().hex}",
            resources=self._resource,
            retries=RETRIES,
        )
        try:
            return self._result(future)
        except KilledWorker:
            self._content.cache_clear()
            raise
        except CancelledError:
            raise self._lost("the scheduler is gone") from None
        finally:
            future.release()

    def _result(self, future: Future) -> bytes:
        while True:
            try:
                return future.result(timeout=LOOK_EVERY_S)
            except TimeoutError:
                self._look()

    def _send(self, path: Path, _modified: int) -> bytes | Future:
        """Return a file's content as an argument of a task.

        That of a large file is a task itself: it goes once to each worker that needs
        it, and Dask makes it again if the workers that held it are lost, as it would
        not with scattered data. So workers get a lesson's data and pictures.
        """
        content = path.read_bytes()
        if len(content) <= INLINE_BYTES:
            return content
        key = f"file-{digest(content)}"
        return self._client.submit(bytes, content, key=key, resources=self._resource)

    def _look(self) -> None:
        """Look, once in a while, whether there are workers, and which get no work."""
        with self._looking:
            now = time.monotonic()
            if now < self._looked + LOOK_EVERY_S:
                return
            self._looked = now
            try:
                workers = self._client.scheduler_info()["workers"]
            except (OSError, ValueError):
                raise self._lost("the scheduler is gone") from None
            self._workers = {
                address: worker
                for address, worker in workers.items()
                if self._resource.keys() <= worker["resources"].keys()
            }
            for address in workers.keys() - self._refused:
                lacks = reasons(workers[address], self._profile, self._require_sandbox)
                if lacks:
                    self._refused.add(address)
                    self._say(f"worker {address} gets no work: {'; '.join(lacks)}")
            if self._workers:
                self._last_worker = now
            elif now > self._last_worker + self._patience_s:
                raise self._lost(
                    f"of {len(workers)} workers none may execute submissions, for "
                    f"{self._patience_s:g} s now"
                )

    def _lost(self, what: str) -> ClusterLost:
        return ClusterLost(
            f"{self._address}: {what}. What is graded is recorded. Start workers with "
            f"`dask worker {self._address} --worker-class {WORKER_CLASS}` and run the "
            "same command again: it goes on where this one ended."
        )


class RemoteEngine:
    """Executes notebooks on a cluster, with an `Engine`'s way of being called."""

    def __init__(self, cluster: Cluster, settings: Settings) -> None:
        self._cluster = cluster
        self._settings = settings

    def run(self, job: Job) -> Executed:
        """Execute one notebook; may be called from several threads at once.

        Raises
        ------
        EngineError
            The grader failed, not the student.
        ClusterLost
            There is nothing left to execute it with.
        """
        answer = self._cluster.execute(*pack(job, self._settings))
        return read_answer(answer, job)
