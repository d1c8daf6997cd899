"""Senders: whom a file of a download is from, told from its name there.

Each platform has its own way to call what it packs:

- Canvas `<name>[_LATE]_<user>_<file>_<what the student called it>`, the name in small
  letters without blanks; `[LATE_]anon_<letters>_<file>_…` where names are hidden (its
  `lib/content_zipper.rb`);
- Moodle a folder `<Full Name>_<number>_assignsubmission_file`, or the same as the
  beginning of a file's name; of a team its name and number, or `Default group` without
  one; `Participant` for a name where names are hidden (its
  `mod/assign/classes/downloader.php`);
- Blackboard `<assignment>_<login>_attempt_<time>_<what the student called it>`;
- Brightspace a folder `<number>-<number> - <Full Name> - <time>`, or the same as the
  beginning of a file's name;
- ILIAS a folder `<Last>_<First>_<login>_<number>`;
- Google Classroom `<Full Name> - <assignment>`, or the other way round;
- Sakai a folder `<Last>, <First>(<login>)`, Schoology `<Last>, <First> - <number>`;
  Teams, and people who sort by hand, one of the full name or the login.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from anyascii import anyascii

# Files have numbers of three digits and more: 11_capstone.ipynb begins with none.
CANVAS = re.compile(r"(?=_([1-9][0-9]{0,17})_([1-9][0-9]{2,17})_.)")
CANVAS_ANONYMOUS = re.compile(r"(LATE_)?anon_([A-Za-z0-9]{1,18})_([1-9][0-9]{2,17})_.+")
MOODLE = re.compile(
    r"([^_]+)(?:_([0-9]{1,18}))?_assignsubmission_(file|onlinetext)(?:_.*)?"
)
# The first login and time: what comes after them, a student has written.
BLACKBOARD = re.compile(
    r".*?_([^_]+)_attempt_(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)(_.+|\.[A-Za-z]{1,5})?"
)
BRIGHTSPACE = re.compile(
    r"([0-9]{1,18})-[0-9]{1,18} ?- ?(.+?) ?- ?"
    r"([^-]*\b\d{4},?\s+\d{1,2}:?\d\d(?:\s*[AP]M)?)(?: ?- .+)?",
    re.IGNORECASE,
)
ILIAS = re.compile(r"([^_]+)_([^_]+)_([^_]+)_([0-9]{1,18})")
OF_A_PERSON = re.compile(r"(.+?)(?: ?\(([^()]{2,64})\)| - ([0-9]{1,18}))?", re.DOTALL)
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
"""What is a folder's name on every system, and no path."""
A_TEAM = ", a team"
"""Ends the platform's name of who handed in with others."""
FOLDER = "folder"
CLASSROOM = " - "
ONLINE_TEXT = "onlinetext"
LONGEST_NAME = 40
OF_PLATFORMS = ("index.html", "submission_metadata.yml")
"""What platforms lay beside what students handed in."""


@dataclass(frozen=True)
class Sender:
    """Whom a file's name names."""

    platform: str
    name: str
    number: str = ""
    """The platform's for this person."""
    file: int = 0
    """Canvas numbers files: the larger one came later."""
    late: bool = False
    logins: tuple[str, ...] = ()
    """What the student is called there: these decide where they are known."""
    time: str = ""
    """When it came, as the platform writes it; nothing if it does not say."""
    needs_roster: bool = False
    """Whether the name could be anybody's choice: only who is listed is meant."""

    @property
    def student(self) -> str:
        """A folder's name for somebody who is in no roster."""
        if self.logins and LOGIN.fullmatch(self.logins[0]):
            return self.logins[0]
        stem = "-".join(_words(self.name))[:LONGEST_NAME] or "student"
        return f"{stem}_{self.number}" if self.number else stem

    @property
    def told(self) -> str:
        """The person, for people to read."""
        if self.logins:
            return self.logins[0]
        number = f" with the number {self.number}" if self.number else ""
        return f"{self.name}{number}"


def senders(path: PurePosixPath, wrappers: int = 0) -> list[Sender]:
    """Return whom a file of a download can be from; more than one if that is open.

    Only the outermost name counts, which is the platform's: what is below was named by
    a student.

    Parameters
    ----------
    wrappers
        How many folders all files of the download are in: a platform's or a teacher's
        for the assignment. They are passed by as long as they name nobody.
    """
    for outer in range(wrappers + 1):
        inner = path.parts[outer:]
        if not inner:
            break
        if found := list(_senders(inner[0], is_folder=len(inner) > 1)):
            return found
    return []


