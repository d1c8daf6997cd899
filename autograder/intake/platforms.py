"""Platforms: whom a file is from, told from the name that Canvas or Moodle gave it.

Canvas packs `<name>[_LATE]_<user>_<file>_<what the student called it>`, the name in
small letters without blanks (its `lib/content_zipper.rb`). Moodle packs a folder
`<Full Name>_<number>_assignsubmission_file`, or the same as the beginning of a file's
name (its `mod/assign/classes/downloader.php`).
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from anyascii import anyascii

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
