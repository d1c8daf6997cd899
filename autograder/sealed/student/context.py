"""What is in force around a test's call, put in force around student code.

The other half of `examiner.context`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from autograder.sealed.protocol.exceptions import class_names, find_class
from autograder.sealed.protocol.wire import MessageLimits

_MAX_WARNINGS = 200


class AppliedContext:
    """The context of the test, as the trusted side has told it."""

    def __init__(self, limits: MessageLimits) -> None:
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
