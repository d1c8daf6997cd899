"""Fuzzing by time: `python -m bench.fuzz --minutes 10 --seed 7`.

All ways in take turns, so that each gets the same time. A case that makes our code
raise what it should not, ends its process, takes more memory than it may or an answer
later than its limit and five seconds is a find: it is kept in build/fuzz/ with what
came of it, and tried first in every later run. Exit status 1 if there are any.
"""

import json
import tempfile
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from autograder.base.paths import ROOT
from bench.fuzz import incoming, messages, shown
from bench.fuzz.supervision import Trial
from bench.fuzz.target import Target

KEPT = ROOT / "build" / "fuzz"
TARGETS = {t.name: t for t in (*messages.TARGETS, *incoming.TARGETS, *shown.TARGETS)}


@dataclass
class Tally:
    """What one target has come to."""

    trial: Trial
    cases: int = 0
    seconds: float = 0.0
    slowest_s: float = 0.0
    """Of one case, in computing time."""
    most_mib: float = 0.0
    """Of one process, above what it began with."""
    finds: list[Path] = field(default_factory=list)

    def attempt(self, target: Target, content: bytes, told: str) -> None:
        """Try a case; keep it if what came of it must not be."""
        began = time.monotonic()
        found = self.trial.attempt(content)
        self.seconds += time.monotonic() - began
        self.slowest_s = max(self.slowest_s, found.cpu_s)
        self.most_mib = max(self.most_mib, found.memory_mib)
        if found.problem:
            kept = KEPT / target.name / sha256(content).hexdigest()[:16]
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)
            kept.with_suffix(".txt").write_text(f"{told}\n{found.problem}\n", "utf-8")
            self.finds.append(kept)
            typer.echo(f"{told}: {found.problem.strip().splitlines()[-1]}\n  {kept}")


def main(
    minutes: Annotated[float, typer.Option(min=0.01)] = 10,
    seed: Annotated[int, typer.Option(help="The same cases again.")] = 0,
    target: Annotated[list[str] | None, typer.Option(help="Only these.")] = None,
) -> None:
    """Spoil what comes in from outside, in turns, and see what comes of it."""
    if unknown := set(target or ()) - TARGETS.keys():
        told = f"found {', '.join(unknown)}, expected some of {', '.join(TARGETS)}."
        raise typer.BadParameter(told, param_hint="--target")
    chosen = {name: TARGETS[name] for name in target or TARGETS}
    seed = seed or time.time_ns() % 10**9
    typer.echo(f"seed {seed}, {minutes:g} minutes")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        tempfile.tempdir = scratch  # for all that cases are tried in
        incoming.prepare_once()
        tallies = _tallies(chosen, seed, minutes)
    _tell(tallies, seed, minutes)
    raise typer.Exit(1 if any(tally.finds for tally in tallies.values()) else 0)


def _tallies(chosen: dict[str, Target], seed: int, minutes: float) -> dict[str, Tally]:
    tallies = {name: Tally(Trial(one)) for name, one in chosen.items()}
    end = time.monotonic() + 60 * minutes
    try:
        for name, one in chosen.items():
            for path in sorted(p for p in (KEPT / name).glob("*") if not p.suffix):
                tallies[name].attempt(one, path.read_bytes(), f"{name}, kept")
        while time.monotonic() < end:
            name = min(tallies, key=lambda n: tallies[n].seconds)
            tally, one = tallies[name], chosen[name]
            told = f"{name}, case {tally.cases} of seed {seed}"
            tally.attempt(one, one.case(seed, tally.cases), told)
            tally.cases += 1
    finally:
        for tally in tallies.values():
            tally.trial.end()
    return tallies


def _tell(tallies: dict[str, Tally], seed: int, minutes: float) -> None:
    lines = ["| what came in | cases | slowest, s | memory, MiB | finds |"]
    lines += ["|---|---|---|---|---|"]
    for name, of in tallies.items():
        cost = f"{of.slowest_s:.1f} | {of.most_mib:.0f}"
        lines.append(f"| {name} | {of.cases:,} | {cost} | {len(of.finds)} |")
    typer.echo("\n".join(lines))
    KEPT.mkdir(parents=True, exist_ok=True)
    run = {name: [t.cases, len(t.finds)] for name, t in tallies.items()}
    with (KEPT / "runs.jsonl").open("a") as file:
        file.write(json.dumps({"seed": seed, "minutes": minutes, "run": run}) + "\n")


if __name__ == "__main__":
    typer.run(main)
