"""Automatic shortcuts: right answers that look at too little of what they are given.

What a test with one input for each case lets pass: a result that is remembered, for
ever or by the shapes of the arguments, an early return where these look done, sizes and
numbers of classes that fit the first data alone.
"""

import inspect
from dataclasses import dataclass
from textwrap import indent

from autograder.audit import shortcut_code
from autograder.audit.mutation import Mutant
from autograder.audit.spoiling import functions_in


@dataclass(frozen=True)
class Shortcut:
    """One way to look at too little."""

    wrapper: str
    """The name of its function in `shortcut_code`."""
    without: str
    """What no test does where the shortcut cannot be tried."""


WRONG = "hands over an argument for which that is wrong"
SHORTCUTS = {
    "remembers by shape": Shortcut("remembers", "hands over an array"),
    "answers its first call alone": Shortcut("answers_once", "hands over an argument"),
    "skips what is all zeros": Shortcut("skips_zeros", WRONG),
    "skips what is in order": Shortcut("skips_sorted", WRONG),
    "knows one number of rows": Shortcut("knows_one_height", "hands over an array"),
    "knows one number of columns": Shortcut("knows_one_width", "hands over an array"),
    "counts classes by the largest label": Shortcut(
        "counts_labels", "hands over labels of classes that are counted elsewhere"
    ),
}
"""The shortcuts, by what they are called in reports."""
_CODE = """

def _shortcut(right):
{wrappers}
    return {wrapper}(right, refuses={refuses})


{path} = _shortcut({path})
"""


def shortcuts(source: str) -> list[Mutant]:
    """Return a solution cell with each function taking each shortcut."""
    return [
        Mutant("shortcut", f"{path} {what}", _taking(source, path, what))
        for path in functions_in(source)
        for what in SHORTCUTS
    ]


def takes_shortcut(name: str) -> bool:
    """Whether a mutant of this name takes a shortcut."""
    return name.endswith(tuple(SHORTCUTS))


def refusing_arguments(source: str, name: str) -> tuple[str, str]:
    """Return the solution cell with a function that fails where it could be taken.

    Returns
    -------
    The code, and what no test does if none minds.
    """
    path, _, what = name.partition(" ")
    reason = f"no test {SHORTCUTS[what].without}"
    return _taking(source, path, what, refuses=True), reason


def _taking(source: str, path: str, what: str, refuses: bool = False) -> str:
    return source + _CODE.format(
        wrappers=indent(inspect.getsource(shortcut_code), " " * 4),
        wrapper=SHORTCUTS[what].wrapper,
        refuses=refuses,
        path=path,
    )
