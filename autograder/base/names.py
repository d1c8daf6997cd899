"""Names: harmless in sentences, terminals and tables, whoever chose them."""

import logging
import unicodedata
from collections.abc import Collection
from difflib import get_close_matches

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the beginning of a formula, also in its wide form."""
QUOTE = "'"
"""Before a cell of a spreadsheet: what follows is text."""
STEERS = {"Cc", "Cs", "Zl", "Zp"}
"""Categories of Unicode: controls, halves of characters, ends of lines."""
TURNS = frozenset(map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F))))
TURNS |= frozenset(map(chr, range(0x2066, 0x206A)))
"""What turns the direction of writing: a name that reads as another name."""


def shown(name: str) -> str:
    """Return a name, harmless to files and terminals whatever is in it."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in _text(name))


def harmless(text: str) -> str:
    """Return text of any origin without what steers a terminal; its lines stay."""
    is_plain = text.isascii() and text.replace("\n", "").isprintable()
    return text if is_plain else "".join(map(_harmless, _text(text)))


class HarmlessLogRecord(logging.LogRecord):
    """A line of a log, of whatever library, that steers no terminal.

    For `logging.setLogRecordFactory`: nbgrader logs names of folders as they are.
    """

    def getMessage(self) -> str:  # noqa: N802  # logging's name
        """Return the line."""
        return harmless(super().getMessage())


def can_be_recorded(name: str) -> bool:
    """Whether files, gradebooks and people can tell a name: no controls, no ends."""
    return not any(unicodedata.category(c) in STEERS for c in name)


def meant(text: str, known: Collection[str]) -> list[str]:
    """Return the names that one stands for: itself, or those beginning so before _.

    Numbers may lack their first zero: `3` stands for `03_regression`.
    """
    if text in known:
        return [text]
    begin = (f"{text}_", f"{text.zfill(2)}_") if text.isdecimal() else f"{text}_"
    return [name for name in sorted(known) if name.startswith(begin)]


def nearest(text: str, known: Collection[str], most: int = 20) -> str:
    """Return, for an error, the name that was meant; some of all if none is near."""
    near = get_close_matches(text, sorted(known), n=1)
    if not near and len(text) > 2:
        near = [name for name in known if text.casefold() in name.casefold()]
    if len(near) == 1:
        return f"perhaps {shown(near[0])}"
    return f"one of {', '.join(map(shown, sorted(known)[:most])) or '(nobody yet)'}"


def in_table(value: object) -> object:
    """Return a value for a cell of a table that spreadsheets read: no formula.

    Numbers stay as they are.
    """
    if not isinstance(value, str) or not value.startswith(FORMULA):
        return value
    return value if _is_number(value) else f"{QUOTE}{value}"


def from_table(value: str) -> str:
    """Return what `in_table` was given."""
    inner = value.removeprefix(QUOTE)
    return inner if inner.startswith(FORMULA) else value


def _text(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def _harmless(character: str) -> str:
    steers = unicodedata.category(character) in STEERS or character in TURNS
    return ascii(character)[1:-1] if steers and character != "\n" else character


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text == text.strip()
