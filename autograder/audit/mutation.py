"""Automatic mutants: a reference solution with one small mistake in it."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.base.errors import SourceError
from autograder.base.source_code import tree_of
from autograder.base.toml_files import read_toml
from autograder.model.cells import BEGIN_SOLUTION, END_SOLUTION

ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
TWINS = [
    ("maximum", "minimum"),
    ("max", "min"),
    ("argmax", "argmin"),
    ("sum", "mean"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("hstack", "vstack"),
    ("any", "all"),
    ("sin", "cos"),
]
SIBLINGS = {a: b for a, b in TWINS} | {b: a for a, b in TWINS}
NEGATED = ast.BinOp | ast.Call | ast.Name | ast.Attribute | ast.Subscript
OVERWRITES = "overwrites its inputs"
OVERWRITING = """

_right_{name} = {name}


def {name}(*args, **kwargs):
    from copy import deepcopy

    result = deepcopy(_right_{name}(*args, **kwargs))
    for value in [*args, *kwargs.values()]:
        if hasattr(value, "fill") and value.flags.writeable:
            {deed}
    return result
"""


@dataclass(frozen=True)
class Mutant:
    """A changed solution."""

    what: str
    """The kind of change."""
    change: str
    """The lines that differ, as a diff without places."""
    code: str
    """Replaces the whole solution cell."""


def mutants(source: str) -> list[Mutant]:
    """Return all mutants of a solution cell, each with one change.

    Only functions and classes are changed, and of these what stands in the solution
    region, if one is marked. Formatting and docstrings are lost. A cell that is not
    plain Python, because of a magic for example, has no mutants.

    There are libraries for whole projects (cosmic-ray, mutmut), with runners, sessions
    and test commands of their own. A solution is one cell, and the mistakes that
    matter here (a wrong axis, a lost transpose, arguments exchanged) are not among
    their operators.
    """
    try:
        tree = _without_docstrings(tree_of(source))
    except SyntaxError:
        return []
    lines = set(_solution_lines(source))
    inside = [
        node
        for top in tree.body
        if isinstance(top, ast.FunctionDef | ast.ClassDef)
        for node in ast.walk(top)
        if getattr(node, "lineno", 0) in lines and not _is_docstring(node)
    ]
    # The 1 in -1 changes with its sign; how an error is worded does not matter.
    parts = {id(node.operand) for node in inside if _is_negative_number(node)}
    errors = [node for node in inside if isinstance(node, ast.Raise)]
    parts |= {id(n) for error in errors for n in ast.walk(error)} - set(map(id, errors))
    original = ast.unparse(tree)
    places = _places(tree)
    found: dict[str, Mutant] = {}
    for node in inside:
        for what, new in _changes(node) if id(node) not in parts else ():
            held, place = places[id(node)]
            held[place] = ast.copy_location(new, node)
            code = ast.unparse(tree)
            held[place] = node
            if code != original:
                found.setdefault(code, Mutant(what, _diff(original, code), code + "\n"))
    return [*found.values(), *_overwriting(tree, source)]


def read_equivalents(path: Path) -> dict[tuple[str, str], str]:
    """Read which mutants do not matter, and why.

    Returns
    -------
    The reason of each (exercise, change).

    Raises
    ------
    SourceError
        An entry lacks one of `exercise`, `change` and `reason`.
    """
    entries = read_toml(path).get("mutant", [])
    found = {}
    for number, entry in enumerate(entries, start=1):
        missing = {"exercise", "change", "reason"} - {k for k, v in entry.items() if v}
        if missing:
            raise SourceError(
                f"{path.name}, mutant {number}: found no {', '.join(sorted(missing))}; "
                "a marked mutant has exercise, change and reason."
            )
        found[entry["exercise"], entry["change"].strip()] = entry["reason"]
    return found


def refusing_arrays(source: str) -> str:
    """Return the solution cell with functions that fail when an array is handed over.

    If no test minds, no test hands one over, and overwriting it is no mistake.
    """
    names = _functions(tree_of(source))
    deed = 'raise TypeError("this function is given an array")'
    return source + "\n".join(OVERWRITING.format(name=n, deed=deed) for n in names)


def _overwriting(tree: ast.Module, source: str) -> Iterator[Mutant]:
    for name in _functions(tree):
        code = source + OVERWRITING.format(name=name, deed="value.fill(7)")
        yield Mutant(OVERWRITES, f"{name} {OVERWRITES}", code)


def _functions(tree: ast.Module) -> list[str]:
    return [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and n.args.args]


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the mistakes that can be made at one place of a program."""
    match node:
        case ast.BinOp():
            yield from _arithmetic_changes(node)
        case ast.BoolOp(op=op, values=values):
            yield "operator", ast.BoolOp(ARITHMETIC[type(op)](), values)
            yield "dropped term", values[0]
            yield "dropped term", values[-1]
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for other in COMPARISONS[type(op)]:
                yield "comparison", ast.Compare(left, [other()], [right])
        case ast.UnaryOp(op=op, operand=operand):
            yield "sign", operand
            if _is_negative_number(node):
                yield "constant", ast.UnaryOp(op, ast.Constant(operand.value + 1))
        case ast.Constant():
            yield from _constant_changes(node)
        case ast.Call():
            yield from _call_changes(node)
        case ast.Attribute(value=value, attr="T"):
            yield "transpose", value
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield "exchanged branches", ast.IfExp(test, orelse, body)
        case ast.Tuple(elts=[first, second], ctx=ast.Load()):
            yield "exchanged values", ast.Tuple([second, first], ast.Load())
        case ast.Slice(lower=lower, upper=upper, step=step) if lower or upper or step:
            yield "slice", ast.Slice()
        case ast.stmt():
            yield from _statement_changes(node)


