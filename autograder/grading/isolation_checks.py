"""What a test reaches for: signs in its source that it needs the student's variables.

Only what a run of the solution cannot show is looked for: a test that replaces a name
of the notebook passes with the solution either way, but would catch fewer wrong answers
if the name were replaced in another process.
"""

import ast
import builtins
import symtable
from collections.abc import Iterator
from functools import lru_cache

from autograder.base.source_code import tree_of

LOOKS_AT_VARIABLES = {
    *("In", "Out", "get_ipython", "globals", "locals", "vars"),
    *("delattr", "eval", "exec", "setattr"),
}
LOOKS_AT_CODE = {
    *("__main__", "builtins", "ctypes", "dis", "gc", "importlib", "inspect"),
    *("mock", "unittest"),
}


def needs(source: str, given: frozenset[str], set_by_tests: frozenset[str]) -> str:
    """Say why a test cell needs the student's variables; empty if nothing shows it.

    Parameters
    ----------
    given
        What the notebook's other cells define, in the course's own solution.
    set_by_tests
        What any of its test cells define.
    """
    try:
        tree = tree_of(source)
    except SyntaxError as error:
        line = (error.text or source.strip().partition("\n")[0]).strip()
        return f"only a notebook can run the line {line!r}"
    if replaced := sorted(bound(source) & given):
        return f"sets or deletes {', '.join(replaced)}, which the notebook has, too"
    return next(_signs(tree, set_by_tests - given), "")


def _signs(tree: ast.Module, of_tests: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            found = names if isinstance(node, ast.Import) else [node.module or ""]
            for name in found:
                if name.partition(".")[0] in LOOKS_AT_CODE:
                    yield f"uses {name}"
        elif isinstance(node, ast.Name) and node.id in LOOKS_AT_VARIABLES:
            yield f"uses {node.id}"
        elif isinstance(node, ast.Attribute | ast.Subscript):
            if not isinstance(node.ctx, ast.Load) and _root(node) not in of_tests:
                yield f"changes {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and _called(node) == "seed":
            yield f"calls {ast.unparse(node)}, which only its own process would notice"


def _root(node: ast.expr) -> str | None:
    """Return the name that an attribute or item begins with; None if it is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def bound(source: str) -> frozenset[str]:
    """Return the variables that a cell sets or deletes; imports are not among them."""
    return frozenset(
        symbol.get_name()
        for table in _tables(source)
        for symbol in table.get_symbols()
        if symbol.is_assigned()
        and not symbol.is_imported()
        and (table.get_type() == "module" or symbol.is_declared_global())
    )


def provided(source: str) -> frozenset[str]:
    """Return what a cell leaves to the cells after it, imports included."""
    imported = {
        symbol.get_name()
        for table in _tables(source)[:1]
        for symbol in table.get_symbols()
        if symbol.is_imported()
    }
    return bound(source) | imported


def read(source: str) -> frozenset[str]:
    """Return the variables that a cell takes from the notebook, not from Python."""
    return frozenset(
        symbol.get_name()
        for table in _tables(source)
        for symbol in table.get_symbols()
        if symbol.is_referenced() and symbol.is_global()
    ) - frozenset(dir(builtins))


@lru_cache(maxsize=256)
def _tables(source: str) -> tuple[symtable.SymbolTable, ...]:
    """Return the tables of symbols of a cell, the cell's own first; none if broken."""
    table = _table(source) or _table(_without_magics(source))
    if table is None:
        return ()
    open_tables = [table]
    found = []
    while open_tables:
        found.append(open_tables.pop(0))
        open_tables += found[-1].get_children()
    return tuple(found)


def _table(source: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(source, "cell", "exec")
    except SyntaxError:
        return None


def _without_magics(source: str) -> str:
    """Return a cell with calls in the place of `%matplotlib` and the like."""
    # Most cells are Python, and to import this takes longer than a small class.
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)
