"""Trusted side: what a test passes to student code, and proxies of what comes back.

Towards the student anything harmless may go: a function of the test as a callback that
runs here, a generator as its state, a library's object pickled. From the student only
proxies, and callbacks or generators that came from here. Nothing is ever unpickled.
"""

from __future__ import annotations

import functools
import pickle
import sys
import weakref
from collections.abc import Callable, Iterator

import numpy as np

from autograder.sealed.examiner.proxies import (
    WAITING,
    Proxy,
    Remote,
    is_proxy,
    make_proxy,
    operated,
    remote_of,
)
from autograder.sealed.protocol.decoder import Decoder, expect
from autograder.sealed.protocol.encoder import Encoder
from autograder.sealed.protocol.interfaces import ABILITIES, CONVERSIONS, Asks
from autograder.sealed.protocol.shared_state import SharedGenerators
from autograder.sealed.protocol.wire import Garbled, MessageLimits, Unsendable

_MAX_NAME = 100
_MAX_CLASSES = 100
_CLASS = object.__dict__["__class__"]
"""Sets the class of a proxy, which says something else of itself."""
_NOT_OF_A_LIBRARY = ("__main__", "__mp_main__", "autograder")


class ProxyTable:
    """Objects that are known on both sides by a number."""

    def __init__(
        self, conversation: Asks, generators: SharedGenerators, limits: MessageLimits
    ) -> None:
        self._conversation = conversation
        self._generators = generators
        self._limits = limits
        self._proxies: dict[int, weakref.ref[Proxy]] = {}
        self._times_received: dict[int, int] = {}
        self._released: list[list[int]] = []
        self._callbacks: dict[int, Callable] = {}
        self._callback_numbers: dict[int, int] = {}
        self._last_callback = 0
        self.readers = {
            "proxy": self._read_proxy,
            "callback": lambda decoder, number: self.callback(number),
            "generator": lambda decoder, number: self._generators.at(
                expect(number, int)
            ),
        }

    def encode(self, encoder: Encoder, value: object) -> list:
        """Encode what is not plain data, towards the student.

        Raises
        ------
        Unsendable
            It exists in the test only, and cannot cross.
        """
        if is_proxy(value):
            if remote_of(value).conversation is not self._conversation:
                raise Unsendable("an object of one notebook cannot go to another one")
            return ["held", remote_of(value).number]
        if type(value) is np.random.Generator:
            return ["generator", self._generators.number(value)]
        if _is_function(value) and not _is_importable(value):
            return ["callback", self._number_callback(value), _name_of(value)]
        if id(value) not in encoder.memo:
            node = ["pickle", encoder.blob(_pickled(value))]
            encoder.memo[id(value)] = (value, node)
        return encoder.memo[id(value)][1]

    def callback(self, number: object) -> Callable:
        """Return the function of the test that has this number."""
        if expect(number, int) not in self._callbacks:
            raise Garbled(f"nobody passed function {number} in the test that runs now")
        return self._callbacks[number]

    def forget_callbacks(self, numbers: object) -> None:
        """Drop functions that the student's process holds no longer."""
        for number in expect(numbers, list):
            function = self._callbacks.pop(expect(number, int), None)
            self._callback_numbers.pop(id(function), None)

    def forget_all_callbacks(self) -> None:
        """Drop all functions: their test is over, and no number comes again."""
        self._callbacks.clear()
        self._callback_numbers.clear()

    def take_released(self) -> list[list[int]]:
        """Return the numbers of dropped proxies, and how often each came over."""
        released, self._released = self._released, []
        return released

    def _number_callback(self, function: Callable) -> int:
        number = self._callback_numbers.get(id(function))
        if number is None:
            self._last_callback = number = self._last_callback + 1
            self._callbacks[number] = function
            self._callback_numbers[id(function)] = number
        return number

    def _read_proxy(
        self,
        decoder: Decoder,
        number: object,
        name: object,
        classes: object,
        abilities: object,
        settled: object,
    ) -> Proxy:
        if decoder.in_array:
            raise Garbled(
                f"an array or a table of the notebook holds a {str(name)[:_MAX_NAME]},"
                " expected plain values (numbers, texts, dates)"
            )
        known = self._proxies.get(expect(number, int))
        proxy = known() if known is not None else None
        if proxy is None:
            if len(self._proxies) >= self._limits.proxies:
                limit = f"{self._limits.proxies:,}"
                raise Garbled(f"the notebook's code gave more than {limit} objects")
            classes = tuple(expect(one, str) for one in expect(classes, list))
            abilities = frozenset(expect(one, str) for one in expect(abilities, list))
            if not expect(name, str) or not abilities.issubset(ABILITIES):
                raise Garbled("a proxy has a special method that no proxy has")
            remote = Remote(self._conversation, number, classes[:_MAX_CLASSES])
            remote.items_left = self._limits.iteration
            remote.settled = _settled(decoder, settled)
            proxy = make_proxy(name.replace("\0", "")[:_MAX_NAME], abilities, remote)
            self._times_received[number] = 0
            self._hold(number, proxy)
        self._times_received[number] += 1
        return proxy

    def carry_out_waiting(self, value: object) -> None:
        """Carry out the operators that wait in a value, which is about to go over."""
        todo = list(_waiting_in(value)) if WAITING else []
        while todo:
            proxy = todo[-1]
            symbol, *operands = remote_of(proxy).operation
            before = list(_waiting_in(operands)) if proxy in WAITING else []
            todo += before
            if not before and todo.pop() in WAITING:
                self._replace(proxy, operated(symbol, *operands))

    def _replace(self, waiting: Proxy, made: Proxy) -> None:
        """Have the proxy that waited stand for what its operator has made."""
        remote, found = remote_of(waiting), remote_of(made)
        remote.number, remote.classes = found.number, found.classes
        remote.operation = (made,)  # which may be an object that was known before
        _CLASS.__set__(waiting, type(made))
        WAITING.discard(waiting)
        if self._times_received[found.number] == 1:
            self._hold(found.number, waiting)

    def _hold(self, number: int, proxy: Proxy) -> None:
        drop = functools.partial(self._release, number)
        self._proxies[number] = weakref.ref(proxy, drop)

    def _release(self, number: int, reference: weakref.ref) -> None:
        """Note that a proxy is gone, unless a new one has taken its number."""
        if self._proxies.get(number) is reference:
            del self._proxies[number]
            self._released.append([number, self._times_received.pop(number)])