def _arithmetic_changes(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    left, op, right = node.left, node.op, node.right
    if type(op) in ARITHMETIC:
        yield "operator", ast.BinOp(left, ARITHMETIC[type(op)](), right)
    yield "dropped term", left
    yield "dropped term", right
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield "exchanged operands", ast.BinOp(right, op, left)


def _constant_changes(node: ast.Constant) -> Iterator[tuple[str, ast.expr]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int | float):
        yield "constant", ast.Constant(value + 1)
        if abs(value) != 1:
            yield "constant", ast.Constant(1 if value == 0 else value * 1.5)
        if value > 0:
            yield "sign", ast.UnaryOp(ast.USub(), node)
    elif isinstance(value, str):
        yield "constant", ast.Constant(value + "_")


def _call_changes(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    function, given, named = node.func, node.args, node.keywords
    if isinstance(function, ast.Attribute):
        if function.attr in SIBLINGS:
            other = ast.Attribute(function.value, SIBLINGS[function.attr], ast.Load())
            yield "function", ast.Call(other, given, named)
        if not given:
            yield "dropped call", function.value
    if given and not isinstance(given[0], ast.Starred):
        yield "dropped call", given[0]
    if len(given) > 1:
        turned = [given[1], given[0], *given[2:]]
        yield "exchanged arguments", ast.Call(function, turned, named)
    for keyword in named:
        others = [k for k in named if k is not keyword]
        yield "dropped argument", ast.Call(function, given, others)
        if keyword.arg == "axis":
            yield from _axis_changes(node, keyword, others)
    if isinstance(function, ast.Name) and function.id == "range":
        fewer = ast.BinOp(given[-1], ast.Sub(), ast.Constant(1))
        yield "loop", ast.Call(function, [*given[:-1], fewer], named)


def _axis_changes(
    node: ast.Call, axis: ast.keyword, others: list
) -> Iterator[tuple[str, ast.expr]]:
    for other in (0, 1, -1):
        named = [*others, ast.keyword("axis", ast.Constant(other))]
        if ast.unparse(axis.value) != str(other):
            yield "axis", ast.Call(node.func, node.args, named)


def _statement_changes(node: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    removable = (
        ast.Assign | ast.AugAssign | ast.Expr | ast.If | ast.For | ast.While | ast.Raise
    )
    if isinstance(node, removable):
        yield "removed statement", ast.Pass()
    if isinstance(node, ast.Return) and isinstance(node.value, NEGATED):
        yield "sign", ast.Return(ast.UnaryOp(ast.USub(), node.value))
    if isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        other = ARITHMETIC[type(node.op)]()
        yield "operator", ast.AugAssign(node.target, other, node.value)
        yield "operator", ast.Assign([node.target], node.value)
    if isinstance(node, ast.If):
        for value in (True, False):
            yield "condition", ast.If(ast.Constant(value), node.body, node.orelse)


def _solution_lines(source: str) -> Iterator[int]:
    """Yield the numbers of the lines that a student writes."""
    inside = BEGIN_SOLUTION not in source
    for number, line in enumerate(source.splitlines(), start=1):
        if BEGIN_SOLUTION in line:
            inside = True
        elif END_SOLUTION in line:
            inside = False
        elif inside:
            yield number


def _is_negative_number(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
    )


def _places(tree: ast.AST) -> dict[int, tuple]:
    """Return where each node stands, by its id: in a list or among its parent's fields.

    There it is exchanged: a copy of the program for each change takes far longer.
    """
    found: dict[int, tuple] = {}
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            held = value if isinstance(value, list) else vars(parent)
            places = range(len(value)) if held is value else [name]
            found |= {id(held[place]): (held, place) for place in places}
    return found


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and _is_docstring(
            node.body[0]
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _diff(before: str, after: str) -> str:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return "\n".join(
        f"{line[0]} {line[1:].strip()}" for line in lines if line[0] in "-+"
    )
