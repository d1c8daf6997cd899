"""Formulas: TeX becomes MathML, which browsers draw without a script.

The converter passes on markup that it finds in a formula, so nothing it makes is shown
unless every element of it is known here; what is not stays TeX.
"""

import re
import secrets
import xml.etree.ElementTree as ET
from functools import lru_cache

from latex2mathml.converter import convert

LONGEST = 2_000
"""Characters of a formula that is converted."""
_SPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = re.compile(
    "math|mrow|mi|mn|mo|mtext|mspace|mstyle|mfrac|msqrt|mroot|msub|msup|msubsup|"
    "munder|mover|munderover|mtable|mtr|mtd"
)
# None reaches out of the formula: no links, no scripts, no colours, short spaces only.
_ATTRIBUTES = re.compile(
    r"(display|displaystyle|scriptlevel|mathvariant|stretchy|fence|separator|accent|"
    r"accentunder|form|movablelimits|linethickness|columnalign)=[a-z0-9 -]{1,20}|"
    r"(width|lspace|rspace|minsize|maxsize)=-?[0-2](\.\d+)?em"
)


MARK = re.compile(r"formula-[0-9a-f]{16}-(\d+)\.")
"""What stands for a formula while the text around it is cleaned."""


class Formulas:
    """The formulas of one text, kept apart while the text around them is cleaned."""

    def __init__(self) -> None:
        # Nobody can write a mark that was not drawn yet.
        self._secret = secrets.token_hex(8)
        self._found: list[str] = []

    def mark(self, tex: str, *, is_block: bool) -> str | None:
        """Keep a formula; return what stands for it, or nothing if it stays TeX."""
        formula = mathml(tex, is_block)
        if formula is None:
            return None
        self._found.append(formula)
        return f"formula-{self._secret}-{len(self._found) - 1}."

    def put_back(self, text: str) -> str:
        """Return a cleaned text with its formulas."""

        def formula(found: re.Match) -> str:
            is_ours = self._secret in found[0]
            return self._found[int(found[1])] if is_ours else found[0]

        return MARK.sub(formula, text)


@lru_cache(maxsize=2000)  # hints are the same for a whole class
def mathml(tex: str, is_block: bool) -> str | None:
    """Return a formula as MathML, or nothing where that cannot be done safely."""
    if len(tex) > LONGEST:
        return None
    try:
        root = ET.fromstring(  # noqa: S314  # no document type: nothing to expand
            convert(tex, display="block" if is_block else "inline")
        )
    except Exception:  # a parser of others, given what anybody wrote
        return None
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SPACE)
        if not _ELEMENTS.fullmatch(element.tag):
            return None
        for name, value in list(element.attrib.items()):
            if not _ATTRIBUTES.fullmatch(f"{name}={value}"):
                del element.attrib[name]
    return ET.tostring(root, encoding="unicode")
