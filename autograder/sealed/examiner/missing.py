"""Missing values: what is there on one side only is infinitely far from the other.

Sums, means and largest elements of a table pass over what is missing in it, and so does
`all`: a column of nothing but NaN is away from everything by a sum of 0, and a column
of pandas' `NA` equals everything. NaN is not above any tolerance either. So what test
cells compute of two values is looked at again:

- a difference is infinite where one side is missing and the other one is not, or has no
  such row; so is a quotient, as a relative error is one;
- a comparison does not hold where either side is missing, as it never holds for NaN.

Arrays of two shapes are left alone, and so is all arithmetic outside of a comparison:
there a test works with data of its own, as in `expected = table - table.shift()`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import numpy as np

from autograder.sealed.protocol.pandas_tables import is_index, is_missing, is_table

_FLOATS = (float, complex, np.floating, np.complexfloating)


def difference(
    one: object,
    other: object,
    operate: Callable = operator.sub,
) -> object:
    """Return one value minus another one, infinite where only one of them is missing.

    Parameters
    ----------
    operate
        What is done with them: subtracted, or something else that says how far apart
        they are, as a quotient does and a sum with what is negative.
    """
    found = operate(one, other)
    if isinstance(found, _FLOATS):
        return math.inf if found != found and _is_gap(one, other) else found
    if is_missing(found):
        return found if is_missing(one) and is_missing(other) else math.inf
    if is_table(found):
        gaps = found.isna()
        are_gaps = gaps.to_numpy().any()
    elif type(found) is np.ndarray and found.dtype.kind in "fc":
        gaps = np.isnan(found)
        are_gaps = gaps.any()
    else:
        return found
    if not are_gaps or not _are_sides(one, other):
        return found
    if not _is_aligned(one, other):
        return _with_infinity(found, gaps)
    return _with_infinity(found, _absent(one) ^ _absent(other))


def held(compared: object, otherwise: bool = False) -> object:
    """Return what a comparison found, a truth where a table does not say any.

    Parameters
    ----------
    compared
        What the operator gave: of two columns, a column of truths or `NA`.
    otherwise
        What counts in the place of `NA`.
    """
    if not (is_table(compared) or _is_extension(compared)):
        return compared
    gaps = compared.isna()
    if not np.asarray(gaps).any():
        return compared
    if is_table(compared):
        return compared.astype(object).mask(gaps, otherwise).astype(bool)
    truths = compared.to_numpy(dtype=object)
    truths[gaps] = otherwise
    return truths.astype(bool)


def _method(name: str, operate: Callable) -> Callable:
    def call(target: object, other: object) -> object:
        if is_table(target):
            return operate(target, other)
        return getattr(target, name)(other)

    return call


COMPARING = frozenset(["eq", "ne", "lt", "le", "gt", "ge"])
METHODS: dict[str, Callable] = {
    "eq": _method("eq", lambda one, other: held(one == other)),
    "ne": _method("ne", lambda one, other: held(one != other, True)),
    "lt": _method("lt", lambda one, other: held(one < other)),
    "le": _method("le", lambda one, other: held(one <= other)),
    "gt": _method("gt", lambda one, other: held(one > other)),
    "ge": _method("ge", lambda one, other: held(one >= other)),
    "add": _method("add", lambda one, other: difference(one, other, operator.add)),
    "rsub": _method("rsub", lambda one, other: difference(other, one)),
    "sub": _method("sub", difference),
    "subtract": _method("subtract", difference),
}
"""Methods of tables that are operators under another name, each with what it does."""


def _is_gap(one: object, other: object) -> bool:
    """Whether exactly one of two numbers is none."""
    return bool(one != one) is not bool(other != other)


def _are_sides(one: object, other: object) -> bool:
    here, there = np.shape(one), np.shape(other)
    return (
        () in (here, there)
        or here == there
        or type(one) is type(other) is not np.ndarray
    )


def _is_aligned(one: object, other: object) -> bool:
    """Whether the elements of two values belong to each other by their places."""
    if not (is_table(one) and is_table(other)):
        return True
    return len(one.axes) == len(other.axes) and all(
        mine.equals(its) for mine, its in zip(one.axes, other.axes, strict=True)
    )


def _absent(side: object) -> object:
    """Return where something is missing, as an array or a single truth."""
    if is_table(side) or is_index(side):
        return np.asarray(side.isna())
    if is_missing(side):
        return np.bool_(True)
    array = np.asarray(side)
    if array.dtype.kind == "O":
        return np.asarray(array != array, dtype=bool)
    return np.isnan(array) if array.dtype.kind in "fc" else np.zeros(array.shape, bool)


def _with_infinity(found: object, gaps: object) -> object:
    if is_table(found):
        return found.astype(object).mask(gaps, math.inf).infer_objects()
    return np.where(gaps, math.inf, found)


def _is_extension(value: object) -> bool:
    """Whether a value is an array of pandas, as a comparison of an index gives it."""
    library = str(type(value).__module__).partition(".")[0]
    return library == "pandas" and hasattr(value, "isna") and not is_missing(value)
