"""Saves of honest people and of others: heavy ones, and cells with other metadata."""

import json

from nbformat.v4 import new_output

from tests.attacks.arena import FULL, Hand
from tests.attacks.registry import Family

malformed = Family("hand in what is broken or odd")


def _changes(name: str, says: str, grade_id: str, **entries: object) -> None:
    def prepare(hand: Hand) -> None:
        hand.solve()
        hand.cell(grade_id).metadata["nbgrader"].update(entries)

    prepare.__name__ = name
    prepare.__doc__ = says
    malformed(FULL, shows=f"{grade_id}: .* again")(prepare)


TEST = "test_mean_of_values"
_changes("raises_the_points", "Give a test a thousand points.", TEST, points=1000)
_changes("lowers_the_points", "Give a test no points.", TEST, points=0)
_changes("gives_points_as_text", "Give a test points in words.", TEST, points="many")
_changes("takes_the_grade_away", "Say that a test gives no marks.", TEST, grade=False)
_changes("says_a_test_is_an_answer", "Flag a test as an answer.", TEST, solution=True)
_changes("unlocks_a_test", "Unlock a test.", TEST, locked=False)
_changes("says_a_test_is_a_task", "Flag a test as a task.", TEST, task=True)
_changes("says_it_is_of_an_old_schema", "Write an old schema.", TEST, schema_version=1)
_changes("says_it_is_of_no_schema", "Write no schema.", TEST, schema_version="none")
_changes("says_an_answer_is_graded", "Flag an answer as graded.", "relu", grade=True)
_changes("gives_an_answer_points", "Give an answer points.", "relu", points=10)
_changes("locks_its_answer", "Lock an answer.", "mean_of", locked=True)
_changes("changes_points_of_its_essay", "Give an essay 50 points.", "why", points=50)


def _heavy(name: str, says: str, **parts: object) -> None:
    def prepare(hand: Hand) -> None:
        hand.solve()
        content = json.loads(hand.content())
        for place, made in parts.items():
            made(content) if callable(made) else content.update({place: made})
        hand.raw = json.dumps(content).encode()

    prepare.__name__ = name
    prepare.__doc__ = says
    malformed(FULL)(prepare)


def _outputs(mib: int, kind: str, pieces: int = 1):
    def fill(content: dict) -> None:
        cell = next(c for c in content["cells"] if c["cell_type"] == "code")
        text = "iVBORw0KGgo" + "A" * ((mib << 20) // pieces)
        data = {"output_type": "display_data", "metadata": {}, "data": {kind: text}}
        cell["outputs"] = [data] * pieces

    return fill


def _streams(content: dict) -> None:
    lines = ["epoch 1: loss 0.5\n"] * 1_500_000
    cells = [c for c in content["cells"] if c["cell_type"] == "code"]
    cells[-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": lines}]


def _attachment(content: dict) -> None:
    (cell,) = [c for c in content["cells"] if c.get("id") == "why"]
    cell["attachments"] = {"a.png": {"image/png": "A" * (30 << 20)}}


def _widgets(content: dict) -> None:
    state = {str(n): {"model_name": "x", "state": {"a": 1}} for n in range(300_000)}
    kind = "application/vnd.jupyter.widget-state+json"
    content["metadata"]["widgets"] = {kind: {"state": state}}


_heavy("has_plots_of_thirty_megabytes", "Save 30 MB.", a=_outputs(30, "image/png", 60))
_heavy(
    "has_one_plot_of_sixty_megabytes", "Save one of 60 MB.", a=_outputs(60, "image/png")
)
_heavy("has_tables_of_thirty_megabytes", "Save tables.", a=_outputs(30, "text/html", 9))
_heavy(
    "has_outputs_of_two_hundred_megabytes", "Save 200 MB.", a=_outputs(195, "x/y", 4)
)
_heavy("printed_a_million_lines", "Save a long log.", a=_streams)
_heavy("pasted_a_large_picture", "Save a photograph in its essay.", a=_attachment)
_heavy("has_many_widgets", "Save the state of many widgets.", a=_widgets)


def _sent_outputs(hand: Hand, data: dict) -> None:
    for cell in hand.notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [new_output("display_data", data)]


@malformed(FULL)
def was_saved_with_deep_outputs(hand: Hand) -> None:
    """Hand in a notebook whose saved outputs are seven hundred levels deep."""
    hand.solve()
    made: list = []
    for _ in range(300):
        made = [made]
    _sent_outputs(hand, {"application/json": made})
