"""Variants: constants of each student's own, drawn from the key of a class.

The same key, lesson, student and name give the same value for ever: a value is picked
by an HMAC (RFC 2104, SHA-256) of these, and by nothing that a library may change. So
nothing has to be kept but the key.
"""

import hmac
import json
import os
import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from autograder.base.errors import SourceError, WrongUse
from autograder.model.cells import ReferenceCell
from autograder.model.constants import constants_in, is_marked, with_values

ROOM = "variants"
"""Folder of the class that has `<student>/<lesson>/<lesson>.ipynb`."""
KEY_FILE = "variants.key"
SHORTEST_KEY = 32
_taken: dict[str, str] = {}
"""Keys that were in environment variables, by their names."""


@dataclass(frozen=True)
class Key:
    """Where the key of a class is: in an environment variable, or in a file."""

    file: Path
    variable: str = ""

    def __post_init__(self) -> None:
        """Take the key out of what processes that start later inherit."""
        if self.variable in os.environ:
            _taken[self.variable] = os.environ.pop(self.variable)

    @cached_property
    def content(self) -> bytes:
        """The key.

        Raises
        ------
        WrongUse
            It is lost, or too short to be one.
        """
        if self.variable:
            where = f"environment variable {self.variable}"
            text = _taken.get(self.variable, "")
        else:
            where = str(self.file)
            is_there = self.file.exists()
            text = self.file.read_text("utf-8", "replace") if is_there else ""
        text = text.strip()
        if not text:
            raise WrongUse(
                f"{where}: found no key, expected the one that the students' notebooks "
                "were made with; put it back. With another one every student gets "
                "other constants. `autograder variants` makes the first one."
            )
        if len(text) < SHORTEST_KEY:
            raise WrongUse(
                f"{where}: found a key of {len(text)} characters, expected at least "
                f"{SHORTEST_KEY}, as `openssl rand -hex 32` prints."
            )
        return text.encode()

    @property
    def told(self) -> str:
        """Where it is, for the instructor."""
        if self.variable:
            return f"their key is in the environment variable {self.variable}"
        return (
            f"their key is in {self.file}: keep a copy, out of students' reach and out "
            "of git, since without it nobody's work can be graded"
        )

    def make(self) -> None:
        """Write a new key into its file if there is none."""
        if self.variable or self.file.exists():
            return
        opened = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w") as file:
            file.write(secrets.token_hex(32) + "\n")


@dataclass(frozen=True)
class Variants:
    """The lessons of a class in which each student has constants of their own."""

    lessons: frozenset[str] = frozenset()
    key: Key = field(default_factory=lambda: Key(Path(KEY_FILE)))

    def source(self, lesson: str, student: str, source: str) -> str:
        """Return a cell as this student has it; the same text where nothing differs."""
        if lesson not in self.lessons or not is_marked(source):
            return source
        return drawn(self.key.content, lesson, student, source)

    def cells(
        self, lesson: str, student: str, reference: list[ReferenceCell]
    ) -> list[ReferenceCell]:
        """Return a notebook's reference cells as this student has them."""
        if lesson not in self.lessons:
            return reference
        return [self._own(lesson, student, cell) for cell in reference]

    def _own(self, lesson: str, student: str, cell: ReferenceCell) -> ReferenceCell:
        earlier = []
        for text in cell.earlier:
            with suppress(SourceError):  # nobody got it: its mark had to be corrected
                earlier.append(self.source(lesson, student, text))
        cell = replace(cell, earlier=tuple(earlier))
        if not cell.is_constants:
            return cell
        source = self.source(lesson, student, cell.source)
        return replace(cell, source=source, shown=None)

    def digest(self, lesson: str, student: str) -> str:
        """Return what changes with the key; nothing where no constants are drawn."""
        if lesson not in self.lessons:
            return ""
        return f"{_number(self.key.content, lesson, student):064x}"[:32]


def drawn(key: bytes, lesson: str, student: str, source: str) -> str:
    """Return a cell with the constants that a key draws for a student."""
    values = {
        constant.name: constant.drawn(_number(key, lesson, student, constant.name))
        for constant in constants_in(source)
    }
    return with_values(source, values)


def _number(key: bytes, *parts: str) -> int:
    # The same name can be spelled in two ways in Unicode; macOS changes it.
    plain = [unicodedata.normalize("NFC", part) for part in parts]
    return int.from_bytes(hmac.digest(key, json.dumps(plain).encode(), "sha256"))
