"""What is in force around a call and travels with it.

NumPy's floating-point error state and the warning filters of the test apply to student
code while it runs for the test; its own settings come back after.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from autograder.sealed.protocol.exceptions import class_names, find_class
from autograder.sealed.protocol.wire import Limits

_MAX_WARNINGS = 200


class Surroundings:
    """Trusted side: what is in force here, told to the other side when it changes."""

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


class Applied:
    """Student side: the surroundings of the test, put in force around student code."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._errstate: dict = {}
        self._filters: list = []

    def update(self, news: dict) -> None:
        """Take over what the trusted side told."""
        self._errstate = news["errstate"]
        filters = [_rebuild_filter(*entry) for entry in news["filters"]]
        self._filters = [entry for entry in filters if entry is not None]

    @contextmanager
    def in_force(self, found: list) -> Iterator[None]:
        """Apply all of it; warnings of the block are appended to `found`, as data."""
        with (
            warnings.catch_warnings(record=True) as caught,
            np.errstate(**self._errstate),
        ):
            warnings.resetwarnings()
            warnings.filters[:] = self._filters
            try:
                yield
            finally:
                limit = self._limits.text
                found += [_describe(one, limit) for one in caught[:_MAX_WARNINGS]]


def _rebuild_filter(
    action: str, message: str | None, category: str, module: str | None, line: int
) -> tuple | None:
    kind = find_class(category)
    if kind is None:  # a warning of a library that nothing here has imported
        return None
    pattern = re.compile(message, re.IGNORECASE) if message else None
    return (action, pattern, kind, re.compile(module) if module else None, line)


def _describe(found: warnings.WarningMessage, limit: int) -> list:
    text = str(found.message).encode("utf-8", "backslashreplace").decode()
    names = class_names(found.category)
    return [names, text[:limit], int(found.lineno)]
