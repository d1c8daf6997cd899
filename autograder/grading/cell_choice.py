"""Which cells run: those that marks depend on, or all but those tagged otherwise."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.base.source_code import words_of
from autograder.model.cells import is_test, name_of
from autograder.model.needed_cells import choose, code_cells

Tagged = frozenset[tuple[str, str]]
"""Cells by name; those without one by their words."""


def tagged_cells(source: Path, tag: str) -> Tagged:
    """Return the cells of a lesson's own notebook that have a tag.

    Parameters
    ----------
    tag
        Nothing has an empty one.
    """
    if not tag:
        return frozenset()
    cells = nbformat.read(source, as_version=4).cells
    return frozenset(_known_by(c) for c in cells if tag in c.metadata.get("tags", ()))


def skipped(notebook: NotebookNode, tagged: Tagged) -> dict[int, str]:
    """Return the cells that do not run because of a tag, as `left_out` does.

    Tests always run: marks depend on them.
    """
    if not tagged:
        return {}
    return {
        place: ""
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and _known_by(cell) in tagged and not is_test(cell)
    }


def _known_by(cell: NotebookNode) -> tuple[str, str]:
    name = name_of(cell)
    return name, "" if name else words_of(cell.source)


def left_out(
    notebook: NotebookNode,
    given: Counter[str] | None,
    shared: Collection[str] = (),
    tagged: Tagged = frozenset(),
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
    tagged
        Cells of the lesson that the course's tags keep from running.

    Returns
    -------
    What of each cell runs all the same: imports and settings, as source.
    """
    by_tag = skipped(notebook, tagged)
    if given is None:
        return by_tag
    return choose(code_cells(notebook, given, shared)).left_out | by_tag


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