def is_value(value: object) -> bool:
    """Whether something that came over is plain data, and what it holds, too."""
    if isinstance(value, dict):
        return all(map(is_value, [*value, *value.values()]))
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_value, value))
    return not (is_proxy(value) or callable(value) or _is_generator(value))


def _is_generator(value: object) -> bool:
    return isinstance(value, np.random.Generator | np.random.RandomState)


def _waiting_in(value: object) -> Iterator[Proxy]:
    if is_proxy(value):
        if value in WAITING:
            yield value
    elif type(value) in (list, tuple, dict):
        for item in value.values() if type(value) is dict else value:
            yield from _waiting_in(item)


def _settled(decoder: Decoder, found: object) -> dict[str, object]:
    """Read what an object converts to; only exact plain values count."""
    kinds = dict(CONVERSIONS.values())
    values = {}
    for conversion, node in expect(found, dict).items():
        if conversion not in kinds:
            raise Garbled("a proxy converts to what no proxy converts to")
        value = expect(decoder.decode(node), kinds[conversion])
        # The other side may have meant an array of the test itself, which can change.
        values[conversion] = value.copy() if conversion == "array" else value
    return values


def _pickled(value: object) -> bytes:
    """Pickle an object of a library; nothing that a test has defined."""
    kind = value if isinstance(value, type) else type(value)
    what = f"{'the class' if value is kind else 'a'} {kind.__name__}"
    cannot = f"a test cannot pass {what} to the notebook's code: "
    if isinstance(value, Iterator):
        raise Unsendable(cannot + "pass a list of its items")
    if not _is_importable(value if _is_function(value) else kind):
        raise Unsendable(
            f"{cannot}it exists on the test's side only. Pass plain values, a function,"
            " or an object that the notebook's code made."
        )
    try:
        return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # pickling runs code of any library
        raise Unsendable(f"{cannot}{error}") from error


def _is_function(value: object) -> bool:
    if isinstance(value, functools.partial | np.ufunc | np.vectorize):
        return True
    # Compiled libraries have function types of their own; all have names.
    return (
        callable(value) and hasattr(value, "__name__") and not isinstance(value, type)
    )


def _is_importable(value: object) -> bool:
    """Whether the student's process would find this class or function by its name."""
    module = getattr(value, "__module__", None)
    path = getattr(value, "__qualname__", None)
    if type(module) is not str or type(path) is not str:
        return False
    if module.partition(".")[0] in _NOT_OF_A_LIBRARY:
        return False
    found: object = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found is value


def _name_of(function: Callable) -> str:
    name = getattr(function, "__name__", None)
    return name if type(name) is str else type(function).__name__
