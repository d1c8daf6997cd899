"""Compiled cells: given code that is compiled once for all notebooks that have it.

IPython reads a cell into a tree, and compiles each statement of that by itself. A
lesson's given cells are the same in a whole class, and some are long. So their
statements come along as code, and IPython gets a tree whose leaves stand for these.
"""

from __future__ import annotations

import ast
import inspect
import marshal
import os
import zlib
from contextlib import suppress
from functools import lru_cache
from types import CodeType

from autograder.base.source_code import parsing

SHORT = 500
"""Characters up to which a cell is as soon compiled as sent."""
_FIRST = 1
"""The number of a student's process in its namespace of processes."""


def file_of(source: str, process: int) -> str:
    """Return what a cell is called in tracebacks and warnings: as by ipykernel."""
    folder = os.path.join(os.sep, "tmp", f"ipykernel_{process}")
    return os.path.join(folder, f"{zlib.crc32(source.encode(errors='replace'))}.py")


@lru_cache(maxsize=256)
def compiled(source: str) -> bytes:
    """Return the statements of a cell as code, for `tree_of_leaves`; or nothing.

    Nothing is returned where a cell is short, no Python, or such that IPython would do
    more than run its statements.

    Parameters
    ----------
    source
        Of the lesson's author: what students write is compiled in their own processes.
    """
    file = file_of(source, _FIRST)
    with parsing, suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        body = ast.parse(source, file).body if len(source) > SHORT else []
        shows = bool(body) and isinstance(body[-1], ast.Expr)
        trees = [ast.Module([node], []) for node in body[: len(body) - shows]]
        codes = [_code(tree, file, "exec") for tree in trees]
        if shows:
            codes.append(_code(ast.Interactive(body[-1:]), file, "single"))
        if codes and "__future__" not in source and not any(map(_awaits, codes)):
            return marshal.dumps((shows, codes))
    return b""


def _code(tree: ast.mod, file: str, how: str) -> CodeType:
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return compile(tree, file, how, flags, dont_inherit=True)


def _awaits(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_COROUTINE)


class _Statement(ast.Pass):
    """A leaf: a statement that is compiled already."""


class _Shown(ast.Expr):
    """A leaf: an expression whose value is shown."""


def tree_of_leaves(known: bytes, file: str) -> ast.Module | None:
    """Return a tree that stands for the statements of a cell.

    Parameters
    ----------
    known
        As `compiled` has returned it.
    file
        What the cell is called here; None is returned if that is another name.
    """
    shows, codes = marshal.loads(known)  # noqa: S302 - from the trusted side
    if codes[0].co_filename != file:
        return None
    leaves = [_Statement() for _ in codes]
    if shows:
        leaves[-1] = _Shown()
    for leaf, code in zip(leaves, codes, strict=True):
        leaf.code = code
    return ast.Module(leaves, [])


def code_of(tree: object) -> CodeType | None:
    """Return the code that a tree with one leaf stands for; None if it is another."""
    body = getattr(tree, "body", None)
    leaf = body[0] if isinstance(body, list) and body else None
    return leaf.code if isinstance(leaf, _Statement | _Shown) else None