def named_folders(path: PurePosixPath, wrappers: int = 0) -> list[Sender]:
    """Return whom the folders of a file may be called after, if no platform did it.

    Parameters
    ----------
    path, wrappers
        As of `senders`.
    """
    return [_of_folder(part) for part in path.parts[:-1][: wrappers + 1]]


def is_of_a_platform(path: PurePosixPath, wrappers: int) -> bool:
    """Whether a platform itself has made a file: a list, or a note of handing in.

    Students' files of such names lie in folders, or the platform's name is before them.
    """
    note = BLACKBOARD.fullmatch(path.name)
    is_its = [s.platform for s in _senders(path.name, False)] == ["blackboard"]
    is_note = is_its and (note[6] or "").lower() == ".txt"
    return len(path.parts) == wrappers + 1 and (path.name in OF_PLATFORMS or is_note)


def is_online_text(path: PurePosixPath) -> bool:
    """Whether a file is what a student typed into Moodle, beside or for a notebook."""
    return any(
        found[3] == ONLINE_TEXT for found in map(MOODLE.fullmatch, path.parts) if found
    )


def _senders(part: str, is_folder: bool) -> Iterator[Sender]:
    """Yield whom a name names, by what stands first in it: the rest is a student's."""
    canvas = [_canvas(part, match) for match in CANVAS.finditer(part)]
    canvas = [sender for sender in canvas if sender]
    if found := MOODLE.fullmatch(part):
        yield Sender("moodle", found[1], found[2] or "")
    elif found := BRIGHTSPACE.fullmatch(part):
        time = re.sub(r"(\d{1,2})(\d\d)(\s*[AP]M)?$", r"\1:\2\3", found[3], flags=re.I)
        yield Sender("brightspace", found[2].strip(), found[1], time=time)
    elif found := CANVAS_ANONYMOUS.fullmatch(part):
        number, late = int(found[3]), bool(found[1])
        yield Sender("canvas", "anon", found[2], number, late)
    elif is_folder and (found := ILIAS.fullmatch(part)):
        name = f"{found[1]} {found[2]}"
        yield Sender("ilias", name, found[4], logins=(found[3],))
    elif (found := BLACKBOARD.fullmatch(part)) and not _is_canvas(canvas, found.end(1)):
        time = f"{found[2]} {found[3]}:{found[4]}:{found[5]}"
        yield Sender("blackboard", "", logins=(found[1],), time=time)
    else:
        yield from canvas
        if not canvas and not is_folder:
            yield from _of_classroom(part)


def _is_canvas(found: list[Sender], before: int) -> bool:
    """Whether Canvas can have written what stands before a place in a name."""
    if not found or len(found[0].name) >= before:
        return False
    return found[0].name == re.sub(r"\s", "", found[0].name.lower())


def _canvas(part: str, match: re.Match) -> Sender | None:
    name = part[: match.start()]
    late = name.endswith("_LATE")
    name = name.removesuffix("_LATE")
    return Sender("canvas", name, match[1], int(match[2]), late) if name else None


def _of_classroom(part: str) -> Iterator[Sender]:
    """Yield both ends of a name: which one is a person's, only a roster can tell."""
    stem = part.partition(".")[0]
    if CLASSROOM in stem:
        first, *_, last = stem.split(CLASSROOM)
        for name in dict.fromkeys((first, re.sub(r" ?\(\d+\)$", "", last))):
            if name.strip():
                yield Sender("classroom", name.strip(), needs_roster=True)


def _of_folder(part: str) -> Sender:
    """Return the person, if it is one, which only a roster can tell."""
    name, *more = OF_A_PERSON.fullmatch(part).groups()
    logins = tuple(filter(None, (*more, name)))
    return Sender(FOLDER, name, logins=logins, needs_roster=True)


def _words(text: str) -> list[str]:
    plain = "".join(map(_plain, unicodedata.normalize("NFC", text)))
    return re.findall(r"[A-Za-z0-9]+", plain)


def _plain(character: str) -> str:
    """Return a letter of any script in letters that every file system has."""
    if character.isascii():
        return character
    base = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    # An apostrophe stands for a soft sign there, and would break the word.
    return base if base.strip() else anyascii(character).replace("'", "")
