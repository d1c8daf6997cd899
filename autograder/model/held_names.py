"""Held names: what locked cells define and tests can rely on.

What a locked cell defines is what tests get, and locked cells below it, whatever a
student has bound to its name since: functions, classes and data. That holds for names
which nothing else of the lesson binds, and for data that nothing else of it changes:
where an exercise or a later cell takes a name over, it is meant to.
"""

import ast
import symtable
from collections import Counter

from nbformat import NotebookNode

from autograder.base.source_code import tree_of
from autograder.model.cells import Role, entry_of, name_of, role_in_notebook
from autograder.model.code_effects import effects_of
from autograder.model.effect_reader import grouped
from autograder.model.needed_cells import changers


def held_names(solved: NotebookNode) -> dict[str, list[str]]:
    """Return the names that each locked cell defines for good.

    Parameters
    ----------
    solved
        The lesson's own notebook.

    Returns
    -------
    The names by that of the cell: functions and classes first, then data.
    """
    code = [cell for cell in solved.cells if cell.cell_type == "code"]
    roles = {id(cell): role_in_notebook(cell) for cell in code}
    code = [cell for cell in code if roles[id(cell)] != Role.TEST]
    times = Counter(name for cell in code for name in _bound(cell.source))
    changed = _changed([cell.source for cell in code])
    found = {}
    for place, cell in enumerate(code):
        if roles[id(cell)] == Role.GIVEN and entry_of(cell).get("locked"):
            elsewhere = set().union(*changed[:place], *changed[place + 1 :])
            names = _defined(cell.source)
            names += sorted(_assigned(cell.source) - {*names} - elsewhere)
            found[name_of(cell)] = [name for name in names if times[name] == 1]
    return {cell: names for cell, names in found.items() if names}


def _changed(sources: list[str]) -> list[set[str]]:
    """Return the names whose values each cell changes, as far as can be seen."""
    effects = [effects_of(source) for source in sources]
    known, found = changers(effects), []
    for one in effects:
        touched = one.changes.union(*(g for f, g in one.calls if f in known))
        groups = grouped(one.shares)
        found.append({o for name in touched for o in groups.get(name, {name})})
    return found


def _bound(source: str) -> set[str]:
    try:
        top = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError:  # a magic, perhaps
        return set()
    symbols = top.get_symbols()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


def _defined(source: str) -> list[str]:
    kinds = ast.FunctionDef | ast.ClassDef
    return [node.name for node in _statements(source) if isinstance(node, kinds)]


def _assigned(source: str) -> set[str]:
    targets = [
        target
        for node in _statements(source)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in getattr(node, "targets", [getattr(node, "target", None)])
    ]
    targets += [part for t in targets for part in getattr(t, "elts", ())]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _statements(source: str) -> list[ast.stmt]:
    try:
        return tree_of(source).body
    except SyntaxError:
        return []
