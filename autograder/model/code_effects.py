"""Effects of code: what a cell binds, uses, changes and lets share a value.

Nothing is run to find out. Where code does not show what it does, that is said, too.
"""

import ast
import builtins
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

from autograder.base.source_code import tree_of

WORD = re.compile(r"[^\W\d]\w*")
REACHES_ANY_NAME = {
    *("exec", "eval", "globals", "locals", "vars", "get_ipython", "__import__"),
    *("In", "Out", "_", "__", "___", "_i", "_ih", "_oh", "_dh", "__builtins__"),
}
REACHES_ANY_MODULE = {"__main__", "builtins", "ctypes", "gc", "importlib", "inspect"}
NAMES_IN_TEXT = {"aes", "query", "eval", "assign", "after_stat", "stage", "facet_wrap"}
"""Calls whose text may name variables of the notebook."""
SETTINGS = {
    *("seed", "set_seed", "set_random_seed", "seterr", "seterrcall", "set_option"),
    *("set_printoptions", "filterwarnings", "simplefilter", "use", "set_theme"),
    *("theme_set", "rc", "rcdefaults", "switch_backend", "chdir", "set_floatx"),
    *("run_functions_eagerly", "set_config", "setrecursionlimit", "basicConfig"),
    *("clear_session", "register", "set_backend", "reset_option"),
}
WRITES = {
    *("savefig", "to_csv", "to_excel", "to_json", "to_pickle", "to_parquet", "tofile"),
    *("save", "savez", "savez_compressed", "savetxt", "save_weights", "dump", "mkdir"),
    *("makedirs", "write_text", "write_bytes", "unlink", "rmdir", "rename", "touch"),
    *("copyfile", "copytree", "move", "rmtree", "urlretrieve", "system", "popen"),
}
CHANGES_ITS_OWNER = {
    *("append", "extend", "insert", "pop", "popitem", "remove", "clear", "update"),
    *("setdefault", "add", "discard", "sort", "reverse", "fill", "resize", "put"),
    *("partition", "setflags", "itemset", "appendleft", "popleft", "rotate", "send"),
    *("fit", "fit_transform", "fit_predict", "partial_fit", "compile", "build"),
    *("train_on_batch", "test_on_batch", "set_weights", "load_weights", "set_params"),
    *("evaluate", "predict", "reset_states", "apply_gradients", "assign_add"),
    *("minimize", "write", "writelines", "read", "readline", "seek", "spawn"),
    # Draws of a random generator.
    *("random", "normal", "standard_normal", "uniform", "integers", "choice", "bytes"),
    *("permutation", "permuted", "shuffle", "binomial", "poisson", "exponential"),
    *("beta", "gamma", "multivariate_normal", "randint", "rand", "randn", "gauss"),
    *("sample", "randrange", "choices", "laplace", "lognormal", "multinomial"),
}
CHANGES_ITS_ARGUMENTS = {
    *("shuffle", "copyto", "fill_diagonal", "put", "put_along_axis", "at", "place"),
    *("putmask", "setattr", "delattr", "next", "heappush", "heappop", "heapify"),
    *("insort", "insort_left", "insort_right", "setitem", "delitem", "iadd", "isub"),
}
CHANGED_ARGUMENTS = {"out", "rng", "random_state", "generator", "memo", "ax"}
"""Keywords whose value a function may change."""
FRESH = ast.BinOp | ast.UnaryOp | ast.Compare | ast.JoinedStr | ast.Constant
"""Expressions whose value is a new one."""


@dataclass(frozen=True)
class Call:
    """A call, as far as it may change something."""

    roots: frozenset[str]
    """Names that the function, or the object whose method it is, begins with."""
    given: frozenset[str]
    """Names in its arguments."""


@dataclass(frozen=True)
class Effects:
    """What a piece of code does to names of the notebook."""

    binds: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    """What it uses when it runs."""
    uses_later: frozenset[str] = frozenset()
    """What its functions use, whenever they are called."""
    changes: frozenset[str] = frozenset()
    shares: tuple[frozenset[str], ...] = ()
    """Groups of names that may stand for the same value, or parts of it."""
    calls: tuple[Call, ...] = ()
    defines: frozenset[str] = frozenset()
    """Functions and classes."""
    imports: frozenset[str] = frozenset()
    in_any_case: str = ""
    """What it does that names do not show, such as a seed."""
    reaches_all: str = ""
    """Why it may use or set any name."""


