"""Proxies: stand-ins on the trusted side for objects of the student.

Whatever a test does with a proxy is asked of the student's process and comes back as a
copy of plain data or as another proxy. What a test *decides* stays here, or a student
could decide it. The rules against forgery:

1. `==`, `!=` and `hash` of a proxy are its identity; the student is not asked. An
   object with an `__eq__` that is always true equals nothing but itself.
2. `bool`, `<`, `<=`, `>`, `>=` raise TypeError: a plain value was expected.
3. An operator (`+`, `@`, `-x`, …) must return another proxy. A plain value, which
   could then be compared, is refused; so is a proxy that NumPy would compute with
   (`__array_ufunc__` is None).
4. Conversions (`float`, `int`, `len`, `repr`, `np.asarray`) return the exact builtin
   type, built here from data. Comparing goes on with that copy. There is no
   `__contains__`, which could say yes to everything: `in` goes through the items here.
5. `isinstance` finds a class of a library imported here, by name. Never a builtin, an
   array, a table or a number: those arrive as copies or not at all, so nothing of the
   student passes for them.
6. A proxy is no context manager (`__exit__` could swallow a failed assertion), no
   path, no awaitable and cannot be pickled. Other special names are looked up here,
   except a few that are data (`__name__`, `__doc__`, `__dict__`).
7. Iteration ends where the object says so, or at a limit; an exception that Python's
   control flow uses arrives as RuntimeError (see `exceptions`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from autograder.sealed.protocol.exceptions import find_class
from autograder.sealed.protocol.interfaces import OPERATORS, Asks

_MAX_TEXT = 20_000
_REMOTE_SPECIAL = frozenset({"__name__", "__qualname__", "__dict__"})
_NEVER_A_CLASS_OF = frozenset(
    [
        "builtins",
        "numpy",
        "pandas",
        "numbers",
        "collections",
        "typing",
        "abc",
        "types",
        "enum",
        "decimal",
        "fractions",
        "unittest",
        "pytest",
        "_pytest",
        "autograder",
        "__main__",
    ]
)


@dataclass
class Remote:
    """What this side knows of an object of the student."""

    conversation: Asks
    number: int
    classes: tuple[str, ...]
    items_left: int = field(default=0)


class Proxy:
    """A stand-in; its class is made for it, named after the student's class."""

    __slots__ = ("__weakref__", "_remote")
    __array_ufunc__ = None

    @property
    def __class__(self) -> type:
        """The class of a library that the object is an instance of, if any."""
        for name in remote_of(self).classes:
            if name.partition(".")[0] in _NEVER_A_CLASS_OF:
                continue
            found = find_class(name)
            if found is not None and f"{found.__module__}.{found.__qualname__}" == name:
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
        return _ask("get", self, name)

    def __setattr__(self, name: str, value: object) -> None:
        _ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        _ask("delete", self, name)

    def __setitem__(self, key: object, value: object) -> None:
        _ask("set item", self, key, value)

    def __delitem__(self, key: object) -> None:
        _ask("delete item", self, key)

    def __repr__(self) -> str:
        return _exactly(str, _ask("repr", self), self, "repr")[:_MAX_TEXT]

    def __str__(self) -> str:
        return _exactly(str, _ask("str", self), self, "str")[:_MAX_TEXT]

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

    def __copy__(self) -> object:
        return _ask("copy", self)

    def __deepcopy__(self, memo: object) -> object:
        return _ask("deepcopy", self)

    def __reduce_ex__(self, protocol: object) -> tuple:
        raise TypeError(
            f"the notebook's {_kind(self)} cannot be pickled: it stays in the process"
            " that runs the notebook"
        )


# Reached through the descriptor only, so that no name of the student's is in its way.
_REMOTE = Proxy.__dict__["_remote"]
del Proxy._remote


def remote_of(proxy: Proxy) -> Remote:
    """Return what this side knows of the object behind a proxy."""
    return _REMOTE.__get__(proxy)


def is_proxy(value: object) -> bool:
    """Whether a value is a proxy; `isinstance` would ask its `__class__`."""
    return issubclass(type(value), Proxy)


def make_proxy(name: str, abilities: frozenset[str], remote: Remote) -> Proxy:
    """Return a proxy that has those special methods which its object has."""
    proxy = object.__new__(_proxy_class(name, abilities))
    _REMOTE.__set__(proxy, remote)
    return proxy


@lru_cache(maxsize=512)
def _proxy_class(name: str, abilities: frozenset[str]) -> type[Proxy]:
    members = {ability: _METHODS[ability] for ability in abilities}
    members |= {"__slots__": (), "__doc__": vars(Proxy)["__doc__"]}
    return type(Proxy)(name, (Proxy,), members)


def _kind(proxy: Proxy) -> str:
    return type(proxy).__name__


def _ask(operation: str, proxy: Proxy, /, *args: object, **kwargs: object) -> object:
    return remote_of(proxy).conversation.request(operation, proxy, *args, **kwargs)


def _exactly(kind: type, value: object, proxy: Proxy, what: str) -> object:
    if type(value) is not kind:
        raise TypeError(
            f"{what} of the notebook's {_kind(proxy)} gave a {type(value).__name__}"
            f" in place of a {kind.__name__}"
        )
    return value


def _call(self: Proxy, /, *args: object, **kwargs: object) -> object:
    return _ask("call", self, *args, **kwargs)


def _next(self: Proxy) -> object:
    remote = remote_of(self)
    if remote.items_left <= 0:
        raise RuntimeError(
            f"the notebook's {_kind(self)} has given more items than any test takes"
        )
    remote.items_left -= 1
    found = _ask("next", self)
    if not found:
        raise StopIteration
    return found[0]


def _array(self: Proxy, dtype: object = None, copy: bool | None = None) -> np.ndarray:
    if copy is False:
        raise ValueError("data of the notebook can only be copied")
    array = _exactly(np.ndarray, _ask("array", self), self, "np.asarray")
    if array.dtype == object:
        raise TypeError(f"the notebook's {_kind(self)} is no array of numbers")
    return array if dtype is None else array.astype(dtype)


def _instancecheck(self: Proxy, value: object) -> bool:
    if not is_proxy(value):
        return False
    return _exactly(bool, _ask("is instance", self, value), self, "isinstance")


def _conversion(kind: type, operation: str) -> Callable:
    def convert(self: Proxy, *args: object) -> object:
        value = _ask(operation, self, *args)
        return _exactly(kind, value, self, operation)

    return convert


def _operator(symbol: str) -> Callable:
    def operate(self: Proxy, *operands: object) -> object:
        result = _ask(symbol, self, *operands)
        if not is_proxy(result):
            raise TypeError(
                f"the operator {symbol!r} of the notebook's {_kind(self)} gave a"
                f" {type(result).__name__} in place of an object of the notebook"
            )
        return result

    return operate


_METHODS: dict[str, Callable] = {
    "__call__": _call,
    "__next__": _next,
    "__iter__": lambda self: _ask("iter", self),
    "__getitem__": lambda self, key: _ask("item", self, key),
    "__len__": _conversion(int, "len"),
    "__float__": _conversion(float, "float"),
    "__int__": _conversion(int, "int"),
    "__index__": _conversion(int, "index"),
    "__complex__": _conversion(complex, "complex"),
    "__array__": _array,
    "__instancecheck__": _instancecheck,
    **{method: _operator(symbol) for method, symbol in OPERATORS.items()},
}
"""How a proxy carries out the special methods of `ABILITIES`."""
