"""Hash tables of what others chose: none is built that would take for ever to fill.

A quarter of a million integers of one hash take a set minutes in C, deaf to alarms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from autograder.sealed.protocol.wire import Garbled

_MOST_ALIKE = 200
"""Elements of one hash; honest ones are hardly ever two."""
_MOST_DISTINCT = 20_000
"""Labels that pandas puts into a table of its own, whose hashes are easy to meet."""


def ensure_spread(keys: Sequence) -> None:
    """Refuse elements of a set, or keys of a dict, that have the same hash.

    Raises
    ------
    Garbled
        Too many of them have.
    """
    is_large = len(keys) > _MOST_ALIKE
    if is_large and max(Counter(map(hash, keys)).values()) > _MOST_ALIKE:
        raise Garbled(f"more than {_MOST_ALIKE} elements have the same hash")


def ensure_few_labels(labels: np.ndarray) -> None:
    """Refuse categories, or labels of a level, that are too many for a table.

    Raises
    ------
    Garbled
        More than that are distinct.
    """
    if len(labels) <= _MOST_DISTINCT:
        return
    if labels.dtype == object:
        ensure_spread(labels)
        count = len(set(labels))
    else:
        count = len(np.unique(labels))  # sorts, which no choice of values slows down
    if count > _MOST_DISTINCT:
        raise Garbled(f"more than {_MOST_DISTINCT:,} categories, or labels of a level")
