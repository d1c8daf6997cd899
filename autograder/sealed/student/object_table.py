"""Student side: which of the student's objects cross as data, and proxies of the rest.

An object of a subclass of a plain type crosses as that plain type, built from its data,
unless the notebook gave the class methods of its own to call. Tensors cross as arrays.
Everything else gets a number, under which the trusted side can ask for it again.
"""

from __future__ import annotations

import contextlib
import pickle
import sys
import types
import weakref
from collections import deque
from collections.abc import Callable

import numpy as np

from autograder.sealed.protocol.decoder import Decoder
from autograder.sealed.protocol.encoder import Encoder, is_small
from autograder.sealed.protocol.exceptions import class_names
from autograder.sealed.protocol.interfaces import ABILITIES, CONVERSIONS
from autograder.sealed.protocol.shared_state import SharedGenerators
from autograder.sealed.student.interrupts import let_in
from autograder.sealed.student.operations import carry_out

_PLAIN_BASES: dict[type, Callable] = {
    np.ndarray: np.asarray,
    str: lambda value: str.__str__(value),
    float: lambda value: float.__float__(value),
    int: lambda value: int.__int__(value),
    complex: lambda value: complex.__complex__(value),
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    list: lambda value: list(list.__iter__(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    types.MappingProxyType: dict,
    bytearray: bytes,
}
"""How to take the data out of an object whose class derives from a plain one."""
_TENSORS = {"tensorflow": ("Tensor", "Variable"), "keras": ("Variable",)}
_TABLES = ("DataFrame", "Series")
_KEPT_ERRORS = 100


class ObjectTable:
    """Objects of the student that the trusted side knows by number."""

    def __init__(self, generators: SharedGenerators, call_back: Callable) -> None:
        self._generators = generators
        self._call_back = call_back
        self._objects: dict[int, list] = {}  # number: [object, times sent]
        self._numbers: dict[int, int] = {}
        self._next = 0
        self._functions: dict[int, weakref.ref] = {}
        self._function_numbers: weakref.WeakKeyDictionary[Callable, int] = (
            weakref.WeakKeyDictionary()
        )
        self._forgotten: list[int] = []
        self._errors: deque[tuple[BaseException, int]] = deque(maxlen=_KEPT_ERRORS)
        self._kinds: dict[type, list] = {}
        self.readers = {
            "held": lambda decoder, number: self.at(number),
            "generator": lambda decoder, number: self._generators.at(number),
            "callback": self._read_callback,
            "pickle": _unpickle,
        }

    def at(self, number: int) -> object:
        """Return the object of this number."""
        return self._objects[number][0]

    def release(self, released: list[list[int]]) -> None:
        """Drop objects that the trusted side holds no longer.

        An object that has been sent again meanwhile stays: the counts tell.
        """
        for number, times in released:
            entry = self._objects[number]
            entry[1] -= times
            if entry[1] <= 0:
                del self._objects[number]
                del self._numbers[id(entry[0])]

    def take_forgotten(self) -> list[int]:
        """Return the numbers of functions of the test that are gone on this side."""
        forgotten, self._forgotten = self._forgotten, []
        return [number for number in forgotten if number not in self._functions]

    def make_generator(self, state: dict) -> np.random.Generator:
        """Build a generator for a state that has come for the first time."""
        return np.random.Generator(getattr(np.random, state["bit_generator"])())

    def note_error(self, error: BaseException, number: object) -> None:
        """Remember which error of the test an exception stands for."""
        if type(number) is int:
            self._errors.append((error, number))

    def number_of_error(self, error: BaseException) -> int | None:
        """Return the number of the test's error that this very exception stands for."""
        found = [number for known, number in self._errors if known is error]
        return found[-1] if found else None

    def crosses_as_it_is(self, value: object) -> bool:
        """Whether a value is all the same whenever it crosses, while it is this object.

        So are functions and classes, which cross by their numbers, and small values
        that cannot change. No code of the student is asked for any of it.
        """
        if type(value) is types.FunctionType:
            return value not in self._function_numbers
        return type(value) is type or is_small(value)

    def encode(self, encoder: Encoder, value: object) -> object:
        """Encode what is not of an exact plain type, towards the trusted side."""
        if type(value) is np.random.Generator:
            number = self._generators.known_number(value)
            if number is not None:
                return ["generator", number]
        if type(value) is types.FunctionType and value in self._function_numbers:
            return ["callback", self._function_numbers[value]]
        if type(value) is np.ndarray and value.dtype.kind == "T":
            # NumPy's texts of any length have no plain bytes; those of one length have.
            texts = np.array(value.tolist(), dtype=np.str_).reshape(value.shape)
            return encoder.encode(texts)
        if type(value) not in self._kinds:
            self._kinds[type(value)] = self._describe(type(value))
        take_data, *description = self._kinds[type(value)]
        if take_data is not None:
            return encoder.encode(take_data(value))
        settled = _settled(encoder, value, description[-1])
        return ["proxy", self._number(value), *description, settled]

    def _describe(self, kind: type) -> list:
        """Return how to take data from instances, and else what a proxy is told."""
        bases = type.mro(kind)
        special: dict[str, object] = {}
        for base in reversed(bases):
            special |= vars(base)
        abilities = [name for name in ABILITIES if special.get(name) is not None]
        return [_data_of(kind, bases), kind.__name__, class_names(kind), abilities]

    def _number(self, value: object) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            self._next += 1
            number = self._numbers[id(value)] = self._next
            self._objects[number] = [value, 0]
        self._objects[number][1] += 1
        return number

    def _read_callback(self, decoder: Decoder, number: int, name: str) -> Callable:
        known = self._functions.get(number)
        function = known() if known is not None else None
        if function is not None:
            return function

        def call_test(*args: object, **kwargs: object) -> object:
            return self._call_back(number, args, kwargs)

        call_test.__name__ = call_test.__qualname__ = name
        self._functions[number] = weakref.ref(call_test, self._forget_function)
        self._function_numbers[call_test] = number
        return call_test

    def _forget_function(self, reference: weakref.ref) -> None:
        for number, known in list(self._functions.items()):
            if known is reference:
                del self._functions[number]
                self._forgotten.append(number)


def _settled(encoder: Encoder, value: object, abilities: list[str]) -> dict:
    """Say what an object converts to; tests get to know nothing else of it later.

    Nothing where a conversion raises, or gives what it must not.
    """
    settled = {}
    for method in CONVERSIONS.keys() & abilities:
        conversion, kind = CONVERSIONS[method]
        with contextlib.suppress(Exception), let_in():
            found = carry_out(conversion, value, [], {})
            if type(found) is np.ndarray is kind and found.dtype != object:
                settled[conversion] = encoder.content(found)
            elif type(found) is kind is not np.ndarray:
                settled[conversion] = encoder.encode(found)
    return settled


def _data_of(kind: type, bases: list[type]) -> Callable | None:
    """Return how to take plain data out of instances; None: they cross as proxies."""
    if kind in _PLAIN_BASES and kind not in (types.MappingProxyType, bytearray):
        return None  # plain, but of a dtype that is not
    if any(_is_tensor(base) for base in bases):
        return np.asarray
    pandas = sys.modules.get("pandas")
    for base in bases:
        if base in _PLAIN_BASES:
            return None if _has_methods(bases) else _PLAIN_BASES[base]
        if kind is not base and base in [getattr(pandas, name, 0) for name in _TABLES]:
            return None if _has_methods(bases) else base
    return None


def _is_tensor(base: type) -> bool:
    library = str(base.__module__).partition(".")[0]
    return any(
        base is getattr(sys.modules.get(library), name, None)
        for name in _TENSORS.get(library, ())
    )


def _has_methods(bases: list[type]) -> bool:
    """Whether classes of the notebook add methods that a test could want to call."""
    return any(
        isinstance(member, types.FunctionType) and not name.startswith("_")
        for base in bases
        if base.__module__ == "__main__" or base.__module__ not in sys.modules
        for name, member in vars(base).items()
    )


def _unpickle(decoder: Decoder, position: int) -> object:
    """Unpickle an object of a library that a test has built: one object a message."""
    if position not in decoder.memo:
        # Only this side ever unpickles, and only what the trusted side has pickled.
        decoder.memo[position] = pickle.loads(decoder.blob(position))  # noqa: S301
    return decoder.memo[position]
