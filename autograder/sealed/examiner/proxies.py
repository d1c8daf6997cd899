"""Proxies: stand-ins on the trusted side for objects of the student.

Whatever a test does with a proxy is asked of the student's process and comes back as a
copy of plain data or as another proxy. What a test *decides* stays here, or a student
could decide it. The rules against forgery:

1. `==`, `!=` and `hash` of a proxy are its identity; the student is not asked. An
   object with an `__eq__` that is always true equals nothing but itself.
2. `bool`, `<`, `<=`, `>`, `>=` raise TypeError: a plain value was expected.
3. An operator (`+`, `@`, `-x`, …) takes numbers and proxies, never an array, a table or
   a text, and must return another proxy. One with a number of the test *waits*: a test
   that took the object for a number would compare what comes of it, and that fails here
   before the number has gone over. It is carried out when an attribute that no number
   has is asked for, or when it is handed to the notebook's code. What it returns, and
   all that comes of it, is *computed*: it converts to nothing any more.
4. As what number or array an object passes (`float`, `int`, `np.asarray`) was settled
   when it arrived, before it could see more of the test: each look finds the same.
   NumPy's functions compute with that; where there is nothing settled they refuse.
5. Methods that compare (`equals`, `isin`, `issubset`, …) get no data of a test: a
   student's `equals` would say yes. `in` goes through the items here, as many as `len`
   said, and what it has found stays so until the test calls something.
6. `isinstance` finds a class of a library imported here, by name. Never one that is, by
   any of its bases, a builtin, an array, a table or a number: those arrive as copies or
   not at all, so nothing of the student passes for them.
7. A proxy is no context manager (`__exit__` could swallow a failed assertion), no
   path, no awaitable and cannot be pickled. Other special names are looked up here,
   except a few that are data (`__name__`, `__doc__`, `__dict__`).
8. Iteration ends where the object says so, or at a limit; an exception that Python's
   control flow uses arrives as RuntimeError (see `exceptions`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from weakref import WeakSet

import numpy as np

from autograder.sealed.examiner.value_classes import (
    COMPARING,
    NAMES_OF_VALUES,
    class_of_no_value,
    has_a_value,
)
from autograder.sealed.protocol.interfaces import OPERATORS, Asks

_MAX_TEXT = 20_000
_REMOTE_SPECIAL = frozenset({"__name__", "__qualname__", "__dict__"})
_ALL_EQUAL = (np.array_equal, np.array_equiv)


@dataclass
class Remote:
    """What this side knows of an object of the student."""

    conversation: Asks
    number: int | None
    """By which the other side knows it; None as long as an operator waits."""
    classes: tuple[str, ...]
    items_left: int = field(default=0)
    settled: dict[str, object] = field(default_factory=dict)
    """What it converts to, by the name of the conversion, as it was on arrival."""
    is_computed: bool = False
    """Whether an operator made it with a number of the test."""
    found: tuple[int, list] | None = None
    """Its items as `in` has seen them, and how much had been called until then."""
    operation: tuple | None = None
    """The operator with a number of the test that made it, and its operands."""


class Proxy:
    """A stand-in; its class is made for it, named after the student's class."""

    __slots__ = ("__weakref__", "_remote")
    __array_ufunc__ = None

    @property
    def __class__(self) -> type:
        """The class of a library that the object is an instance of, if any."""
        for name in remote_of(self).classes:
            found = class_of_no_value(name)
            if found is not None:
                return found
        return type(self)

    @property
    def __doc__(self) -> object:
        """Documentation of the student's object."""
        return _ask("get", self, "__doc__")

    def __getattr__(self, name: str) -> object:
        is_special = name.startswith("__") and name.endswith("__")
        if is_special and name not in _REMOTE_SPECIAL:
            raise AttributeError(
                f"{name} of the notebook's {_kind(self)} is not looked up: the test"
                " runs outside the notebook",
                name=name,
            )
        if remote_of(self).operation and has_a_value(name):
            raise _refusal(self, name)
        found = _ask("get", self, name)
        if name in COMPARING and is_proxy(found):
            return partial(_compare, self, name, found)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        _ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        _ask("delete", self, name)

    def __setitem__(self, key: object, value: object) -> None:
        _ask("set item", self, key, value)

    def __delitem__(self, key: object) -> None:
        _ask("delete item", self, key)

    def __repr__(self) -> str:
        return _text(self, "repr")

    def __str__(self) -> str:
        return _text(self, "str")

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError(
            f"the notebook's code gave a {_kind(self)} where a plain value (a number,"
            " a bool, an array) was expected: its truth cannot be asked"
        )

    def _refuse_order(self, other: object) -> bool:
        raise TypeError(
            f"the notebook's code gave a {_kind(self)} where a plain value (a number,"
            f" an array) was expected: it cannot be compared with a"
            f" {type(other).__name__}"
        )

    __lt__ = __le__ = __gt__ = __ge__ = _refuse_order
    del _refuse_order

    def __array_function__(
        self, function: Callable, types: object, args: tuple, kwargs: dict
    ) -> object:
        try:
            args, kwargs = _arrays_in(args), _arrays_in(kwargs)
        except TypeError:
            if function in _ALL_EQUAL:  # they say so of all that is no array
                return False
            if function in _OF_NO_ARRAY and args and is_proxy(args[0]):
                return _OF_NO_ARRAY[function]
            raise
        return function(*args, **kwargs)

    def __copy__(self) -> object:
        return _look("copy", self)

    def __deepcopy__(self, memo: object) -> object:
        return _look("deepcopy", self)

    def __reduce_ex__(self, protocol: object) -> tuple:
        raise TypeError(
            f"the notebook's {_kind(self)} cannot be pickled: it stays in the process"
            " that runs the notebook"
        )


