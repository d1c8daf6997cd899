"""Attempts to harm: answers that end, fill or mislead the process that looks at them.

Each attacker but one has solved the lesson, and has spoilt one answer of it at most.
"""

from tests.attacks.arena import FULL, Hand
from tests.attacks.registry import REACHED, Family

harming = Family("harm the machine or the run")


@harming(7.0)
def dies_while_it_is_shown(hand: Hand) -> None:
    """Return what ends Python when the failed test is described."""
    hand.solve()
    hand.answer(
        "mean_of",
        """
        import os

        class Mine:
            def __getattr__(self, name):
                os._exit(1)

            def __repr__(self):
                os._exit(1)

        def mean_of(numbers):
            return Mine()
        """,
    )


@harming(6.0)
def raises_what_kills_when_shown(hand: Hand) -> None:
    """Raise an exception whose text never ends."""
    hand.solve()
    hand.answer(
        "relu",
        """
        class Endless(Exception):
            def __str__(self):
                while True:
                    pass

        def relu(z):
            raise Endless()
        """,
    )


@harming(3.0, shows=f"{REACHED} autograder.sealed.protocol.exceptions._text")
def answers_with_half_characters(hand: Hand) -> None:
    """Send messages with lone surrogates, which no file can hold."""
    hand.solve()
    hand.first(
        """
        import sys

        for name, module in list(sys.modules.items()):
            if name.startswith("autograder.sealed") and hasattr(module, "_text"):
                print("REACH" + "ED " + name + "._text", flush=True)
                module._text = lambda error: "half \\ud800 character"
        """
    )
    hand.answer("relu", "def relu(z):\n    raise ValueError('x')")


@harming(7.0)
def returns_half_characters(hand: Hand) -> None:
    """Return and print text with lone surrogates, without ill will."""
    hand.solve()
    hand.answer(
        "mean_of",
        "def mean_of(numbers):\n    print('\\ud800')\n    return '\\ud800 half'",
    )


@harming(0.0, shows=f"{REACHED} Server._run_cell")
def answers_cells_with_errors(hand: Hand) -> None:
    """Answer the request to run a cell with an exception."""
    hand.solve()
    hand.cell("relu").source += """

import gc

def relu(z):
    return 0

def refuse(*args):
    raise LookupError("no cell is run any more")

(server,) = [thing for thing in gc.get_objects() if type(thing).__name__ == "Server"]
if server._run_cell:
    server._run_cell = refuse
    print("REACH" + "ED Server._run_cell", flush=True)"""


@harming(6.0, stock=False)
def returns_an_enormous_array(hand: Hand) -> None:
    """Return an array whose comparison takes more memory than allowed."""
    hand.solve()
    hand.answer("relu", "def relu(z):\n    return np.zeros((25_000_000, 1))")


@harming(6.0, stock=False)
def returns_an_enormous_range(hand: Hand) -> None:
    """Return a range that is small to send and too large for any list."""
    hand.solve()
    hand.answer("relu", "def relu(z):\n    return range(10**9)")


@harming(7.0)
def returns_an_enormous_number(hand: Hand) -> None:
    """Return an integer of sixty million bits."""
    hand.solve()
    hand.answer("mean_of", "def mean_of(numbers):\n    return 1 << 60_000_000")


@harming(6.0, stock=False)
def warns_without_end(hand: Hand) -> None:
    """Warn thousands of times with every call."""
    hand.solve()
    hand.answer(
        "relu",
        """
        import warnings

        def relu(z):
            for number in range(5000):
                warnings.warn(f"{number} " + "w" * 20_000)
            return 417.0
        """,
    )


@harming(FULL)
def lies_about_its_folder(hand: Hand) -> None:
    """Hand in files where the lesson's data and settings must be folders."""
    hand.solve()
    hand.files = {"data": b"", ".tmp": b"", ".config": b"", "points.csv/x": b""}


@harming(FULL)
def hands_in_code_too_deep_to_parse(hand: Hand) -> None:
    """Hand in code that a parser's stack or patience may not survive."""
    hand.solve()
    for code in (
        "(" * 5000,
        "-" * 5000 + "1",
        "a" + ".b" * 2000,
        "+".join("1" * 5000),
        "f(" * 90 + "1" + ")" * 90,
        "x = " + "[" * 190 + "]" * 190,
        "if a:\n" + "".join(" " * n + "if a:\n" for n in range(1, 99)) + " " * 99 + "1",
        "not " * 2000 + "1",
        "lambda: " * 1000 + "1",
    ):
        hand.last(code)


@harming(FULL)
def hands_in_two_thousand_cells(hand: Hand) -> None:
    """Hand in as many cells as are read at all."""
    hand.solve()
    while len(hand.notebook.cells) < 1990:
        hand.last("1")
