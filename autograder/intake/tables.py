"""Tables: the CSV files of learning platforms, whose columns are known in any language.

Canvas writes its headings in English. Moodle translates them, and is known by what is
in its columns: people's numbers after the same word, addresses, a highest grade.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.files import replacing
from autograder.base.names import in_table

BOM = "\ufeff"
LONGEST_CELL = 2**24
"""Characters: Moodle's worksheet may hold what students wrote, however long."""
NUMBERED = re.compile(r"(\D*)(\d+)")
"""Moodle's identifiers: a word of its language, and a number."""
PLAIN_NUMBER = re.compile(r"\d+([.,]\d+)?")
IDENTIFIER, NAME, EMAIL = "Identifier", "Full name", "Email address"
GRADE, MOST = "Grade", "Maximum grade"
CANVAS = ("Student", "ID")
"""How each gradebook of Canvas begins."""
IN_ENGLISH = {
    "maximum grade": MOST,
    "grade": GRADE,
    "full name": NAME,
    "email address": EMAIL,
    "username": "Username",
    "anmeldename": "Username",
    "nom d'utilisateur": "Username",
    "nombre de usuario": "Username",
    "gebruikersnaam": "Username",
    "id number": "ID number",
    "id-nummer": "ID number",
    "numéro d'identification": "ID number",
    "número de id": "ID number",
}
"""Headings that the content of their columns does not tell apart."""


@dataclass
class Table:
    """A table as it was read, to be written back as it was."""

    path: Path
    head: list[str]
    rows: list[list[str]]
    """As long as `head`, each of them."""
    columns: dict[str, int]
    """By the heading, in English where it is known."""
    separator: str = ","
    begin: str = ""
    end: str = "\n"
    """Of a line."""

    @property
    def is_canvas(self) -> bool:
        """Whether it is Canvas's gradebook."""
        return set(CANVAS) <= set(self.head)

    def cell(self, row: Sequence[str], *headings: str) -> str:
        """Return the first of these cells of a row that is there and not empty."""
        found = (row[self.columns[h]].strip() for h in headings if h in self.columns)
        return next(filter(None, found), "")

    def write(self, path: Path, kept: Sequence[int]) -> None:
        """Write it; no cell is a formula to a spreadsheet.

        Parameters
        ----------
        kept
            Columns that the platform reads back and no student writes: as they were.
        """
        with replacing(path) as file:
            file.write(self.begin)
            table = csv.writer(file, delimiter=self.separator, lineterminator=self.end)
            for row in (self.head, *self.rows):
                table.writerow(
                    cell if at in kept or cell.strip() == "-" else in_table(cell)
                    for at, cell in enumerate(row)
                )


def read_table(path: Path) -> Table:
    """Read a CSV file, whatever separates its cells.

    Raises
    ------
    WrongUse
        It is none, or not in UTF-8.
    """
    try:
        raw = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path}: {error}; name a CSV file in UTF-8.") from error
    text = raw.removeprefix(BOM)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise WrongUse(f"{path}: {error}; name a CSV file in UTF-8.") from error
    head, *rows = lines or [[]]
    head = [heading.strip() for heading in head]
    rows = [(row + [""] * len(head))[: len(head)] for row in rows if any(row)]
    return Table(
        path,
        head,
        rows,
        _columns(head, rows),
        separator,
        BOM if raw.startswith(BOM) else "",
        "\r\n" if first.endswith("\r") else "\n",
    )


def _columns(head: list[str], rows: list[list[str]]) -> dict[str, int]:
    """Return where each heading is; what is there twice, where it is first."""
    found: dict[str, int] = {}
    for at, heading in enumerate(head):
        found.setdefault(IN_ENGLISH.get(heading.casefold(), heading), at)
    if not found.keys() & {IDENTIFIER, CANVAS[0], "id"}:
        found = _of_translated_moodle(rows, len(head)) | found
    return found


def _of_translated_moodle(rows: list[list[str]], width: int) -> dict[str, int]:
    """Return the columns of a grading worksheet, known by what is in them."""
    values = [[row[at].strip() for row in rows] for at in range(width)]
    read = [NUMBERED.fullmatch(value) for value in values[0]] if values else []
    words = {match and match[1].strip() for match in read}
    if len(words) != 1 or not next(iter(words)):
        return {}
    found = {IDENTIFIER: 0}
    emails = [at for at in range(1, width) if all("@" in v for v in values[at])]
    if emails:
        found[EMAIL] = emails[0]
    if 1 not in emails:
        found[NAME] = 1
    for at in range(3, width):
        same = set(values[at])
        if len(same) == 1 and PLAIN_NUMBER.fullmatch(next(iter(same))):
            return found | {MOST: at, GRADE: at - 1}
    return {}