# Reached through the descriptor only, so that no name of the student's is in its way.
_REMOTE = Proxy.__dict__["_remote"]
del Proxy._remote
WAITING: WeakSet[Proxy] = WeakSet()
"""Proxies of what operators with numbers of tests will have made."""
_OF_NO_ARRAY = {np.shape: (), np.ndim: 0, np.size: 1}
"""What NumPy says of the shape of an object that is no array."""


def remote_of(proxy: Proxy) -> Remote:
    """Return what this side knows of the object behind a proxy."""
    return _REMOTE.__get__(proxy)


def is_proxy(value: object) -> bool:
    """Whether a value is a proxy; `isinstance` would ask its `__class__`."""
    return issubclass(type(value), Proxy)


def make_proxy(name: str, abilities: frozenset[str], remote: Remote) -> Proxy:
    """Return a proxy that has those special methods which its object has."""
    if name in NAMES_OF_VALUES:
        name = f"{name} of the notebook"
    proxy = object.__new__(_proxy_class(name, abilities))
    _REMOTE.__set__(proxy, remote)
    return proxy


@lru_cache(maxsize=512)
def _proxy_class(name: str, abilities: frozenset[str]) -> type[Proxy]:
    members = {ability: _METHODS[ability] for ability in abilities}
    if "__len__" in abilities and not abilities.isdisjoint(_WAYS_TO_ITEMS):
        members["__contains__"] = _contains
    members |= {"__slots__": (), "__doc__": vars(Proxy)["__doc__"]}
    return type(Proxy)(name, (Proxy,), members)


def _kind(proxy: Proxy) -> str:
    return type(proxy).__name__


def _ask(operation: str, proxy: Proxy, /, *args: object, **kwargs: object) -> object:
    remote = remote_of(proxy)
    result = remote.conversation.request(operation, proxy, *args, **kwargs)
    return _computed(result) if remote.is_computed else result


def _look(operation: str, proxy: Proxy, *args: object) -> object:
    """Ask for what an object has in common with a value, such as its items."""
    if remote_of(proxy).operation:
        raise _refusal(proxy, operation)
    return _ask(operation, proxy, *args)


def _refusal(proxy: Proxy, what: str) -> TypeError:
    return TypeError(
        f"the notebook's {_kind(proxy)} comes of a computation with a number of the"
        f" test: it is not converted ({what}). A plain value was expected"
    )


def _computed(result: object) -> object:
    """Note of the proxies in a result that they may have learned from the test."""
    if is_proxy(result):
        remote_of(result).is_computed = True
    elif type(result) in (list, tuple):
        for item in result:
            _computed(item)
    elif type(result) is dict:
        _computed(list(result.values()))
    return result


def _exactly(kind: type, value: object, proxy: Proxy, what: str) -> object:
    if type(value) is not kind:
        raise TypeError(
            f"{what} of the notebook's {_kind(proxy)} gave a {type(value).__name__}"
            f" in place of a {kind.__name__}"
        )
    return value


def _text(self: Proxy, operation: str) -> str:
    if remote_of(self).is_computed:
        return f"<{_kind(self)} of the notebook>"
    return _exactly(str, _ask(operation, self), self, operation)[:_MAX_TEXT]


def _call(self: Proxy, /, *args: object, **kwargs: object) -> object:
    return _ask("call", self, *args, **kwargs)


