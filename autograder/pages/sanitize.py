"""Sanitizing: what students wrote becomes text and markup that can do nothing.

These functions are filters of nbconvert too, so that nbgrader's own pages use them.
Whatever is written, they return something in seconds: libraries of others work in a
process with limits, and what it cannot do is shown as text, or left out with a note.
"""

import html
import re
from functools import lru_cache

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from nbconvert.filters import strip_ansi

from autograder.pages.limited import made_by

LONGEST_SOURCE = 20_000
"""Characters of a cell that a page shows; a student has the rest."""
NOT_CLEAN = "<p>[not shown here: it would take too long to make this safe]</p>"
# Below a space, and what turns the direction of writing: code that reads as other code.
_INVISIBLE = re.compile("[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_html(text: str | bytes) -> str:
    """Return HTML without anything that runs, loads, or looks like the page's own."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    cleaned = made_by("html", shown)
    return NOT_CLEAN if cleaned is None else cleaned


@pass_context
def clean_markdown(context: Context, source: str) -> str:
    """Render markdown, with the pictures attached to its cell, and clean it."""
    return _rendered(source, context.get("cell", {}).get("attachments", {}))


def markdown(source: str, attachments: dict | None = None) -> Markup:
    """Render markdown for a page of ours, with the pictures attached to its cell."""
    return Markup(_rendered(source, attachments or {}))  # noqa: S704  # cleaned


def comment(source: str) -> Markup:
    """Render what an instructor wrote: markdown in which HTML is text."""
    return Markup(_rendered(source, {}, "comment"))  # noqa: S704  # cleaned


def _rendered(source: str, attachments: dict, way: str = "markdown") -> str:
    source = shortened(source)
    rendered = made_by(way, source, attachments)
    # One note that is no markdown must not cost a class its pages.
    return _as_text(source) if rendered is None else rendered


def coloured(source: str, metadata: object = None) -> str:
    """Return code as coloured HTML, as nbconvert's filter of this name."""
    return _coloured(shortened(source))


@lru_cache(maxsize=2000)  # most cells of a class are the same
def _coloured(source: str) -> str:
    return made_by("code", plain(source)) or _as_text(source)


def _as_text(source: str) -> str:
    return f"<pre>{html.escape(plain(source))}</pre>"


def plain(text: str) -> str:
    """Return text without what no reader sees, or takes for something else."""
    shown = strip_ansi(str(text)).replace("\r\n", "\n")
    return _INVISIBLE.sub(lambda found: f"\\x{ord(found[0]):02x}", shown)


def shortened(source: str, most: int = LONGEST_SOURCE) -> str:
    """Cut a text that would take minutes to show or to read, and say so."""
    left_out = len(source) - most
    if left_out <= 0:
        return source
    note = f"[{left_out} more characters are not shown]"
    return f"{source[: most * 3 // 4]}\n{note}\n{source[-most // 4 :]}"
