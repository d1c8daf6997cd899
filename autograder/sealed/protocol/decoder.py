"""Message structure to values: checked node by node, exact plain types only.

The other half of `encoder`. Everything here may come from a hostile process: unknown
kinds, wrong types, sizes that do not match the bytes, dtypes that hold objects and
nesting without end are all `Garbled`, and nothing is allocated that the message does
not pay for in bytes.
"""

from __future__ import annotations

import builtins
import math
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from autograder.sealed.protocol import exact_scalars, pandas_tables
from autograder.sealed.protocol.hash_tables import ensure_spread
from autograder.sealed.protocol.interfaces import Arguments
from autograder.sealed.protocol.wire import Garbled, MessageLimits

PLAIN_DTYPE = re.compile(
    r"[<>|=](?:b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|[US]\d{1,9}"
    r"|[mM]8(?:\[\d{0,9}[a-zA-Zμ]{1,7}\])?)"
)
_MAX_DIMENSIONS = 32
_MAX_HEX_DIGITS = 2**14
_LEAVES = 5  # an index of categories in a table, say, below the deepest container
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


class Decoder:
    """Rebuild the values of one message.

    Parameters
    ----------
    foreign
        Readers of the kinds that only this side knows, by the name of the kind.
    shared
        The numbered mutable arguments under way, which `same` refers to.
    registers
        Whether values of this message may be such arguments and get a number.
    """

    def __init__(
        self,
        limits: MessageLimits,
        blobs: Sequence,
        foreign: Mapping[str, Callable] | None = None,
        shared: Arguments | None = None,
        *,
        registers: bool = False,
    ) -> None:
        self.shared = shared
        self.registers = registers
        self.memo: dict = {}  # for `foreign`: what it has found in this message
        self.in_array = 0
        """How many arrays of objects the node lies in that is being decoded."""
        self.limits = limits
        self._items_left = limits.items
        self._blobs = blobs
        self._foreign = foreign or {}
        self._depth = 0

    def value(self, node: object) -> object:
        """Decode a whole value; whatever is wrong with it is `Garbled`."""
        try:
            return self.decode(node)
        except Garbled:
            raise
        except Exception as error:  # whatever a constructor says about hostile data
            raise Garbled(f"a value cannot be rebuilt: {str(error)[:200]}") from error

    def decode(self, node: object) -> object:
        """Decode one node of the structure."""
        if type(node) in _AS_THEY_ARE:
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise Garbled("a value must be a list that begins with its kind")
        read = _READERS.get(node[0]) or self._foreign.get(node[0])
        if read is None:
            raise Garbled(f"there is no kind of value {node[0]!r:.40}")
        if self._depth > self.limits.depth + _LEAVES:
            raise Garbled(f"a value is nested more than {self.limits.depth} deep")
        self._depth += 1
        try:
            return read(self, *node[1:])
        finally:
            self._depth -= 1

    def items(self, nodes: object) -> list:
        """Decode each node of a JSON list."""
        self._items_left -= len(expect(nodes, list))
        if self._items_left < 0:
            raise Garbled(f"a value of more than {self.limits.items:,} elements")
        if _AS_THEY_ARE.issuperset(map(type, nodes)):
            return nodes
        return [self.decode(node) for node in nodes]

    def blob(self, position: object) -> memoryview | bytes:
        """Return the bytes that a node refers to."""
        if not 0 <= expect(position, int) < len(self._blobs):
            raise Garbled("a value refers to bytes that are not there")
        return self._blobs[position]

    def empty_shape(self, shape: object, itemsize: int) -> tuple[int, ...]:
        """Check the shape of an array; return it as a tuple."""
        sizes = tuple(expect(shape, list))
        for size in sizes:
            expect(size, int)
        if len(sizes) > _MAX_DIMENSIONS or (sizes and min(sizes) < 0):
            raise Garbled(f"an array cannot have the shape {str(sizes)[:60]}")
        # A test may sum over the one empty axis of an array without elements, and NumPy
        # gives each element of `<U0` four bytes: the message has paid for none of it.
        is_paid_for = itemsize and 0 not in sizes
        most = self.limits.message_bytes if is_paid_for else self.limits.items
        if math.prod([size or 1 for size in (*sizes, itemsize)]) > most:
            raise Garbled(f"an array of the shape {str(sizes)[:60]} is too large")
        return sizes


def expect(value: object, kind: type) -> object:
    """Return a value of exactly this type.

    Raises
    ------
    Garbled
        It is of another type.
    """
    if type(value) is not kind:
        raise Garbled(f"found a {type(value).__name__} in place of a {kind.__name__}")
    return value


def expect_items(value: object, count: int) -> list:
    """Return a list of exactly so many items; otherwise it is `Garbled`."""
    if len(expect(value, list)) != count:
        raise Garbled(f"found {len(value)} items in place of {count}")
    return value


def plain_dtype(text: object) -> np.dtype:
    """Return the dtype of this name; only dtypes without objects and fields."""
    if not PLAIN_DTYPE.fullmatch(expect(text, str)):
        raise Garbled(f"{text!r:.40} is not a plain dtype")
    return np.dtype(text)


def _read_int(decoder: Decoder, text: object) -> int:
    # Arithmetic with millions of digits takes minutes, and nothing can interrupt it.
    if len(expect(text, str)) > _MAX_HEX_DIGITS:
        raise Garbled(f"an integer of more than {4 * _MAX_HEX_DIGITS:,} bits")
    return int(text, 16)


def _read_surrogates(decoder: Decoder, position: object) -> str:
    return bytes(decoder.blob(position)).decode("utf-8", "surrogatepass")


