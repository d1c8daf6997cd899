"""What modules of the seal ask of each other: names and types, no behaviour.

Types that describe each other's classes would make modules import each other; here
they are described once, by what is asked of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np

OPERATORS = {
    **{
        f"__{side}{name}__": symbol if not side else f"{symbol} from the right"
        for name, symbol in {
            "add": "+",
            "sub": "-",
            "mul": "*",
            "truediv": "/",
            "floordiv": "//",
            "mod": "%",
            "matmul": "@",
            "pow": "**",
        }.items()
        for side in ("", "r")
    },
    "__neg__": "minus",
    "__pos__": "plus",
    "__abs__": "abs",
}
"""Special methods of arithmetic and the operations that they ask for."""

ABILITIES = (
    "__call__",
    "__next__",
    "__iter__",
    "__getitem__",
    "__len__",
    "__float__",
    "__int__",
    "__index__",
    "__complex__",
    "__array__",
    "__instancecheck__",
    *OPERATORS,
)
"""Special methods that a proxy has if the type of the student's object has them."""

CONVERSIONS = {
    "__float__": ("float", float),
    "__int__": ("int", int),
    "__index__": ("index", int),
    "__complex__": ("complex", complex),
    "__array__": ("array", np.ndarray),
}
"""By special method: the operation that tells what an object converts to, and the exact
type of what it gives. All of them are carried out when the object crosses."""


class Arguments(Protocol):
    """What a codec needs of the numbered mutable arguments under way."""

    def number(self, value: object) -> int | None:
        """Return the number of this very object."""

    def add(self, value: object) -> int:
        """Give an object the next number."""

    def add_array(self, value: np.ndarray, node: list, blob: memoryview) -> int:
        """Add an array as it was received."""

    def at(self, number: int) -> object:
        """Return the object of this number."""


class Encodes(Protocol):
    """What tables need of the encoder of a message."""

    def encode(self, value: object) -> object:
        """Return the structure that stands for a value."""

    def items(self, values: Iterable) -> list:
        """Encode each of the values."""

    def content(self, value: object) -> object:
        """Encode a mutable value itself."""


class Decodes(Protocol):
    """What tables need of the decoder of a message."""

    def decode(self, node: object) -> object:
        """Decode one node of the structure."""

    def items(self, nodes: object) -> list:
        """Decode each node of a JSON list."""


class Asks(Protocol):
    """What tests and proxies need of the conversation with the student's process."""

    calls: int
    """How many calls tests have made so far."""
    bound: Mapping[str, object]
    """What is known to bear these names in the notebook."""

    def names(
        self, wanted: Iterable[str], ahead: Iterable[str] = ()
    ) -> dict[str, object]:
        """Fetch what the student's namespace holds under these names."""

    def restore(self, numbers: list[int]) -> None:
        """Have names bound again to what locked cells define."""

    def end_test(self) -> None:
        """Take back what a test cell has lent."""

    def request(
        self, operation: str, target: object, *args: object, **kwargs: object
    ) -> object:
        """Have an operation on a proxy carried out in the student's process."""
