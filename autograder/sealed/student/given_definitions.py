"""What locked cells define, as it was handed out, whenever a test is about to use it.

Student code may have bound the names to something else, given a function other code or
a class other methods. Objects stay the same objects: notebooks hold on to them.

Everything in this process is at the student's mercy, so this is no seal. It is a
repair of what student code can reach by Python alone.
"""

from __future__ import annotations

import builtins
import marshal
from collections.abc import Iterator
from types import CodeType, FunctionType

_FUNCTIONS = (FunctionType, staticmethod, classmethod, property)
_OVER_ALL_OTHERS = {
    "__getattribute__": object.__getattribute__,
    # Not what `object` has: that would count the arguments once it had been replaced.
    "__new__": lambda kind, *args, **kwargs: object.__new__(kind),
}
"""Methods that no exercise adds to a class, since they decide about all others, and
what a class without them has."""
_BUILTINS = {"__build_class__": builtins.__build_class__}
"""What a class statement takes; as it was before any student code ran."""


class GivenDefinitions:
    """The functions, classes and data of locked cells, by name.

    Data is bound again and not changed back: tests have copies of their own, see
    `examination`.
    """

    def __init__(self, namespace: dict[str, object]) -> None:
        self._namespace = namespace
        self._cells: dict[int, tuple[CodeType, list[str]]] = {}
        self._objects: dict[str, object] = {}

    def note(self, number: int, code: bytes, names: list[str]) -> None:
        """Remember what a locked cell has just bound these names to.

        Parameters
        ----------
        code
            Of its definitions alone, from the trusted side: for `marshal`.
        """
        here = self._namespace
        self._cells[number] = (marshal.loads(code), names)  # noqa: S302
        self._objects |= {name: here[name] for name in names if name in here}

    def is_replaced(self, name: str) -> bool:
        """Whether a name of a locked cell stands for something else now."""
        known = self._objects
        return name in known and self._namespace.get(name) is not known[name]

    def restore(self, numbers: list[int]) -> None:
        """Bind names to what cells define; undo what was done to that."""
        vars(builtins).update(_BUILTINS)
        for code, names in map(self._cells.__getitem__, numbers):
            made: dict[str, object] = {}
            exec(code, self._namespace, made)  # noqa: S102
            for name in names:
                known = self._objects.get(name)
                if name in made:
                    self._namespace[name] = _as_it_was(known, made[name])
                elif name in self._objects:
                    self._namespace[name] = known


def _as_it_was(known: object, made: object) -> object:
    """Return the known object, put right, or what was made where that is not enough."""
    if type(known) is type(made) is FunctionType:
        if known.__closure__ or made.__closure__:
            return known if known.__code__ == made.__code__ else made
        if known.__code__ != made.__code__:
            known.__code__ = made.__code__
        known.__defaults__, known.__kwdefaults__ = (
            made.__defaults__,
            made.__kwdefaults__,
        )
        return known
    if type(known) is type(made) is type:
        _put_methods_right(known, made)
        return known
    return made


def _put_methods_right(known: type, made: type) -> None:
    """Give a class the methods that its cell defines; other members stay."""
    methods = {n: m for n, m in vars(made).items() if isinstance(m, _FUNCTIONS)}
    for name in _OVER_ALL_OTHERS:
        if name in vars(known) and name not in methods:
            setattr(known, name, _OVER_ALL_OTHERS[name])
    for name, method in methods.items():
        before = vars(known).get(name)
        if type(before) is type(method) and _codes(before) == _codes(method):
            continue
        for function in _functions(method):
            _point_super_at(known, function)
        setattr(known, name, method)


def _functions(method: object) -> Iterator[FunctionType]:
    if isinstance(method, property):
        parts = (method.fget, method.fset, method.fdel)
    else:
        parts = (getattr(method, "__func__", method),)
    return (part for part in parts if isinstance(part, FunctionType))


def _codes(method: object) -> list[CodeType]:
    return [function.__code__ for function in _functions(method)]


def _point_super_at(kind: type, function: FunctionType) -> None:
    """Let `super()` in a method find the class that the method is given to."""
    names = function.__code__.co_freevars
    for name, cell in zip(names, function.__closure__ or (), strict=True):
        if name == "__class__":
            cell.cell_contents = kind
