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
_DROPPED = re.compile(rb'"(?:outputs|attachments|widgets)"\s*+:\s*+(?=[\[{])')
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT = rb'[^"\[\]{}]'
_UP_TO_A_BRACKET = re.compile(
    rb"(?:%s++|%s|\[%s*+\]|\{%s*+\})*+" % (_FLAT, _STRING, _FLAT, _FLAT), re.DOTALL
)
_STRINGS = re.compile(_STRING, re.DOTALL)


class TooMuch(Exception):
    """It cannot be parsed, whatever is dropped; its text says why."""


def pruned(content: bytes) -> tuple[bytes, float]:
    """Return JSON that can be parsed, and how many MiB of outputs it has lost.

    Raises
    ------
    TooMuch
        There is too much in it besides.
    """
    if not _excess(content):
        return content, 0.0
    kept = _without(content)
    if excess := _excess(kept):
        raise TooMuch(excess)
    return kept, (len(content) - len(kept)) / 2**20


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


def _without(content: bytes) -> bytes:
    """Drop outputs and the like; broken JSON stays broken."""
    kept, place, brackets = [], 0, 0
    while found := _DROPPED.search(content, place):
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
