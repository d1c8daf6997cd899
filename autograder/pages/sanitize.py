"""Sanitizing: what students wrote becomes text and markup that can do nothing.

These functions are filters of nbconvert too, so that nbgrader's own pages use them.
"""

import html
import re
from functools import lru_cache

import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.pages.formulas import MARK, Formulas

LONGEST_SOURCE = 20_000
"""Characters of a cell that a page shows; a student has the rest."""
_TAGS = nh3.ALLOWED_TAGS - {"map", "area"}
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")
_LINK = re.compile(r"(https?://|mailto:)\S*$", re.IGNORECASE)
# Below a space, and what turns the direction of writing: code that reads as other code.
_INVISIBLE = re.compile("[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_html(text: str | bytes) -> str:
    """Return HTML without anything that runs, loads, or looks like the page's own."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return nh3.clean(
        shown,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_only_pictures_that_are_here,
        url_schemes={"http", "https", "mailto", "data"},
        url_relative="deny",
    )


def _only_pictures_that_are_here(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if _PICTURE.fullmatch(value) else None
    if name == "href":
        return value if _LINK.match(value) else None
    return MARK.sub("", value)  # a formula is no part of an attribute


@pass_context
def clean_markdown(context: Context, source: str) -> str:
    """Render markdown, with the pictures attached to its cell, and clean it."""
    return _rendered(source, context.get("cell", {}).get("attachments", {}))


def markdown(source: str) -> Markup:
    """Render markdown for a page of ours."""
    return Markup(_rendered(source, {}))  # noqa: S704  # cleaned


def _rendered(source: str, attachments: dict) -> str:
    source = shortened(source)
    try:
        renderer = _Renderer(escape=False, attachments=attachments)
        rendered = MarkdownWithMath(renderer=renderer).render(source)
        return renderer.formulas.put_back(clean_html(rendered))
    except (RecursionError, ValueError, KeyError, TypeError, IndexError):
        # One note that is no markdown must not cost a class its pages.
        return f"<pre>{html.escape(plain(source))}</pre>"


class _Renderer(IPythonRenderer):
    """Renders markdown with marks in the place of formulas."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.formulas = Formulas()

    def inline_math(self, body: str) -> str:
        """Return what stands for a formula within a line."""
        mark = self.formulas.mark(body, is_block=False)
        return mark or super().inline_math(body)

    def block_math(self, body: str) -> str:
        """Return what stands for a formula on lines of its own."""
        return self.formulas.mark(body, is_block=True) or super().block_math(body)

    def latex_environment(self, name: str, body: str) -> str:
        """Return what stands for aligned formulas, a matrix and the like."""
        whole = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        mark = self.formulas.mark(whole, is_block=True)
        return mark or super().latex_environment(name, body)


def coloured(source: str, metadata: object = None) -> str:
    """Return code as coloured HTML, as nbconvert's filter of this name."""
    return _coloured(shortened(source))


@lru_cache(maxsize=2000)  # most cells of a class are the same
def _coloured(source: str) -> str:
    return highlight(plain(source), PythonLexer(), HtmlFormatter(cssclass="highlight"))


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
