"""Handing out variants: each student's own notebooks, and whose was handed in."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.base.errors import WrongUse
from autograder.course.course import Course
from autograder.course.settings import NAME
from autograder.course.variants import ROOM
from autograder.model.constants import is_marked


def hand_out(
    course: Course, lessons: Iterable[str], students: Iterable[str]
) -> Iterator[Path]:
    """Write each student's own notebooks; yield each file.

    Each is the release with other constants in its marked lines, and with the checksum
    of their cell, by which nbgrader's Validate tells edited cells. The class's key is
    made if these are the first.

    Raises
    ------
    WrongUse
        A lesson has no variants, is not released, or the key is lost.
    """
    released = {name: _released(course, name) for name in _chosen(course, lessons)}
    room = course.results / ROOM
    if not any(room.glob("*/*/*.ipynb")):
        course.variants.key.make()
    for student in students:
        for lesson, paths in released.items():
            folder = room / student / lesson
            folder.mkdir(parents=True, exist_ok=True)
            for path in paths:
                made = nbformat.read(path, as_version=nbformat.NO_CONVERT)
                _put_constants(made, course, lesson, student)
                nbformat.write(made, folder / path.name)
                yield folder / path.name


def _chosen(course: Course, lessons: Iterable[str]) -> list[str]:
    """Return lessons that have variants, all if none are named."""
    on = course.variants.lessons
    chosen = sorted(set(lessons) or on)
    off = [name for name in chosen if name not in on]
    if off or not chosen:
        raise WrongUse(
            f"{course.results / NAME}: found no {', '.join(off) or 'lesson'} under "
            f'[variants], expected lessons = ["{", ".join(off) or "05_…"}"]; write it. '
            "Once a lesson is handed out, that changes everybody's constants."
        )
    return chosen


def _released(course: Course, lesson: str) -> list[Path]:
    folder = course.path("release", ".", lesson)
    paths = sorted(folder.glob("*.ipynb"))
    cells = [c for path in paths for c in nbformat.read(path, as_version=4).cells]
    if not any(is_marked(c.source) for c in cells if c.cell_type == "code"):
        raise WrongUse(
            f"{folder}: found no constant marked `# yours:` in {len(paths)} notebooks, "
            "expected one in a locked cell; mark one and build the release again."
        )
    return paths


def _put_constants(
    notebook: NotebookNode, course: Course, lesson: str, student: str
) -> None:
    for cell in notebook.cells:
        entry = cell.metadata.get("nbgrader", {})
        is_given = entry.get("locked") and not entry.get("grade")
        if is_given and cell.cell_type == "code":
            cell.source = course.variants.source(lesson, student, cell.source)
            entry["checksum"] = compute_checksum(cell)
