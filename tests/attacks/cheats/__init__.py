"""All cheats: notebooks that try to get, read, change or harm what they must not."""

from tests.attacks.cheats import (
    forging_notebooks,
    forging_process,
    forging_values,
    harming_answers,
    harming_displays,
    harming_machine,
)
from tests.attacks.cheats.changing import changing
from tests.attacks.cheats.injecting import injecting
from tests.attacks.cheats.reading_machine import reading
from tests.attacks.cheats.stealing import stealing
from tests.attacks.cheats.taking_more import taking
from tests.attacks.registry import Attack

FAMILIES = (
    forging_values.forging,
    forging_process.forging,
    forging_notebooks.forging,
    stealing,
    reading,
    changing,
    harming_machine.harming,
    harming_answers.harming,
    taking,
    harming_displays.harming,
    injecting,
)
CHEATS: tuple[Attack, ...] = tuple(a for f in FAMILIES for a in f.attacks)
"""Attacks on the grader, each a function, run against a small course of their own."""
