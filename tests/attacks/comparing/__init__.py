"""Attacks on what tests compare and leave behind, against a lesson of their own."""

from tests.attacks.comparing.deciding import deciding
from tests.attacks.comparing.keeping import keeping
from tests.attacks.comparing.lying import lying
from tests.attacks.comparing.missing import missing
from tests.attacks.registry import Attack

COMPARING: tuple[Attack, ...] = (
    *lying.attacks,
    *missing.attacks,
    *keeping.attacks,
    *deciding.attacks,
)
"""Attacks by results that lie or are missing, by what outlives a test, and by what
given checks call."""
