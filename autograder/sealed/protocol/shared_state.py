"""What both sides keep in step: arguments that may change, and random generators.

`SharedArguments` numbers the mutable arguments of the requests under way. Before
control passes to the other side, each object that differs from how it was last seen is
sent again and replaces the other side's content in place; objects stay the same
objects, also inside each other. `SharedGenerators` does this with the states of NumPy
generators.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.sealed.protocol import pandas_tables
from autograder.sealed.protocol.decoder import Decoder, expect, expect_items
from autograder.sealed.protocol.encoder import Encoder
from autograder.sealed.protocol.generator_state import check_state, flat
from autograder.sealed.protocol.wire import Garbled, MessageLimits

_FEW_BYTES = 2**14


@dataclass(frozen=True)
class Look:
    """How a mutable value was when it was last seen."""

    structure: str | list
    """Of an array its node; of all else its structure as text: 1, 1.0 and True differ,
    two NaN do not."""
    blobs: list
    others: list
    """The objects in it that are known by identity only, kept so that ids stay."""

    def equals(self, other: Look) -> bool:
        """Whether both were looks at the same content."""
        return self.structure == other.structure and all(
            _same_bytes(mine, its)
            for mine, its in zip(self.blobs, other.blobs, strict=True)
        )

    def kept(self) -> Look:
        """Return a look that does not change with the value."""
        return Look(self.structure, [bytes(blob) for blob in self.blobs], self.others)


class SharedArguments:
    """The mutable arguments of all requests under way, by number."""

    def __init__(self, limits: MessageLimits) -> None:
        self._limits = limits
        self._objects: list = []
        self._numbers: dict[int, int] = {}
        self._looks: dict[int, Look] = {}

    def __len__(self) -> int:
        return len(self._objects)

    def number(self, value: object) -> int | None:
        """Return the number of this very object."""
        return self._numbers.get(id(value))

    def add(self, value: object) -> int:
        """Give an object the next number."""
        number = self._numbers.setdefault(id(value), len(self._objects))
        self._objects.append(value)
        return number

    def add_array(self, value: np.ndarray, node: list, blob: memoryview) -> int:
        """Add an array as it was received: that is how it looks, without a copy."""
        number = self.add(value)
        self._looks[number] = Look([*node[:-1], 0], [blob], [])
        return number

    def at(self, number: int) -> object:
        """Return the object of this number."""
        if not 0 <= number < len(self._objects):
            raise Garbled("a value refers to an argument that is not under way")
        return self._objects[number]

    def forget(self, length: int) -> None:
        """Drop the objects that came after the first `length` ones."""
        for number in range(length, len(self._objects)):
            self._numbers.pop(id(self._objects[number]), None)
            self._looks.pop(number, None)
        del self._objects[length:]

    def remember(self, *, again: bool = True) -> None:
        """Look at the objects, to know later which have changed.

        Parameters
        ----------
        again
            Also at those that were looked at before.
        """
        for number in range(len(self._objects)):
            if again or number not in self._looks:
                self._looks[number] = self._look(number).kept()

    def changes(self, encoder: Encoder) -> list:
        """Encode the content of every remembered object that is no longer the same."""
        changed = []
        for number, before in self._looks.items():
            now = self._look(number)
            if not now.equals(before):
                self._looks[number] = now.kept()
                changed.append([number, encoder.content(self._objects[number])])
        return changed

    def apply(self, decoder: Decoder, changes: object) -> None:
        """Bring objects up to date, in place, with what the other side did to them.

        Raises
        ------
        Garbled
            The changes are not such as could be made in place.
        """
        for change in expect(changes, list):
            number, node = expect_items(change, 2)
            original = self.at(expect(number, int))
            new = decoder.value(node)
            if type(new) is not type(original):
                raise Garbled(
                    f"found a {type(new).__name__} in place of a changed"
                    f" {type(original).__name__}"
                )
            _replace(original, new)
            if number in self._looks:
                self._looks[number] = self._look(number).kept()

    def _look(self, number: int) -> Look:
        others: list = []

        def identify(encoder: Encoder, value: object) -> list:
            others.append(value)
            return ["object", id(value)]

        encoder = Encoder(self._limits, identify, self)
        node = encoder.content(self._objects[number])
        structure = node if node[0] == "array" else repr(node)
        return Look(structure, encoder.blobs, others)


def _same_bytes(one: bytes | memoryview, other: bytes | memoryview) -> bool:
    if len(one) < _FEW_BYTES:  # comparing memoryviews is slow, item by item
        return bytes(one) == bytes(other)
    return np.array_equal(np.frombuffer(one, np.uint8), np.frombuffer(other, np.uint8))


def _replace(original: object, new: object) -> None:
    if type(original) is np.ndarray:
        _replace_array(original, new)
    elif type(original) is list:
        original[:] = new
    elif type(original) in (dict, set):
        original.clear()
        original.update(new)
    else:
        pandas_tables.replace(original, new)


def _replace_array(original: np.ndarray, new: np.ndarray) -> None:
    if original.shape != new.shape or original.dtype != new.dtype:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            try:
                original.shape = (original.size,)
                original.dtype = new.dtype
                original.shape = new.shape
            except (TypeError, ValueError, AttributeError) as error:
                raise Garbled(
                    "the notebook's code changed the size or type of an array that was"
                    f" its argument: {new.dtype} of shape {new.shape} in place of"
                    f" {original.dtype} of shape {original.shape}"
                ) from error
    # A read-only array of a test is a copy over there, and stays what it is here.
    if original.flags.writeable:
        original[...] = new


class SharedGenerators:
    """Random generators that exist on both sides, by number."""

    def __init__(self) -> None:
        self._generators: dict[int, np.random.Generator] = {}
        self._last: dict[int, object] = {}
        self._next = 0
        self._ended: list[int] = []
        """Numbers that the other side has still to be told of."""

    def known_number(self, generator: np.random.Generator) -> int | None:
        """Return the number of this very generator."""
        for number, known in self._generators.items():
            if known is generator:
                return number
        return None

    def number(self, generator: np.random.Generator) -> int:
        """Return the number of a generator; it gets one if it has none."""
        number = self.known_number(generator)
        if number is None:
            self._next += 1
            number = self._next
            self._generators[number] = generator
        return number

    def at(self, number: int) -> np.random.Generator:
        """Return the generator of this number."""
        if number not in self._generators:
            raise Garbled("a value refers to a generator that is not known")
        return self._generators[number]

    def forget_unused(self) -> list[int]:
        """Drop the generators that nobody else refers to; return their numbers.

        Generators take no weak references, so CPython's count of references decides:
        the table's own and the argument of `getrefcount`.
        """
        unused = [
            number
            for number in self._generators
            if sys.getrefcount(self._generators[number]) <= 2
        ]
        self.forget(unused)
        ended, self._ended = self._ended, []
        return unused + ended

    def forget_all(self) -> None:
        """Drop all generators: their test is over."""
        self._ended += self._generators
        self.forget(list(self._generators))

    def forget(self, numbers: list[int]) -> None:
        """Drop generators."""
        for number in numbers:
            self._generators.pop(number, None)
            self._last.pop(number, None)

    def tell_again(self) -> None:
        """Forget which states have crossed: they did not arrive."""
        self._last.clear()

    def changes(self, encoder: Encoder) -> list:
        """Encode the states that are not as they last crossed."""
        changed = []
        for number, generator in self._generators.items():
            state = generator.bit_generator.state
            if (told := flat(state)) != self._last.get(number):
                self._last[number] = told
                changed.append([number, encoder.encode(state)])
        return changed

    def apply(
        self,
        decoder: Decoder,
        changes: object,
        make: Callable[[dict], np.random.Generator] | None = None,
    ) -> None:
        """Bring generators up to date; `make` builds those that are not known yet.

        Raises
        ------
        Garbled
            A state is none that drawing from this generator can lead to.
        """
        for change in expect(changes, list):
            number, node = expect_items(change, 2)
            state = expect(decoder.value(node), dict)
            if make is not None and expect(number, int) not in self._generators:
                self._generators[number] = make(state)
            generator = self.at(expect(number, int))
            if make is None:
                check_state(generator.bit_generator.state, state)
            try:
                generator.bit_generator.state = state
            except (ValueError, TypeError, OverflowError, KeyError) as error:
                raise Garbled("a generator refuses its new state") from error
            self._last[number] = flat(generator.bit_generator.state)


class SharedState:
    """Both kinds of common state, written into messages and read from them."""

    def __init__(self, limits: MessageLimits) -> None:
        self.arguments = SharedArguments(limits)
        self.generators = SharedGenerators()

    def changes(self, encoder: Encoder) -> dict:
        """Encode what has changed here; the first thing of a message to be encoded."""
        changed = self.arguments.changes(encoder)
        return {"changed": changed} if changed else {}

    def states(self, encoder: Encoder) -> dict:
        """Encode the generators' states; the last thing, so that new ones are in it."""
        encoder.registers = False
        states = self.generators.changes(encoder)
        return {"generators": states} if states else {}

    def read(
        self,
        body: dict,
        decoder: Decoder,
        make: Callable[[dict], np.random.Generator] | None = None,
    ) -> None:
        """Apply what has changed on the other side; the first thing to be decoded."""
        self.generators.apply(decoder, body.get("generators", []), make)
        self.arguments.apply(decoder, body.get("changed", []))
