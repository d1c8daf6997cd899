"""TOML: files of settings, of a size that takes no time to read.

The standard library reads a key of many parts, `a.a.a.…`, in a time that grows with the
square of their number: one of 64 KiB takes a minute.
"""

import tomllib
from pathlib import Path

from autograder.base.errors import WrongUse

LARGEST_MIB = 1
MOST_DOTS = 500
"""In one line; a list of so many people has a line for each of them, or for some."""


def read_toml(path: Path) -> dict:
    """Read a file of settings; nothing is in a file that does not exist.

    Raises
    ------
    WrongUse
        It is too large, or no TOML: the message says where, what was found and what was
        expected.
    """
    return parse_toml(path, toml_text(path)) if path.exists() else {}


def toml_text(path: Path) -> str:
    """Return the text of a file of settings.

    Raises
    ------
    WrongUse
        It is too large, or no text.
    """
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST_MIB * 2**20 + 1)
        if len(text) <= LARGEST_MIB * 2**20:
            return text
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path}: found {error}, expected TOML in UTF-8.") from error
    size = path.stat().st_size / 2**20
    raise WrongUse(
        f"{path}: found {size:.1f} MiB, expected settings of at most {LARGEST_MIB} MiB;"
        " take out what is none."
    )


def parse_toml(path: Path, text: str) -> dict:
    """Return what the text of a file of settings says.

    Raises
    ------
    WrongUse
        It is no TOML.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if line.count(".") > MOST_DOTS:
            raise WrongUse(
                f"{path}, line {number}: found {line.count('.')} dots, expected at most"
                f" {MOST_DOTS} in a line; write a long list in several lines."
            )
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of TOML, or of its numbers
        raise WrongUse(
            f'{path}: found {error}, expected TOML, as in tests = "auto".'
        ) from error
