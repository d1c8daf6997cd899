"""Tables: the CSV files of learning platforms, whose columns are known in any language.

Canvas writes its headings in English. Moodle translates them, and is known by what is
in its columns: people's numbers after the same word, addresses, a highest grade.
"""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.files import replacing
from autograder.base.names import in_table
from autograder.intake.platforms.headings import (
    EMAIL,
    GRADE,
    IDENTIFIER,
    IN_A_LIST,
    IN_ENGLISH,
    MOST,
    NAME,
    PARTICIPANT,
    STATUS,
    TIME,
    plain,
)

BOM = "\ufeff"
ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""By how a file begins, where it says so; without one it is UTF-8 or Excel's."""
EXCELS_OWN = "cp1252"
"""What Excel on Windows saves as CSV where nobody chose UTF-8."""
WORKBOOKS = (b"PK\3\4", b"\xd0\xcf\x11\xe0")
"""How workbooks of Excel and Numbers begin, the older ones too."""
SEPARATORS = ",;\t|"
MOST_ABOVE = 20
"""Lines above the headings."""
LARGEST_MIB = 200
LONGEST_CELL = 2**24
"""Characters: Moodle's worksheet may hold what students wrote, however long."""
NUMBERED = re.compile(r"(\D*)(\d+)")
"""Moodle's identifiers: a word of its language, and a number."""
PLAIN_NUMBER = re.compile(r"\d+([.,]\d+)?")
LIKE_A_TIME = re.compile(
    r"\d{4}.*\d{1,2}[:.h時时]\s?\d\d|\d{1,2}[:.h]\d\d.*\d{4}", re.DOTALL
)
CANVAS = ("Student", "ID")
"""How each gradebook of Canvas begins."""


@dataclass
class Table:
    """A table as it was read, to be written back as it was."""

    path: Path
    head: list[str]
    rows: list[list[str]]
    """As long as `head`, each of them."""
    columns: dict[str, int]
    """By the heading, in English where it is known."""
    lines: list[int] = field(default_factory=list)
    """Where in the file each row ends, from 1."""
    overlong: set[int] = field(default_factory=set)
    """Lines with more cells than there are headings."""
    separator: str = ","
    encoding: str = "utf-8"
    """In which it was read; it is written in UTF-8, as platforms read it."""
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
    """Read a CSV file, whatever separates its cells and whichever program saved it.

    Raises
    ------
    WrongUse
        It is none.
    """
    text, encoding = _decoded(path)
    begin = BOM if text.startswith(BOM) else ""
    text = text.removeprefix(BOM)
    said = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line
    if said:
        begin, text = begin + said[0], text[said.end() :]
    above = _above(text)
    begin, text = begin + above, text[len(above) :]
    skipped = bool(said) + len(above.splitlines())
    first = re.split(r"\r\n|\r|\n", text.lstrip("\r\n"), maxsplit=1)[0]
    separator = said[1] if said else max(SEPARATORS, key=partial(_cells_in, first))
    ends = re.search(r"\r\n|\r|\n", text)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        skipinitialspace=_has_blanks_after(separator, text),
    )
    try:
        read = [(reader.line_num + skipped, line) for line in reader]
    except csv.Error as error:
        found = f"found no such {'folder' if path.parent != Path() else 'file'}"
        raise _no_table(path, found) from error
    read = [(number, line) for number, line in read if any(map(str.strip, line))]
    if not read:
        raise _no_table(path, "found nothing in it")
    (_, head), *rest = read
    head = [heading.strip() for heading in head]
    rows = [(row + [""] * len(head))[: len(head)] for _, row in rest]
    table = Table(
        path,
        head,
        rows,
        _columns(head, rows),
        [number for number, _ in rest],
        {n for n, row in rest if any(cell.strip() for cell in row[len(head) :])},
    )
    table.separator, table.encoding, table.begin = separator, encoding, begin
    table.end = ends[0] if ends else "\n"
    return table


