"""States of random generators: which ones drawing numbers can lead to.

A generator that a test has lent comes back in the state that the student's process
says it has. It is believed as far as it can be: the same stream, further on. Of PCG64,
the generator of `default_rng`, it is known how far, and whether the half of a number
that it keeps for later was ever drawn: nobody moves it to where he knows what comes.
"""

from __future__ import annotations

import numpy as np

from autograder.sealed.protocol.wire import Garbled

_LARGEST = {"has_uint32": 1, "uinteger": 2**32 - 1, "pos": 624, "buffer_pos": 4}
"""Largest values of the parts of a state that NumPy uses as they come."""
_STREAM_IDENTITY = ("bit_generator", "inc", "key")
"""Parts of a state that drawing numbers never changes (`key`: of Philox only)."""
_MULTIPLIERS = {
    "PCG64": 0x2360ED051FC65DA44385DF649FCCF645,
    "PCG64DXSM": 0xDA942042E4DD58B5,
}
_MOST_DRAWN = 2**40
"""Numbers that one call draws; the longest computing time is not enough for them."""
_MOST_LOOKED_AT = 2**22
_BITS = 128


def flat(state: object) -> object:
    """Return a state as a value that can be compared."""
    if type(state) is dict:
        return tuple((name, flat(part)) for name, part in state.items())
    return state.tobytes() if isinstance(state, np.ndarray) else state


def check_state(old: dict, new: dict) -> None:
    """Refuse a state that drawing cannot lead to, or that NumPy would read badly.

    Raises
    ------
    Garbled
        It is of another stream, out of bounds, behind the old one or out of its reach.
    """
    _check_part(old, new, "")
    multiplier = _MULTIPLIERS.get(old["bit_generator"])
    if multiplier is None or flat(old) == flat(new):
        return
    drawn = _distance(old["state"], new["state"]["state"], multiplier)
    if drawn > _MOST_DRAWN:
        raise Garbled("a generator of the test is where drawing does not lead to")
    if new["has_uint32"] and not _kept_half(old, new["uinteger"], drawn):
        raise Garbled("a generator of the test keeps a number that it never drew")


def _check_part(old: object, new: object, name: str) -> None:
    if type(old) is not type(new):
        raise Garbled(f"the state of a generator has a {type(new).__name__} for {name}")
    if type(old) is dict:
        if old.keys() != new.keys():
            raise Garbled("the state of a generator has other parts than before")
        for part, value in old.items():
            same_stream = part in _STREAM_IDENTITY and not _is_mersenne(old, part)
            if same_stream and flat(value) != flat(new[part]):
                raise Garbled("the state is that of another generator")
            _check_part(value, new[part], part)
    elif type(old) is np.ndarray:
        if (old.shape, old.dtype) != (new.shape, new.dtype):
            raise Garbled("the state of a generator has arrays of other shapes")
    elif type(old) is int and not 0 <= new <= _LARGEST.get(name, 2**_BITS):
        raise Garbled(f"{name} of a generator's state is out of range")


def _is_mersenne(state: dict, part: str) -> bool:
    """Whether `key` is the Mersenne twister's, which drawing does change."""
    return part == "key" and "pos" in state


def _distance(old: dict, wanted: int, multiplier: int) -> int:
    """Return how many steps of a linear congruential generator lie between two states.

    Bit by bit, from the lowest: a jump of 2^k steps leaves the k lowest bits alone
    (F. Brown, "Random number generation with arbitrary strides", 1994).
    """
    state, increment, modulus = old["state"], old["inc"], 2**_BITS
    steps, bit = 0, 1
    while state != wanted and bit < modulus:
        if (state ^ wanted) & bit:
            state = (state * multiplier + increment) % modulus
            steps |= bit
        increment = (multiplier + 1) * increment % modulus
        multiplier = multiplier * multiplier % modulus
        bit <<= 1
    return steps


def _kept_half(old: dict, kept: int, drawn: int) -> bool:
    """Whether a kept half is the old one, or the upper one of a number drawn since."""
    if old["has_uint32"] and kept == old["uinteger"]:
        return True
    if drawn > _MOST_LOOKED_AT:  # far on, and no honest test goes there
        return False
    generator = getattr(np.random, old["bit_generator"])()
    generator.state = old
    return kept in generator.random_raw(drawn) >> 32
