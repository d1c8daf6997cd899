"""What is in force around a test's call, told to the student's process.

NumPy's floating-point error state and the warning filters of the test apply to student
code while it runs for the test; its own settings come back after.
"""

from __future__ import annotations

import warnings

import numpy as np


class Context:
    """What is in force here, told to the other side when it changes."""

    def __init__(self) -> None:
        self._told: tuple | None = None

    def news(self) -> dict:
        """Return what the other side does not know yet, ready for JSON."""
        # The filters hold classes and patterns, which compare by identity: that is
        # what tells that nothing has changed.
        now = (np.geterr(), list(warnings.filters))
        if now == self._told:
            return {}
        self._told = now
        errors = {  # a function to call on errors could only be called on this side
            kind: "warn" if action in ("call", "log") else action
            for kind, action in now[0].items()
        }
        filters = [_describe_filter(*entry) for entry in now[1]]
        return {"around": {"errstate": errors, "filters": filters}}

    def tell_again(self) -> None:
        """Forget what has been told: it did not arrive."""
        self._told = None


def _describe_filter(
    action: str, message: object, category: type, module: object, line: int
) -> list:
    name = f"{category.__module__}.{category.__qualname__}"
    patterns = [getattr(part, "pattern", part) for part in (message, module)]
    return [action, patterns[0], name, patterns[1], line]
