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
from collections.abc import Collection, Iterable
from typing import NamedTuple

from autograder.base.source_code import tree_of

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


class OwnCheck(NamedTuple):
    """A function of a locked cell that only looks at values."""

    name: str
    source: str
    needs: frozenset[str]
    """Names that it takes from elsewhere."""


def own_checks(source: str, names: Collection[str]) -> list[OwnCheck]:
    """Return those functions of a locked cell that only check.

    Parameters
    ----------
    names
        Names that the cell defines for good; see `held_names`.
    """
    found = []
    for node in tree_of(source).body:
        is_held = isinstance(node, ast.FunctionDef) and node.name in names
        if is_held and (needs := _needs_of_a_check(node)) is not None:
            found.append(OwnCheck(node.name, ast.unparse(node), frozenset(needs)))
    return found


def with_all_they_need(
    checks: Iterable[tuple[str, object, frozenset[str]]], known: Collection[str]
) -> list:
    """Return what comes second of those checks that need nothing of the notebook.

    Parameters
    ----------
    checks
        Name, source or code, and needs of each function, in the order of their cell.
    known
        Names that the trusted side has itself: modules of the lesson, constants.
    """
    usable = set(known) | set(vars(builtins)) - _REACHING_OUT
    found = []
    for name, check, needs in checks:
        if needs <= usable:
            found.append(check)
            usable.add(name)
    return found


def _needs_of_a_check(function: ast.FunctionDef) -> set[str] | None:
    """Return the names that a function takes from elsewhere; None if it is no check."""
    inner = [node for part in function.body for node in ast.walk(part)]
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            node.annotation = None
    function.returns = None
    if function.decorator_list or not _is_plain(inner):
        return None
    returned = [n.value for n in inner if isinstance(n, ast.Return) and n.value]
    asserts = any(isinstance(node, ast.Assert | ast.Raise) for node in inner)
    if not (all(map(_is_truth, returned)) and (returned or asserts)):
        return None
    arguments = {node.arg for node in ast.walk(function.args) if type(node) is ast.arg}
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    own = arguments | {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return {node.id for node in names} - own


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
