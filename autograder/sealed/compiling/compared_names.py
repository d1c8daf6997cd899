"""Compared names: what a test binds to a name, and compares under it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from autograder.model.name_uses import all_parts, parts_of

_TRUTHS = frozenset(["all", "any", "count_nonzero"])
_SKIPPING = _TRUTHS.union(
    ["max", "mean", "median", "min", "prod", "std", "sum", "var"],
    ["nanmax", "nanmean", "nansum"],
)
"""What passes over missing values, in pandas or by its name, and Python's own `max`."""
_NO_VALUE = frozenset(["len", "isinstance", "type"]).union(
    ["columns", "dtype", "index", "ndim", "shape", "size"],
    ["isfinite", "isna", "isnan", "isnull", "notna"],
)
"""Questions after something else than how large a value is."""
_FILLING = frozenset(["add", "append", "extend", "insert"])


def compared_by_name(
    tree: ast.Module, comparing: Collection[str]
) -> Iterator[ast.expr]:
    """Yield what a cell binds to names, or functions return, that it compares.

    Parameters
    ----------
    comparing
        Names of functions that compare; so do all that begin with `assert`.
    """
    nodes = all_parts(tree)
    given = _values_of_names(nodes)
    todo, known = list(_names_compared(nodes, comparing)), set()
    while todo:
        name = todo.pop()
        if name not in known:
            known.add(name)
            for value in given[name]:
                todo += _flowing(value)
                yield value


def _values_of_names(nodes: Sequence[ast.AST]) -> dict[str, list[ast.expr]]:
    """Return the expressions that each name of a cell stands for or is filled with."""
    functions = {n.name: n for n in nodes if isinstance(n, ast.FunctionDef)}
    found: dict[str, list[ast.expr]] = defaultdict(list)
    for name, function in functions.items():
        returns = [n for n in all_parts(function) if isinstance(n, ast.Return)]
        found[name] = [n.value for n in returns if n.value]
    for node in nodes:
        name = function_name(node)
        if name in functions:
            for given, value in zip(functions[name].args.args, node.args, strict=False):
                found[given.arg].append(value)
        elif name in _FILLING and isinstance(node.func, ast.Attribute):
            for filled in _flowing(node.func.value):
                found[filled] += node.args
        elif value := getattr(node, "value", None) or getattr(node, "iter", None):
            targets = getattr(node, "targets", [getattr(node, "target", None)])
            for target in filter(None, targets):
                for bound in _flowing(target):
                    found[bound].append(value)
    return found


def _names_compared(
    nodes: Sequence[ast.AST], comparing: Collection[str]
) -> Iterator[str]:
    """Yield names that are ordered, or of which something counts that skips NaN."""
    orders = ast.Lt | ast.LtE | ast.Gt | ast.GtE
    for node in nodes:
        name, is_comparison = function_name(node), isinstance(node, ast.Compare)
        is_ordered = is_comparison and any(isinstance(op, orders) for op in node.ops)
        if is_ordered or name in _TRUTHS:
            yield from _flowing(node)
        if is_comparison or name in comparing or name.startswith("assert"):
            for part in all_parts(node):
                if function_name(part) in _SKIPPING:
                    yield from _flowing(part)


def _flowing(node: ast.AST) -> Iterator[str]:
    """Yield the names that a value is made of; those that are subtracted are not it."""
    if isinstance(node, ast.Name):
        yield node.id
        return
    if isinstance(node, ast.Attribute):
        yield node.attr  # a method, perhaps
    is_difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
    names = {getattr(node, "attr", ""), function_name(node)}
    if not is_difference and not names & _NO_VALUE:
        for part in parts_of(node):
            yield from _flowing(part)


def function_name(node: ast.AST) -> str:
    """Return the last part of the name of what a node calls; of no call, nothing."""
    function = getattr(node, "func", None)
    if function is None:
        return ""
    return getattr(function, "attr", getattr(function, "id", ""))
