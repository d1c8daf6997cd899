"""Code of tests: test cells and checks, compiled once for all notebooks."""

from __future__ import annotations

import ast
import marshal
import re
import symtable
from contextlib import suppress
from functools import lru_cache
from types import CodeType

from autograder.base.source_code import imports_named, parsing
from autograder.model.library_effects import QUIET_PACKAGES
from autograder.sealed.compiling.guarded_code import with_guards
from autograder.sealed.compiling.own_checks import own_checks

Code = tuple[CodeType, CodeType | None, frozenset[str], frozenset[str]]
"""A test cell: its statements, its last expression if it ends in one, the names that it
defines and those that it uses."""
_NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What is raised by code that cannot be compiled."""


def compile_test(source: str, filename: str = "<test>") -> Code:
    """Return a test cell as code.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        As `compile` does.
    """
    with parsing:
        statements = with_guards(ast.parse(source, filename))
        last = statements.body[-1] if statements.body else None
        value = None
        if isinstance(last, ast.Expr):
            statements.body.pop()
            value = compile(ast.Expression(last.value), filename, "eval")
        code = compile(statements, filename, "exec")
        symbols = _symbols_of(source)
        return code, value, _defined_in(symbols), _used_in(symbols)


@lru_cache(maxsize=64)
def compile_tests(
    tests: tuple[tuple[str, str], ...],
    locked: tuple[tuple[str, str, tuple[str, ...]], ...] = (),
    imports: str = "",
    constants: tuple[str, ...] = (),
) -> bytes:
    """Compile test cells and checks, once for all notebooks that have them.

    Parameters
    ----------
    tests
        Name and source of each.
    locked
        Name and source of each locked cell, and the names that it defines for good.
    imports
        The lesson's import statements, a line each.
    constants
        Cells of constants, which tests take from the trusted side.

    Returns
    -------
    What `marshal` reads as three dicts by the names of cells: `Code` of tests, what
    `define` takes of locked cells, and those names of locked cells that stand for data
    which tests use; and the import statements that any of this needs. A cell that is no
    Python is in neither of the first two: it fails where it runs.
    """
    codes, checks, data = {}, {}, {}
    sources = [*constants, *(source for _, source in tests)]
    for name, source in tests:
        with suppress(*_NO_PYTHON):
            codes[name] = compile_test(source, filename_of(name))
    used = {word for _, source in tests for word in re.findall(r"\w+", source)}
    for name, source, held in locked:
        data[name] = [n for n in held if n in used and _is_data(n, source)]
        with suppress(*_NO_PYTHON):
            found = own_checks(source, held)
            checks[name] = [(c.name, _compile_check(c.source), c.needs) for c in found]
            sources += [check.source for check in found]
    needed = imports_named(imports, sources, QUIET_PACKAGES)
    return marshal.dumps((codes, checks, data, needed))


@lru_cache(maxsize=64)
def definitions_of(source: str, names: tuple[str, ...]) -> bytes:
    """Return code that makes the definitions of these names alone, for `marshal`.

    Parameters
    ----------
    source
        Of a locked cell, as far as it runs; if it is no Python, nothing is defined.
    """
    tree, kinds = ast.Module([], []), ast.FunctionDef | ast.ClassDef
    with parsing, suppress(*_NO_PYTHON):
        body = ast.parse(source).body
        tree.body = [n for n in body if isinstance(n, kinds) and n.name in names]
    return marshal.dumps(compile(tree, "<given>", "exec", dont_inherit=True))


def _is_data(name: str, source: str) -> bool:
    """Whether a cell defines no function and no class of this name."""
    return not re.search(rf"^(def|class) {name}\b", source, re.MULTILINE)


def _compile_check(source: str) -> CodeType:
    with parsing:
        return compile(with_guards(ast.parse(source)), "<given>", "exec")


def filename_of(test: str) -> str:
    """Return what a test cell is called in tracebacks."""
    return f"<{test}>"


def names_defined_in(source: str) -> frozenset[str]:
    """Return the names that a test cell assigns or imports.

    Raises
    ------
    SyntaxError
        It is no Python.
    """
    return _defined_in(_symbols_of(source))


def _symbols_of(source: str) -> symtable.SymbolTable:
    return symtable.symtable(source, "<test>", "exec")


def _defined_in(top: symtable.SymbolTable) -> frozenset[str]:
    return frozenset(
        s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()
    )


def _used_in(top: symtable.SymbolTable) -> frozenset[str]:
    """Return the names that a test cell takes from outside of its functions."""
    found = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    scopes = top.get_children()
    for scope in scopes:  # grows while it is walked
        found |= {s.get_name() for s in scope.get_symbols() if s.is_global()}
        scopes += scope.get_children()
    return frozenset(found)