def _read_complex(decoder: Decoder, real: object, imaginary: object) -> complex:
    return complex(expect(real, float), expect(imaginary, float))


def _read_set(kind: type) -> Callable:
    def read(decoder: Decoder, nodes: object) -> set | frozenset:
        items = decoder.items(nodes)
        ensure_spread(items)
        found = kind(items)
        if len(found) != len(items):
            raise Garbled("a set has the same element twice")
        return found

    return read


def _read_dict(decoder: Decoder, keys: object, values: object) -> dict:
    keys, values = decoder.items(keys), decoder.items(values)
    ensure_spread(keys)
    found = dict(zip(keys, values, strict=True))
    if len(found) != len(keys):
        raise Garbled("a dict has the same key twice")
    return found


def _read_slice(decoder: Decoder, ends: object) -> slice:
    start, stop, step = decoder.items(ends)
    return slice(start, stop, step)


def _read_range(decoder: Decoder, ends: object) -> range:
    found = range(*(expect(end, int) for end in decoder.items(ends)))
    if found[decoder.limits.items :]:  # the message has not paid for its elements
        raise Garbled(f"a range of more than {decoder.limits.items:,} numbers")
    return found


def _read_numpy_string(decoder: Decoder, node: object) -> np.generic:
    plain = decoder.decode(node)
    if type(plain) not in (str, bytes):
        raise Garbled("a NumPy string must be made of text or bytes")
    return np.str_(plain) if type(plain) is str else np.bytes_(plain)


def _read_scalar(decoder: Decoder, dtype: object, digits: object) -> np.generic:
    data = bytes.fromhex(expect(digits, str))
    return np.frombuffer(data, plain_dtype(dtype), count=1)[0]


def _read_array(
    decoder: Decoder, name: object, shape: object, layout: object, position: object
) -> np.ndarray:
    dtype, data = plain_dtype(name), decoder.blob(position)
    sizes = decoder.empty_shape(shape, dtype.itemsize)
    if math.prod(sizes) * dtype.itemsize != len(data):
        raise Garbled(f"{len(data)} bytes cannot fill an array of shape {sizes}")
    is_fortran = "F" in expect(layout, str)
    array = np.empty(sizes, dtype, order="F" if is_fortran else "C")
    if len(data):
        flat = np.frombuffer(data, dtype)
        array[...] = flat.reshape(sizes, order="F" if is_fortran else "C")
    array.flags.writeable = "r" not in layout
    return array


def _read_objects(
    decoder: Decoder, shape: object, layout: object, nodes: object
) -> np.ndarray:
    decoder.in_array += 1
    items = decoder.items(nodes)
    decoder.in_array -= 1
    sizes = decoder.empty_shape(shape, 1)
    if math.prod(sizes) != len(items):
        raise Garbled(f"{len(items)} objects cannot fill an array of shape {sizes}")
    array = np.empty(len(items), dtype=object)
    for at, item in enumerate(items):
        array[at] = item
    array = array.reshape(sizes, order="C").copy("F" if "F" in layout else "C")
    array.flags.writeable = "r" not in expect(layout, str)
    return array


def _read_dtype(decoder: Decoder, name: object) -> np.dtype:
    return np.dtype(object) if name == "|O" else plain_dtype(name)


def _read_ufunc(decoder: Decoder, name: object) -> np.ufunc:
    found = getattr(np, expect(name, str), None)
    if type(found) is not np.ufunc:
        raise Garbled(f"there is no ufunc {name!r:.40}")
    return found


def _read_type(decoder: Decoder, name: object) -> type:
    module, _, last = expect(name, str).rpartition(".")
    found = getattr(np if module == "numpy" else builtins, last, None)
    if not isinstance(found, type) or module not in ("", "numpy"):
        raise Garbled(f"there is no builtin type {name!r:.40}")
    if module == "numpy" and not issubclass(found, np.generic):
        raise Garbled(f"{name!r:.40} is not a scalar type of NumPy")
    return found


def _read_new(decoder: Decoder, number: object, node: object) -> object:
    value = decoder.decode(node)
    if not decoder.registers or decoder.shared.number(value) is not None:
        raise Garbled("a value carries a number, but is no argument")
    if node[0] == "array":
        given = decoder.shared.add_array(value, node, decoder.blob(node[-1]))
    else:
        given = decoder.shared.add(value)
    if given != number:
        raise Garbled("a value carries a number out of turn")
    return value


def _read_same(decoder: Decoder, number: object) -> object:
    if decoder.shared is None:
        raise Garbled("a value refers to an argument, but there is none")
    return decoder.shared.at(expect(number, int))


_READERS: dict[str, Callable] = {
    "int": _read_int,
    "surrogates": _read_surrogates,
    "complex": _read_complex,
    "bytes": lambda decoder, position: bytes(decoder.blob(position)),
    "list": lambda decoder, nodes: decoder.items(nodes),
    "tuple": lambda decoder, nodes: tuple(decoder.items(nodes)),
    "set": _read_set(set),
    "frozenset": _read_set(frozenset),
    "dict": _read_dict,
    "slice": _read_slice,
    "range": _read_range,
    "ellipsis": lambda decoder: Ellipsis,
    "numpy string": _read_numpy_string,
    "scalar": _read_scalar,
    "array": _read_array,
    "objects": _read_objects,
    "dtype": _read_dtype,
    "ufunc": _read_ufunc,
    "type": _read_type,
    "new": _read_new,
    "same": _read_same,
    **exact_scalars.READERS,
    **pandas_tables.READERS,
}
