"""Submissions that are broken, odd or of another kind, most of them in good faith.

All of them are solved; what can be read of one is graded, the rest is `unreadable`.
"""

from tests.attacks.malformed import files, folders, notebooks
from tests.attacks.registry import Attack

MALFORMED: tuple[Attack, ...] = tuple(
    attack for kind in (files, notebooks, folders) for attack in kind.malformed.attacks
)
