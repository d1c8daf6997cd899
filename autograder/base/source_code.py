"""Source code: Python as a tree, in one thread at a time, and what it imports."""

import ast
import json
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

LONGEST_CELL = 100_000
"""Characters of code that are parsed: trees take a thousand times as many bytes."""
MOST_CODE = 400_000
"""Characters of a notebook's code together: parsed, it may take a second."""
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
    """Return the import statements of a notebook's cells, a line each."""
    return _import_statements(notebook.read_bytes())


@lru_cache(maxsize=32)
def _import_statements(notebook: bytes) -> str:
    cells = json.loads(notebook)["cells"]
    return import_lines("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def import_lines(sources: Iterable[str]) -> str:
    """Return the import statements of code cells, a line each, none twice."""
    nodes = [node for source in sources for node in imports_in(source)]
    return "\n".join(dict.fromkeys(map(ast.unparse, nodes)))


def imported_modules(statements: str) -> set[str]:
    """Return the names of the modules that import statements load."""
    modules = set()
    for node in imports_in(statements):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif node.module and not node.level:
            modules.add(node.module)
    return modules


def absent_modules(statements: str, folder: Path) -> list[str]:
    """Return what is imported but neither installed nor in a lesson's folder."""
    names = {module.partition(".")[0] for module in imported_modules(statements)}
    beside = {path.stem for path in folder.iterdir()}
    return sorted(name for name in names - beside if find_spec(name) is None)


def imports_in(source: str) -> list[ast.Import | ast.ImportFrom]:
    """Return the import statements of a cell, outside its functions."""
    # Magics and system commands are no Python, and import nothing.
    lines = [s for s in source.splitlines() if not s.lstrip().startswith(("%", "!"))]
    try:
        body = tree_of("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
