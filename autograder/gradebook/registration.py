"""Registration: whether a gradebook knows a lesson as its source is, and its cells."""

import json
from contextlib import suppress
from functools import cache
from importlib.metadata import version

from nbgrader.api import (
    Assignment,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    TaskCell,
)
from sqlalchemy import select

from autograder.base.errors import SourceError
from autograder.base.hashing import digest, digest_of_code
from autograder.base.paths import PACKAGE
from autograder.course.course import Course
from autograder.gradebook.release import release_file
from autograder.model.cells import ReferenceCell

TAKE_PART = ("base", "course", "gradebook", "model")
"""Rooms of this package whose code takes part in registering."""
PACKAGES = ("nbgrader", "nbconvert", "nbformat")
AUTOTEST = b"AUTOTEST"
"""Where it is written in a cell, nbgrader runs the lesson to make its tests."""
LEAD_ELSEWHERE = (
    "GenerateAssignment",
    "Assign",
    "BaseConverter",
    "IncludeHeaderFooter",
    "InstantiateTests",
    "Exporter",
    "NotebookExporter",
    "FilesWriter",
)
"""nbgrader's settings that may let code or files of the course's own take part."""


class Registration:
    """What is noted of a lesson that was registered in the gradebook of a class.

    The note is a digest of all that registering depends on, and of the rows that came
    of it: a gradebook that is another one, or was changed, does not fit to it. Where
    something may take part that no digest covers, the lesson is always registered.

    Raises
    ------
    SourceError
        nbgrader refuses the lesson's name.
    """

    def __init__(self, course: Course, lesson: str) -> None:
        if "+" in lesson:
            raise SourceError(
                f"{lesson}: found + in the name of an assignment, expected none: "
                "nbgrader takes it for the end of a name; rename its folders."
            )
        self._course, self._lesson = course, lesson
        self._path = course.results / f".autograder.{lesson}.registered"

    @property
    def was_noted(self) -> bool:
        """Whether the lesson was ever registered here."""
        return self._path.exists()

    def holds(self, gradebook: Gradebook) -> bool:
        """Whether registering the lesson again would change nothing."""
        try:
            noted = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        return noted == self._state(gradebook)

    def note(self, gradebook: Gradebook) -> None:
        """Note that the lesson was registered."""
        with suppress(OSError):  # where nobody can write, it is registered each time
            self._path.write_text(self._state(gradebook) or "", "utf-8")

    def _state(self, gradebook: Gradebook) -> str | None:
        """Return the digest; None if it would not cover everything."""
        config = self._course.config
        paths = self._course.notebooks(self._lesson)
        released = release_file(self._course, self._lesson)
        if not released.exists():
            return None
        sources = [path.read_bytes() for path in paths]
        if any(config.get(name) for name in LEAD_ELSEWHERE):
            return None
        if any(AUTOTEST in source for source in sources):
            return None
        try:
            settings = json.dumps(config, sort_keys=True)
        except TypeError:  # a function, a class or the like
            return None
        names = json.dumps([path.name for path in paths])
        rows = _rows(gradebook, self._lesson)
        return digest(_code(), settings, names, *sources, rows, released)


@cache
def _code() -> str:
    """Return a digest of the code that registers lessons."""
    return digest(digest_of_code(PACKAGE, TAKE_PART), *map(version, PACKAGES))


def _rows(gradebook: Gradebook, lesson: str) -> str:
    """Return all that a gradebook holds of a lesson's source."""
    own = Assignment.name == lesson
    ids = select(Notebook.id).join(Notebook.assignment).where(own).scalar_subquery()
    queries = [
        select(Assignment.id, Assignment.course_id).where(own),
        select(Notebook.id, Notebook.name, Notebook.kernelspec).where(
            Notebook.id.in_(ids)
        ),
        select(SourceCell.__table__).where(SourceCell.notebook_id.in_(ids)),
        select(SolutionCell.id, SolutionCell.name).where(
            SolutionCell.notebook_id.in_(ids)
        ),
    ]
    for kind in (GradeCell, TaskCell):
        columns = kind.id, kind.name, kind.max_score, kind.cell_type
        queries.append(select(*columns).where(kind.notebook_id.in_(ids)))
    return repr([sorted(map(tuple, gradebook.db.execute(q))) for q in queries])


def reference_cells(gradebook: Gradebook, lesson: str, notebook: str) -> list:
    """Return the `ReferenceCell` list of one notebook, in the order of its source."""
    known = gradebook.find_notebook(notebook, lesson)
    graded, tasks, solutions = (  # of each kind at once: one by one they are many
        {cell.name: cell for cell in gradebook.db.query(kind).filter_by(notebook=known)}
        for kind in (GradeCell, TaskCell, SolutionCell)
    )
    return [
        ReferenceCell(
            grade_id=cell.name,
            kind=cell.cell_type,
            source=cell.source,
            checksum=cell.checksum or "",
            locked=cell.locked,
            grade=cell.name in graded,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=float((graded | tasks)[cell.name].max_score)
            if cell.name in graded or cell.name in tasks
            else 0.0,
        )
        for cell in known.source_cells
    ]
