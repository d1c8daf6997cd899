"""Outputs: what cells displayed, as parts of a page that stays small."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.base.pictures import KINDS, decoded, encoded
from autograder.pages.sanitize import clean_html, markdown, plain, shortened

LONGEST_TEXT = 4_000
LONGEST_HTML = 50_000
LARGEST_PICTURE = 400_000
"""Characters of its base64, as all sizes here."""
LARGEST_PAGE = 1_500_000
"""What all exhibits of a page take together; as much again may be code and notes."""
MOST_OUTPUTS = 20
"""Of one cell."""


@dataclass(frozen=True)
class Exhibit:
    """One thing that a cell displayed."""

    kind: str
    """`text`, `html`, `picture`, or `note` for what is not shown."""
    content: str
    """Text to be escaped, clean markup, or the picture's address."""
    caption: str = ""
    """What a picture shows, for those who listen."""


class Allowance:
    """What a page may still show."""

    def __init__(self, characters: int = LARGEST_PAGE) -> None:
        self._left = characters

    def take(self, size: int) -> bool:
        """Take room for something, unless there is too little."""
        is_enough = size <= self._left
        self._left -= size if is_enough else 0
        return is_enough


def exhibits(
    outputs: list[NotebookNode], allowance: Allowance, caption: str = ""
) -> list[Exhibit]:
    """Return what outputs show, as far as there is room.

    Parameters
    ----------
    caption
        What stands below the cell's picture.
    """
    found = []
    for output in outputs[:MOST_OUTPUTS]:
        exhibit = _exhibit(output, caption)
        if exhibit is None:
            continue
        if not allowance.take(len(exhibit.content)):
            found.append(_too_large("an output", len(exhibit.content)))
            continue
        found.append(exhibit)
    if len(outputs) > MOST_OUTPUTS:
        rest = len(outputs) - MOST_OUTPUTS
        found.append(Exhibit("note", f"{rest} more outputs are not shown here"))
    return found


def _exhibit(output: NotebookNode, caption: str) -> Exhibit | None:
    if output.output_type == "stream":
        return _text(output.get("text", ""))
    if output.output_type == "error":
        return _text("\n".join(map(str, output.get("traceback", []))))
    return next(_displays(output.get("data", {}), caption), None)


def _displays(data: dict, caption: str) -> Iterator[Exhibit]:
    """Yield the ways to show a display, the best first."""
    for kind in KINDS:
        if kind in data:
            yield _picture(kind, _joined(data[kind]), caption)
    if "image/svg+xml" in data:
        yield Exhibit("note", "a drawing in SVG, a format with scripts: not shown here")
    if "text/html" in data:
        yield _markup("a table or other HTML", _joined(data["text/html"]), clean_html)
    if "text/markdown" in data:
        yield _markup("a text", _joined(data["text/markdown"]), markdown)
    if "text/latex" in data:
        yield _markup("a formula", _joined(data["text/latex"]), markdown)
    if "text/plain" in data:
        yield _text(_joined(data["text/plain"]))


def _text(text: str) -> Exhibit | None:
    shown = plain(shortened(_joined(text), LONGEST_TEXT)).strip("\n")
    return Exhibit("text", shown) if shown else None


def _markup(what: str, source: str, cleaned) -> Exhibit:
    if len(source) > LONGEST_HTML:
        return _too_large(what, len(source))
    return Exhibit("html", Markup(cleaned(source)))  # noqa: S704  # cleaned


def _picture(kind: str, text: str, caption: str) -> Exhibit:
    if len(text) > LARGEST_PICTURE:
        return _too_large("a picture", len(text))
    content = decoded(text)
    if not content.startswith(KINDS[kind]):
        return Exhibit("note", "a picture that cannot be read")
    return Exhibit("picture", f"data:{kind};base64,{encoded(content)}", caption)


def _too_large(what: str, size: int) -> Exhibit:
    return Exhibit("note", f"{what} of {size / 1e6:.1f} MB is not shown here")


def _joined(value: object) -> str:
    lines = value if isinstance(value, list) else [value]
    return "".join(map(str, lines))
