"""Lesson's cells: which lesson a notebook is of, whatever it is called."""

import json
import re
from collections import Counter

from nbformat import NotebookNode

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.course.course import Course
from autograder.intake.notebook_reader import parse_notebook

SHORT = 4
"""Letters of a notebook's name that many words have in them."""
Named = tuple[str, str]
"""A lesson, and a notebook of it: nearly always of the same name."""


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
        lessons = list(dict.fromkeys(lesson for lesson, _ in self._known))
        if asked and asked not in lessons:
            raise WrongUse(
                f"found no lesson {asked}, expected one of {', '.join(lessons)}."
            )
        self.asked = asked

    def notebooks(self, lesson: str) -> int:
        """Return how many notebooks a lesson has."""
        return sum(lesson == one for one, _ in self._known)

    def is_work(self, content: bytes, name: str) -> bool:
        """Whether a notebook of a clone is one of a lesson, and not as given out.

        Locked cells do not count: a lesson may have been corrected meanwhile.
        """
        notebook = parse_notebook(content, name)
        fits = self._fitting(notebook, name)
        if len(fits) != 1 or self.asked not in (None, fits[0][0]):
            return False
        lesson, called = fits[0]
        path = self._course.path("release", ".", lesson) / f"{called}.ipynb"
        if not path.exists():
            return True
        given = parse_notebook(path.read_bytes(), path.name)
        return _unlocked(given) != _unlocked(notebook)

    def _fitting(self, notebook: NotebookNode, name: str) -> list[Named]:
        """Return the notebooks whose cells it has, or that its name names."""
        names = {cell.metadata.get("grade_id") for cell in notebook.cells}
        owners = Counter(id_ for ids in self._known.values() for id_ in ids)
        shared = {
            known: sum(owners[id_] == 1 for id_ in ids & names)
            for known, ids in self._known.items()
        }
        most = max(shared.values())
        fits = [known for known, count in shared.items() if count == most > 0]
        return fits or [known for known in self._known if _is_in(known[1], name)]

    def notebook_of(self, content: bytes, name: str) -> Named:
        """Return which notebook of which lesson it is, or else of the one asked for.

        Raises
        ------
        UnreadableSubmission
            It is no notebook, or of no lesson that is wanted.
        """
        fits = self._fitting(parse_notebook(content, name), name)
        fits = fits or [known for known in self._known if known[0] == self.asked]
        if len(fits) != 1:
            of = " and ".join("/".join(dict.fromkeys(known)) for known in fits)
            found = f"cells of {of}" if fits else "no cell of a lesson"
            raise UnreadableSubmission(
                f"found {found}, expected a lesson's notebook; look into it, and name "
                "its lesson with --lesson if it is one"
            )
        if self.asked not in (None, fits[0][0]):
            raise UnreadableSubmission(
                f"found {fits[0][0]}, expected {self.asked}; collect it without "
                "--lesson"
            )
        return fits[0]


def _is_in(known: str, name: str) -> bool:
    """Whether a file's name has that of a notebook in it; a short one as a word."""
    if len(known) >= SHORT:
        return known in name
    return bool(re.search(rf"(?<![^\W_]){re.escape(known)}(?![^\W_])", name))


def _unlocked(notebook: NotebookNode) -> list[str]:
    """Return what stands in the cells that students may write in."""
    return [
        cell.source
        for cell in notebook.cells
        if cell.metadata.get("flags", {}).get("locked") is not True
    ]


def known_cells(course: Course) -> dict[Named, set[str]]:
    """Return the names of the cells of each notebook of each lesson.

    Raises
    ------
    WrongUse
        The lessons are not built.
    """
    known = {}
    for lesson in course.lessons:
        for path in sorted(course.path("source", ".", lesson).glob("*.ipynb")):
            cells = json.loads(path.read_bytes())["cells"]
            entries = (cell["metadata"].get("nbgrader", {}) for cell in cells)
            names = {entry["grade_id"] for entry in entries if "grade_id" in entry}
            known[lesson, path.stem] = names
    if not known:
        raise WrongUse("found no lessons; run `autograder build` first.")
    return known
