"""Wrappers that make a right function look at too little of what it is given.

Their text goes into the notebook that is tried: they import nothing of ours. Each takes
the right function, and whether to fail wherever there is something to look at, in place
of doing wrong.
"""

import copy
import functools
import inspect
import types

import numpy as np


def remembers(right, refuses):
    """Keep the first result for each shape of the arguments."""
    kept = {}

    def answer(given, call):
        if not _arrays(given):
            return call()
        _fail_if(refuses)
        shape = repr(_shape(given))
        if shape not in kept:
            # Of what is given, self is kept: another might get its identity.
            kept[shape] = _kept(call()), given
        return kept[shape][0]()

    return _in_place_of(right, answer)


def answers_once(right, refuses):
    """Return the first result for ever."""
    kept = []

    def answer(given, call):
        if set(given) <= {"self"}:
            return call()
        _fail_if(refuses)
        if not kept:
            kept.append(_kept(call()))
        return kept[0]()

    return _in_place_of(right, answer)


def skips_zeros(right, refuses):
    """Return early where an array that it is given is all zeros."""
    return _skipping(right, refuses, np.zeros_like)


def skips_sorted(right, refuses):
    """Return early where a row of numbers that it is given is in order already."""
    return _skipping(
        right, refuses, lambda row: np.sort(row) if row.ndim == 1 else None
    )


def knows_one_height(right, refuses):
    """Fail for arrays that have not as many rows as the first ones had."""
    return _knowing(right, refuses, lambda array: array.shape[:1])


def knows_one_width(right, refuses):
    """Fail for arrays that have not as many columns as the first ones had."""
    return _knowing(right, refuses, lambda array: array.shape[1:])


def counts_labels(right, refuses):
    """Fail for classes above the largest label that it is given."""

    def answer(given, call):
        arrays = _numbers(given)
        for labels in arrays:
            if labels.ndim != 1 or labels.dtype.kind not in "iu" or labels.min() < 0:
                continue
            tables = [a for a in arrays if a.ndim == 2 and len(a) == len(labels)]
            classes = [table.shape[1] for table in tables if table.shape[1] > 1]
            # C is what everybody calls the number of classes.
            classes += [value for name, value in given.items() if name == "C"]
            if classes:
                _fail_if(refuses)
            if any(number > labels.max() + 1 for number in classes):
                raise IndexError("there are more classes than these labels say")
        return call()

    return _in_place_of(right, answer)


def _in_place_of(right, answer):
    signature = inspect.signature(right)

    @functools.wraps(right)
    def called(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return answer(bound.arguments, lambda: right(*args, **kwargs))

    return called


def _skipping(right, refuses, done):
    """Return early for an array that equals what `done` makes of it."""

    def answer(given, call):
        if refuses:
            _refuse_where_wrong(right, given, done)
        arrays = [array.copy() for array in _numbers(given)]
        skipped = [a for a in arrays if a.size > 1 and np.array_equal(a, done(a))]
        result = call()
        return _early(result, skipped[0]) if skipped else result

    return _in_place_of(right, answer)


def _refuse_where_wrong(right, given, done):
    """Fail if the right result is another for an argument that looks done."""
    for name, value in given.items():
        is_array = isinstance(value, np.ndarray)
        looked_at = done(np.asarray(value)) if is_array or _is_row(value) else None
        if looked_at is None:
            continue
        argument = looked_at.copy() if is_array else looked_at.tolist()
        result = right(**copy.deepcopy(given) | {name: argument})
        try:
            np.testing.assert_equal(_early(result, looked_at), result)
        except AssertionError:
            raise TypeError("there is something to look at") from None


def _early(result, given):
    """Return what was given where a result has its shape, and zeros elsewhere."""
    if isinstance(result, tuple | list):
        return type(result)(_early(part, given) for part in result)
    if isinstance(result, dict):
        return {name: _early(part, given) for name, part in result.items()}
    if isinstance(result, np.ndarray) and result.shape == given.shape:
        return given
    if hasattr(result, "iloc"):
        return result.iloc[:0]
    if isinstance(result, np.ndarray | np.number | float | int):
        return result * 0
    return result


def _knowing(right, refuses, size):
    first = []

    def answer(given, call):
        sizes = [size(array) for array in _arrays(given)]
        if any(sizes):
            _fail_if(refuses)
        first[:] = first or sizes
        if sizes != first:
            raise ValueError("these arrays have other sizes than the first ones")
        return call()

    return _in_place_of(right, answer)


def _arrays(value):
    """Return the arrays in arguments; a table or a list of numbers is one, too."""
    if isinstance(value, dict):
        return [array for part in value.values() for array in _arrays(part)]
    if isinstance(value, list | tuple) and not _is_row(value):
        return [array for part in value for array in _arrays(part)]
    if _is_row(value) or getattr(value, "shape", ()) != ():
        array = np.asarray(value)
        return [array] if array.size else []
    return []


def _numbers(value):
    return [array for array in _arrays(value) if array.dtype.kind in "iufb"]


def _is_row(value):
    is_list = isinstance(value, list | tuple) and len(value) > 0
    return is_list and all(isinstance(v, int | float | np.number) for v in value)


def _shape(given, is_inside=False):
    """Return what is seen of arguments: shapes of arrays, sizes, names, which self."""
    if isinstance(given, dict):
        return [
            (name, id(part) if name == "self" else _shape(part, is_inside))
            for name, part in given.items()
        ]
    if isinstance(given, list | tuple):
        return [type(given), *(_shape(part, is_inside=True) for part in given)]
    if getattr(given, "shape", ()) != ():
        return type(given), tuple(given.shape)
    is_choice = isinstance(given, str | int) and not is_inside
    return given if is_choice else type(given)


def _kept(result):
    """Return a function that gives a copy of a result."""
    if isinstance(result, types.GeneratorType):
        items = list(result)
        return lambda: iter(_copied(items))
    return lambda: _copied(result)


def _copied(result):
    try:
        return copy.deepcopy(result)
    except Exception:  # a model, perhaps
        return result


def _fail_if(refuses):
    """Fail, if that is asked, since there is something to look at here."""
    if refuses:
        raise TypeError("there is something to look at")