def _decoded(path: Path) -> tuple[str, str]:
    """Return the text of a file, and its encoding."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_MIB * 2**20 + 1)
    except OSError as error:
        raise _no_table(
            path, f"found {(error.strerror or str(error)).lower()}"
        ) from error
    if len(raw) > LARGEST_MIB * 2**20:
        raise _no_table(path, f"found more than {LARGEST_MIB} MiB")
    if raw.startswith(WORKBOOKS):
        raise _no_table(path, "found a workbook of Excel or Numbers")
    if raw.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<"):
        raise _no_table(path, "found a page of the web, which spreadsheets open, too")
    named = next((e for begin, e in ENCODINGS.items() if raw.startswith(begin)), None)
    for encoding in (named,) if named else ("utf-8", EXCELS_OWN):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or "\0" not in text:
            return text, encoding
    raise _no_table(path, "found bytes that are no text")


def _no_table(path: Path, found: str) -> WrongUse:
    return WrongUse(
        f"{path}: {found}; name a CSV file in UTF-8, as a spreadsheet saves it under "
        "Save As, CSV UTF-8 (UTF-16 and Windows-1252 are read, too)."
    )


def _has_blanks_after(separator: str, text: str) -> bool:
    """Whether somebody has typed blanks after separators, before quotes too."""
    head, first = [*re.split(r"\r\n|\r|\n", text, maxsplit=2), ""][:2]
    sign = re.escape(separator)
    typed = re.match(rf"[^\"]*{sign} +", head)
    return bool(typed or re.match(rf'[^"]*{sign} +"', first))


def _above(text: str) -> str:
    """Return the lines above the headings: a title, a term, a date."""
    lines = text.splitlines(keepends=True)[:MOST_ABOVE]
    known = [max(_headings_in(line, sign) for sign in SEPARATORS) for line in lines]
    if any(known[:1]):
        return ""
    place = next((at for at, count in enumerate(known) if count > 1), 0)
    return "".join(lines[:place])


def _headings_in(line: str, separator: str) -> int:
    return len({plain(cell) for cell in _split(line, separator)} & IN_A_LIST.keys())


def _cells_in(line: str, separator: str) -> int:
    return len(_split(line, separator))


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _columns(head: list[str], rows: list[list[str]]) -> dict[str, int]:
    """Return where each heading is; what is there twice, where it is first."""
    found: dict[str, int] = {}
    for at, heading in enumerate(head):
        found.setdefault(IN_ENGLISH.get(plain(heading), heading), at)
    if not found.keys() & {IDENTIFIER, CANVAS[0], "id"}:
        found = _of_translated_moodle(found, rows, len(head)) | found
    return found


def _of_translated_moodle(
    known: dict[str, int], rows: list[list[str]], width: int
) -> dict[str, int]:
    """Return the columns of a grading worksheet, known by what is in them."""
    values = [[row[at].strip() for row in rows] for at in range(width)]
    read = [NUMBERED.fullmatch(value) for value in values[0]] if values else []
    words = {match and match[1].strip() for match in read}
    word = next(iter(words)) if len(words) == 1 else None
    if not word:
        return {}
    is_hidden = any(heading.casefold() in STATUS for heading in list(known)[1:2])
    found = {IDENTIFIER: 0}
    emails = [at for at in range(1, width) if all("@" in v for v in values[at])]
    if emails:
        found[EMAIL] = emails[0]
    if 1 not in emails and NAME not in known and not is_hidden:
        found[NAME] = 1
    times = [at for at in range(1, width) if _are_times(values[at])]
    if times:
        found[TIME] = times[0]
    for at in range(3, width):
        same = set(values[at])
        if len(same) == 1 and PLAIN_NUMBER.fullmatch(next(iter(same))):
            return found | {MOST: at, GRADE: at - 1}
    return found if word.casefold() in PARTICIPANT or GRADE in known else {}


def _are_times(values: Sequence[str]) -> bool:
    told = [value for value in values if value not in ("", "-")]
    return bool(told) and all(map(LIKE_A_TIME.search, told))
