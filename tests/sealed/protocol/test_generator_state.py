"""A generator comes back as drawing leaves it, or not at all."""

import numpy as np
import pytest

from autograder.sealed.protocol.generator_state import check_state
from autograder.sealed.protocol.wire import Garbled

LINEAR = ["PCG64", "PCG64DXSM"]
DRAWS = {
    "nothing": lambda rng: None,
    "one": lambda rng: rng.random(),
    "many": lambda rng: rng.normal(size=100_000),
    "a half": lambda rng: rng.integers(0, 7, size=3),
    "a half and many": lambda rng: (rng.integers(0, 7), rng.normal(size=5_000)),
    "a shuffle": lambda rng: rng.permutation(500),
    "bytes": lambda rng: rng.bytes(5),
}


def _generator(kind, seed=5):
    return np.random.Generator(getattr(np.random, kind)(seed))


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("kind", [*LINEAR, "MT19937", "Philox", "SFC64"])
def test_any_drawing_is_believed(kind, draw):
    rng = _generator(kind)
    for _ in range(3):  # also where a half has been kept
        before = rng.bit_generator.state
        DRAWS[draw](rng)
        check_state(before, rng.bit_generator.state)
        rng.integers(0, 7)


def _back(state):
    state["state"]["state"] = 12345


def _half(state):
    state["has_uint32"], state["uinteger"] = 1, 1


def _stream(state):
    state["state"]["inc"] += 2


def _kind(state):
    state["bit_generator"] = (
        "PCG64DXSM" if state["bit_generator"] == "PCG64" else "PCG64"
    )


@pytest.mark.parametrize("move", [_back, _half, _stream, _kind])
@pytest.mark.parametrize("kind", LINEAR)
def test_a_state_that_drawing_does_not_lead_to_is_garbled(kind, move):
    rng = _generator(kind)
    before = rng.bit_generator.state
    rng.random()
    after = rng.bit_generator.state
    move(after)
    with pytest.raises(Garbled):
        check_state(before, after)


@pytest.mark.parametrize("kind", LINEAR)
def test_a_generator_does_not_go_back(kind):
    rng = _generator(kind)
    before = rng.bit_generator.state
    rng.random(size=3)
    with pytest.raises(Garbled, match="does not lead to"):
        check_state(rng.bit_generator.state, before)
