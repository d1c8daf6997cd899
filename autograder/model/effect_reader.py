"""What a walk over code finds: names bound, used and changed, values shared, calls."""

import ast
from collections.abc import Callable, Collection, Iterable
from functools import cache

from autograder.base.source_code import NAME
from autograder.model.library_effects import (
    CHANGED_ARGUMENTS,
    CHANGES_ITS_ARGUMENTS,
    CHANGES_ITS_OWNER,
    FOR_A_WHILE,
    IN_MEMORY,
    OF_THE_SYSTEM,
    ONLY_ASKS,
    OWN_GENERATORS,
    REACHES_ANY_MODULE,
    SETTINGS,
    SHARED_GENERATORS,
    WRITES,
)
from autograder.model.name_uses import (
    all_parts,
    called,
    fields_of,
    handed_on,
    parts_of,
    root_of,
)

AN_IMPORT = "an import"
_WITH_GENERATORS = {name.partition(".")[0] for name in SHARED_GENERATORS}
CONSTANT = (
    *(ast.Constant, ast.Tuple, ast.Load, ast.UnaryOp, ast.USub),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow),
)


class EffectReader(ast.NodeVisitor):
    """One walk over the code of a cell."""

    def __init__(self, words_are_names: bool) -> None:
        self.binds: set[str] = set()
        self.loads: set[str] = set()
        self.temporary: set[str] = set()
        """Variables of comprehensions."""
        self.uses_later: set[str] = set()
        self.words: set[str] = set()
        self.changes: set[str] = set()
        self.patches: set[str] = set()
        self.shares: list[frozenset[str]] = []
        self.calls: list[tuple[str, frozenset[str]]] = []
        self.defines: set[str] = set()
        self.changers: set[str] = set()
        self.passes: list[tuple[str, str]] = []
        self.stores: list[tuple[frozenset[str], str]] = []
        self.modules: set[str] = set()
        self.packages: set[str] = set()
        self.draws: set[str] = set()
        self.steady: set[str] = set()
        self.unsteady: set[str] = set()
        self.stated: set[str] = set()
        """Names that a function declares to be the notebook's."""
        self.acts: set[str] = set()
        """What does something that names do not show whenever it is called."""
        self.writes = False
        self.in_any_case = self.reaches_all = ""
        self._words_are_names = words_are_names

    def visit(self, node: ast.AST) -> None:
        if visitor := _visitor_of(node.__class__):
            visitor(self, node)

    def generic_visit(self, node: ast.AST) -> None:
        for part in parts_of(node):
            self.visit(part)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for outer in [*node.decorator_list, *node.args.defaults]:
            self.visit(outer)
        self._read_function(node)
        self.binds.add(node.name)
        self.defines.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  # ast names it

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in node.args.defaults:
            self.visit(default)
        self._read_function(node)
        if "" in self.changers | self.acts:  # it may be called by any name
            self.in_any_case = self.in_any_case or "a lambda that changes something"

    def _read_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    ) -> None:
        """Take what a function does whenever it is called."""
        inner = EffectReader(self._words_are_names)
        for part in node.body if isinstance(node.body, list) else [node.body]:
            inner.visit(part)
        given = all_parts(node.args)
        arguments = {part.arg for part in given if isinstance(part, ast.arg)}
        own = (inner.binds | inner.temporary | arguments) - inner.stated
        self.uses_later |= (inner.loads | inner.uses_later | inner.words) - own
        bound = inner.binds & inner.stated
        self.binds |= bound
        self.changes |= bound
        groups = grouped(inner.shares)
        touched = {o for name in inner.changes for o in groups.get(name, {name})}
        self.changes |= touched - own
        self.patches |= inner.patches - own
        # A call of another one of the notebook may change what this one was given.
        self.calls += [(name, given - own) for name, given in inner.calls]
        name = getattr(node, "name", "")
        if touched & arguments:
            self.changers.add(name)
        handed = {a: {o for n in g for o in groups.get(n, {n})} for a, g in inner.calls}
        self.passes += [(name, other) for other, g in handed.items() if g & arguments]
        self.stores += [(names - own, text) for names, text in inner.stores]
        if inner.in_any_case not in ("", AN_IMPORT):
            self.acts.add(name)
        self._take_from(inner)

    def _take_from(self, inner: "EffectReader") -> None:
        self.changers |= inner.changers
        self.passes += inner.passes
        self.acts |= inner.acts
        self.packages |= inner.packages
        self.writes = self.writes or inner.writes
        self.reaches_all = self.reaches_all or inner.reaches_all

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        inner = EffectReader(self._words_are_names)
        for part in [*node.decorator_list, *node.bases, *node.body]:
            inner.visit(part)
        self.binds.add(node.name)
        self.defines |= {node.name, *inner.defines}
        own = inner.binds | inner.temporary
        self.uses_later |= (inner.uses_later | inner.loads) - own
        self.stores += inner.stores
        self.changes |= inner.changes - inner.binds
        self.patches |= inner.patches - inner.binds
        if "__init__" in inner.changers:
            self.changers.add(node.name)
        if inner.acts:
            self.acts.add(node.name)
        self.passes.append((node.name, "__init__"))
        self.calls += inner.calls
        self.in_any_case = self.in_any_case or inner.in_any_case
        self._take_from(inner)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        names = {(a.asname or a.name).split(".")[0] for a in node.names}
        self.binds |= names
        self.steady |= names
        self.modules |= names
        self.in_any_case = AN_IMPORT
        from_one = getattr(node, "module", None)
        module = from_one or node.names[0].name
        loaded = [from_one] if from_one else [alias.name for alias in node.names]
        self.packages |= {name.split(".")[0] for name in loaded}
        if module in SHARED_GENERATORS and isinstance(node, ast.ImportFrom):
            self.in_any_case = f"an import from {module}"
            self.draws |= names - OWN_GENERATORS
        is_all = any(alias.name == "*" for alias in node.names)
        if is_all or module.split(".")[0] in REACHES_ANY_MODULE:
            self.reaches_all = f"an import of {module}"

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.stated.update(node.names)

    visit_Nonlocal = visit_Global  # noqa: N815

    def visit_Name(self, node: ast.Name) -> None:
        (self.loads if isinstance(node.ctx, ast.Load) else self.binds).add(node.id)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.generic_visit(node)
        self.binds |= {node.name} if node.name else set()

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        self.generic_visit(node)
        self.binds |= {node.name} if node.name else set()

    visit_MatchStar = visit_MatchAs  # noqa: N815

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name, is_method = called(node.func), isinstance(node.func, ast.Attribute)
        owner = handed_on(node.func) if is_method else frozenset()
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        self.calls.append((name, owner.union(*map(handed_on, given))))
        if is_method and name in CHANGES_ITS_OWNER:
            self.changes |= owner
            is_deep = not isinstance(node.func.value, ast.Name)
            self.patches |= owner if is_deep else set()
        if name in CHANGES_ITS_ARGUMENTS:
            self._patch(frozenset().union(*map(handed_on, node.args)))
        for keyword in node.keywords:
            if keyword.arg in CHANGED_ARGUMENTS:
                self._patch(handed_on(keyword.value))
            if keyword.arg == "inplace":
                self.changes |= owner
        is_draw = is_method and _is_shared_generator(node.func)
        if name in SETTINGS or is_draw or name in self.draws:
            self.in_any_case = f"{ast.unparse(node.func)}()"
        if _writes(node, name):
            self.writes = True
            self.in_any_case = f"{ast.unparse(node.func)}(), which writes"

    def _patch(self, names: frozenset[str]) -> None:
        self.changes |= names
        self.patches |= names

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._share(target, node.value)
            names = {
                n.id
                for n in all_parts(target)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            if "" in self.acts:
                self.acts |= names
            is_constant = all(isinstance(n, CONSTANT) for n in all_parts(node.value))
            (self.steady if is_constant else self.unsteady).update(names)

    def visit_AnnAssign(self, node: ast.AnnAssign | ast.NamedExpr) -> None:
        self.generic_visit(node)
        if node.value is not None:
            self._share(node.target, node.value)

    visit_NamedExpr = visit_AnnAssign  # noqa: N815

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        self._patch(root_of(node.target))

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.generic_visit(node)
        self._share(node.target, node.iter)

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for part in [node.iter, *node.ifs]:  # its variables are its own
            self.visit(part)
        names = all_parts(node.target)
        self.temporary |= {name.id for name in names if isinstance(name, ast.Name)}
        self._share(node.target, node.iter)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        before = self.in_any_case
        self.generic_visit(node)
        if any(called(item.context_expr) in FOR_A_WHILE for item in node.items):
            self.in_any_case = before

    visit_AsyncWith = visit_With  # noqa: N815

    def visit_withitem(self, node: ast.withitem) -> None:
        self.generic_visit(node)
        if node.optional_vars is not None:
            self._share(node.optional_vars, node.context_expr)

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            self.changes |= root_of(node)
            self.stores.append((root_of(node), ast.unparse(node)))

    visit_Subscript = visit_Attribute  # noqa: N815

    def visit_Constant(self, node: ast.Constant) -> None:
        if self._words_are_names and isinstance(node.value, str):
            self.words |= set(NAME.findall(node.value))

    def _share(self, target: ast.expr, value: ast.expr) -> None:
        names = {n.id for n in all_parts(target) if isinstance(n, ast.Name)}
        together = frozenset(names) | handed_on(value)
        if len(together) > 1:
            self.shares.append(together)


@cache
def _visitor_of(
    kind: type[ast.AST],
) -> Callable[[EffectReader, ast.AST], None] | None:
    """Return the method for a kind of node; None if there is nothing in it to visit."""
    if own := getattr(EffectReader, f"visit_{kind.__name__}", None):
        return own
    return EffectReader.generic_visit if fields_of(kind) else None


def grouped(shares: Iterable[Collection[str]]) -> dict[str, set[str]]:
    """Return, for each name, the names that may stand for the same value."""
    groups: dict[str, set[str]] = {}
    for pair in shares:
        together = set().union(*(groups.get(name, {name}) for name in pair))
        for name in together:
            groups[name] = together
    return groups


def _is_shared_generator(function: ast.Attribute) -> bool:
    """Whether a call is for the generator of random numbers of a whole process."""
    if root_of(function.value).isdisjoint(_WITH_GENERATORS):
        return False  # to write it out takes long
    owner = ast.unparse(function.value)
    return owner in SHARED_GENERATORS and function.attr not in OWN_GENERATORS


def _writes(call: ast.Call, name: str) -> bool:
    """Whether a call leaves something in a file, or may."""
    if name == "open":
        return not _only_reads(call)
    if name in WRITES:
        goes_to = call.args[0] if call.args else None
        if isinstance(goes_to, ast.NamedExpr):
            goes_to = goes_to.value
        return not (isinstance(goes_to, ast.Call) and called(goes_to.func) in IN_MEMORY)
    if root_of(call.func).isdisjoint(OF_THE_SYSTEM):
        return False  # to write it out takes long
    whole = ast.unparse(call.func)
    return whole.split(".")[0] in OF_THE_SYSTEM and not whole.startswith(ONLY_ASKS)


def _only_reads(call: ast.Call) -> bool:
    modes = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "mode")]
    shown = [m.value for m in modes if isinstance(m, ast.Constant)]
    return len(shown) == len(modes) and not set("wax+") & set("".join(map(str, shown)))
