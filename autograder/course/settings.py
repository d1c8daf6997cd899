"""Settings of a course for this grader, from its `autograder.toml`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.toml_files import read_toml
from autograder.course.variants import KEY_FILE, Key, Variants

NAME = "autograder.toml"
SEALED, SHARED, AUTO = "sealed", "shared", "auto"
ISOLATION = (SEALED, SHARED, AUTO)
NEEDED, ALL = "needed", "all"
"""Which cells of a submission run: those that marks depend on, or every one."""


@dataclass(frozen=True)
class WhereTestsRun:
    """Where the tests of a course's lessons run.

    `sealed` is in a process that runs no student code; `shared` is among the student's
    variables, as stock nbgrader runs them; `auto` decides for each test cell.
    """

    course: str = SEALED
    lessons: Mapping[str, str] = field(default_factory=dict)
    """What is set for single lessons."""

    def of(self, lesson: str) -> str:
        """Return the way that is set for a lesson."""
        return self.lessons.get(lesson, self.course)


def read_settings(folder: Path, lessons: Collection[str]) -> WhereTestsRun:
    """Read how a course's tests run; without a file every lesson's in `auto`.

    Raises
    ------
    WrongUse
        The file is no TOML, or has a key or a value that means nothing here.
    """
    path = folder / NAME
    found = read_toml(path)
    _refuse_others(path, "", found, {"tests", "lessons", "variants", "cells", "data"})
    own = _table(path, "lessons", found)
    _refuse_others(path, "lessons.", own, lessons)
    known_isolation(f"{path}: tests", course := found.get("tests", AUTO))
    for lesson, way in own.items():
        known_isolation(f"{path}: lessons.{lesson}", way)
    return WhereTestsRun(course, own)


def read_cells(folder: Path, otherwise: str) -> str:
    """Read which cells run, as the key `cells` says.

    Parameters
    ----------
    otherwise
        What holds if there is no such key.

    Raises
    ------
    WrongUse
        The file is no TOML, or the value means nothing here.
    """
    path = folder / NAME
    found = read_toml(path).get("cells", otherwise)
    if found not in (NEEDED, ALL):
        raise WrongUse(f"{path}: cells: found {found!r}, expected {NEEDED} or {ALL}.")
    return found


def read_data(folder: Path, rooms: Iterable[Path]) -> dict[str, Path]:
    """Read which folders notebooks may read beside their own; none without the key.

    Parameters
    ----------
    rooms
        Folders that no student may see.

    Returns
    -------
    The folders by their names from the course's own folder; absolute for others.

    Raises
    ------
    WrongUse
        One is no folder, or holds or lies in one of the rooms.
    """
    path = folder / NAME
    named = read_toml(path).get("data", [])
    if not isinstance(named, list) or not all(isinstance(n, str) for n in named):
        raise WrongUse(
            f'{path}: data: found {named!r}, expected folders, as in data = ["Data"].'
        )
    found = {}
    for name in named:
        place = (folder / name).resolve()
        if not place.is_dir():
            raise WrongUse(f"{path}: data: found no folder {place}, expected one.")
        for room in [*map(Path.resolve, rooms), folder / "gradebook.db"]:
            is_within = room != folder and place.is_relative_to(room)
            if room.is_relative_to(place) or is_within:
                raise WrongUse(
                    f"{path}: data: found {name!r}, in which students could read "
                    f"{room}, expected a folder of data alone."
                )
        is_inside = place.is_relative_to(folder)
        found[str(place.relative_to(folder) if is_inside else place)] = place
    return found


def known_isolation(where: str, found: object) -> str:
    """Return a way of running tests that somebody has written down.

    Raises
    ------
    WrongUse
        It is none.
    """
    if found not in ISOLATION:
        raise WrongUse(
            f"{where}: found {found!r}, expected one of {', '.join(ISOLATION)}."
        )
    return str(found)


def read_variants(
    folder: Path, lessons: Collection[str], beside: Collection[str] = ()
) -> Variants:
    """Read which lessons have constants of each student's own; none without a file.

    Parameters
    ----------
    beside
        Keys of the file that are no business of this function.

    Raises
    ------
    WrongUse
        The file is no TOML, or has a key or a value that means nothing here.
    """
    path = folder / NAME
    found = read_toml(path)
    _refuse_others(path, "", found, {"variants", *beside})
    own = _table(path, "variants", found)
    _refuse_others(path, "variants.", own, {"lessons", "key_variable"})
    chosen, variable = own.get("lessons", []), own.get("key_variable", "")
    if not isinstance(chosen, list) or not set(map(str, chosen)) <= set(lessons):
        raise WrongUse(
            f"{path}: variants.lessons: found {chosen!r}, expected a list of some of "
            f"{', '.join(sorted(lessons)) or '(none: run `autograder build` first)'}."
        )
    if not isinstance(variable, str):
        raise WrongUse(
            f"{path}: variants.key_variable: found {variable!r}, expected the name of "
            "an environment variable."
        )
    return Variants(frozenset(chosen), Key(folder / KEY_FILE, variable))


def _table(path: Path, name: str, found: Mapping) -> dict:
    own = found.get(name, {})
    if not isinstance(own, dict):
        raise WrongUse(f"{path}: {name}: found {own!r}, expected a table [{name}].")
    return own


def _refuse_others(
    path: Path, place: str, found: Mapping, expected: Collection[str]
) -> None:
    for key in found:
        if key not in expected:
            raise WrongUse(
                f"{path}: found the key {place}{key}, expected one of "
                f"{', '.join(place + name for name in sorted(expected))}."
            )
