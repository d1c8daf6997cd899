"""Uses of names: what code needs to be there when it runs."""

import ast
from functools import cache

from autograder.model.library_effects import HANDS_ON

LEAVES = {"asname", "attr", "ctx", "id", "kind", "level", "module", "type_comment"}
"""Fields of nodes that hold a text, a number, or whether a name is read or bound."""


def uses_of(tree: ast.AST, bound: set[str]) -> set[str]:
    """Return the names that code uses at once and has not surely bound before.

    Parameters
    ----------
    bound
        What is surely bound above it; what the code surely binds is added.
    """
    used: set[str] = set()
    _follow(getattr(tree, "body", []), bound, used)
    return used


def _follow(statements: list[ast.stmt], bound: set[str], used: set[str]) -> None:
    """Add what statements use to `used`, and what they surely bind to `bound`."""
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            outer = [*node.decorator_list, *getattr(node, "bases", [])]
            outer += node.args.defaults if hasattr(node, "args") else []
            used |= {n for part in outer for n in _loads(part)} - bound
            if isinstance(node, ast.ClassDef):
                _follow(node.body, set(bound), used)
            bound.add(node.name)
            continue
        blocks = [
            block
            for field in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(node, field, None), list)
        ]
        blocks += [handler.body for handler in getattr(node, "handlers", [])]
        blocks += [case.body for case in getattr(node, "cases", [])]
        heads = [
            child
            for child in parts_of(node)
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        ]
        used |= {n for head in heads for n in _loads(head)} - bound
        if isinstance(node, ast.AugAssign):
            used |= root_of(node.target) - bound
        stored = {n.id for head in heads for n in all_parts(head) if _is_stored(n)}
        stored |= {
            (alias.asname or alias.name).split(".")[0]
            for alias in getattr(node, "names", [])
            if isinstance(alias, ast.alias)
        }
        if not blocks:
            bound |= stored
            continue
        for block in blocks:
            inside = bound | stored
            _follow(block, inside, used)
            if isinstance(node, ast.With | ast.AsyncWith):
                bound |= inside


@cache
def fields_of(kind: type[ast.AST]) -> tuple[str, ...]:
    """Return the fields of a kind of node that may hold nodes, but for contexts."""
    return (
        ()
        if kind is ast.Constant
        else tuple(f for f in kind._fields if f not in LEAVES)
    )


def parts_of(node: ast.AST) -> list[ast.AST]:
    """Return what a node is made of, as `ast.iter_child_nodes` does, but sooner."""
    parts = []
    for field in fields_of(node.__class__):
        value = getattr(node, field, None)
        if value.__class__ is list:
            parts += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST):
            parts.append(value)
    return parts


def all_parts(node: ast.AST) -> list[ast.AST]:
    """Return a node and all that is in it, as `ast.walk` does, but for contexts."""
    found = [node]
    for part in found:
        if fields_of(part.__class__):
            found += parts_of(part)
    return found


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _loads(node: ast.AST) -> set[str]:
    """Return the names that an expression uses, without its own variables."""
    if isinstance(node, ast.Lambda):
        return {n for default in node.args.defaults for n in _loads(default)}
    if isinstance(node, ast.Name):
        return set() if _is_stored(node) else {node.id}
    found = set()
    for child in parts_of(node):
        found |= _loads(child)
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        first = _loads(node.generators[0].iter)
        own = {
            n.id for g in node.generators for n in all_parts(g.target) if _is_stored(n)
        }
        return (found - own) | first
    return found


def root_of(node: ast.expr) -> frozenset[str]:
    """Return the name that an attribute, an item or a call begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return frozenset([node.id]) if isinstance(node, ast.Name) else frozenset()


def handed_on(node: ast.expr) -> frozenset[str]:
    """Return the names whose values, or parts of them, an expression may hand on."""
    match node:
        case ast.Name():
            return frozenset([node.id])
        case ast.Attribute() | ast.Subscript() | ast.Starred() | ast.NamedExpr():
            return handed_on(node.value)
        case ast.Call() if called(node.func) in HANDS_ON:
            parts = [*node.args, *(k.value for k in node.keywords)]
            owner = [node.func] if isinstance(node.func, ast.Attribute) else []
            return frozenset().union(*map(handed_on, [*owner, *parts]))
        case ast.Tuple() | ast.List() | ast.Set():
            return frozenset().union(*map(handed_on, node.elts))
        case ast.Dict():
            return frozenset().union(*map(handed_on, node.values))
        case ast.IfExp():
            return handed_on(node.body) | handed_on(node.orelse)
        case ast.BoolOp():
            return frozenset().union(*map(handed_on, node.values))
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            sources = [generator.iter for generator in node.generators]
            return handed_on(node.elt).union(*map(handed_on, sources))
        case ast.DictComp():
            sources = [generator.iter for generator in node.generators]
            return handed_on(node.value).union(*map(handed_on, sources))
    return frozenset()


def called(function: ast.expr) -> str:
    """Return the last part of a called function's name."""
    while isinstance(function, ast.Call):
        function = function.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
