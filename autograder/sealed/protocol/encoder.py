"""Values to message structure and back: plain kinds as exact copies, never a pickle.

In JSON, `null`, booleans, strings and ordinary numbers stand for themselves; every
other value is a list whose first item names its kind, `["tuple", [1, 2]]`. Bytes of
arrays are blobs of the message and appear as their position in it.

Only exact types are plain here. What a subclass, or any other object, becomes is
decided by `foreign`, a function of the side that sends: data of a plain kind, a proxy,
a callback. What arrives is always rebuilt as the exact plain type.

Mutable values that are arguments carry a number (`["new", 3, …]`, then `["same", 3]`),
so that one object passed twice stays one object and changes find their way back; see
`shared_state`.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable

import numpy as np

from autograder.sealed.protocol import exact_scalars, pandas_tables
from autograder.sealed.protocol.decoder import PLAIN_DTYPE
from autograder.sealed.protocol.interfaces import Arguments
from autograder.sealed.protocol.pandas_tables import NotPlain
from autograder.sealed.protocol.wire import MessageLimits, Unsendable

_SMALL_INT = 2**62
_SHORT = 200
"""Characters of a text that is told before anybody asks."""
_LONGDOUBLE_BYTES = 10  # of 16 that x87 arithmetic uses; the others hold old memory
_SCALAR_TYPES = frozenset(np.sctypeDict.values()) - {np.object_, np.void}


class Encoder:
    """Encode the values of one message; their bytes collect in `blobs`.

    Parameters
    ----------
    foreign
        `foreign(encoder, value)` encodes what is not of an exact plain type.
    shared
        Numbers of the mutable arguments under way; None leaves values unnumbered.
    registers
        Whether mutable values met for the first time get a number.
    """

    def __init__(
        self,
        limits: MessageLimits,
        foreign: Callable[[Encoder, object], object] | None = None,
        shared: Arguments | None = None,
        *,
        registers: bool = False,
    ) -> None:
        self.blobs: list = []
        self.memo: dict = {}  # for `foreign`: what it has put into this message
        self.registers = registers
        self._limits = limits
        self._foreign = foreign or _refuse
        self._shared = shared
        self._room = limits.message_bytes
        self._items_left = limits.items
        self._path: list[int] = []

    def encode(self, value: object) -> object:
        """Return the structure that stands for a value.

        Raises
        ------
        Unsendable
            The value contains itself, is too large or nested too deeply, or is of a
            kind that cannot cross.
        """
        write = _WRITERS.get(type(value))
        if write is not None:
            return write(self, value)
        blobs = len(self.blobs)
        try:
            if type(value) in exact_scalars.WRITERS:
                return exact_scalars.WRITERS[type(value)](self, value)
            if is_shareable(value):
                return self._encode_shared(value)
            return self._encode_rarer(value)
        except NotPlain:
            del self.blobs[blobs:]
            return self._foreign(self, value)

    def content(self, value: object) -> object:
        """Encode a mutable value itself, though not those inside that have a number."""
        self._enter(value)
        try:
            return _CONTENTS.get(type(value), pandas_tables.encode)(self, value)
        finally:
            self._path.pop()

    def blob(self, data: bytes | memoryview) -> int:
        """Add bytes to the message and return their position."""
        self._room -= len(data)
        if self._room < 0:
            raise Unsendable(
                f"a value is too large: more than {self._limits.message_bytes:,} bytes"
            )
        self.blobs.append(data)
        return len(self.blobs) - 1

    def items(self, values: Iterable) -> list:
        """Encode each of the values."""
        values = list(values)
        self._items_left -= len(values)
        if self._items_left < 0:
            raise Unsendable(
                f"a value with more than {self._limits.items:,} elements is too large"
            )
        if _stand_for_themselves(values):
            return values
        return [self.encode(value) for value in values]

    def _encode_shared(self, value: object) -> object:
        number = self._shared.number(value) if self._shared is not None else None
        if number is not None:
            return ["same", number]
        node = self.content(value)
        return ["new", self._shared.add(value), node] if self.registers else node

    def _encode_rarer(self, value: object) -> object:
        if isinstance(value, np.dtype) and (
            value.str == "|O" or PLAIN_DTYPE.fullmatch(value.str)
        ):
            return ["dtype", value.str]
        if isinstance(value, np.ufunc) and getattr(np, value.__name__, 0) is value:
            return ["ufunc", value.__name__]
        if isinstance(value, type) and _type_name(value):
            return ["type", _type_name(value)]
        if pandas_tables.is_unshared(value):
            return pandas_tables.encode(self, value)
        raise NotPlain(f"a {type(value).__name__}")

    def _enter(self, value: object) -> None:
        """Note that what is encoded next lies in this value, until it is popped."""
        if id(value) in self._path:
            raise Unsendable(
                f"a {type(value).__name__} that contains itself cannot be copied"
            )
        if len(self._path) >= self._limits.depth:
            raise Unsendable(
                f"a value nested more than {self._limits.depth} levels deep cannot be"
                " copied"
            )
        self._path.append(id(value))


def is_shareable(value: object) -> bool:
    """Whether a value is mutable data, which gets a number where it is an argument."""
    return type(value) in _CONTENTS or pandas_tables.is_table(value)


def is_small(value: object) -> bool:
    """Whether a value cannot change, and can be told before anybody asks for it."""
    kind = type(value)
    if kind is int:
        return -_SMALL_INT < value < _SMALL_INT
    if kind is str:
        return len(value) < _SHORT
    return kind in (float, bool, type(None))


def _refuse(encoder: Encoder, value: object) -> object:
    raise Unsendable(f"a {type(value).__name__} cannot cross as a plain value")


def _stand_for_themselves(values: list) -> bool:
    """Whether JSON's own kinds are enough for all of the values."""
    kinds = set(map(type, values))
    if kinds <= {float, bool, type(None)}:
        return True
    if kinds == {str}:
        return "".join(values).isascii()
    return kinds == {int} and -_SMALL_INT < min(values) <= max(values) < _SMALL_INT


