"""Submissions that are broken, odd or of another kind, most of them in good faith.

All of them are solved; what can be read of one is graded, the rest is `unreadable`.
"""

from tests.attacks.malformed import files, folders, names, notebooks, saves, shapes
from tests.attacks.registry import Attack

MALFORMED: tuple[Attack, ...] = tuple(
    attack
    for kind in (files, notebooks, folders, names, saves, shapes)
    for attack in kind.malformed.attacks
)
