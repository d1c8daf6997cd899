"""Which cells run: those that marks depend on, or all."""

from collections import Counter
from collections.abc import Collection

from nbformat import NotebookNode

from autograder.model.cells import Role, role_in_notebook
from autograder.model.needed_cells import choose, code_cells


def given_cells(solved: NotebookNode) -> Counter[str]:
    """Return how often each given code cell of a lesson is handed out, by its source.

    Parameters
    ----------
    solved
        The lesson's own notebook: given cells are the same in what students get.
    """
    return Counter(
        cell.source for cell in solved.cells if role_in_notebook(cell) == Role.GIVEN
    )


def left_out(
    notebook: NotebookNode, given: Counter[str] | None, shared: Collection[str] = ()
) -> dict[int, str]:
    """Return the cells that need not run, by position.

    Parameters
    ----------
    notebook
        Repaired.
    given
        The lesson's given cells; None if all cells run.
    shared
        Names of the test cells that run among the student's variables.

    Returns
    -------
    What of each cell runs all the same: imports and settings, as source.
    """
    if given is None:
        return {}
    return choose(code_cells(notebook, given, shared)).left_out


def differences(everything: list[dict], needed: list[dict]) -> list[str]:
    """Return what tests say otherwise when only needed cells ran."""
    return [
        f"{before['grade_id']}: {_told(after)} instead of {_told(before)}"
        for before, after in zip(everything, needed, strict=True)
        if _told(before) != _told(after)
    ]


def _told(cell: dict) -> str:
    said = f" ({cell['message']})" if cell["message"] else ""
    return f"{cell['points']:g} points, {cell['status']}{said}"
