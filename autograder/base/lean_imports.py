"""Lean imports: packages without what they import for servers that do not run here."""

import importlib
import importlib.util
import sys

_NEVER_USED = (
    # Of jsonschema: grammars of formats that no notebook's schema has. Building the one
    # of internationalised web addresses takes two seconds.
    "isoduration",
    "rfc3987_syntax",
    # Of jupytext: what serves notebooks. It takes no harm if that cannot be imported.
    "jupytext.async_contentsmanager",
    "jupytext.sync_contentsmanager",
)


def import_lean() -> None:
    """Have what is imported from now on leave out what one command never needs.

    For a process of one command only; what it has imported already stays as it is.
    """
    for name in _NEVER_USED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # as Python says
    if "nbgrader" not in sys.modules:
        _leave_out_extensions()


def _leave_out_extensions() -> None:
    """Import nbgrader without its `__init__`, which imports its parts of Jupyter."""
    spec = importlib.util.find_spec("nbgrader")
    if spec is not None:
        package = sys.modules["nbgrader"] = importlib.util.module_from_spec(spec)
        version = importlib.import_module("nbgrader._version")
        package.__version__ = version.__version__  # type: ignore[attr-defined]
