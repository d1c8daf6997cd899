"""Platforms: whom a file is from, told from its name there, and what is noted of it.

Canvas packs `<name>[_LATE]_<user>_<file>_<what the student called it>`, the name in
small letters without blanks (its `lib/content_zipper.rb`). Moodle packs a folder
`<Full Name>_<number>_assignsubmission_file`, or the same as the beginning of a file's
name (its `mod/assign/classes/downloader.php`).
"""

import csv
import re
import unicodedata
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath

from anyascii import anyascii

from autograder.base.errors import WrongUse
from autograder.base.files import replacing
from autograder.base.names import from_table, in_table

# Files have numbers of three digits and more: 11_capstone.ipynb begins with none.
CANVAS = re.compile(r"(?=_([1-9][0-9]{0,17})_([1-9][0-9]{2,17})_.)")
MOODLE = re.compile(r"([^_]+)_([0-9]{1,18})_assignsubmission_file(?:_.*)?")
LONGEST_NAME = 40


@dataclass(frozen=True)
class Sender:
    """Whom a file's name names."""

    platform: str
    name: str
    number: str
    """The platform's for this person."""
    file: int = 0
    """Canvas numbers files: the larger one came later."""
    late: bool = False

    @property
    def student(self) -> str:
        """A folder's name for somebody who is in no roster."""
        plain = "".join(map(_plain, unicodedata.normalize("NFC", self.name)))
        words = re.findall(r"[A-Za-z0-9]+", plain)
        return f"{'-'.join(words)[:LONGEST_NAME] or 'student'}_{self.number}"


@dataclass(frozen=True)
class Receipt:
    """Where a submission came from."""

    student: str
    lesson: str
    platform: str
    order: int
    """Larger is newer: Canvas's number of the file, or the seconds of its date."""
    digest: str
    time: str
    """When it was handed in, as nbgrader writes it; nothing if not known."""
    origin: str
    """The download and the file in it."""
    sent_as: str = ""
    """What the platform called the file, or the folder that it was in."""
    astray: str = ""
    """The lesson whose assignment it was handed in to, if that is another one."""

    @property
    def place(self) -> str:
        """Student and lesson, as its folder is called."""
        return f"{self.student}/{self.lesson}"

    @property
    def sender(self) -> Sender | None:
        """Whom the platform named; None of what older versions collected."""
        found = senders(PurePosixPath(self.sent_as))
        own = [s for s in found if s.platform == self.platform]
        return next((s for s in own if s.file in (0, self.order)), None)


class Receipts:
    """`collected.csv` of a class: the last receipt of each student and lesson.

    Raises
    ------
    WrongUse
        The file is not as it was written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._by_place: dict[str, Receipt] = {}
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                for line, row in enumerate(csv.DictReader(file), start=2):
                    try:
                        told = {name: from_table(value) for name, value in row.items()}
                        self.add(Receipt(**told | {"order": int(row["order"])}))
                    except (AttributeError, KeyError, TypeError, ValueError) as error:
                        raise WrongUse(
                            f"{path}, line {line}: found {error!r}, expected a line "
                            "as `autograder collect` writes it; move the file away."
                        ) from error

    def of(self, student: str, lesson: str) -> Receipt | None:
        """Return what was noted last of a student and a lesson."""
        return self._by_place.get(f"{student}/{lesson}")

    def all(self) -> list[Receipt]:
        """Return all that is noted, by student and lesson."""
        return [receipt for _, receipt in sorted(self._by_place.items())]

    def add(self, receipt: Receipt) -> None:
        """Note a submission, in memory."""
        self._by_place[receipt.place] = receipt

    def write(self) -> None:
        """Write the file, sorted."""
        with replacing(self._path) as file:
            table = csv.DictWriter(file, [field.name for field in fields(Receipt)])
            table.writeheader()
            for receipt in self.all():
                row = asdict(receipt)
                table.writerow({name: in_table(value) for name, value in row.items()})


def senders(path: PurePosixPath) -> list[Sender]:
    """Return whom a file of a download can be from; more than one if that is open.

    Only the outermost name counts, which is the platform's: what is below was named by
    a student.
    """
    part = next(iter(path.parts), "")
    moodle = MOODLE.fullmatch(part)
    if moodle:
        return [Sender("moodle", moodle[1], moodle[2])]
    found = (_canvas(part, match) for match in CANVAS.finditer(part))
    return [sender for sender in found if sender]


def _canvas(part: str, match: re.Match) -> Sender | None:
    name = part[: match.start()]
    late = name.endswith("_LATE")
    name = name.removesuffix("_LATE")
    return Sender("canvas", name, match[1], int(match[2]), late) if name else None


def _plain(character: str) -> str:
    """Return a letter of any script in letters that every file system has."""
    if character.isascii():
        return character
    base = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    # An apostrophe stands for a soft sign there, and would break the word.
    return base if base.strip() else anyascii(character).replace("'", "")
