"""Where attacks are listed, with what each must get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.attacks.arena import Hand

REACHED = "REACHED"
"""What an attack on the grader's own code in the student's process prints, with the
names of what it has got hold of. One that finds nothing to patch is no attack: listed
with `shows=f"{REACHED} …"`, it fails its test as soon as the names are no longer there.
In code it is written in two halves, so that a traceback does not show it."""


@dataclass(frozen=True)
class Attack:
    """One attack: a function that turns an honest hand into a hostile one."""

    prepare: Callable[[Hand], None]
    family: str
    worth: float
    """Points it must get: what its honest part is worth, nothing more."""
    status: str
    """What must become of the submission: graded or unreadable."""
    shows: str
    """What the executed notebook or the report must say, as a regular expression."""
    safe_for_stock: bool
    """Whether stock nbgrader may be attacked with it on the machine of the authors."""

    @property
    def name(self) -> str:
        """The name of the attack, and of the student who tries it."""
        return self.prepare.__name__

    @property
    def says(self) -> str:
        """What it tries, in one line."""
        return str(self.prepare.__doc__).strip().splitlines()[0]


class Family:
    """Attacks of one kind; used as a decorator."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.attacks: list[Attack] = []

    def __call__(
        self,
        worth: float = 0.0,
        *,
        status: str = "graded",
        shows: str = "",
        stock: bool = True,
    ) -> Callable:
        """Add the function to the list."""

        def add(prepare: Callable[[Hand], None]) -> Callable[[Hand], None]:
            attack = Attack(prepare, self.name, worth, status, shows, stock)
            self.attacks.append(attack)
            return prepare

        return add
