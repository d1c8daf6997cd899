"""Attacks on what tests compare and leave behind, against a lesson of their own."""

from tests.attacks.comparing.keeping import keeping
from tests.attacks.comparing.lying import lying
from tests.attacks.comparing.missing import missing
from tests.attacks.registry import Attack

COMPARING: tuple[Attack, ...] = (
    *lying.attacks,
    *missing.attacks,
    *keeping.attacks,
)
"""Attacks by results that lie or are missing, and by what outlives a test."""
