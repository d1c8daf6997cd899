"""Guarded code: a test whose comparisons call what looks at both sides again.

What these calls do is in `examiner.comparisons` and `examiner.missing`; their names are
such as no cell can write.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from autograder.model.name_uses import all_parts, fields_of
from autograder.sealed.compiling.compared_names import compared_by_name, function_name

ASSERTING = [
    *("assert_allclose", "assert_almost_equal", "assert_approx_equal"),
    *("assert_array_almost_equal", "assert_array_almost_equal_nulp"),
    *("assert_array_equal", "assert_array_less", "assert_array_max_ulp"),
    "assert_equal",
]
ANSWERING = ["allclose", "allequal", "array_equal", "array_equiv"]
ELEMENTWISE = {"isclose": False, "equal": False, "not_equal": True}
"""What they give of two values that cannot be equal."""
_GUARDED = frozenset([*ASSERTING, *ANSWERING, *ELEMENTWISE])
_ALL = frozenset(["all", "alltrue"])
_ANY = frozenset(["any", "sometrue", "count_nonzero"])
_COMPARED = "comparison"
_BOUND = "bound"
_GAPS = {ast.Sub: "-", ast.Div: "/"}
"""Operators whose value says how far apart two others are."""
_ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_PASSED_THROUGH = frozenset(["abs", "absolute", "fabs", "square", "round"])
COMPARING = frozenset(["eq", "ne", "lt", "le", "gt", "ge"])
OPERATORS = COMPARING.union(["add", "rsub", "sub", "subtract"])
"""Methods of tables that are operators under another name."""

_renamed: set[str] = set()
"""Other names of these functions in the cell."""
_bound: set[int] = set()
"""Expressions of the cell whose values are compared under a name, by identity."""


def with_guards(statements: ast.Module) -> ast.Module:
    """Return the statements of a test with its comparisons replaced."""
    _renamed.clear()
    _bound.clear()
    _bound.update(map(id, compared_by_name(statements, _GUARDED)))
    return _replaced(statements)


def _replaced(node: ast.AST, inside: str = "") -> ast.AST:
    """Return a node with calls of `GUARDS` in the place of comparisons.

    Parameters
    ----------
    inside
        `all` or `any`, where that is the next thing to happen to the node's value;
        else `comparison`, where the value is part of one, or `bound`, where it is by
        way of a name.
    """
    if not inside and id(node) in _bound:
        inside = _BOUND
    replace = _REPLACING.get(type(node))
    return replace(node, inside) if replace else _with_parts(node, _kept(inside))


def _kept(inside: str) -> str:
    """Return what is still true of the parts of a node that makes another value."""
    return inside if inside in (_COMPARED, _BOUND) else ""


def _with_parts(node: ast.AST, inside: str = "") -> ast.AST:
    for field in fields_of(node.__class__):
        part = getattr(node, field, None)
        if type(part) is list:
            part[:] = [
                _replaced(p, inside) if isinstance(p, ast.AST) else p for p in part
            ]
        elif isinstance(part, ast.AST):
            setattr(node, field, _replaced(part, inside))
    return node


def _imported(node: ast.ImportFrom, inside: str) -> ast.AST:
    _renamed.update(a.asname for a in node.names if a.asname and a.name in _GUARDED)
    return node


def _name(node: ast.Name, inside: str) -> ast.AST:
    is_known = node.id in _GUARDED or node.id in _renamed
    is_guarded = is_known and isinstance(node.ctx, ast.Load)
    return _call("guarded function", node, node) if is_guarded else node


def _attribute(node: ast.Attribute, inside: str) -> ast.AST:
    _with_parts(node, _kept(inside))
    is_guarded = node.attr in _GUARDED and isinstance(node.ctx, ast.Load)
    return _call("guarded function", node, node) if is_guarded else node


def _called(node: ast.Call, inside: str) -> ast.AST:
    name = function_name(node)
    kind = "all" if name in _ALL else "any" if name in _ANY else ""
    if kind and not node.keywords and len(node.args) == 1:
        node.args = [_replaced(node.args[0], kind)]
    elif kind and not node.keywords and not node.args:
        _with_parts(node.func, kind)  # `(found == expected).all()`
    elif name in _PASSED_THROUGH:
        return _with_parts(node, inside)
    elif name in _GUARDED and node.args and _is_number(node.args[0]):
        node.args = [_replaced(part) for part in node.args]
    elif name == "isclose" and inside == "all":
        node.args = [_replaced(part) for part in node.args]
        node.func = _call("guarded function in all", node.func, node.func)
    elif _pairs(node):
        _with_parts(node)
        return _call("paired sides", node, *node.args)
    elif inside and name in ("sub", "subtract") and len(node.args) == 2:
        _with_parts(node, _kept(inside))
        return _call("subtract", node, node.func, *node.args)
    elif _is_method(node) and (inside or name in COMPARING):
        target, other = node.func.value, node.args[0]
        parts = [_replaced(part, _kept(inside)) for part in (target, other)]
        return _call(f".{name}", node, *parts)
    else:
        return _with_parts(node, _kept(inside))
    return node


def _pairs(node: ast.Call) -> bool:
    """Whether a call pairs whole values: of a slice nothing may well be left."""
    is_zip = isinstance(node.func, ast.Name) and node.func.id == "zip"
    parts = (p for part in node.args for p in (part, getattr(part, "slice", None)))
    is_whole = not any(isinstance(part, ast.Starred | ast.Slice) for part in parts)
    return is_zip and len(node.args) > 1 and is_whole and not node.keywords


def _loop(node: ast.For | ast.GeneratorExp | ast.ListComp, inside: str) -> ast.AST:
    """Look at both sides of `for i in range(len(found))` with `expected[i]` in it."""
    turn = node if isinstance(node, ast.For) else node.generators[0]
    place = getattr(turn.target, "elts", [turn.target])[0]
    first = re.fullmatch(
        r"(?:range\(len\((\w+)\)\)|enumerate\((\w+)\))", ast.unparse(turn.iter)
    )
    parts = all_parts(node)
    others = {
        part.value.id
        for part in parts
        if isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name)
        if ast.unparse(part.slice) == ast.unparse(place)
    }
    made = {
        n.id
        for n in parts
        if isinstance(getattr(n, "ctx", None), ast.Store) and isinstance(n, ast.Name)
    }
    _with_parts(node, _kept(inside))
    if first and others:
        name = first[1] or first[2]
        sides = [
            ast.copy_location(ast.Name(n, ast.Load()), turn.iter)
            for n in [name, *sorted(others - made - {name})]
        ]
        turn.iter = _call("by place", turn.iter, turn.iter, *sides)
    return node


def _is_method(node: ast.Call) -> bool:
    """Whether a call is an operator of tables by its name: `found.eq(wanted)`."""
    name = getattr(node.func, "attr", "")
    is_plain = len(node.args) == 1 and not isinstance(node.args[0], ast.Starred)
    return name in OPERATORS and is_plain and not node.keywords


def _comparison(node: ast.Compare, inside: str) -> ast.AST:
    _with_parts(node, _COMPARED)
    sides, op = (node.left, *node.comparators), node.ops[0]
    if len(sides) == 2 and isinstance(op, _ORDERING):
        return _call("truths", node, node)
    if len(sides) > 2 or not isinstance(op, ast.Eq | ast.NotEq):
        return node
    sign = "==" if isinstance(op, ast.Eq) else "!="
    if (sign, inside) in (("==", "all"), ("!=", "any")):
        return _call(f"{sign} in {inside}", node, *sides)
    if any(isinstance(side, ast.Constant) for side in sides):
        is_unequal = ast.copy_location(ast.Constant(sign == "!="), node)
        return _call("truths", node, node, is_unequal)
    return _call(sign, node, *sides)


def _arithmetic(node: ast.BinOp, inside: str) -> ast.AST:
    _with_parts(node, inside)
    sign = _GAPS.get(type(node.op))
    if not inside or sign is None or (sign, inside) == ("/", _BOUND):
        return node
    return _call(sign, node, node.left, node.right)


_REPLACING: dict[type, Callable] = {
    ast.ImportFrom: _imported,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _called,
    ast.Compare: _comparison,
    ast.BinOp: _arithmetic,
    ast.BoolOp: _with_parts,
    ast.For: _loop,
    ast.GeneratorExp: _loop,
    ast.ListComp: _loop,
    ast.UnaryOp: _with_parts,
    ast.Constant: lambda node, inside: node,
}


def _call(name: str, place: ast.AST, *args: ast.expr) -> ast.Call:
    function = ast.copy_location(ast.Name(name, ast.Load()), place)
    return ast.copy_location(ast.Call(function, list(args), []), place)


def _is_number(node: ast.expr) -> bool:
    return isinstance(getattr(node, "operand", node), ast.Constant)
