"""Held names: functions and classes of locked cells that tests can rely on.

What a locked cell defines is what tests get, whatever a student has bound to its name
since. That holds for names which nothing else of the lesson binds: where an exercise or
a later cell takes a name over, it is meant to.
"""

import ast
import symtable
from collections import Counter

from nbformat import NotebookNode

from autograder.base.source_code import tree_of
from autograder.model.cells import Role, entry_of, name_of, role_in_notebook


def held_names(solved: NotebookNode) -> dict[str, list[str]]:
    """Return the functions and classes that each locked cell defines for good.

    Parameters
    ----------
    solved
        The lesson's own notebook.

    Returns
    -------
    Their names, by the name of the cell.
    """
    code = [cell for cell in solved.cells if cell.cell_type == "code"]
    roles = {id(cell): role_in_notebook(cell) for cell in code}
    code = [cell for cell in code if roles[id(cell)] != Role.TEST]
    times = Counter(name for cell in code for name in _bound(cell.source))
    found = {
        name_of(cell): [name for name in _defined(cell.source) if times[name] == 1]
        for cell in code
        if roles[id(cell)] == Role.GIVEN and entry_of(cell).get("locked")
    }
    return {cell: names for cell, names in found.items() if names}


def _bound(source: str) -> set[str]:
    try:
        top = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError:  # a magic, perhaps
        return set()
    symbols = top.get_symbols()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


def _defined(source: str) -> list[str]:
    try:
        body = tree_of(source).body
    except SyntaxError:
        return []
    kinds = ast.FunctionDef | ast.ClassDef
    return [node.name for node in body if isinstance(node, kinds)]
