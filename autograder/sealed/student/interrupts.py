"""Interrupts end student code, and never cut a message between the two sides.

A mask of signals would not do: what one thread blocks, the system hands to another one,
and Python raises it in the main thread all the same. So a handler notes what comes.
"""

from __future__ import annotations

import _signal  # `signal` makes enums of what it is given, and is ten times as slow
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

_noted: list[int] = []


def held_back() -> AbstractContextManager[None]:
    """Let an interrupt that comes within the block come at its end."""
    return _HandledBy(_note)


def let_in() -> AbstractContextManager[None]:
    """Raise KeyboardInterrupt in the block, though the code around it holds it back."""
    return _HandledBy(_signal.default_int_handler)


def _note(number: int, frame: object) -> None:
    _noted.append(number)


class _HandledBy:
    """Has interrupts handled so within a block; a generator takes three times as long.

    There are some around each call of a test.
    """

    __slots__ = ("_before", "_handler", "_is_ours")

    def __init__(self, handler: Callable) -> None:
        self._handler = handler
        self._is_ours = False

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # no other thread is ever interrupted
        self._before = _signal.getsignal(_signal.SIGINT)
        self._is_ours = True
        try:
            _signal.signal(_signal.SIGINT, self._handler)
            if _noted:
                _repeat()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        if self._is_ours:
            _signal.signal(_signal.SIGINT, self._before)
            self._is_ours = False
            if _noted:
                _repeat()

    def __del__(self) -> None:
        # An interrupt may have ended `__exit__` before it was done.
        self.__exit__()


def start_raising() -> None:
    """Have interrupts raise KeyboardInterrupt from now on."""
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def start_ignoring() -> None:
    """Have interrupts ignored from now on."""
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)


def _repeat() -> None:
    """Have what was noted handled as is right now."""
    _noted.clear()
    _signal.raise_signal(_signal.SIGINT)
