"""Comparisons of test cells: nothing is equal to what is empty, or of another shape.

NumPy compares an array without elements, one row or one number with anything that it
can be broadcast to, and finds all of it equal. In test cells, what it finds equal is
looked at again: both sides must have the same shape, or the second one be a number.

- `allclose`, `array_equal`, `assert_allclose` and their relatives, unless the first
  side is written out as a number;
- inside `all`, `==` and `isclose`; inside `any`, `!=`.

One empty side is found in any `==`, `!=` and `isclose` of two arrays, in the first of
several that `zip` pairs or a loop goes through by their places, and in a
difference that is part of a comparison, or bound to a name that is part of one. What
is missing on one side, NaN or `NA`, is
looked at in `missing`. Everything else, above all broadcasting on the way to what is
expected, is as ever; so is all that NumPy finds different.
"""

from __future__ import annotations

import ast
import operator
import re
import sys
from collections.abc import Callable
from functools import lru_cache, partial, wraps

import numpy as np

from autograder.sealed.examiner import missing

_ASSERTING = [
    *("assert_allclose", "assert_almost_equal", "assert_approx_equal"),
    *("assert_array_almost_equal", "assert_array_almost_equal_nulp"),
    *("assert_array_equal", "assert_array_less", "assert_array_max_ulp"),
    "assert_equal",
]
_ANSWERING = ["allclose", "allequal", "array_equal", "array_equiv"]
_ELEMENTWISE = {"isclose": False, "equal": False, "not_equal": True}
"""What they give of two values that cannot be equal."""
_GUARDED = frozenset([*_ASSERTING, *_ANSWERING, *_ELEMENTWISE])
_ALL = frozenset(["all", "alltrue"])
_ANY = frozenset(["any", "sometrue", "count_nonzero"])
_COMPARED = "comparison"
_BOUND = "bound"
_GAPS = {ast.Sub: "-", ast.Div: "/"}
"""Operators whose value says how far apart two others are."""
_ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_PASSED_THROUGH = frozenset(["abs", "absolute", "fabs", "square", "round"])
_TOLERANCES = {
    "allclose": {"rtol": 1e-5, "atol": 1e-8},
    "assert_allclose": {"rtol": 1e-7, "atol": 0},
    "assert_array_equal": {"rtol": 0, "atol": 0},
}
"""What these functions take for alike, if a test does not say it."""
_SIDES = ("a", "b"), ("actual", "desired"), ("a1", "a2"), ("x", "y")

_notes: list[str] = []
"""Why the last comparison found a difference that is none for NumPy; nothing if it was
NumPy that found it."""
_renamed: set[str] = set()
"""Other names of these functions in the cell."""
_bound: set[int] = set()
"""Expressions of the cell whose values are compared under a name, by identity."""


def note() -> str:
    """Return why a comparison of this test did not hold, if it was for a shape."""
    return _notes[0] if _notes else ""


def gap() -> str:
    """Return what was missing in a difference that this test compared."""
    return missing.gaps[0] if missing.gaps else ""


def with_guards(statements: ast.Module) -> ast.Module:
    """Return the statements of a test with its comparisons replaced."""
    _renamed.clear()
    _bound.clear()
    _bound.update(map(id, missing.compared_by_name(statements, _GUARDED)))
    return _replaced(statements)


def prepare() -> None:
    """Look the functions up that tests compare with; forks then have them already."""
    _guarded(None)


def begin(namespace: dict[str, object]) -> None:
    """Begin a test: replace the functions that it has already."""
    _notes.clear()
    missing.gaps.clear()
    guards = _guards("numpy.testing" in sys.modules)
    for name, value in namespace.items():
        if id(value) in guards:
            namespace[name] = guards[id(value)]


def _gap(found: object, expected: object) -> str:
    """Say why two values cannot be equal, whatever their elements are."""
    try:
        here, there = np.shape(found), np.shape(expected)
    except (TypeError, ValueError):  # of lists of several lengths; NumPy has said so
        return ""
    if (0 in here) != (0 in there):
        return f"an empty array is not equal to another one: shapes {here} and {there}"
    if here != there and not set(there) <= {1}:
        return f"found an array of shape {here}, expected {there}"
    return ""


def _emptiness(found: object, expected: object) -> str:
    """Say it if one of two arrays is empty and the other one is not."""
    if type(found) is not np.ndarray and type(expected) is not np.ndarray:
        return ""
    here, there = np.shape(found), np.shape(expected)
    is_alike = () in (here, there) or (0 in here) == (0 in there)
    return "" if is_alike else _gap(found, expected)


