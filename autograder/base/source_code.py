"""Source code: Python as a tree, in one thread at a time, and what it imports."""

import ast
import inspect
import json
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from autograder.base.errors import WrongUse

LONGEST_CELL = 100_000
"""Characters of code that are parsed: trees take a thousand times as many bytes."""
MOST_CODE = 400_000
"""Characters of a notebook's code together: parsed, it may take a second."""
NAME = re.compile(r"[^\W\d]\w*")
PICTURE = re.compile(
    r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]+|attachment:[^\s)\"'>]+"
)
"""How a text has a picture in it: its content, or the name of what is attached."""
parsing = Lock()
"""Held while trees are made or compiled.

Python 3.11 counts the depth of a tree for all threads together, and raises SystemError
when it changes threads (to collect garbage, say) while it makes one.
"""


def tree_of(source: str) -> ast.Module:
    """Parse source code, in one thread at a time.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        As `ast.parse` does, which is not asked for code that is too long.
    """
    if len(source) > LONGEST_CELL:
        raise MemoryError(f"found {len(source)} characters of code in a cell")
    with parsing:
        return ast.parse(source)


def import_statements(notebook: Path) -> str:
    """Return the import statements of a notebook's cells, a line each.

    Raises
    ------
    WrongUse
        The file is no notebook, or one of an old format.
    """
    try:
        return _import_statements(notebook.read_bytes())
    except (ValueError, KeyError, TypeError):
        raise WrongUse(
            f"{notebook}: found no notebook of format 4, expected one; open it in "
            "Jupyter and save it, or move it away."
        ) from None


@lru_cache(maxsize=32)
def _import_statements(notebook: bytes) -> str:
    cells = json.loads(notebook)["cells"]
    return import_lines("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def import_lines(sources: Iterable[str]) -> str:
    """Return the import statements of code cells, a line each, none twice."""
    nodes = [node for source in sources for node in imports_in(source)]
    return "\n".join(dict.fromkeys(map(ast.unparse, nodes)))


def imports_named(
    imports: str, sources: Iterable[str], packages: Collection[str]
) -> str:
    """Return import statements without those that code never names.

    Parameters
    ----------
    imports
        Import statements, a line each.
    sources
        The code; names in its texts count, too.
    packages
        What may be left out: the others are kept. All that is imported of a package is
        kept together.
    """
    named = {name for source in sources for name in NAME.findall(source)}
    named.add("*")  # which binds any name
    nodes = imports_in(imports)
    kept = named.union(*(_packages_of(n) for n in nodes if _bound_by(n) & named))
    return "\n".join(
        ast.unparse(node)
        for node in nodes
        if (of := _packages_of(node)) & kept or not of <= set(packages)
    )


def _bound_by(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {(alias.asname or alias.name).split(".")[0] for alias in node.names}


def _packages_of(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {name.split(".")[0] for name in _loaded_by(node)}


def imported_modules(statements: str) -> set[str]:
    """Return the names of the modules that import statements load."""
    return set().union(*map(_loaded_by, imports_in(statements)))


def _loaded_by(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module} if node.module and not node.level else set()


def modules_to_load(statements: str) -> set[str]:
    """Return what import statements load, with what only may be a module.

    `from matplotlib import pyplot` loads `matplotlib.pyplot`; that `from numpy import
    sin` loads no `numpy.sin` is seen when it is tried.
    """
    parts = {
        f"{node.module}.{alias.name}"
        for node in imports_in(statements)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
        if alias.name != "*"
    }
    return imported_modules(statements) | parts


def absent_modules(statements: str, folder: Path) -> list[str]:
    """Return what is imported but neither installed nor in a lesson's folder."""
    names = {module.partition(".")[0] for module in imported_modules(statements)}
    beside = {path.stem for path in folder.iterdir()}
    return sorted(name for name in names - beside if find_spec(name) is None)


@lru_cache(maxsize=2000)  # most cells of a class are the same
def meaning_of(source: str) -> str:
    """Return what code says, whatever formatted it.

    It is the same for code that differs in blanks, quotes, comments, brackets and the
    order of its imports. Of code that is all comments it is their words; code that is
    no Python is returned without the blanks at the ends of its lines.
    """
    magics = re.sub(r"^([ \t]*)([%!].*)$", _as_a_string, source, flags=re.MULTILINE)
    try:
        tree = _Unformatted().visit(tree_of(magics))
        return ast.dump(tree) if tree.body else words_of(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "\n".join(line.rstrip() for line in source.strip().splitlines())


def words_of(text: str) -> str:
    """Return the words and numbers of a text alone; a picture in it is one word."""
    return " ".join(re.findall(r"[^\W_]+", PICTURE.sub(" picture ", text)))


def _as_a_string(magic: re.Match) -> str:
    return f"{magic[1]}{magic[2].rstrip()!r}"


class _Unformatted(ast.NodeTransformer):
    """Takes out of a tree what formatters change in it."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Sort each run of imports, a name each."""
        self.generic_visit(node)
        body: list[ast.stmt] = []
        imports: list[ast.stmt] = []
        for statement in [*node.body, None]:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                names = [[name] for name in statement.names]
                same = vars(statement)
                imports += [type(statement)(**same | {"names": n}) for n in names]
                continue
            body += sorted(imports, key=ast.dump)
            body += [statement] if statement else []
            imports = []
        node.body = body
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.Delete:
        """Drop brackets around what is deleted."""
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Tuple):
            node.targets = node.targets[0].elts
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """Drop the indent of a docstring, and blanks at its lines' ends."""
        self.generic_visit(node)
        text = getattr(node.value, "value", None)
        if isinstance(node.value, ast.Constant) and isinstance(text, str):
            lines = inspect.cleandoc(text).splitlines()
            node.value.value = "\n".join(line.rstrip() for line in lines).strip()
        return node


def imports_in(source: str) -> list[ast.Import | ast.ImportFrom]:
    """Return the import statements of a cell, outside its functions."""
    if "import" not in source:  # most cells, which need not be parsed
        return []
    # Magics and system commands are no Python, and import nothing.
    lines = [s for s in source.splitlines() if not s.lstrip().startswith(("%", "!"))]
    try:
        body = tree_of("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
