"""Checks of locked cells: functions that only compare are run on the trusted side.

A course may give its students `def close(a, b): return np.allclose(a, b)` in a locked
cell, and call it in tests. Run beside student code it would compare with whatever the
student has made of `np.allclose`. So such a function becomes part of the tests: one
that does nothing but look at its arguments, and ends in a truth or fails an assertion.
All others make or change objects of the notebook, and stay where these are.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection

_STATEMENTS = (
    ast.Assert,
    ast.Assign,
    ast.AugAssign,
    ast.Expr,
    ast.For,
    ast.If,
    ast.Pass,
    ast.Raise,
    ast.Return,
)
_TRUTHS = frozenset(
    [
        "all",
        "allclose",
        "any",
        "array_equal",
        "array_equiv",
        "bool",
        "equals",
        "isclose",
        "isinstance",
        "issubclass",
    ]
)
_REACHING_OUT = frozenset(["globals", "locals", "vars", "eval", "exec", "setattr"])


def own_checks(source: str, names: Collection[str], known: Collection[str]) -> str:
    """Return the source of those functions of a locked cell that only check.

    Parameters
    ----------
    names
        Names that the cell defines for good; see `held_names`.
    known
        Names that the trusted side has itself: modules of the lesson, constants.
    """
    body = ast.parse(source).body
    found: list[ast.stmt] = []
    usable = set(known) | set(vars(builtins)) - _REACHING_OUT
    for node in body:
        is_held = isinstance(node, ast.FunctionDef) and node.name in names
        if is_held and _only_checks(node, usable):
            found.append(node)
            usable.add(node.name)
    return "\n\n".join(ast.unparse(node) for node in found)


def _only_checks(function: ast.FunctionDef, usable: Collection[str]) -> bool:
    inner = [node for part in function.body for node in ast.walk(part)]
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None
    function.returns = None
    if function.decorator_list or not _is_plain(inner):
        return False
    arguments = {node.arg for node in ast.walk(function.args) if type(node) is ast.arg}
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    own = arguments | {n.id for n in names if isinstance(n.ctx, ast.Store)}
    if not {node.id for node in names} <= own | set(usable):
        return False
    returned = [n.value for n in inner if isinstance(n, ast.Return) and n.value]
    asserts = any(isinstance(node, ast.Assert | ast.Raise) for node in inner)
    return all(map(_is_truth, returned)) and bool(returned or asserts)


def _is_plain(nodes: list[ast.AST]) -> bool:
    """Whether statements look at values, and change nothing but their own names."""
    for node in nodes:
        if isinstance(node, ast.stmt) and not isinstance(node, _STATEMENTS):
            return False
        if isinstance(node, ast.Lambda | ast.Yield | ast.YieldFrom | ast.Await):
            return False
        is_place = isinstance(node, ast.Attribute | ast.Subscript)
        if is_place and not isinstance(node.ctx, ast.Load):
            return False
    return True


def _is_truth(node: ast.expr) -> bool:
    if isinstance(node, ast.BoolOp):
        return all(map(_is_truth, node.values))
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.IfExp):
        return _is_truth(node.body) and _is_truth(node.orelse)
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in _TRUTHS
    is_constant = isinstance(node, ast.Constant) and type(node.value) is bool
    return is_constant or isinstance(node, ast.Compare)
