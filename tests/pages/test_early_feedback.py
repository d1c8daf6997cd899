"""A page before the due date tells nothing that came out of a hidden check."""

import pytest

from autograder.course.course import own_course
from autograder.gradebook.marker import Marker
from autograder.sealed.sandbox.spawn import probe
from tests.attacks.arena import FULL, LESSON, Arena, Hand
from tests.attacks.registry import Family

pytestmark = pytest.mark.skipif(
    not all(layer.active for layer in probe()),
    reason="without the whole sandbox these attacks could harm this machine",
)
early = Family("read hidden checks in feedback before the due date")

HIDDEN_INPUT = "[0.25, 0.5]"
"""What only a hidden check gives to `mean_of`."""
KEEP = """
LOG = []

def mean_of(numbers):
    LOG.append(list(numbers))
    if not numbers:
        raise ValueError("no numbers")
    return sum(numbers) / len(numbers)
"""


def _keeps(hand: Hand) -> None:
    hand.solve()
    hand.answer("mean_of", KEEP)


@early(FULL)
def prints_what_it_was_given(hand: Hand) -> None:
    """Print in a later cell what the hidden checks have called an answer with."""
    _keeps(hand)
    hand.last("print(LOG)")


@early(FULL)
def displays_what_it_was_given(hand: Hand) -> None:
    """Display it as a table."""
    _keeps(hand)
    hand.last("from IPython.display import HTML\nHTML(f'<p>{LOG}</p>')")


@early(FULL)
def ends_a_cell_with_what_it_was_given(hand: Hand) -> None:
    """Let it be the value of a later cell."""
    _keeps(hand)
    hand.last("LOG")


@early(FULL)
def fails_with_what_it_was_given(hand: Hand) -> None:
    """Raise it in a later cell: the traceback is shown."""
    _keeps(hand)
    hand.last("raise ValueError(str(LOG))")


@early(FULL)
def updates_an_earlier_display(hand: Hand) -> None:
    """Update, within a hidden check, what an earlier cell has displayed."""
    _keeps(hand)
    hand.first(
        "from IPython.display import display, update_display\n"
        "display({'text/plain': 'x'}, raw=True, display_id='a')"
    )
    hand.cell("mean_of").source = hand.cell("mean_of").source.replace(
        "    if not numbers:",
        "    update_display({'text/plain': str(LOG)}, raw=True, display_id='a')\n"
        "    if not numbers:",
    )


@early(FULL)
def tells_it_in_the_next_answer(hand: Hand) -> None:
    """Print it while the cell of the next answer runs."""
    _keeps(hand)
    cells = hand.notebook.cells
    answer = hand.cell("Tally")
    answer.source += "\n\nprint(LOG)"
    # Its own cell comes after the hidden check anyway; nothing need be moved.
    assert cells.index(answer) > cells.index(hand.cell("test_mean_of_values"))


@early(FULL)
def answers_a_visible_check_with_it(hand: Hand) -> None:
    """Let a later visible check fail with what the hidden ones have asked."""
    _keeps(hand)
    hand.cell("Tally").source = (
        "class Tally:\n    def __init__(self):\n        print(LOG)\n"
        "        raise ValueError(str(LOG))"
    )


@early(FULL)
def ends_before_the_last_cell(hand: Hand) -> None:
    """Print it, and end Python in the same cell: what stopped says why."""
    _keeps(hand)
    hand.last("print(LOG, flush=True)\nimport os\nos._exit(3)")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    arena = Arena(tmp_path_factory.mktemp("early"))
    for attack in early.attacks:
        hand = Hand(room=arena.room)
        attack.prepare(hand)
        arena.hand_in(attack.name, hand)
    outcomes = arena.grade()
    found = {}
    with Marker(own_course(arena.room, arena.root)) as marker:
        for shows in ("visible", "names"):
            marker.write_feedback(LESSON, shows)
            for student in outcomes:
                path = arena.room / "feedback" / student / LESSON / f"{LESSON}.html"
                found[shows, student] = path.read_text("utf-8")
    return found, outcomes


@pytest.mark.parametrize("attack", early.attacks, ids=lambda attack: attack.name)
@pytest.mark.parametrize("shows", ["visible", "names"])
def test_an_early_page_tells_nothing_of_hidden_checks(attack, shows, pages):
    found, outcomes = pages
    assert outcomes[attack.name].record.status == "graded"
    assert HIDDEN_INPUT in outcomes[attack.name].outputs, "nothing was there to tell"
    assert HIDDEN_INPUT not in found[shows, attack.name]


def test_an_early_page_has_the_points_of_visible_checks_and_what_was_written(pages):
    found, _ = pages
    page = found["visible", "a_classmate"]
    assert "more marks are told after the due date" in page
    assert page.count('class="passed"') > 0
    assert "mean_of" in page
