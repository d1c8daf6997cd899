"""Connections: to a cluster that runs somewhere, or to workers started here."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from distributed import Client, Nanny, Scheduler, SpecCluster

from autograder.base.errors import WrongUse
from autograder.cluster.coordinator import Cluster
from autograder.cluster.worker import GraderWorker

CONNECT_S = 10.0
PATIENCE_S = 120.0
"""How long there may be no worker: one that a nanny or a container starts again takes
less."""
DEATHS = 2
"""Workers on this machine that a job may lose in each of its two attempts."""
LOOPBACK = "127.0.0.1"
QUIET = logging.CRITICAL


@contextmanager
def connect(
    address: str,
    *,
    require_sandbox: bool = False,
    say: Callable[[str], None] = lambda _: None,
    patience_s: float = PATIENCE_S,
) -> Iterator[Cluster]:
    """Connect to a cluster; its first worker is there when this returns.

    Parameters
    ----------
    address
        A scheduler's, as `tcp://HOST:PORT` or, with Dask's settings for TLS,
        `tls://HOST:PORT`; or `local:N` for N workers of one thread on this machine.
    say
        Told about workers that get no work.
    patience_s
        How long there may be no worker, in seconds.

    Raises
    ------
    WrongUse
        There is no scheduler at this address.
    ClusterLost
        It has no worker that may execute submissions.
    """
    with ExitStack() as stack:
        if local := re.fullmatch(r"local:([1-9]\d*)", address):
            address = stack.enter_context(scheduler_here(workers=int(local[1])))
        try:
            client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise WrongUse(
                f"{address}: found no Dask scheduler ({error}), expected one that "
                "answers; start it with `dask scheduler`, or check host, port and TLS."
            ) from None
        cluster = Cluster(stack.enter_context(client), require_sandbox, say, patience_s)
        cluster.wait_for_workers()
        yield cluster


@contextmanager
def scheduler_here(workers: int) -> Iterator[str]:
    """Start a scheduler and workers that listen on the loopback only."""
    worker = {
        "cls": Nanny,
        "options": {
            "worker_class": GraderWorker,
            "nthreads": 1,
            "host": LOOPBACK,
            "dashboard": False,
            "silence_logs": QUIET,
        },
    }
    scheduler = {
        "cls": Scheduler,
        "options": {
            "host": LOOPBACK,
            "port": 0,
            "dashboard_address": f"{LOOPBACK}:0",
            "allowed_failures": DEATHS,
        },
    }
    with SpecCluster(
        workers=dict.fromkeys(range(workers), worker),
        scheduler=scheduler,
        silence_logs=QUIET,
    ) as cluster:
        yield cluster.scheduler_address
