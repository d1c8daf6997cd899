"""Target: one way in for what others wrote, with examples and what must hold."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random


class Wrong(Exception):
    """Something came of a case that must never come of any; the text says what."""


@dataclass(frozen=True)
class Target:
    """One way in.

    `attempt` returns for every case: errors that it has to expect, it catches; any
    other one is a find, and so are a process that ends and limits that do not hold.
    """

    name: str
    examples: Callable[[], list[bytes]]
    """Real ones; always the same, in the same order."""
    spoil: Callable[[Random, bytes], bytes]
    attempt: Callable[[bytes], None]
    limit_s: float = 10.0
    """Computing time that a case may take, in seconds."""
    memory_mib: int = 700
    """Memory that a case may take, in MiB; what cleans and executes has its own."""

    def case(self, seed: int, number: int) -> bytes:
        """Return one case: the same for the same seed and number, everywhere."""
        chance = Random(f"{self.name} {seed} {number}")  # noqa: S311  # no secret
        return self.spoil(chance, chance.choice(self.examples()))
