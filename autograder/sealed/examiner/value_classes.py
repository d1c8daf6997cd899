"""Classes and methods of values: what nothing of the student's passes for.

A value (a number, a text, an array, a table) arrives as a copy or not at all. So a
proxy is no instance of such a class, is not named like one, and its methods that
compare are not asked.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence, Set
from numbers import Number

import numpy as np

from autograder.sealed.protocol.exceptions import find_class

_OF_VALUES = frozenset(
    [
        "builtins",
        "numpy",
        "pandas",
        "numbers",
        "collections",
        "types",
        "enum",
        "decimal",
        "fractions",
    ]
)
_OF_NOTHING = _OF_VALUES | {
    "typing",
    "abc",
    "unittest",
    "pytest",
    "_pytest",
    "autograder",
    "__main__",
}
"""Modules of which a proxy is no instance, whatever its class says of itself."""
COMPARING = frozenset(
    [
        "allclose",
        "almost_equal",
        "array_equal",
        "compare",
        "difference",
        "endswith",
        "eq",
        "equals",
        "ge",
        "gt",
        "identical",
        "intersection",
        "isclose",
        "isdisjoint",
        "isin",
        "issubset",
        "issuperset",
        "le",
        "lt",
        "ne",
        "rsub",
        "startswith",
        "sub",
        "subtract",
        "symmetric_difference",
    ]
)
"""Methods that say what differs from another value."""
_OBJECTS_HAVE_TOO = frozenset(["data"])
"""An attribute of arrays that no test compares, and of many a class of a notebook."""
NAMES_OF_VALUES = frozenset(
    ["ndarray", "DataFrame", "Series"]
    + [name for name, kind in vars(builtins).items() if isinstance(kind, type)]
    + [kind.__name__ for kind in np.sctypeDict.values()]
)


def has_a_value(name: str) -> bool:
    """Whether numbers, arrays or tables have an attribute of this name."""
    pandas = sys.modules.get("pandas")
    tables = [getattr(pandas, kind, None) for kind in ("DataFrame", "Series")]
    return name not in _OBJECTS_HAVE_TOO and any(
        hasattr(kind, name) for kind in (float, np.ndarray, *tables)
    )


def class_of_no_value(name: str) -> type | None:
    """Return the class of a library of this name, if its instances are no values.

    The bases of the class that is found count, not those that the other side names: a
    library's own subclass of an array is an array.
    """
    if name.partition(".")[0] in _OF_NOTHING:
        return None
    found = find_class(name)
    if found is None or f"{found.__module__}.{found.__qualname__}" != name:
        return None
    modules = {str(base.__module__).partition(".")[0] for base in found.__mro__[:-1]}
    if modules & _OF_VALUES or issubclass(found, Number | Sequence | Mapping | Set):
        return None
    return found
