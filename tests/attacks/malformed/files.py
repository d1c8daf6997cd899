"""Files that are no notebook: what cannot be read of them is `unreadable`."""

import json
import os

from tests.attacks.arena import Hand
from tests.attacks.registry import Family

malformed = Family("hand in what is broken or odd")
UNREADABLE = {"status": "unreadable"}


@malformed(**UNREADABLE)
def breaks_off_in_the_middle(hand: Hand) -> None:
    """Hand in the first half of a file."""
    content = hand.solution()
    hand.raw = content[: len(content) // 2]


@malformed(**UNREADABLE)
def is_empty(hand: Hand) -> None:
    """Hand in a file of no bytes."""
    hand.raw = b""


@malformed(**UNREADABLE)
def is_all_zeros(hand: Hand) -> None:
    """Hand in zeros, as a crashed disk leaves them."""
    hand.raw = bytes(5000)


@malformed(**UNREADABLE)
def is_a_script(hand: Hand) -> None:
    """Hand in Python code under the name of a notebook."""
    hand.raw = b"def relu(z):\n    return z\n"


@malformed(**UNREADABLE)
def is_a_zip(hand: Hand) -> None:
    """Hand in an archive under the name of a notebook."""
    hand.raw = b"PK\x03\x04" + os.urandom(500)


@malformed(**UNREADABLE)
def has_conflict_marks(hand: Hand) -> None:
    """Hand in a notebook with the marks of an unfinished merge."""
    hand.raw = b"<<<<<<< HEAD\n" + hand.solution() + b"\n=======\n{}\n>>>>>>> other\n"


@malformed(**UNREADABLE)
def is_a_list(hand: Hand) -> None:
    """Hand in a JSON list."""
    hand.raw = b"[" + hand.solution() + b"]"


@malformed(**UNREADABLE)
def is_a_number(hand: Hand) -> None:
    """Hand in a JSON number."""
    hand.raw = b"417"


@malformed(**UNREADABLE)
def has_no_cells(hand: Hand) -> None:
    """Hand in a notebook without the list of cells."""
    hand.raw = b'{"metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@malformed(**UNREADABLE)
def has_cells_in_a_dict(hand: Hand) -> None:
    """Hand in cells that are no list."""
    hand.raw = b'{"cells": {"a": 1}, "metadata": {}, "nbformat": 4}'


@malformed(**UNREADABLE)
def has_cells_that_are_texts(hand: Hand) -> None:
    """Hand in cells that are no objects."""
    hand.raw = b'{"cells": ["a", null, 3], "metadata": {}, "nbformat": 4}'


@malformed(**UNREADABLE)
def has_sources_that_are_numbers(hand: Hand) -> None:
    """Hand in cells whose sources are numbers."""
    hand.change_cells(lambda cell, number: cell.update(source=number))


@malformed(**UNREADABLE)
def has_sources_in_lists_of_lists(hand: Hand) -> None:
    """Hand in cells whose sources are nested."""
    hand.change_cells(lambda cell, number: cell.update(source=[[cell["source"]]]))


@malformed(10)
def has_cells_of_an_unknown_kind(hand: Hand) -> None:
    """Hand in cells of a kind that Jupyter does not know."""
    hand.change_cells(lambda cell, number: cell.update(cell_type="sql"))


@malformed(**UNREADABLE)
def nests_a_hundred_thousand_lists(hand: Hand) -> None:
    """Hand in JSON too deep for any parser's stack."""
    hand.raw = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@malformed(**UNREADABLE)
def is_no_utf8(hand: Hand) -> None:
    """Hand in a notebook in an encoding that is neither JSON's nor Windows' own."""
    hand.solve()
    hand.text("a\u3001b")
    hand.raw = json.dumps(hand.notebook, ensure_ascii=False).encode("shift_jis")


@malformed(**UNREADABLE)
def has_too_many_cells(hand: Hand) -> None:
    """Hand in 2001 cells."""
    hand.solve()
    while len(hand.notebook.cells) < 2001:
        hand.last("1")


@malformed(**UNREADABLE)
def is_too_large(hand: Hand) -> None:
    """Hand in 21 MiB of code."""
    hand.solve()
    hand.last(f"text = '{'x' * (21 * 2**20)}'")


@malformed(**UNREADABLE)
def is_made_of_millions_of_values(hand: Hand) -> None:
    """Hand in 16 MiB of empty lists, in the notebook's metadata."""
    hand.solve()
    hand.notebook["metadata"]["lists"] = [[]] * (4 * 2**20)


@malformed(**UNREADABLE)
def is_made_of_millions_of_outputs(hand: Hand) -> None:
    """Hand in 60 MiB of outputs that are lists in lists."""
    hand.solve()
    lists = [[["x"]] for _ in range(6_000_000)]
    hand.cell("imports")["outputs"] = lists
