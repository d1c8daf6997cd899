"""What can be asked of an object of the student, by the name of the operation."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable

import numpy as np


def carry_out(name: str, target: object, args: list, kwargs: dict) -> object:
    """Carry out an operation on an object of the student and return what it gives."""
    return OPERATIONS[name](target, *args, **kwargs)


def _call(target: Callable, /, *args: object, **kwargs: object) -> object:
    return target(*args, **kwargs)


def _next(target: object) -> list:
    """Return the next item in a list, or an empty list at the end."""
    try:
        return [next(target)]
    except StopIteration:
        return []


def _is_instance(target: type, value: object) -> bool:
    """Answer from the real class of the value, past every hook of the student."""
    return target in type.mro(type(value))


_SYMBOLS: dict[str, Callable] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "@": operator.matmul,
    "**": operator.pow,
}


def _from_the_right(operation: Callable) -> Callable:
    return lambda target, other: operation(other, target)


OPERATIONS: dict[str, Callable] = {
    "call": _call,
    "get": getattr,
    "set": setattr,
    "delete": delattr,
    "item": operator.getitem,
    "set item": operator.setitem,
    "delete item": operator.delitem,
    "len": len,
    "iter": iter,
    "next": _next,
    "repr": lambda target: str(repr(target)),
    "str": lambda target: str(str(target)),
    "float": float,
    "int": int,
    "index": operator.index,
    "complex": complex,
    "array": np.asarray,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "is instance": _is_instance,
    "minus": operator.neg,
    "plus": operator.pos,
    "abs": operator.abs,
    **_SYMBOLS,
    **{
        f"{symbol} from the right": _from_the_right(operation)
        for symbol, operation in _SYMBOLS.items()
    },
}
