"""Compatibility: which workers may execute submissions, and what the others lack.

A worker says at its start what it has installed and how student code is locked in.
It offers a Dask resource that is named after that, and each task asks for the resource
of its own machine: so the scheduler gives no work to any other worker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.base.hashing import digest, digest_of_code, versions
from autograder.base.paths import PACKAGE
from autograder.grading.cache_keys import digest_of_grader
from autograder.sealed.sandbox.layers import NETWORK, SECCOMP
from autograder.sealed.sandbox.spawn import probe

OURS = "autograder"
"""Where a worker's profile is among what the scheduler knows of it."""
WORKER_CLASS = "autograder.cluster.worker.GraderWorker"


@dataclass(frozen=True)
class Profile:
    """What decides whether a machine's results are the same as another's."""

    installed: dict[str, str]
    """Versions by package; of Python, of the processor and of this grader's code."""
    missing: list[str]
    """Layers of the sandbox that the machine lacks."""
    offline: bool
    """Whether student code is kept from every network."""

    @classmethod
    def of_this_machine(cls) -> Profile:
        """Look at the running Python and at the sandbox."""
        python, machine, *packages = versions()
        installed = {"python": python, "machine": machine}
        installed |= dict(line.rsplit(" ", 1) for line in packages)
        installed["autograder"] = digest(
            digest_of_grader(), digest_of_code(PACKAGE, ["cluster"])
        )
        layers = probe()
        return cls(
            installed,
            [layer.name for layer in layers if not layer.active],
            any(layer.active for layer in layers if layer.name in (NETWORK, SECCOMP)),
        )

    def resource(self, complete_sandbox: bool) -> str:
        """Return the name of the resource that is offered and asked for."""
        kind = "sandboxed" if complete_sandbox else "offline"
        return f"{OURS}-{kind}-{digest(json.dumps(self.installed, sort_keys=True))}"

    def offers(self) -> list[str]:
        """Return the resources that this machine offers.

        Without any lock on the network it gives none: a Dask scheduler does what
        anybody tells it who can connect, and that would be the student.
        """
        offers = [self.resource(False)] if self.offline else []
        return offers + ([self.resource(True)] if not self.missing else [])


def reasons(worker: Mapping, wanted: Profile, complete_sandbox: bool) -> list[str]:
    """Say what a worker lacks to get work.

    Parameters
    ----------
    worker
        What the scheduler knows of it: data that Dask sent without pickle.
    """
    if OURS not in worker:
        return [f"found a plain Dask worker, expected --worker-class {WORKER_CLASS}"]
    found = Profile(**worker[OURS])
    lacks = [
        f"{name}: found {found.installed.get(name, 'none')}, "
        f"expected {wanted.installed.get(name, 'none')}"
        for name in sorted(found.installed.keys() | wanted.installed.keys())
        if found.installed.get(name) != wanted.installed.get(name)
    ]
    if not found.offline:
        lacks.append(
            f"sandbox: found neither {NETWORK} nor {SECCOMP}, expected one of them, "
            "since student code that has a network can command the cluster"
        )
    if complete_sandbox and found.missing:
        lacks.append(
            f"sandbox: found no {', '.join(found.missing)}, expected all layers, "
            "as --require-sandbox asks; run `autograder doctor` there"
        )
    return lacks
