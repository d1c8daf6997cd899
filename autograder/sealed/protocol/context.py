"""What is in force around a call and travels with it.

NumPy's floating-point error state, the warning filters and the hidden names of the
test apply to student code while it runs for the test; its own settings come back after.
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

    def news(self, hidden_names: frozenset[str]) -> dict:
        """Return what the other side does not know yet, ready for JSON."""
        # The filters hold classes and patterns, which compare by identity: that is
        # what tells that nothing has changed.
        now = (np.geterr(), list(warnings.filters), hidden_names)
        if now == self._told:
            return {}
        self._told = now
        errors = {  # a function to call on errors could only be called on this side
            kind: "warn" if action in ("call", "log") else action
            for kind, action in now[0].items()
        }
        filters = [_describe_filter(*entry) for entry in now[1]]
        return {
            "around": {
                "errstate": errors,
                "filters": filters,
                "hidden": sorted(hidden_names),
            }
        }

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

    def __init__(self, namespace: dict, limits: Limits) -> None:
        self._namespace = namespace
        self._limits = limits
        self._errstate: dict = {}
        self._filters: list = []
        self._hidden: list[str] = []
        self.hidden_values: dict[str, object] = {}

    def update(self, news: dict) -> None:
        """Take over what the trusted side told."""
        self._errstate = news["errstate"]
        self._hidden = news["hidden"]
        filters = [_rebuild_filter(*entry) for entry in news["filters"]]
        self._filters = [entry for entry in filters if entry is not None]

    @contextmanager
    def in_force(self, found: list) -> Iterator[None]:
        """Apply all of it; warnings of the block are appended to `found`, as data."""
        with (
            warnings.catch_warnings(record=True) as caught,
            np.errstate(**self._errstate),
            self._names_hidden(),
        ):
            warnings.resetwarnings()
            warnings.filters[:] = self._filters
            try:
                yield
            finally:
                limit = self._limits.text
                found += [_describe(one, limit) for one in caught[:_MAX_WARNINGS]]

    @contextmanager
    def _names_hidden(self) -> Iterator[None]:
        taken = {
            name: self._namespace.pop(name)
            for name in self._hidden
            if name in self._namespace
        }
        self.hidden_values |= taken
        try:
            yield
        finally:
            for name, value in taken.items():
                # What a function assigned to its global name meanwhile stays.
                self._namespace.setdefault(name, value)
                self.hidden_values.pop(name, None)


def explain_hidden(error: BaseException, hidden: dict[str, object]) -> BaseException:
    """Say so if a name was missing because it was hidden."""
    name = getattr(error, "name", None)
    if type(error) is not NameError or type(name) is not str or name not in hidden:
        return error
    explained = NameError(
        f"the function used the notebook's variable {name!r} instead of its argument:"
        f" {name!r} does not exist while the function is tested. Use only what is"
        " passed in.",
        name=name,
    )
    return explained.with_traceback(error.__traceback__)


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
