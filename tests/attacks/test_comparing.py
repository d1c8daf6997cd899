"""Attackers who lie with values, or use what outlives a test, graded in one run."""

import pytest

from autograder.sealed.sandbox.spawn import probe
from tests.attacks.comparing import COMPARING
from tests.attacks.comparing.arena import FULL, Arena, Hand

pytestmark = [
    pytest.mark.xdist_group("comparing"),  # one run for all of them
    pytest.mark.skipif(
        not all(layer.active for layer in probe()),
        reason="without the whole sandbox these attacks could harm this machine",
    ),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    arena = Arena(tmp_path_factory.mktemp("comparing"))
    for attack in COMPARING:
        hand = Hand(room=arena.room)
        attack.prepare(hand)
        arena.hand_in(attack.name, hand)
    arena.hand_in("wrong_all_over", Hand())
    return arena.grade()


@pytest.mark.parametrize("attack", COMPARING, ids=lambda attack: attack.name)
def test_an_attack_gets_what_it_is_worth_in_results_and_gradebook(attack, outcomes):
    outcome = outcomes[attack.name]
    gained = {c["grade_id"]: c["points"] for c in outcome.record.cells if c["points"]}
    assert outcome.record.status == "graded", outcome.record.message
    assert outcome.record.score == attack.worth, gained
    assert float(outcome.row["score"]) == attack.worth


def test_honest_answers_get_all_their_points_and_wrong_ones_none(outcomes):
    assert outcomes["a_classmate"].record.score == FULL
    assert outcomes["wrong_all_over"].record.score == 0.0
