"""The class file: what an instructor says of a class, in one `class.toml` or none."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from traitlets.config import Config

from autograder.base.errors import WrongUse
from autograder.base.names import meant, nearest
from autograder.base.toml_files import parse_toml, toml_text
from autograder.course.times import LAST_SECOND, in_utc

FILE = "class.toml"
LATE_RULE = "autograder.gradebook.penalties.ByClassFile"
SHOWN = ("nothing", "names", "visible", "all")
"""What feedback may show, the least first."""
NONE, ZERO = "none", "zero"
Penalty = str | float
"""`NONE`, `ZERO`, or percent of a lesson's points for each day that has begun."""
LAST, BEST = "last", "best"
OF_ALL = ("penalty", "tries", "counts", "before_due", "after_due")
"""Keys that may be said for all lessons, and otherwise for one."""
OF_CLASS = ("title", "time_zone", "roster", *OF_ALL, "lessons")
OF_LESSON = ("title", "due", "extensions", *OF_ALL)


@dataclass(frozen=True)
class Terms:
    """What the file says of one lesson; None where it says nothing."""

    title: str = ""
    due: datetime | None = None
    """In UTC, without a zone, as nbgrader keeps it."""
    extensions: Mapping[str, datetime] = field(default_factory=dict)
    """Until when students may hand in who have longer, as `due`."""
    penalty: Penalty | None = None
    tries: int | None = None
    counts: str | None = None
    before_due: str | None = None
    after_due: str | None = None


@dataclass(frozen=True)
class ClassFile:
    """What `class.toml` says; nothing where there is no such file."""

    path: Path = Path(FILE)
    title: str = ""
    time_zone: ZoneInfo | None = None
    """Of times without an offset; the machine's if None."""
    roster: Path | None = None
    lessons: Mapping[str, Terms] = field(default_factory=dict)
    """The lessons of this class; all that there are if it is empty."""
    of_all: Terms = field(default_factory=Terms)
    """What holds for lessons that it does not name."""

    def of(self, lesson: str) -> Terms:
        """Return what is said of a lesson."""
        return self.lessons.get(lesson, self.of_all)

    def has(self, lesson: str) -> bool:
        """Whether a lesson is one of this class."""
        return not self.lessons or lesson in self.lessons

    def called(self, lesson: str) -> str:
        """Return a lesson's title in the class with its name, or its name alone."""
        title = self.of(lesson).title
        return f"{title} ({lesson})" if title else lesson

    @property
    def penalties(self) -> dict[str, Penalty]:
        """Late penalties by lesson; under an empty name, of all others."""
        found = {name: terms.penalty for name, terms in self.lessons.items()}
        found |= {"": self.of_all.penalty}
        return {name: said for name, said in found.items() if said is not None}


def read_class_file(folder: Path, known: Collection[str]) -> ClassFile:
    """Read the file of a class.

    Parameters
    ----------
    known
        The lessons that there are; the file may name them by their beginning, as `03`.

    Raises
    ------
    WrongUse
        It is no TOML, or has a key or a value that means nothing here: the message has
        its place, what was found and what was expected.
    """
    path = folder / FILE
    if not path.exists():
        return ClassFile(path)
    return parse_class_file(path, toml_text(path), known)


def parse_class_file(path: Path, text: str, known: Collection[str]) -> ClassFile:
    """Return what the text of a class's file says, as `read_class_file`."""
    return _Reader(path, text, known).read(parse_toml(path, text))


def keep_to(class_file: ClassFile, config: Config) -> None:
    """Have nbgrader's settings be as the class's file says.

    Raises
    ------
    WrongUse
        They say something else of the same.
    """
    if class_file.time_zone and "timezone" not in config.NbGraderAPI:
        config.NbGraderAPI.timezone = class_file.time_zone.key
    if not class_file.penalties:
        return
    for section, name in (
        ("AssignLatePenalties", "plugin_class"),
        ("LateSubmissionPlugin", "penalty_method"),
    ):
        if config[section].get(name) not in (None, LATE_RULE):
            raise WrongUse(
                f"{class_file.path}: found a penalty, and {section}.{name} in "
                "nbgrader_config.py of the class or of the repository, expected one of "
                "them; take out the other."
            )
    config.AssignLatePenalties.plugin_class = LATE_RULE
    config.ByClassFile.penalties = class_file.penalties


