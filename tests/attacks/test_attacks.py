"""Attackers and broken submissions, graded in one run with honest ones."""

import dataclasses
import json
import os
import re
import socket

import pytest

from autograder.sealed.sandbox.spawn import probe
from tests.attacks.arena import FULL, Arena, Hand, left_over, solved
from tests.attacks.cheats import CHEATS
from tests.attacks.malformed import MALFORMED
from tests.attacks.pages import injected
from tests.attacks.registry import Attack

pytestmark = [
    pytest.mark.xdist_group("attacks"),  # one run for all of them
    pytest.mark.skipif(
        not all(layer.active for layer in probe()),
        reason="without the whole sandbox these attacks could harm this machine",
    ),
]

ATTACKS = CHEATS + MALFORMED
QUICK = 4
"""One attack of so many is tried with every change, the others with `make test-rest`."""
HONEST = {"honest_one": FULL, "honest_two": FULL, "half_done": 7.0, "untouched": 0.0}
LARGEST_PAGE = 8_000_000


def _each(attacks: list[Attack]) -> pytest.MarkDecorator:
    """Have a test look at each attack in the class that all of them share."""
    quick = ATTACKS[::QUICK]
    marked = [
        pytest.param(a, id=a.name, marks=() if a in quick else pytest.mark.patient)
        for a in attacks
    ]
    return pytest.mark.parametrize("attack", marked)


def _chosen(items: list[pytest.Item]) -> list[Attack]:
    """Return the attacks that the tests which will run look at."""
    known = [item.callspec.params for item in items if hasattr(item, "callspec")]
    chosen = [params["attack"] for params in known if "attack" in params]
    return [attack for attack in ATTACKS if attack in chosen]


def _who(attack: Attack, arena: Arena, **known: object) -> str:
    """Hand an attack in; return the name of the student who did."""
    hand = Hand(room=arena.room, **known)
    attack.prepare(hand)
    student = hand.student or attack.name
    arena.hand_in(student, hand)
    return arena.recorded_as(student)


def _honest(name: str) -> Hand:
    hand = solved() if HONEST[name] else Hand()
    if name == "half_done":
        hand.answer("mean_of", "def mean_of(numbers):\n    raise NotImplementedError")
    return hand


@dataclasses.dataclass
class Run:
    """The one run, and what it left behind."""

    arena: Arena
    students: dict[str, str]
    before: dict
    outcomes: dict
    visitor: object
    left: list[str]

    def of(self, attack: Attack):
        return self.outcomes[self.students[attack.name]]


@pytest.fixture(scope="module")
def run(request, tmp_path_factory):
    arena = Arena(tmp_path_factory.mktemp("arena"))
    chosen = _chosen(request.session.items)
    word = f"left-over-{arena.root.name}-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        known = {"port": listener.getsockname()[1], "word": word}
        students = {attack.name: _who(attack, arena, **known) for attack in chosen}
        for name in HONEST:
            arena.hand_in(name, _honest(name))
        before = arena.digest()
        outcomes = arena.grade()
        try:
            visitor = listener.accept()
        except TimeoutError:
            visitor = None
    return Run(arena, students, before, outcomes, visitor, left_over(word))


@_each(ATTACKS)
def test_an_attack_gets_what_it_is_worth_in_results_and_gradebook(attack, run):
    outcome = run.of(attack)
    assert outcome.record.status == attack.status, outcome.record.message
    assert outcome.record.score == attack.worth, outcome.record.cells
    assert float(outcome.row["score"]) == attack.worth


@_each([attack for attack in ATTACKS if attack.shows])
def test_a_report_says_what_was_found(attack, run):
    outcome = run.of(attack)
    assert re.search(attack.shows, outcome.outputs + _text(outcome))


@_each(ATTACKS)
def test_an_attacker_has_read_no_secret(attack, run):
    outcome = run.of(attack)
    told = outcome.outputs + outcome.feedback + _text(outcome)
    for kind, secret in run.arena.secrets.items():
        assert secret not in told, f"it read a secret: {kind}"
    # What attackers say when they have got somewhere without finding a secret.
    assert "LOOT" not in outcome.outputs


@_each([attack for attack in CHEATS if "feedback" in attack.family])
def test_feedback_holds_no_script_of_a_student(attack, run):
    page = run.of(attack).feedback
    assert page
    assert injected(page) == []


@_each(ATTACKS)
def test_pages_and_notebooks_stay_of_a_size(attack, run):
    outcome = run.of(attack)
    assert max(len(outcome.feedback), len(outcome.outputs)) < LARGEST_PAGE


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_student_gets_exactly_the_marks(name, run):
    outcome = run.outcomes[name]
    assert outcome.record.score == HONEST[name]
    assert float(outcome.row["score"]) == HONEST[name]
    assert outcome.record.tampering == outcome.record.repairs == []


def test_feedback_shows_no_hidden_test(run):
    for student, outcome in run.outcomes.items():
        assert "BEGIN HIDDEN" not in outcome.feedback, student
        assert "hidden_rng" not in outcome.feedback, student


def test_no_file_of_the_class_was_changed(run):
    assert run.arena.digest() == run.before


def test_no_process_is_left(run):
    assert run.left == []


def test_nobody_reached_the_network(run):
    assert run.visitor is None


def test_every_submission_has_a_result_and_none_stopped_the_run(run):
    assert set(run.outcomes) == {*run.students.values(), *HONEST, "a_classmate"}
    assert [s for s, o in run.outcomes.items() if o.record.status == "errored"] == []


def _text(outcome) -> str:
    return json.dumps(dataclasses.asdict(outcome.record))


def test_the_search_for_scripts_finds_them():
    for page in (
        "<p><script>document.title='INJECTED'</script></p>",
        "<img src=x onerror='a()'>",
        "<a href=' javascript:a()'>x</a>",
        "<iframe srcdoc='x'></iframe>",
    ):
        assert injected(page)
    assert not injected("<script>of = 'the page'</script>&lt;script&gt;INJECTED")


def test_there_are_enough_attacks():
    assert len(CHEATS) >= 45
    assert len(MALFORMED) >= 35
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


# What would stop or hang a run is tried in a run of its own.


def _pipe(folder):
    (folder / "homework.ipynb").unlink()
    os.mkfifo(folder / "homework.ipynb")


def _folder(folder):
    (folder / "homework.ipynb").unlink()
    (folder / "homework.ipynb").mkdir()


def _odd_file(folder):
    (folder / "homework.ipynb").unlink()
    with open(os.path.join(os.fsencode(folder), b"\xff.txt"), "wb"):
        pass


@pytest.mark.parametrize("change", [_pipe, _folder, _odd_file])
def test_a_folder_with_something_unreadable_stops_no_run(change, tmp_path):
    arena = Arena(tmp_path)
    arena.hand_in("odd", Hand(name="homework.ipynb", afterwards=change))
    outcomes = arena.grade()
    assert outcomes["odd"].record.status == "unreadable"
    assert outcomes["a_classmate"].record.score == FULL


@pytest.mark.patient
def test_feedback_of_endless_code_comes_to_an_end(tmp_path):
    arena = Arena(tmp_path)
    hand = solved()
    hand.last("a" + ".b" * 50_000)
    hand.last("a;" * 500_000)
    arena.hand_in("endless", hand)
    assert arena.grade()["endless"].feedback