def _type_name(kind: type) -> str | None:
    if kind in _SCALAR_TYPES:
        return f"numpy.{kind.__name__}"
    known = getattr(builtins, getattr(kind, "__name__", ""), None)
    return kind.__name__ if known is kind else None


def _write_int(encoder: Encoder, value: int) -> object:
    return value if -_SMALL_INT < value < _SMALL_INT else ["int", f"{value:x}"]


def _write_str(encoder: Encoder, value: str) -> object:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return ["surrogates", encoder.blob(value.encode("utf-8", "surrogatepass"))]
    return value


def _write_sequence(encoder: Encoder, value: Iterable) -> object:
    encoder._enter(value)
    try:
        return [type(value).__name__, encoder.items(value)]
    finally:
        encoder._path.pop()


def _write_slice(encoder: Encoder, value: slice | range) -> object:
    return [
        type(value).__name__,
        encoder.items((value.start, value.stop, value.step)),
    ]


def _write_scalar(encoder: Encoder, value: np.generic) -> object:
    if isinstance(value, np.str_ | np.bytes_):
        plain = value.item()
        return ["numpy string", encoder.encode(plain)]
    array = np.asarray(value)
    return ["scalar", array.dtype.str, _raw_bytes(array).hex()]


def _write_array(encoder: Encoder, array: np.ndarray) -> object:
    is_fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    layout = ("F" if is_fortran else "C") + ("" if array.flags.writeable else "r")
    shape = list(array.shape)
    if array.dtype == object:
        return ["objects", shape, layout, encoder.items(array.reshape(-1))]
    if not PLAIN_DTYPE.fullmatch(array.dtype.str):
        raise NotPlain(f"an array of {array.dtype}")
    data = _raw_bytes(array.T if is_fortran else array)
    return ["array", array.dtype.str, shape, layout, encoder.blob(data)]


def _raw_bytes(array: np.ndarray) -> memoryview:
    """Return the elements' bytes in C order, copied only where they must be."""
    if array.nbytes == 0:
        return memoryview(b"")
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    if array.dtype.char in "gG" and np.finfo(array.dtype).nmant == 63:
        flat = flat.copy()
        flat.reshape(-1, 16)[:, _LONGDOUBLE_BYTES:] = 0
    return memoryview(flat)


_CONTENTS: dict[type, Callable] = {
    np.ndarray: _write_array,
    list: lambda encoder, value: ["list", encoder.items(value)],
    set: lambda encoder, value: ["set", encoder.items(value)],
    dict: lambda encoder, value: [
        "dict",
        encoder.items(value.keys()),
        encoder.items(value.values()),
    ],
}
_WRITERS: dict[type, Callable] = {
    **dict.fromkeys((type(None), bool, float), lambda encoder, value: value),
    int: _write_int,
    str: _write_str,
    complex: lambda encoder, value: ["complex", value.real, value.imag],
    bytes: lambda encoder, value: ["bytes", encoder.blob(value)],
    tuple: _write_sequence,
    frozenset: _write_sequence,
    slice: _write_slice,
    range: _write_slice,
    type(Ellipsis): lambda encoder, value: ["ellipsis"],
    **dict.fromkeys(_SCALAR_TYPES, _write_scalar),
}
