"""A choice of needed cells: given cells between an answer and its test."""

from autograder.model.needed_cells import CodeCell, choose

USES = "def answer():\n    return x"
"""An answer that uses x whenever it is called."""


def choice(*given: str, answer: str = USES, test: str = "assert answer()"):
    """Choose among given cells between an answer and its test."""
    cells = [CodeCell(0, answer, is_given=False)]
    cells += [CodeCell(n, source, is_given=True) for n, source in enumerate(given, 1)]
    return choose([*cells, CodeCell(len(cells), test, is_given=False, is_test=True)])