class _Reader:
    """Reads one file; each mistake in it is named by its line and key."""

    def __init__(self, path: Path, text: str, known: Collection[str]) -> None:
        self._path, self._text, self._known = path, text, known
        self._zone: ZoneInfo | None = None

    def read(self, found: dict) -> ClassFile:
        """Return what the file says."""
        self._expect_keys("", found, OF_CLASS)
        zone = self._zone = self._time_zone(found)
        of_all = self._terms("", {k: v for k, v in found.items() if k in OF_ALL})
        tables = self._table("lessons", found.get("lessons", {}))
        lessons: dict[str, Terms] = {}
        for name, table in tables.items():
            key = f"lessons.{name}"
            fits = meant(name, self._known)
            if len(fits) != 1:
                one_of = f"one of {', '.join(fits)}" if fits else self._nearest(name)
                self._refuse(key, f"no lesson {name}", one_of)
            if fits[0] in lessons:
                self._refuse(key, f"{fits[0]} twice", "one table for it")
            lessons[fits[0]] = self._terms(key, self._table(key, table), of_all)
        roster = self._text_of("", found, "roster")
        return ClassFile(
            self._path,
            self._text_of("", found, "title"),
            zone,
            self._path.parent / roster if roster else None,
            lessons,
            of_all,
        )

    def _terms(self, key: str, table: dict, otherwise: Terms | None = None) -> Terms:
        otherwise = otherwise or Terms()
        self._expect_keys(f"{key}." if key else "", table, OF_LESSON)
        due = self._time(f"{key}.due", table["due"]) if "due" in table else None
        for name in OF_ALL:
            if name in table and (expected := objection(name, table[name])):
                self._refuse(
                    f"{key}.{name}".lstrip("."), _as_toml(table[name]), expected
                )
        said = {name: table.get(name, getattr(otherwise, name)) for name in OF_ALL}
        return Terms(
            title=self._text_of(key, table, "title"),
            due=due,
            extensions=dict(self._extensions(key, table, due)),
            **said,
        )

    def _extensions(
        self, key: str, table: dict, due: datetime | None
    ) -> Iterator[tuple[str, datetime]]:
        place = f"{key}.extensions"
        for student, until in self._table(place, table.get("extensions", {})).items():
            own = f"{place}.{student}"
            end = self._time(own, until)
            if due is None:
                self._refuse(own, "no due date of the lesson", f"due in [{key}]")
            if end <= due:
                self._refuse(own, _as_toml(until), "a time after the lesson's due date")
            yield student, end

    def _time(self, key: str, value: object) -> datetime:
        """Return a time in UTC; a day alone means until it ends."""
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, LAST_SECOND)
        if not isinstance(value, datetime):
            self._refuse(
                key, _as_toml(value), "a day or a time, as 2027-03-01T18:00:00"
            )
        return in_utc(value, self._zone)

    def _time_zone(self, found: dict) -> ZoneInfo | None:
        name = self._text_of("", found, "time_zone")
        try:
            return ZoneInfo(name) if name else None
        except (ZoneInfoNotFoundError, ValueError, OSError, RecursionError):
            told = nearest(name, available_timezones() or {"Europe/Berlin"}, most=1)
            self._refuse(
                "time_zone", _as_toml(name), f"{told}, as in Europe/Berlin or UTC"
            )

    def _text_of(self, key: str, table: dict, name: str) -> str:
        found = table.get(name, "")
        if not isinstance(found, str) or (name in table and not found.strip()):
            self._refuse(f"{key}.{name}".lstrip("."), _as_toml(found), "a text")
        return found

    def _table(self, key: str, found: object) -> dict:
        if not isinstance(found, dict):
            self._refuse(key, _as_toml(found), f"a table, as in [{key}]")
        return found

    def _expect_keys(self, place: str, found: dict, expected: Collection[str]) -> None:
        for name in found:
            if name in expected:
                continue
            told = nearest(name, expected)
            if not place and name in OF_LESSON:
                told = f"{name} in the table of a lesson, as [lessons.01_neuron]"
            self._refuse(f"{place}{name}", f"the key {name}", told)

    def _nearest(self, name: str) -> str:
        return nearest(name, self._known)

    def _refuse(self, key: str, found: str, expected: str) -> NoReturn:
        line = _line_of(self._text, key)
        where = f"{self._path}, line {line}" if line else f"{self._path}"
        raise WrongUse(f"{where}: {key}: found {found}, expected {expected}.")


def objection(name: str, value: object) -> str:
    """Return what an entry should be, if it is not that."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if name == "penalty":
        is_right = value in (NONE, ZERO) or (is_number and 0 < value <= 100)
        expected = '"none", "zero", or percent of the points for a day late, to 100'
    elif name == "tries":
        is_right = isinstance(value, int) and is_number and value > 0
        expected = "a whole number from 1"
    elif name == "counts":
        is_right, expected = value in (LAST, BEST), f"{LAST} or {BEST}"
    else:
        is_right, expected = value in SHOWN, f"one of {', '.join(SHOWN)}"
    return "" if is_right else expected


def _as_toml(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _line_of(text: str, key: str) -> int | None:
    """Return the line that an entry or a table begins in, if it is easily found."""
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line.startswith("["):
            table = _plain(line.strip("[]").partition("]")[0])
            if table == key:
                return number
        name = _plain(line.partition("=")[0])
        if "=" in line and key == (f"{table}.{name}" if table else name):
            return number
    return None


def _plain(name: str) -> str:
    return "".join(name.split()).replace('"', "").replace("'", "")
