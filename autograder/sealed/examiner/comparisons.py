"""Comparisons of test cells: nothing is equal to what is empty, or of another shape.

NumPy compares an array without elements, one row or one number with anything that it
can be broadcast to, and finds all of it equal. In test cells, what it finds equal is
looked at again: both sides must have the same shape, or the second one be a number.

- `allclose`, `array_equal`, `assert_allclose` and their relatives, unless the first
  side is written out as a number;
- inside `all`, `==` and `isclose`; inside `any`, `!=`.

One empty side is found in any `==`, `!=` and `isclose` of two arrays, in the first of
several that `zip` pairs or a loop goes through by their places, and in a
difference that is part of a comparison, or bound to a name that is part of one. What
is missing on one side, NaN or `NA`, is
looked at in `missing`. Everything else, above all broadcasting on the way to what is
expected, is as ever; so is all that NumPy finds different.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from functools import lru_cache, partial, wraps

import numpy as np

from autograder.sealed.compiling.guarded_code import (
    ANSWERING,
    ASSERTING,
    ELEMENTWISE,
    OPERATORS,
)
from autograder.sealed.examiner import missing

_TOLERANCES = {
    "allclose": {"rtol": 1e-5, "atol": 1e-8},
    "assert_allclose": {"rtol": 1e-7, "atol": 0},
    "assert_array_equal": {"rtol": 0, "atol": 0},
}
"""What these functions take for alike, if a test does not say it."""
_SIDES = ("a", "b"), ("actual", "desired"), ("a1", "a2"), ("x", "y")

_notes: list[str] = []
"""Why the last comparison found a difference that is none for NumPy; nothing if it was
NumPy that found it."""


def note() -> str:
    """Return why a comparison of this test did not hold, if it was for a shape."""
    return _notes[0] if _notes else ""


def gap() -> str:
    """Return what was missing in a difference that this test compared."""
    return missing.gaps[0] if missing.gaps else ""


def prepare() -> None:
    """Look the functions up that tests compare with; forks then have them already."""
    _guarded(None)


def begin(namespace: dict[str, object]) -> None:
    """Begin a test: replace the functions that it has already."""
    _notes.clear()
    missing.gaps.clear()
    guards = _guards("numpy.testing" in sys.modules)
    for name, value in namespace.items():
        if id(value) in guards:
            namespace[name] = guards[id(value)]


def _gap(found: object, expected: object) -> str:
    """Say why two values cannot be equal, whatever their elements are."""
    try:
        here, there = np.shape(found), np.shape(expected)
    except (TypeError, ValueError):  # of lists of several lengths; NumPy has said so
        return ""
    if (0 in here) != (0 in there):
        return f"an empty array is not equal to another one: shapes {here} and {there}"
    if here != there and not set(there) <= {1}:
        return f"found an array of shape {here}, expected {there}"
    return ""


def _emptiness(found: object, expected: object) -> str:
    """Say it if one of two arrays is empty and the other one is not."""
    if type(found) is not np.ndarray and type(expected) is not np.ndarray:
        return ""
    here, there = np.shape(found), np.shape(expected)
    is_alike = () in (here, there) or (0 in here) == (0 in there)
    return "" if is_alike else _gap(found, expected)


def _sides(args: tuple, kwargs: dict) -> tuple:
    """Return the two values that a call compares; two numbers if it cannot be said."""
    named = [kwargs[n] for pair in _SIDES for n in pair if n in kwargs]
    sides = (*args[:2], *named)
    return sides if len(sides) == 2 else (0, 0)


def _holds_plainly(name: str, args: tuple, kwargs: dict) -> bool:
    """Whether a function will find two plain floats alike. NumPy takes much longer."""
    if name not in _TOLERANCES or len(args) != 2:
        return False
    rtol, atol = map((_TOLERANCES[name] | kwargs).get, ("rtol", "atol"))
    are_plain = set(map(type, args)) <= {float, list, np.float64, np.ndarray}
    if not are_plain or not {type(rtol), type(atol)} <= {int, float}:
        return False
    found, wanted = map(np.asarray, args)
    if not found.dtype == wanted.dtype == np.float64 or found.shape != wanted.shape:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        room = atol + rtol * np.abs(wanted)
        return bool(((np.abs(found - wanted) <= room) & (room < np.inf)).all())


def _asserting(function: Callable) -> Callable:
    @wraps(function)
    def check(*args: object, **kwargs: object) -> None:
        if _holds_plainly(function.__name__, args, kwargs):
            return
        function(*args, **kwargs)
        if gap := _gap(*_sides(args, kwargs)):
            text = kwargs.get("err_msg", "")
            raise AssertionError(f"{text}\n{gap}" if text else gap)

    return check


def _answering(function: Callable, look: Callable, otherwise: bool) -> Callable:
    @wraps(function)
    def check(*args: object, **kwargs: object) -> object:
        if _holds_plainly(function.__name__, args, kwargs):
            _notes.clear()
            return True
        found = function(*args, **kwargs)
        gap = look(*_sides(args, kwargs))
        _notes[:] = [gap] if gap else []
        return np.bool_(otherwise) if gap else missing.held(found, otherwise)

    return check


def _difference(one: object, other: object) -> object:
    if emptiness := _emptiness(one, other):
        _notes[:] = [emptiness]
        return np.array([np.nan])  # which is equal to nothing, and below nothing
    return missing.difference(one, other)


def _subtracted(function: Callable, one: object, other: object) -> object:
    if function not in (np.subtract, operator.sub):
        return function(one, other)  # a method of a table, with an axis
    return missing.difference(one, other, function)


@lru_cache(maxsize=2)
def _guards(with_testing: bool) -> dict[int, Callable]:
    """Return what stands for functions in test cells, by the functions' identity."""
    found = {}
    for module in (np, np.ma):
        for name in ANSWERING:
            if function := getattr(module, name, None):
                found[id(function)] = _answering(function, _gap, False)
    for name, otherwise in ELEMENTWISE.items():
        function = getattr(np, name)
        found[id(function)] = _answering(function, _emptiness, otherwise)
    for name in ASSERTING if with_testing else ():
        function = getattr(np.testing, name)
        found[id(function)] = _asserting(function)
    return found


def _guarded(function: object) -> object:
    guards = _guards("numpy.testing" in sys.modules)
    return guards.get(id(function), function)


def _guarded_in_all(function: object) -> object:
    """Return what stands for a function whose answers all have to be true."""
    return _answering(np.isclose, _gap, False) if function is np.isclose else function


GUARDS: dict[str, Callable] = {
    "guarded function": _guarded,
    "guarded function in all": _guarded_in_all,
    "==": _answering(operator.eq, _emptiness, False),
    "!=": _answering(operator.ne, _emptiness, True),
    "== in all": _answering(operator.eq, _gap, False),
    "!= in any": _answering(operator.ne, _gap, True),
    "-": _difference,
    "subtract": _subtracted,
    "paired sides": missing.paired,
    "by place": missing.by_place,
    "/": partial(missing.difference, operate=operator.truediv),
    "truths": missing.held,
    **{f".{name}": missing.METHODS[name] for name in OPERATORS},
}
"""What test cells call, see `guarded_code`, under names that no cell can write."""
