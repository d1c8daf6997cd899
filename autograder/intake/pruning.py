"""Pruning: what no mark depends on leaves a notebook's JSON before it is parsed.

Parsed, JSON takes up to a hundred times as much memory as its text, and a notebook's
outputs can be any number of plots. They are dropped where the file would be too large
with them: nobody loses a mark by what was displayed.
"""

import re

LARGEST_MIB = 20
"""Of a notebook that is parsed: text, most of it code."""
MOST_VALUES = 1_000_000
"""Of its lists and objects together: each takes a hundred bytes and more."""
MOST_BRACKETS = 4_000_000
"""That are looked at one by one, to find the end of what is dropped."""

# In a string each quote is escaped: what is found begins or ends one, as a key does.
_OUTPUTS = re.compile(rb'"(?:outputs|widgets)"\s*+:\s*+(?=[\[{])')
_PICTURES = re.compile(rb'"attachments"\s*+:\s*+(?=[\[{])')
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT = rb'[^"\[\]{}]'
_UP_TO_A_BRACKET = re.compile(
    rb"(?:%s++|%s|\[%s*+\]|\{%s*+\})*+" % (_FLAT, _STRING, _FLAT, _FLAT), re.DOTALL
)
# One without an end takes all that is left: else each quote in it is tried anew.
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)


class TooMuch(Exception):
    """It cannot be parsed, whatever is dropped; its text says why."""


def pruned(content: bytes) -> tuple[bytes, float, bool]:
    """Return JSON that can be parsed, and what it has lost.

    Returns
    -------
    The JSON, how many MiB of outputs it has lost, and whether the pictures that are
    attached to cells of text went, too: they go last.

    Raises
    ------
    TooMuch
        There is too much in it besides.
    """
    kept, has_no_pictures = content, False
    if _excess(kept):
        kept = _without(_OUTPUTS, kept)
    outputs_mib = (len(content) - len(kept)) / 2**20
    if excess := _excess(kept):
        kept = _without(_PICTURES, before := kept)
        has_no_pictures = len(kept) < len(before)
        excess = _excess(kept)
    if excess:
        raise TooMuch(excess)
    return kept, outputs_mib, has_no_pictures


def _excess(content: bytes) -> str:
    """Say what is too much in JSON; nothing if nothing is."""
    size = len(content) / 2**20
    if size > LARGEST_MIB:
        return f"{size:.0f} MiB, expected at most {LARGEST_MIB}"
    if _values(content) > MOST_VALUES and _values(_STRINGS.sub(b"", content)) > (
        MOST_VALUES
    ):
        return f"more than {MOST_VALUES} values, expected fewer"
    return ""


def _values(content: bytes) -> int:
    return sum(map(content.count, (b",", b"[", b"{")))


def _without(dropped: re.Pattern[bytes], content: bytes) -> bytes:
    """Drop what a pattern finds the begin of; broken JSON stays broken."""
    kept, place, brackets = [], 0, 0
    while found := dropped.search(content, place):
        start = end = found.end()
        depth = 0
        while True:
            bracket = content[end : end + 1]
            if not bracket:  # it breaks off
                return content
            depth += 1 if bracket in b"[{" else -1
            end += 1
            if depth == 0:
                break
            brackets += 1
            if brackets > MOST_BRACKETS:
                raise TooMuch(f"outputs of more than {MOST_BRACKETS} lists")
            end = _UP_TO_A_BRACKET.match(content, end).end()
            if content[end : end + 1] == b'"':  # a string without an end
                return content
        kept += [content[place : start + 1], content[end - 1 : end]]
        place = end
    return b"".join([*kept, content[place:]])
