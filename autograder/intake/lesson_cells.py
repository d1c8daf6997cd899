"""Lesson's cells: which lesson a notebook is of, whatever it is called."""

import json
from collections import Counter

from nbformat import NotebookNode

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.course.course import Course
from autograder.intake.notebook_reader import parse_notebook


class LessonCells:
    """Tells lessons by the names of their cells, or else by names of files.

    Parameters
    ----------
    asked
        The only lesson to take; each notebook's own if None.

    Raises
    ------
    WrongUse
        The lessons are not built, or none is called so.
    """

    def __init__(self, course: Course, asked: str | None = None) -> None:
        self._course = course
        self._known = known_cells(course)
        if asked and asked not in self._known:
            raise WrongUse(
                f"found no lesson {asked}, expected one of {', '.join(self._known)}."
            )
        self.asked = asked

    def is_work(self, content: bytes, name: str) -> bool:
        """Whether a notebook of a clone is one of a lesson, and not as given out."""
        notebook = parse_notebook(content, name)
        fits = self._fitting(notebook, name)
        if len(fits) != 1 or self.asked not in (None, fits[0]):
            return False
        path = self._course.path("release", ".", fits[0]) / f"{fits[0]}.ipynb"
        if not path.exists():
            return True
        given = parse_notebook(path.read_bytes(), path.name)
        return [c.source for c in given.cells] != [c.source for c in notebook.cells]

    def _fitting(self, notebook: NotebookNode, name: str) -> list[str]:
        """Return the lessons whose cells a notebook has, or that its name names."""
        names = {cell.metadata.get("grade_id") for cell in notebook.cells}
        owners = Counter(id_ for ids in self._known.values() for id_ in ids)
        shared = {
            lesson: sum(owners[id_] == 1 for id_ in ids & names)
            for lesson, ids in self._known.items()
        }
        most = max(shared.values())
        fits = [lesson for lesson, count in shared.items() if count == most > 0]
        return fits or [lesson for lesson in self._known if lesson in name]

    def lesson_of(self, content: bytes, name: str) -> str:
        """Return the lesson that a notebook is of, or else the one asked for.

        Raises
        ------
        UnreadableSubmission
            It is no notebook, or of no lesson that is wanted.
        """
        fits = self._fitting(parse_notebook(content, name), name)
        fits = fits or [lesson for lesson in [self.asked] if lesson]
        if len(fits) != 1:
            found = f"cells of {' and '.join(fits)}" if fits else "no cell of a lesson"
            raise UnreadableSubmission(
                f"found {found}, expected a lesson's notebook; look into it, and name "
                "its lesson with --lesson if it is one"
            )
        if self.asked not in (None, fits[0]):
            raise UnreadableSubmission(
                f"found {fits[0]}, expected {self.asked}; collect it without --lesson"
            )
        return fits[0]


def known_cells(course: Course) -> dict[str, set[str]]:
    """Return the names of the cells of each lesson.

    Raises
    ------
    WrongUse
        The lessons are not built.
    """
    known = {}
    for lesson in course.lessons:
        path = course.path("source", ".", lesson) / f"{lesson}.ipynb"
        cells = json.loads(path.read_bytes())["cells"]
        entries = (cell["metadata"].get("nbgrader", {}) for cell in cells)
        known[lesson] = {entry["grade_id"] for entry in entries if entry}
    if not known:
        raise WrongUse("found no lessons; run `autograder build` first.")
    return known
