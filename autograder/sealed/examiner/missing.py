"""Missing values: what is there on one side only is infinitely far from the other.

Sums, means and largest elements of a table pass over what is missing in it, and so does
`all`: a column of nothing but NaN is away from everything by a sum of 0, and a column
of pandas' `NA` equals everything. NaN is not above any tolerance either. So what test
cells compute of two values is looked at again:

- a difference is infinite where one side is missing and the other one is not, or has no
  such row; so is a quotient, as a relative error is one. A test that passes all the
  same, since it asks for a large one, fails;
- a loop over what was found and what is expected, item by item, fails where nothing was
  found, as it would compare nothing;
- a comparison does not hold where either side is missing, as it never holds for NaN.

Arrays of two shapes are left alone, and so is all arithmetic outside of a comparison,
unless what it gives is bound to a name that is ordered, or of which a sum or the like
is compared: elsewhere a test works with data of its own, as in `expected = table -
table.shift()`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator

import numpy as np

from autograder.sealed.examiner.proxies import is_proxy
from autograder.sealed.protocol.pandas_tables import is_index, is_missing, is_table

_FLOATS = (float, complex, np.floating, np.complexfloating)
gaps: list[str] = []
"""What was missing in a difference, of the test that runs now."""


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
    where = _gaps(found, one, other)
    if operate is operator.truediv:
        where |= _is_infinitely_far(found, one)
    if where is False or not np.any(where):
        return found
    gaps[:] = ["something is missing (NaN, NA) on one side of a difference alone"]
    if np.ndim(found) == 0:
        return math.inf
    return found if _is_of_times(found) else _with_infinity(found, where)


def _is_infinitely_far(quotient: object, difference: object) -> object:
    """Return where an infinite difference has an infinite number below it."""
    if isinstance(quotient, float):
        return bool(quotient != quotient) and bool(np.isinf(difference))
    sides = (quotient, difference)
    if not all(type(side) is np.ndarray and side.dtype.kind == "f" for side in sides):
        return False
    return np.isnan(quotient) & np.isinf(difference)


def _gaps(found: object, one: object, other: object) -> object:
    """Return where a difference is of what is missing on one side alone."""
    if isinstance(found, _FLOATS):
        return bool(found != found) and bool(one != one) is not bool(other != other)
    if is_missing(found):
        return not (is_missing(one) and is_missing(other))
    if is_table(found):
        missing = found.isna()
    elif is_index(found) or (type(found) is np.ndarray and found.dtype.kind in "fcmM"):
        missing = _absent(found)
    else:
        return False
    if not np.any(missing) or not _are_sides(one, other):
        return False
    return _absent(one) ^ _absent(other) if _is_aligned(one, other) else missing


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


def paired(*sides: object) -> Iterator[tuple]:
    """Return what `zip` gives, but not nothing because the first side has nothing.

    What says how many items it has must have them, or the loop would end early.
    """
    sizes = [len(side) if hasattr(type(side), "__len__") else None for side in sides]
    first, *others = sizes
    if first == 0 and any(others):
        raise AssertionError(
            f"nothing was found to compare: {first} and {others[0]} items"
        )
    return zip(*map(_all_of, sides, sizes), strict=False)


def by_place(places: object, first: object, *others: object) -> object:
    """Return the places of a loop, unless it has none and others have items there."""
    kinds = (list, tuple, np.ndarray)
    if isinstance(first, kinds) and not len(first):
        for other in others:
            if isinstance(other, kinds) and len(other):
                raise AssertionError(
                    f"nothing was found to compare with {len(other)} items"
                )
    return places


def _all_of(side: object, size: int | None) -> Iterator:
    given = 0
    for item in side:
        given += 1
        yield item
    if is_proxy(side) and size is not None and given < size:
        raise AssertionError(f"found {given} items, where {size} were told of")


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
    if array.dtype.kind in "mM":
        return np.isnat(array)
    return np.isnan(array) if array.dtype.kind in "fc" else np.zeros(array.shape, bool)


def _is_of_times(found: object) -> bool:
    """Whether elements are times, of which none is infinite."""
    return not is_table(found) and found.dtype.kind in "mM"


def _with_infinity(found: object, gaps: object) -> object:
    if is_table(found):
        return found.astype(object).mask(gaps, math.inf).infer_objects()
    return np.where(gaps, math.inf, found)


def _is_extension(value: object) -> bool:
    """Whether a value is an array of pandas, as a comparison of an index gives it."""
    library = str(type(value).__module__).partition(".")[0]
    return library == "pandas" and hasattr(value, "isna") and not is_missing(value)