def _compare(
    proxy: Proxy, name: str, method: Callable, /, *args: object, **kwargs: object
) -> object:
    """Call a method that compares: with other objects of the notebook only."""
    if not all(map(is_proxy, [*args, *kwargs.values()])):
        raise TypeError(
            f"{name} of the notebook's {_kind(proxy)} is not asked: the notebook's code"
            " does not decide what equals its results. A plain value (an array, a"
            " table, a text) was expected"
        )
    return method(*args, **kwargs)


def _next(self: Proxy) -> object:
    remote = remote_of(self)
    if remote.items_left <= 0:
        raise RuntimeError(
            f"the notebook's {_kind(self)} has given more items than any test takes"
        )
    remote.items_left -= 1
    found = _look("next", self)
    if not found:
        raise StopIteration
    return found[0]


def _contains(self: Proxy, wanted: object) -> bool:
    """Look through as many items as there are, the same ones until something is called.

    So an object that says it has two items cannot show other ones at each look.
    """
    remote = remote_of(self)
    if remote.found is None or remote.found[0] != remote.conversation.calls:
        items, left = [], len(self)
        for item in self if left > 0 else ():
            items.append(item)
            if len(items) == left:
                break
        remote.found = (remote.conversation.calls, items)
    return wanted in remote.found[1]


def _array(self: Proxy, dtype: object = None, copy: bool | None = None) -> np.ndarray:
    if copy is False:
        raise ValueError("data of the notebook can only be copied")
    array = _settled(self, "array")
    return array.copy() if dtype is None else array.astype(dtype)


def _arrays_in(found: object) -> object:
    """Return arguments of a function of NumPy, with arrays in the place of proxies."""
    if is_proxy(found):
        return _array(found)
    if type(found) in (list, tuple):
        return type(found)(map(_arrays_in, found))
    if type(found) is dict:
        return {name: _arrays_in(value) for name, value in found.items()}
    return found


def _settled(self: Proxy, conversion: str) -> object:
    """Return what an object converts to, as it was settled on its arrival."""
    remote = remote_of(self)
    if remote.is_computed:
        raise _refusal(self, conversion)
    if conversion not in remote.settled:
        what = "array of numbers" if conversion == "array" else "number"
        raise TypeError(
            f"the notebook's code gave a {_kind(self)}, which is no {what}"
            f" ({conversion}): a plain value was expected"
        )
    return remote.settled[conversion]


def _instancecheck(self: Proxy, value: object) -> bool:
    if not is_proxy(value):
        return False
    return _exactly(bool, _ask("is instance", self, value), self, "isinstance")


def _operator(symbol: str) -> Callable:
    def operate(self: Proxy, *operands: object) -> object:
        for operand in operands:
            if not (is_proxy(operand) or isinstance(operand, _NUMBERS)):
                raise TypeError(
                    f"the operator {symbol!r} of the notebook's {_kind(self)} gets"
                    f" numbers of a test only, no {type(operand).__name__}: a plain"
                    " value was expected in its place"
                )
        operation = (symbol, self, *operands)
        if any(not is_proxy(o) or remote_of(o).operation for o in operation[1:]):
            waiting = Remote(remote_of(self).conversation, None, ())
            waiting.is_computed, waiting.operation = True, operation
            result = object.__new__(type(self))
            _REMOTE.__set__(result, waiting)
            WAITING.add(result)
            return result
        result = operated(symbol, self, *operands)
        if any(remote_of(operand).is_computed for operand in operands):
            _computed(result)
        return result

    return operate


def operated(symbol: str, proxy: Proxy, *operands: object) -> Proxy:
    """Carry an operator out; it has to give an object of the notebook."""
    result = _ask(symbol, proxy, *operands)
    if not is_proxy(result):
        raise TypeError(
            f"the operator {symbol!r} of the notebook's {_kind(proxy)} gave a"
            f" {type(result).__name__} in place of an object of the notebook"
        )
    return result


_NUMBERS = (bool, int, float, complex, np.number, np.bool_)
_WAYS_TO_ITEMS = ("__iter__", "__getitem__")
_METHODS: dict[str, Callable] = {
    "__call__": _call,
    "__next__": _next,
    "__iter__": lambda self: _look("iter", self),
    "__getitem__": lambda self, key: _look("item", self, key),
    "__len__": lambda self: _exactly(int, _look("len", self), self, "len"),
    "__float__": lambda self: _settled(self, "float"),
    "__int__": lambda self: _settled(self, "int"),
    "__index__": lambda self: _settled(self, "index"),
    "__complex__": lambda self: _settled(self, "complex"),
    "__array__": _array,
    "__instancecheck__": _instancecheck,
    **{method: _operator(symbol) for method, symbol in OPERATORS.items()},
}
"""How a proxy carries out the special methods of `ABILITIES`."""
