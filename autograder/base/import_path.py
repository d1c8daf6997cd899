"""The import path: no module is taken from the folder that a command is started in.

Anybody may have put a `numpy.py` there: into a class, an exchange, a download. And
packages come without what they import for what is not done here.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType

from autograder.base.paths import PACKAGE
from autograder.base.source_code import tree_of

_NEVER_USED = (
    # Of jsonschema: grammars of formats that no notebook's schema has. Building the one
    # of internationalised web addresses takes two seconds.
    "isoduration",
    "rfc3986_validator",
    "rfc3987_syntax",
    # Of jupytext: what serves notebooks. It takes no harm if that cannot be imported.
    "jupytext.async_contentsmanager",
    "jupytext.sync_contentsmanager",
)

_BY_PARTS = (
    "nbgrader",  # its `__init__` imports servers
    "nbgrader.auth",
    "nbgrader.converters",
    "nbgrader.preprocessors",
    "nbconvert",  # pages, LaTeX, kernels, a web server
    "nbconvert.exporters",
    "nbconvert.preprocessors",
)
"""Packages of which a command needs a few parts, each after those that it is in."""

_WHEN_CALLED = {
    "setuptools.archive_util": ("unpack_archive", "unpack_tarfile", "unpack_zipfile")
}
"""Functions of modules that nbgrader imports, and hardly ever calls."""


def safe_environment() -> Mapping[str, str]:
    """Return settings with which a Python that is started takes nothing from there.

    An entry of PYTHONPATH that is empty or relative means that folder as well.
    """
    found = {"PYTHONSAFEPATH": "1"}
    if named := os.environ.get("PYTHONPATH"):
        kept = filter(os.path.isabs, named.split(os.pathsep))
        found["PYTHONPATH"] = os.pathsep.join(kept)
    return found


def without_working_folder(entries: Iterable[str]) -> list[str]:
    """Return an import path without the working folder, and with this package.

    Where this package lies in the working folder, that comes last: nothing there takes
    the place of a library.
    """
    here = os.path.realpath(os.getcwd())
    return [*_without(here, tuple(entries))]


@lru_cache(maxsize=8)  # asked for with each process that is started
def _without(here: str, entries: tuple[str, ...]) -> list[str]:
    ours = str(PACKAGE.parent)
    kept = [e for e in entries if os.path.isabs(e) and os.path.realpath(e) != here]
    return kept if ours in kept else [*kept, ours]


def leave_working_folder_out() -> None:
    """Take no module from the working folder, here or in what is started from here."""
    os.environ.update(safe_environment())
    sys.path[:] = without_working_folder(sys.path)


def import_lean() -> None:
    """Have what is imported from now on leave out what one command never needs.

    For a process of one command only; what it has imported already stays as it is.
    """
    for name in _NEVER_USED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # as Python says
    for name, functions in _WHEN_CALLED.items():
        if name not in sys.modules:
            _import_when_called(name, functions)
    for name in _BY_PARTS:
        if name not in sys.modules:
            with suppress(ModuleNotFoundError):  # a student's computer has not all
                _import_by_parts(name)


def _import_when_called(name: str, functions: Iterable[str]) -> None:
    """Import a module not before one of its functions is called."""
    stand_in = sys.modules[name] = ModuleType(name)

    def call(function: str, *args: object, **named: object) -> object:
        if sys.modules[name] is stand_in:
            del sys.modules[name]
        return getattr(importlib.import_module(name), function)(*args, **named)

    for function in functions:
        setattr(stand_in, function, partial(call, function))


def _import_by_parts(name: str) -> None:
    """Import a package without its `__init__`, which imports all that is in it.

    What that imports is an attribute all the same, imported when somebody asks for it.
    """
    spec = importlib.util.find_spec(name)
    if spec is None:
        return
    package = sys.modules[name] = importlib.util.module_from_spec(spec)
    parent, _, own_name = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], own_name, package)
    parts = _imported_in(Path(spec.origin).read_text("utf-8"), name)

    def part(wanted: str) -> object:
        module, attribute = parts.get(wanted, (f"{name}.{wanted}", ""))
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError as error:
            raise AttributeError(f"{name!r} has no attribute {wanted!r}") from error
        found = getattr(found, attribute) if attribute else found
        setattr(package, wanted, found)
        return found

    package.__all__ = [*parts]  # type: ignore[attr-defined]
    package.__getattr__ = part  # type: ignore[method-assign]


def _imported_in(source: str, package: str) -> dict[str, tuple[str, str]]:
    """Return what an `__init__` imports by name: of each the module, and what of it."""
    found = {}
    for node in ast.walk(tree_of(source)):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            module = f"{package}.{node.module}" if node.level else node.module
            if node.module:  # and not a module itself
                found[alias.asname or alias.name] = module, alias.name
    return found
