"""The import path: no module is taken from the folder that a command is started in.

Anybody may have put a `numpy.py` there: into a class, an exchange, a download. And
packages come without what they import for servers that do not run here.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Mapping
from types import ModuleType

from autograder.base.paths import PACKAGE

_NEVER_USED = (
    # Of jsonschema: grammars of formats that no notebook's schema has. Building the one
    # of internationalised web addresses takes two seconds.
    "isoduration",
    "rfc3987_syntax",
    # Of jupytext: what serves notebooks. It takes no harm if that cannot be imported.
    "jupytext.async_contentsmanager",
    "jupytext.sync_contentsmanager",
)


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
    here, ours = os.path.realpath(os.getcwd()), str(PACKAGE.parent)
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
    if "nbgrader" not in sys.modules:
        _leave_out_extensions()


def _leave_out_extensions() -> None:
    """Import nbgrader without its `__init__`, which imports its parts of Jupyter.

    What that imports is an attribute all the same, imported when somebody asks for it.
    """
    spec = importlib.util.find_spec("nbgrader")
    if spec is not None:
        package = sys.modules["nbgrader"] = importlib.util.module_from_spec(spec)
        version = importlib.import_module("nbgrader._version")
        package.__version__ = version.__version__  # type: ignore[attr-defined]
        package.__getattr__ = _part_of_nbgrader  # type: ignore[method-assign]


def _part_of_nbgrader(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"nbgrader.{name}")
    except ModuleNotFoundError as error:
        raise AttributeError(f"module 'nbgrader' has no attribute {name!r}") from error
