"""Syntax: Python source as a tree, in one thread at a time."""

import ast
from threading import Lock

_parsing = Lock()


def tree_of(source: str) -> ast.Module:
    """Parse source code.

    Python 3.11 counts the depth of a tree for all threads together, and raises
    SystemError when it changes threads (to collect garbage, say) while it makes one.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        As `ast.parse` does.
    """
    with _parsing:
        return ast.parse(source)
