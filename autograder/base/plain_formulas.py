"""Plain formulas: LaTeX as a line of text can show it."""

import re

from pylatexenc.latex2text import LatexNodes2Text

SCRIPT = re.compile(r"([_^])\{([^{}]{2,})\}")
"""An index or exponent of several characters, which loses its braces as text."""
MACRO = re.compile(r"(\\[A-Za-z]+) ")
"""A macro, which takes the space after it away."""


def plain_formula(latex: str) -> str:
    r"""Return a formula as text: `e^{-|z|} \le \sigma` becomes `e^(-|z|) ≤ σ`."""
    latex = SCRIPT.sub(r"\1(\2)", MACRO.sub(r"\1{} ", latex))
    return LatexNodes2Text(math_mode="text").latex_to_text(latex)
