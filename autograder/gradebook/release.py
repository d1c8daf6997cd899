"""Releases: what nbgrader makes of a lesson's notebooks for students, as it was made.

A course's settings decide that: headers, its own steps, marks of hidden tests. So it is
kept when the lesson is registered, instead of being worked out another time.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from autograder.base.files import replacing
from autograder.course.course import Course


class ReleasedCell(NamedTuple):
    """A cell that students get."""

    kind: str
    grade_id: str
    """Empty for cells that the gradebook does not know."""
    source: str


Release = Mapping[str, list[ReleasedCell]]
"""The cells of each notebook of a lesson."""


def release_file(course: Course, lesson: str) -> Path:
    """Return the file that keeps a lesson's release."""
    return course.results / f".autograder.{lesson}.release"


def keep_release(course: Course, lesson: str, made: Path) -> None:
    """Keep the release of which the notebooks lie in the folder `made`."""
    found = {path.stem: _cells(path) for path in sorted(made.glob("*.ipynb"))}
    with replacing(release_file(course, lesson)) as file:
        json.dump(found, file)


def read_release(course: Course, lesson: str) -> Release:
    """Return a lesson's release; nothing of a lesson that was never registered."""
    path = release_file(course, lesson)
    return _read(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=32)
def _read(path: Path, _changed_ns: int) -> Release:
    found = json.loads(path.read_bytes())
    return {name: [ReleasedCell(*c) for c in cells] for name, cells in found.items()}


def _cells(path: Path) -> list[ReleasedCell]:
    return [
        ReleasedCell(
            cell["cell_type"],
            cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""),
            "".join(cell["source"]),
        )
        for cell in json.loads(path.read_bytes())["cells"]
    ]
