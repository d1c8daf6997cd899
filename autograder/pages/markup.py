"""Markup: what students wrote is rendered and cleaned; nothing in it can do anything.

Libraries of others do it, and what is written for them may cost any time and memory:
all of this runs in the process of `limited`.
"""

import re
from urllib.parse import quote, unquote

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.pages.formulas import MARK, Formulas

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
_IMG = re.compile(
    r"(<img\b[^>]*?\bsrc\s*=\s*)(?:\"([^\">]*)\"|'([^'>]*)'|([^\"'>\s]+))",
    re.IGNORECASE,
)
_LINK = re.compile(r"(https?://|mailto:)\S*$", re.IGNORECASE)


def html(text: str) -> str:
    """Return HTML without anything that runs, loads, or looks like the page's own."""
    return nh3.clean(
        text,
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


def markdown(source: str, attachments: dict, *, escape: bool = False) -> str:
    """Render markdown, with the pictures attached to its cell, and clean it."""
    renderer = _Renderer(escape=escape, attachments=attachments)
    rendered = MarkdownWithMath(renderer=renderer).render(source)
    rendered += renderer.named_otherwise(unquote(source))
    return renderer.formulas.put_back(html(rendered))


def comment(source: str, attachments: dict) -> str:
    """Render the markdown of somebody who writes no HTML: `<why>` is text in it."""
    return markdown(source, attachments, escape=True)


def code(source: str) -> str:
    """Return code as coloured HTML; arrow keys scroll its long lines."""
    found = highlight(source, PythonLexer(), HtmlFormatter(cssclass="highlight"))
    return found.replace("<div", '<div tabindex="0"', 1)


class _Renderer(IPythonRenderer):
    """Renders markdown with marks in the place of formulas."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.formulas = Formulas()
        self._shown: set[str] = set()

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

    def block_html(self, html: str) -> str:
        """Return HTML on lines of its own, with the pictures in it."""
        return super().block_html(_IMG.sub(self._with_picture, html))

    def inline_html(self, html: str) -> str:
        """Return HTML within a line, with the pictures in it."""
        return super().inline_html(_IMG.sub(self._with_picture, html))

    def named_otherwise(self, source: str) -> str:
        """Return the pictures that a text names in a form that is no markdown."""
        names = [n for n in self.attachments if n in source and n not in self._shown]
        return "".join(f"<p>{self.image('', quote(name))}</p>" for name in names)

    def _with_picture(self, tag: re.Match) -> str:
        address = tag[2] or tag[3] or tag[4] or ""
        return f'{tag[1]}"{self._embed_image_or_attachment(address)}"'

    def _embed_image_or_attachment(self, src: str) -> str:
        """Return a picture's address; of one that was not attached, as it was written.

        The name of a file beside the notebook is that of an attachment, too. No page
        shows what is not attached, but its text instead; nor a picture for a second
        time, or a page of any size could be made of one.
        """
        name = unquote(src.removeprefix("attachment:"))
        if name not in self.attachments or name in self._shown:
            return src
        self._shown.add(name)
        return super()._embed_image_or_attachment(f"attachment:{name}")


WAYS = {"html": html, "markdown": markdown, "comment": comment, "code": code}
"""What the limited process is asked for, by name."""
