"""Effects of code: what a cell binds, uses, changes and lets share a value.

Nothing is run to find out. Where code does not show what it does, that is said, too.
"""

import ast
import builtins
from dataclasses import dataclass
from functools import lru_cache

from autograder.base.source_code import tree_of
from autograder.model.effect_reader import EffectReader
from autograder.model.library_effects import (
    NAMES_IN_TEXT,
    QUIET_PACKAGES,
    REACHES_ANY_NAME,
    SETTINGS,
)
from autograder.model.name_uses import all_parts, called, uses_of

TOO_DEEP = "code too deep to follow"
BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True)
class Effects:
    """What a piece of code does to names of the notebook."""

    binds: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    """What it uses when it runs and has not bound before; of a statement, what is not
    surely bound above it in its cell either."""
    mentions: frozenset[str] = frozenset()
    """All that it uses when it runs, wherever it was bound."""
    uses_later: frozenset[str] = frozenset()
    """What its functions use, whenever they are called."""
    changes: frozenset[str] = frozenset()
    """Names whose value it changes."""
    patches: frozenset[str] = frozenset()
    """Those of them that it changes even if they are modules: `np.append(x, 1)` is a
    function's call, `sys.path.append(x)` is not."""
    shares: tuple[frozenset[str], ...] = ()
    """Groups of names that may stand for the same value, or parts of it."""
    calls: tuple[tuple[str, frozenset[str]], ...] = ()
    """What it calls: the last part of its name, and the names that it is given, with
    that of the object whose method it is."""
    defines: frozenset[str] = frozenset()
    """Functions, classes and methods."""
    changers: frozenset[str] = frozenset()
    """Those of them that change what they are given, or the object they belong to."""
    acts: frozenset[str] = frozenset()
    """Those of them that do something that names do not show, such as to draw from the
    generator of a whole process."""
    passes: tuple[tuple[str, str], ...] = ()
    """Functions, each with one that it hands on to what it is given."""
    steady: frozenset[str] = frozenset()
    """Names of modules and constants, whose values nothing changes."""
    unsteady: frozenset[str] = frozenset()
    """All other names that it binds."""
    stores: tuple[tuple[frozenset[str], str], ...] = ()
    """Attributes and items that it sets: the name that they begin with, and as code."""
    modules: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    """What it imports, itself or in its functions: the first part of each name."""
    writes: bool = False
    """Whether it, or a function of it, writes a file."""
    lasting: str = ""
    """Its statements that are imports or settings: they run in any case."""
    in_any_case: str = ""
    """What else it does that names do not show, such as a file that it writes."""
    reaches_all: str = ""
    """Why it may use or set any name."""


@dataclass(frozen=True)
class Statement:
    """A statement of a cell, or several that share a line."""

    end: int
    """The line that it ends in, counted from 1."""
    effects: Effects
    is_quiet_import: bool = False
    """Whether it binds names of large packages, and does nothing else."""


@lru_cache(maxsize=1024)
def statements_of(source: str) -> tuple[Statement, ...]:
    """Return the effects of a cell by statement, in their order.

    What is no code, or too deep to follow, is one statement; and so is a cell that
    writes a file, as it may take several to fill it.
    """
    whole = effects_of(source)
    try:
        body = [] if whole.writes else tree_of(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        body = []
    if not body:
        return (Statement(len(source.split("\n")), whole),)
    found: list[ast.Module] = []
    for node in body:
        if found and _first_line(node) <= found[-1].body[-1].end_lineno:
            found[-1].body.append(node)
        else:
            found.append(ast.Module([node], type_ignores=[]))
    bound: set[str] = set()
    has_names = _may_name_by_text(source)
    return tuple(
        _statement(tree, _effects_of_tree(tree, bound, has_names)) for tree in found
    )


def _statement(tree: ast.Module, effects: Effects) -> Statement:
    is_quiet = (
        all(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body)
        and effects.packages <= QUIET_PACKAGES
        and not effects.in_any_case  # as a star has
    )
    return Statement(tree.body[-1].end_lineno, effects, is_quiet)


def _first_line(node: ast.stmt) -> int:
    return min(d.lineno for d in [node, *getattr(node, "decorator_list", [])])


@lru_cache(maxsize=4096)
def effects_of(source: str) -> Effects:
    """Return the effects of a cell; a cell that is no code at all has none."""
    try:
        return _effects_of_tree(tree_of(source), set(), _may_name_by_text(source))
    except (SyntaxError, ValueError):
        return _effects_of_other_code(source)
    except (RecursionError, MemoryError):
        return Effects(in_any_case=TOO_DEEP, reaches_all=TOO_DEEP)


def _effects_of_tree(tree: ast.Module, bound: set[str], has_names: bool) -> Effects:
    """Return the effects of a tree; only where texts may have names in them, if so."""
    reader = EffectReader(has_names and any(map(_names_by_text, all_parts(tree))))
    lasting = []
    for statement in tree.body:
        before, reader.in_any_case = reader.in_any_case, ""
        reader.visit(statement)
        if reader.in_any_case and _is_setting(statement):
            lasting.append(ast.unparse(statement))
            reader.in_any_case = ""
        reader.in_any_case = before or reader.in_any_case
    used = uses_of(tree, bound)
    reached = (used | reader.uses_later) & REACHES_ANY_NAME
    reaches_all = reader.reaches_all or next(iter(sorted(reached)), "")
    return Effects(
        frozenset(reader.binds),
        frozenset((used | reader.words) - BUILTINS),
        frozenset(reader.loads),
        frozenset(reader.uses_later - BUILTINS),
        frozenset(reader.changes),
        frozenset(reader.patches),
        tuple(reader.shares),
        tuple(reader.calls),
        frozenset(reader.defines),
        frozenset(reader.changers),
        frozenset(reader.acts),
        tuple(reader.passes),
        frozenset(reader.steady - reader.unsteady),
        frozenset(reader.unsteady | (reader.binds - reader.steady)),
        tuple(reader.stores),
        frozenset(reader.modules),
        frozenset(reader.packages),
        reader.writes,
        "\n".join(lasting),
        reader.in_any_case or reaches_all,
        reaches_all,
    )


def _effects_of_other_code(source: str) -> Effects:
    """Tell a magic, which can do anything, from a slip, which does nothing."""
    from IPython.core.inputtransformer2 import TransformerManager  # few have one

    try:
        tree_of(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError):
        return Effects()
    except (RecursionError, MemoryError):
        return Effects(in_any_case=TOO_DEEP, reaches_all=TOO_DEEP)
    return Effects(in_any_case="a magic", reaches_all="a magic")


def _is_setting(statement: ast.stmt) -> bool:
    """Whether a statement that runs in any case is that and nothing else."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return called(statement.value.func) in SETTINGS
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _may_name_by_text(source: str) -> bool:
    """Whether a call in it may be one of these; a look at the text costs nothing.

    Other alphabets have letters that Python reads as those of ASCII.
    """
    return not source.isascii() or any(name in source for name in NAMES_IN_TEXT)


def _names_by_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and called(node.func) in NAMES_IN_TEXT
