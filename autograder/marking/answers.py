"""Answers: what students wrote to a question, safe to show."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from markupsafe import Markup
from nbformat import NotebookNode, from_dict
from nbformat.v4.rwbase import rejoin_lines

from autograder.base.hashing import digest
from autograder.course.course import Course
from autograder.gradebook.kept import text_of
from autograder.marking.questions import Question
from autograder.model.cells import BESIDE, Role, entry_of, name_of, role_in_notebook
from autograder.pages.feedback import lesson_as_given
from autograder.pages.limited import one_page
from autograder.pages.reading import Given, read_sections
from autograder.pages.render import fragment

LARGEST_AT_ONCE = 20_000
"""Characters of an answer that comes with its page; a larger one comes when wanted."""
MARKED = (Role.TEST, Role.SOLUTION, Role.WRITTEN)
"""Between two cells of these roles a student's work on one question lies."""


@dataclass(frozen=True)
class Answer:
    """What one student answered."""

    shown: Markup | None
    """None if there is too much of it to be kept in memory."""
    state: str
    """What is another text when the student's is."""


MISSING = Answer(Markup('<p class="aside">[no notebook of it was graded]</p>'), "")


class Answers:
    """The answers of a class; each notebook is read again only when it was changed."""

    def __init__(self, course: Course, lesson: str, questions: list[Question]) -> None:
        self._course, self._lesson, self._questions = course, lesson, questions
        self._known: dict[Path, tuple[int, dict[str, Answer]]] = {}

    def of(self, student: str, question: Question) -> Answer:
        """Return an answer."""
        path = self._path(student, question.notebook)
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            return MISSING
        known = self._known.get(path)
        if known is None or known[0] != changed:
            known = changed, self._read(path, question.notebook)
            self._known[path] = known
        return known[1].get(question.name, MISSING)

    def whole(self, student: str, question: Question) -> Markup:
        """Return an answer of any size, as it is shown."""
        cells = _cells(self._path(student, question.notebook))
        return _shown(cells, question, self._given(question.notebook))

    def _read(self, path: Path, notebook: str) -> dict[str, Answer]:
        given, cells = self._given(notebook), _cells(path)
        names = {name_of(cell) for cell in cells}
        found = {}
        for question in self._questions:
            if question.notebook == notebook and question.name in names:
                shown = _shown(cells, question, given)
                text = digest(json.dumps(text_of(cells, question.name)))
                is_small = len(shown) <= LARGEST_AT_ONCE
                found[question.name] = Answer(shown if is_small else None, text)
        return found

    def _path(self, student: str, notebook: str) -> Path:
        folder = self._course.path("autograded", student, self._lesson)
        return folder / f"{notebook}.ipynb"

    def _given(self, notebook: str) -> Given:
        folder = self._course.path("source", ".", self._lesson)
        path = folder / f"{notebook}.ipynb"
        return lesson_as_given(path, self._course.config, self._course.root)


def _cells(path: Path) -> list[NotebookNode]:
    """Return the cells of a graded notebook, which was valid when it was written."""
    content = json.loads(path.read_bytes())
    return rejoin_lines(from_dict(content)).cells


def _shown(cells: list[NotebookNode], question: Question, given: Given) -> Markup:
    own = NotebookNode(cells=list(_work_on(cells, question)))
    with one_page():
        return fragment("answer.html.j2", sections=read_sections(own, given))


def _work_on(cells: list[NotebookNode], question: Question) -> Iterator[NotebookNode]:
    """Yield the cell of a question, and a student's work beside it.

    A task has no answer in its own cell, so work on it may also stand before that. An
    answer in words that is not in its cell may be in any other.
    """
    place = next(n for n, cell in enumerate(cells) if name_of(cell) == question.name)
    roles = [role_in_notebook(cell) for cell in cells]
    before = takewhile(lambda n: roles[n] not in MARKED, range(place - 1, -1, -1))
    after = takewhile(lambda n: roles[n] not in MARKED, range(place + 1, len(cells)))
    cell = deepcopy(cells[place])
    entry_of(cell)["score"] = 0.0  # a section has one
    if question.is_task:
        cell.source = ""  # the question, which is beside the answers
        yield from reversed([cells[n] for n in before])
    yield cell
    if entry_of(cell).get("checksum") == BESIDE:
        yield from (c for c in cells if not entry_of(c))
    else:
        yield from (cells[n] for n in after)
