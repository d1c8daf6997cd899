"""Uses of names: what code needs to be there when it runs."""

import ast


def uses_of(tree: ast.AST) -> set[str]:
    """Return the names that code uses at once and has not surely bound before."""
    used: set[str] = set()
    _follow(getattr(tree, "body", []), set(), used)
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
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        ]
        used |= {n for head in heads for n in _loads(head)} - bound
        if isinstance(node, ast.AugAssign):
            used |= root_of(node.target) - bound
        stored = {n.id for head in heads for n in ast.walk(head) if _is_stored(n)}
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


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _loads(node: ast.AST) -> set[str]:
    """Return the names that an expression uses, without its own variables."""
    if isinstance(node, ast.Lambda):
        return {n for default in node.args.defaults for n in _loads(default)}
    found = {node.id} if isinstance(node, ast.Name) and not _is_stored(node) else set()
    for child in ast.iter_child_nodes(node):
        found |= _loads(child)
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        first = _loads(node.generators[0].iter)
        own = {
            n.id for g in node.generators for n in ast.walk(g.target) if _is_stored(n)
        }
        return (found - own) | first
    return found


def root_of(node: ast.expr) -> frozenset[str]:
    """Return the name that an attribute, an item or a call begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return frozenset([node.id]) if isinstance(node, ast.Name) else frozenset()
