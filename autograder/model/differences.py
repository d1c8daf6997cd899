"""Differences: an answer written as the lines that change in the solution.

For example, an answer that overwrites its input and forgets the bias:

    # = def forward(self, x):
    # +     x /= 2
    # ...
    # - return x @ self.W + self.b
    # + return x @ self.W

`-` goes, `+` is new, `=` stays and shows the place, `...` stands for lines between.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from textwrap import dedent

from autograder.base.errors import SourceError
from autograder.base.source_code import tree_of

Hunk = list[tuple[str, str]]
"""Lines that follow each other: sign and text, indented as inside the hunk."""

GAP = "# ..."
SIGNED = re.compile(r"# (?P<sign>[-+=])(?: (?P<text>.*))?")


def is_difference(lines: list[str]) -> bool:
    """Whether lines of a catalogue are meant as a difference, not as whole code."""
    return bool(lines) and (lines[0] == GAP or bool(SIGNED.fullmatch(lines[0])))


def apply(difference: list[str], solution: str) -> str:
    """Return the code of a solution cell with a difference made in it.

    Parameters
    ----------
    solution
        The cell's source; the lines that `bare_lines` returns of it are changed.

    Raises
    ------
    SourceError
        A line has no sign, or a hunk fits nowhere or in several places.
    """
    lines, result, end = bare_lines(solution), [], 0
    for hunk in _hunks(difference):
        old = [text for sign, text in hunk if sign != "+"]
        start, margin = _place(old, lines, end)
        result += lines[end:start]
        result += [_indented(text, margin) for sign, text in hunk if sign != "-"]
        end = start + len(old)
    return "\n".join(result + lines[end:])


def bare_lines(solution: str) -> list[str]:
    """Return the lines of a solution cell without docstrings and lines of comment.

    What students write has neither, nor the marks of the solution region. A cell that
    is not plain Python, because of a magic for example, keeps all its lines.
    """
    lines = solution.splitlines()
    try:
        tree = tree_of(solution)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return lines
    dropped = {*_docstrings(tree, lines), *_comments(solution)}
    return [line for number, line in enumerate(lines, 1) if number not in dropped]


def _docstrings(tree: ast.Module, lines: list[str]) -> Iterator[int]:
    """Yield the numbers of lines with docstrings, and of empty ones below them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        text, *rest = node.body
        if ast.get_docstring(node) is None or not rest:
            continue
        end = text.end_lineno or text.lineno
        if rest[0].lineno > end:
            yield from range(text.lineno, end + 1)
            while not lines[end].strip():
                end += 1
                yield end


def _comments(source: str) -> Iterator[int]:
    """Yield the numbers of lines that hold a comment and nothing else."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        row, column = token.start
        if token.type == tokenize.COMMENT and not token.line[:column].strip():
            yield row


def _hunks(difference: list[str]) -> Iterator[Hunk]:
    signs, texts = [], []
    for line in [*filter(None, difference), GAP]:
        if line == GAP and signs:
            yield list(zip(signs, dedent("\n".join(texts)).split("\n"), strict=True))
            signs, texts = [], []
        elif match := SIGNED.fullmatch(line):
            signs.append(match["sign"])
            texts.append(match["text"] or "")
        elif line != GAP:
            raise SourceError(
                f'found "{line}" in a difference; begin each line with "# -", "# +" or '
                '"# =", or write the whole answer as code.'
            )


def _place(old: list[str], lines: list[str], begin: int) -> tuple[int, str]:
    """Return where the one place for a hunk begins, and how it is indented there."""
    if not any(old):
        raise SourceError(
            "a hunk of the difference has only new lines; show where they belong with "
            'the line above or below them, as "# = <line>".'
        )
    places = _places(old, lines, begin)
    if len(places) > 1:
        line = next(filter(None, old))
        raise SourceError(
            f'"{line}" fits in {len(places)} places of the solution; show which with a '
            'line above or below it, as "# = <line>".'
        )
    if not places:
        fitting = max(n for n in range(len(old)) if _places(old[:n], lines, begin))
        where = f' right after "{old[fitting - 1]}"' if fitting else ""
        where += " below the hunk before it" if begin else ""
        raise SourceError(
            f'found no line "{old[fitting]}"{where} in the solution (docstrings and '
            "lines of comment left out); write the difference anew for the solution as "
            "it is now."
        )
    return places[0]


def _places(old: list[str], lines: list[str], begin: int) -> list[tuple[int, str]]:
    found = []
    first = next((n for n, text in enumerate(old) if text), 0)
    for start in range(begin, len(lines) - len(old) + 1):
        there = [line.rstrip() for line in lines[start : start + len(old)]]
        margin = there[first].removesuffix(old[first]) if any(old) else ""
        if not margin.strip() and there == [_indented(text, margin) for text in old]:
            found.append((start, margin))
    return found


def _indented(text: str, margin: str) -> str:
    return margin + text if text else ""
