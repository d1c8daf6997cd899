"""Answers beside: what was written next to the cell that asks for it.

A stub that is as it was handed out gets no points, and nobody is asked. Where text of
the student's own stands right beside it, or anywhere when the stub had to be put back,
a person looks.
"""

import ast
from collections.abc import Collection, Container, Iterator
from itertools import takewhile

from nbformat import NotebookNode

from autograder.base.source_code import tree_of, words_of
from autograder.model.cells import BESIDE, ReferenceCell, entry_of, name_of


def note_answers_beside(
    cells: list[NotebookNode],
    reference: Collection[ReferenceCell],
    put_back: Container[str],
    given: Container[str],
) -> Iterator[str]:
    """Have a person look at stubs whose answer may stand elsewhere.

    Yields which, as far as the repair has not said it.

    Parameters
    ----------
    cells
        Those of the repaired notebook; changed in place.
    put_back
        Names of cells that were not there.
    given
        The words of each cell that was handed out.
    """
    stubs = {c.grade_id: c for c in reference if c.grade and c.solution}
    for place, cell in enumerate(cells):
        wanted = stubs.get(name_of(cell))
        if wanted is None or words_of(cell.source) != words_of(wanted.source):
            continue
        is_back = name_of(cell) in put_back
        # Code above it may be for anything.
        above = [c for c in _own_run(cells[:place][::-1]) if c.cell_type != "code"]
        near = cells if is_back else [*above, *_own_run(cells[place + 1 :])]
        if any(_may_answer(one, wanted.kind, given) for one in near):
            entry_of(cell)["checksum"] = BESIDE
            if not is_back:
                yield f"{name_of(cell)}: is empty; look for its answer next to it"


def is_as_given(notebook: NotebookNode, reference: Collection[ReferenceCell]) -> bool:
    """Whether a submitted notebook has all stubs of a lesson as they were given out."""
    found = {name_of(cell): words_of(cell.source) for cell in notebook.cells}
    stubs = [cell for cell in reference if cell.solution]
    return all(found.get(c.grade_id) == words_of(c.source) for c in stubs) and any(
        stubs
    )


def has_answers(notebook: NotebookNode, reference: Collection[ReferenceCell]) -> bool:
    """Whether a notebook is one of a lesson, and not as it was given out."""
    known = {cell.grade_id for cell in reference if cell.solution}
    is_of_lesson = any(name_of(cell) in known for cell in notebook.cells)
    return is_of_lesson and not is_as_given(notebook, reference)


def _own_run(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Return the cells up to one that the course has a name for."""
    return takewhile(lambda cell: not entry_of(cell), cells)


def _may_answer(cell: NotebookNode, kind: str, given: Container[str]) -> bool:
    """Whether a cell is the student's own, and may be an answer of a kind."""
    if entry_of(cell):
        return False
    words = words_of(cell.source)
    if not (words or cell.get("attachments")) or words in given:
        return False
    if kind == "code":
        return cell.cell_type == "code"
    return cell.cell_type != "code" or not _is_code(cell.source)


def _is_code(source: str) -> bool:
    """Whether a code cell has code in it, and not an answer in words."""
    try:
        body = tree_of(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source.lstrip().startswith(("%", "!"))
    return not all(
        isinstance(node, ast.Expr) and _is_words(node.value) for node in body
    )


def _is_words(value: ast.expr) -> bool:
    """Whether it is a text, or one that is printed."""
    texts = [value]
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        texts = value.args if value.func.id == "print" else []
    return bool(texts) and all(isinstance(text, ast.Constant) for text in texts)