@lru_cache(maxsize=4096)
def effects_of(source: str) -> Effects:
    """Return the effects of a cell; a cell that is no code at all has none."""
    try:
        tree = tree_of(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _effects_of_other_code(source)
    return _Reader(tree, source).effects()


def _effects_of_other_code(source: str) -> Effects:
    """Tell a magic, which can do anything, from a slip, which does nothing."""
    try:
        tree_of(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Effects()
    return Effects(in_any_case="a magic", reaches_all="a magic")


class _Reader(ast.NodeVisitor):
    """One walk over the code of a cell."""

    def __init__(self, tree: ast.Module, source: str) -> None:
        self._binds, self._uses, self._uses_later = _names(source)
        self._changes: set[str] = set()
        self._shares: list[frozenset[str]] = []
        self._calls: list[Call] = []
        self._imports: set[str] = set()
        self._in_any_case = self._reaches_all = ""
        self._defines = {
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        }
        self._texts = any(
            isinstance(node, ast.Call) and _last(node.func) in NAMES_IN_TEXT
            for node in ast.walk(tree)
        )
        self.visit(tree)

    def effects(self) -> Effects:
        """Return what was found."""
        reached = (self._uses | self._uses_later) & REACHES_ANY_NAME
        if reached:
            self._reaches_all = sorted(reached)[0]
        if self._reaches_all:
            self._in_any_case = self._in_any_case or self._reaches_all
        return Effects(
            frozenset(self._binds),
            frozenset(self._uses),
            frozenset(self._uses_later),
            frozenset(self._changes),
            tuple(group for group in self._shares if len(group) > 1),
            tuple(self._calls),
            frozenset(self._defines),
            frozenset(self._imports),
            self._in_any_case,
            self._reaches_all,
        )

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        names = [(alias.asname or alias.name).split(".")[0] for alias in node.names]
        self._imports.update(names)
        self._in_any_case = "an import"
        module = getattr(node, "module", None) or node.names[0].name
        if "*" in names or module.split(".")[0] in REACHES_ANY_MODULE:
            self._reaches_all = f"import of {module}"

    visit_ImportFrom = visit_Import  # noqa: N815  # ast names it

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name, owner = _last(node.func), _roots(node.func)
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        self._calls.append(Call(owner, frozenset().union(*map(_inside, given))))
        is_method = isinstance(node.func, ast.Attribute)
        if is_method and name in CHANGES_ITS_OWNER:
            self._changes |= owner
        if name in CHANGES_ITS_ARGUMENTS:
            self._changes |= frozenset().union(*map(_inside, node.args))
        for keyword in node.keywords:
            if keyword.arg in CHANGED_ARGUMENTS:
                self._changes |= _inside(keyword.value)
            if keyword.arg in ("inplace", "copy") and is_method:
                self._changes |= owner
        if name in SETTINGS or (is_method and _is_global_draw(node.func)):
            self._in_any_case = f"{ast.unparse(node.func)}()"
        if name in WRITES or (name == "open" and not _only_reads(node)):
            self._in_any_case = f"{ast.unparse(node.func)}(), which writes"

    def visit_Expr(self, node: ast.Expr) -> None:
        self.generic_visit(node)
        if isinstance(node.value, ast.Call) and isinstance(
            node.value.func, ast.Attribute
        ):
            self._changes |= _roots(node.value.func)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._share(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        if node.value is not None:
            self._share(node.target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.generic_visit(node)
        self._share(node.target, node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        self._changes |= _roots(node.target)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.generic_visit(node)
        self._share(node.target, node.iter)
        self._calls.append(Call(_inside(node.iter), frozenset()))  # an iterator's end

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.generic_visit(node)
        self._calls.append(Call(_inside(node.iter), frozenset()))

    def visit_withitem(self, node: ast.withitem) -> None:
        self.generic_visit(node)
        if node.optional_vars is not None:
            self._share(node.optional_vars, node.context_expr)
        self._changes |= _roots(node.context_expr)

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            self._changes |= _roots(node)

    visit_Subscript = visit_Attribute  # noqa: N815

    def visit_Constant(self, node: ast.Constant) -> None:
        if self._texts and isinstance(node.value, str):
            words = "".join(
                c if c.isidentifier() or c.isdigit() else " " for c in node.value
            )
            self._uses |= {word for word in words.split() if word.isidentifier()}

    def visit_Match(self, node: ast.Match) -> None:
        self.generic_visit(node)
        captured = {
            found
            for part in ast.walk(node)
            if isinstance(part, ast.MatchAs | ast.MatchStar)
            and (found := part.name) is not None
        }
        self._shares.append(frozenset(captured) | _inside(node.subject))

    def _share(self, target: ast.expr, value: ast.expr) -> None:
        self._shares.append(_roots(target) | _bound_in(target) | _inside(value))


def _names(source: str) -> tuple[set[str], set[str], set[str]]:
    """Return what a cell binds, what it uses at once, and what its functions use."""
    top = symtable.symtable(source, "<cell>", "exec")
    own = top.get_symbols()
    binds = {s.get_name() for s in own if s.is_assigned() or s.is_imported()}
    uses = {s.get_name() for s in own if s.is_referenced()}
    later: set[str] = set()
    inner = list(top.get_children())
    while inner:
        table = inner.pop()
        for symbol in table.get_symbols():
            if symbol.is_global():
                later.add(symbol.get_name())
                if symbol.is_assigned():
                    binds.add(symbol.get_name())
        inner.extend(table.get_children())
    known = set(dir(builtins)) - REACHES_ANY_NAME
    return binds, uses - known, later - known


def _roots(node: ast.expr) -> frozenset[str]:
    """Return the names that an attribute, an item or a call begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return frozenset([node.id]) if isinstance(node, ast.Name) else _inside(node)


def _bound_in(target: ast.expr) -> frozenset[str]:
    names = (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
    return frozenset(names)


def _inside(node: ast.AST) -> frozenset[str]:
    """Return the names whose values, or parts of them, an expression may hand on."""
    return frozenset(_handed_on(node))


def _handed_on(node: ast.AST) -> Iterator[str]:
    if isinstance(node, FRESH):
        return
    if isinstance(node, ast.Name):
        yield node.id
    for child in ast.iter_child_nodes(node):
        yield from _handed_on(child)


def _last(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_global_draw(function: ast.Attribute) -> bool:
    """Whether a call draws from the generator that a whole process shares."""
    owner = ast.unparse(function.value)
    own = ("default_rng", "Generator", "SeedSequence", "RandomState", "Random", "PCG64")
    shared = ("np.random", "numpy.random", "random", "tf.random", "keras.random")
    return owner in shared and function.attr not in own


def _only_reads(call: ast.Call) -> bool:
    modes = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "mode")]
    return all(
        isinstance(m, ast.Constant) and not set("wax+") & set(str(m.value))
        for m in modes
    )
