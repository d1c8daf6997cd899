"""Releases: what nbgrader makes of a lesson's notebooks for students, as it was made.

A course's settings decide that: headers, its own steps, marks of hidden tests. So it is
kept when the lesson is registered, instead of being worked out another time. What was
handed out earlier is kept, too: as text, since each Python writes down otherwise what
code means.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from autograder.base.files import replacing
from autograder.course.course import Course
from autograder.model.cells import FLAGS, ReferenceCell, without_hidden_tests


class ReleasedCell(NamedTuple):
    """A cell that students get."""

    kind: str
    grade_id: str
    """Empty for cells that the gradebook does not know."""
    source: str
    flags: dict = {}  # noqa: RUF012  # never changed
    """What nbgrader notes of the cell, as it was handed out."""


Release = Mapping[str, list[ReleasedCell]]
"""The cells of each notebook of a lesson."""


def release_file(course: Course, lesson: str) -> Path:
    """Return the file that keeps a lesson's release."""
    return course.results / f".autograder.{lesson}.release"


def keep_release(course: Course, lesson: str, made: Path) -> None:
    """Keep the release of which the notebooks lie in the folder `made`."""
    found = {path.stem: _cells(path) for path in sorted(made.glob("*.ipynb"))}
    with replacing(release_file(course, lesson)) as file:
        file.write(json.dumps(found))


def read_release(course: Course, lesson: str) -> Release:
    """Return a lesson's release; nothing of a lesson that was never registered."""
    return _kept(release_file(course, lesson))


def keep_earlier(course: Course, lesson: str, registered: Release) -> None:
    """Keep in the class what of a lesson may have been handed out until now.

    That is the release of last time, what lies where releases do, and what `build` has
    replaced.

    Parameters
    ----------
    registered
        The lesson's locked cells as the gradebook had them.
    """
    note_earlier(
        course.results,
        lesson,
        _kept(earlier_file(course.room("source"), lesson)),
        read_release(course, lesson),
        locked_cells(course.path("release", ".", lesson)),
        registered,
    )


def note_earlier(room: Path, lesson: str, *releases: Release) -> None:
    """Add what was handed out of a lesson to what is known of it in a room.

    Parameters
    ----------
    room
        The folder of a class, or the one of all sources.
    """
    path = earlier_file(room, lesson)
    before = _kept(path)
    known = {name: list(cells) for name, cells in before.items()}
    for release in releases:
        for name, cells in release.items():
            there = known.setdefault(name, [])
            there += [c for c in cells if c.grade_id and c not in there]
    if known != before:
        with replacing(path) as file:
            file.write(json.dumps(known))


def with_earlier(
    course: Course, lesson: str, notebook: str, cells: Iterable[ReferenceCell]
) -> list[ReferenceCell]:
    """Return reference cells with what was handed out of them before today's."""
    texts: dict[str, list[str]] = {}
    flags: dict[str, list[dict]] = {}
    rooms = (course.results, course.room("source"))
    found = [_kept(earlier_file(room, lesson)).get(notebook, ()) for room in rooms]
    for cell in chain(*found):
        texts.setdefault(cell.grade_id, []).append(cell.source)
    for cell in chain(*found, read_release(course, lesson).get(notebook, ())):
        flags.setdefault(cell.grade_id, []).append(cell.flags)
    return [
        replace(
            c,
            earlier=(*dict.fromkeys(texts.get(c.grade_id, ())),),
            handed_out=(*flags.get(c.grade_id, ()),),
        )
        for c in cells
    ]


def locked_cells(folder: Path) -> Release:
    """Return what students get of the locked cells of all notebooks in a folder.

    It may hold anything: what is no notebook of this format is passed by.
    """
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        with suppress(Exception):
            found[path.stem] = list(_locked(json.loads(path.read_bytes())["cells"]))
    return found


def _locked(cells: Iterable[dict]) -> Iterator[ReleasedCell]:
    for cell in cells:
        entry = cell["metadata"].get("nbgrader", {})
        if entry.get("locked"):
            source = without_hidden_tests("".join(cell["source"]))
            name, flags = str(entry["grade_id"]), _flags(entry)
            yield ReleasedCell(cell["cell_type"], name, source, flags)


def earlier_file(room: Path, lesson: str) -> Path:
    """Return the file in a room that keeps what was handed out of a lesson."""
    return room / f".autograder.{lesson}.earlier"


def _kept(path: Path) -> Release:
    return _read(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int) -> Release:
    found = json.loads(path.read_bytes())
    return {name: [ReleasedCell(*c) for c in cells] for name, cells in found.items()}


def _cells(path: Path) -> list[ReleasedCell]:
    cells = json.loads(path.read_bytes())["cells"]
    entries = [cell.get("metadata", {}).get("nbgrader", {}) for cell in cells]
    return [
        ReleasedCell(
            cell["cell_type"],
            entry.get("grade_id", ""),
            "".join(cell["source"]),
            _flags(entry),
        )
        for cell, entry in zip(cells, entries, strict=True)
    ]


def _flags(entry: dict) -> dict:
    return {flag: entry[flag] for flag in FLAGS if flag in entry}