def _sides(args: tuple, kwargs: dict) -> tuple:
    """Return the two values that a call compares; two numbers if it cannot be said."""
    named = [kwargs[n] for pair in _SIDES for n in pair if n in kwargs]
    sides = (*args[:2], *named)
    return sides if len(sides) == 2 else (0, 0)


def _holds_plainly(name: str, args: tuple, kwargs: dict) -> bool:
    """Whether a function will find two plain floats alike. NumPy takes much longer."""
    if name not in _TOLERANCES or len(args) != 2:
        return False
    rtol, atol = map((_TOLERANCES[name] | kwargs).get, ("rtol", "atol"))
    are_plain = set(map(type, args)) <= {float, list, np.float64, np.ndarray}
    if not are_plain or not {type(rtol), type(atol)} <= {int, float}:
        return False
    found, wanted = map(np.asarray, args)
    if not found.dtype == wanted.dtype == np.float64 or found.shape != wanted.shape:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        room = atol + rtol * np.abs(wanted)
        return bool(((np.abs(found - wanted) <= room) & (room < np.inf)).all())


def _asserting(function: Callable) -> Callable:
    @wraps(function)
    def check(*args: object, **kwargs: object) -> None:
        if _holds_plainly(function.__name__, args, kwargs):
            return
        function(*args, **kwargs)
        if gap := _gap(*_sides(args, kwargs)):
            text = kwargs.get("err_msg", "")
            raise AssertionError(f"{text}\n{gap}" if text else gap)

    return check


def _answering(function: Callable, look: Callable, otherwise: bool) -> Callable:
    @wraps(function)
    def check(*args: object, **kwargs: object) -> object:
        if _holds_plainly(function.__name__, args, kwargs):
            _notes.clear()
            return True
        found = function(*args, **kwargs)
        gap = look(*_sides(args, kwargs))
        _notes[:] = [gap] if gap else []
        return np.bool_(otherwise) if gap else missing.held(found, otherwise)

    return check


def _difference(one: object, other: object) -> object:
    if emptiness := _emptiness(one, other):
        _notes[:] = [emptiness]
        return np.array([np.nan])  # which is equal to nothing, and below nothing
    return missing.difference(one, other)


def _subtracted(function: Callable, one: object, other: object) -> object:
    if function not in (np.subtract, operator.sub):
        return function(one, other)  # a method of a table, with an axis
    return missing.difference(one, other, function)


@lru_cache(maxsize=2)
def _guards(with_testing: bool) -> dict[int, Callable]:
    """Return what stands for functions in test cells, by the functions' identity."""
    found = {}
    for module in (np, np.ma):
        for name in _ANSWERING:
            if function := getattr(module, name, None):
                found[id(function)] = _answering(function, _gap, False)
    for name, otherwise in _ELEMENTWISE.items():
        function = getattr(np, name)
        found[id(function)] = _answering(function, _emptiness, otherwise)
    for name in _ASSERTING if with_testing else ():
        function = getattr(np.testing, name)
        found[id(function)] = _asserting(function)
    return found


def _guarded(function: object) -> object:
    guards = _guards("numpy.testing" in sys.modules)
    return guards.get(id(function), function)


def _guarded_in_all(function: object) -> object:
    """Return what stands for a function whose answers all have to be true."""
    return _answering(np.isclose, _gap, False) if function is np.isclose else function


GUARDS: dict[str, Callable] = {
    "guarded function": _guarded,
    "guarded function in all": _guarded_in_all,
    "==": _answering(operator.eq, _emptiness, False),
    "!=": _answering(operator.ne, _emptiness, True),
    "== in all": _answering(operator.eq, _gap, False),
    "!= in any": _answering(operator.ne, _gap, True),
    "-": _difference,
    "subtract": _subtracted,
    "paired sides": missing.paired,
    "by place": missing.by_place,
    "/": partial(missing.difference, operate=operator.truediv),
    "truths": missing.held,
    **{f".{name}": method for name, method in missing.METHODS.items()},
}
"""What test cells call, under names that no cell can write."""


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
    for field in node._fields:
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
    name = missing.function_name(node)
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
    elif _is_method(node) and (inside or name in missing.COMPARING):
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
    others = {
        part.value.id
        for part in ast.walk(node)
        if isinstance(part, ast.Subscript) and isinstance(part.value, ast.Name)
        if ast.unparse(part.slice) == ast.unparse(place)
    }
    made = {
        n.id
        for n in ast.walk(node)
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
    return name in missing.METHODS and is_plain and not node.keywords


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
