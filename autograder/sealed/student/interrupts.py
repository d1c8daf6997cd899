"""Interrupts end student code, and never cut a message between the two sides.

A mask of signals would not do: what one thread blocks, the system hands to another one,
and Python raises it in the main thread all the same. So a handler notes what comes.
"""

from __future__ import annotations

import _signal  # `signal` makes enums of what it is given, and is ten times as slow
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

_noted: list[int] = []


def held_back() -> AbstractContextManager[None]:
    """Let an interrupt that comes within the block come at its end."""
    return _handled_by(lambda number, frame: _noted.append(number))


def let_in() -> AbstractContextManager[None]:
    """Raise KeyboardInterrupt in the block, though the code around it holds it back."""
    return _handled_by(_signal.default_int_handler)


@contextmanager
def _handled_by(handler: Callable) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # no other thread is ever interrupted
        return
    before = _signal.getsignal(_signal.SIGINT)
    try:
        _signal.signal(_signal.SIGINT, handler)
        _repeat()
        yield
    finally:
        _signal.signal(_signal.SIGINT, before)
        _repeat()


def start_raising() -> None:
    """Have interrupts raise KeyboardInterrupt from now on."""
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def start_ignoring() -> None:
    """Have interrupts ignored from now on."""
    _signal.signal(_signal.SIGINT, _signal.SIG_IGN)


def _repeat() -> None:
    """Have what was noted handled as is right now."""
    if _noted:
        _noted.clear()
        _signal.raise_signal(_signal.SIGINT)
