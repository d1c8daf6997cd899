"""Causes: the cell that failed first, where a test can only name what came of it."""

import re
from collections.abc import Sequence

from nbformat import NotebookNode

from autograder.model.cells import is_test, name_of

NAME_ERROR = re.compile(r"NameError: .*?'(\w+)'")
LONGEST = 200


def first_cause(cells: Sequence[NotebookNode], message: str) -> str:
    """Say which cell should have made a name that a test did not find, and why not.

    Nothing if the message names none, or no cell that has to do with it failed.

    Parameters
    ----------
    cells
        The executed cells before the test.
    message
        What the test says, the error's name first.
    """
    missing = NAME_ERROR.match(message)
    if not missing:
        return ""
    word = re.compile(rf"\b{missing[1]}\b")
    for place, cell in enumerate(cells):
        error = _error(cell)
        if error and not is_test(cell) and word.search(cell.source):
            name = f"the cell {name_of(cell)}" if name_of(cell) else f"cell {place + 1}"
            said = f"{error.ename}: {error.evalue}".strip(": ").partition("\n")[0]
            further = first_cause(cells[:place], said)
            return further or f"{name} ended before that, with {said[:LONGEST]}"
    return ""


def _error(cell: NotebookNode) -> NotebookNode | None:
    outputs = cell.get("outputs", [])
    return next((o for o in outputs if o.output_type == "error"), None)
