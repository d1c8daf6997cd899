"""Shortcuts: what IPython would work out anew for each cell and each error."""

from __future__ import annotations

import functools
import inspect
import re

import stack_data
from IPython.core.inputtransformer2 import TransformerManager
from pygments.formatters.terminal256 import Terminal256Formatter

_MAY_BE_SPECIAL = re.compile(
    r"""
    \A\s | ^[ \t]+$                   # blank or indented where IPython dedents
    | ^\s*(?: [%!?,;/] | >>> | \.{3} )  # an escape, or a prompt to strip
    | In[ ]\[                         # a prompt with its number
    | = [\s\\]* [%!]                  # a magic's or a command's result in a name
    | \? [\s\\]* $                    # a question about a name
    | [\r\v\f\x1c-\x1e\x85\u2028\u2029]  # ends a line for str.splitlines alone
    """,
    re.MULTILINE | re.VERBOSE,
)
"""Finds all that IPython may read as more than Python, and some that it does not."""
_NO_MODULE = ""
"""Is no name in `sys.modules`."""


class CellReader(TransformerManager):
    """Reads cells as IPython does, without taking plain Python to tokens."""

    def __init__(self) -> None:
        super().__init__()
        self._its_own = self._transforms()

    def transform_cell(self, cell: str) -> str:
        """Return a cell as Python code."""
        if _MAY_BE_SPECIAL.search(cell) or self._transforms() != self._its_own:
            return super().transform_cell(cell)
        return cell if cell.endswith("\n") else f"{cell}\n"

    def _transforms(self) -> list:
        """Return what reads a cell; students may add to it."""
        return self.cleanup_transforms + self.line_transforms + self.token_transformers


def note_cell(file_name: str) -> None:
    """Tell `inspect` that a cell is of no module: it would ask each one there is.

    Asking alone copies some ten megabytes of a forked process.
    """
    inspect.modulesbyfile[file_name] = _NO_MODULE


def remember_colours() -> None:
    """Have a process find the colours of its tracebacks once, not for each error."""
    if stack_data.style_with_executing_node is not _style:
        stack_data.style_with_executing_node = _style
        Terminal256Formatter._closest_color = lambda self, *rgb: _closest_colour(*rgb)
        Terminal256Formatter._setup_styles = _set_up_once


def _set_up_once(formatter: Terminal256Formatter) -> None:
    """Give a formatter the colours of its style, written as a terminal reads them."""
    fonts = formatter.usebold, formatter.useunderline, formatter.useitalic
    if (formatter.style, fonts) not in _written:
        _set_up(formatter)
        _written[formatter.style, fonts] = formatter.style_string
    formatter.style_string = dict(_written[formatter.style, fonts])


_set_up = Terminal256Formatter._setup_styles
_written: dict[tuple, dict[str, tuple[str, str]]] = {}
_style = functools.cache(stack_data.style_with_executing_node)
_closest_colour = functools.cache(Terminal256Formatter()._closest_color)
