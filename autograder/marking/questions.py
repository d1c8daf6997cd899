"""Questions: what a lesson asks in words, and what its author says of good answers."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.audit.instructor_notes import model_answer, rubric_in
from autograder.base.errors import SourceError
from autograder.course.course import Course
from autograder.intake.rescue.attachments import taken_out
from autograder.model.catalogue import Answer, read_catalogue
from autograder.model.cells import (
    BEGIN_SOLUTION,
    END_SOLUTION,
    Role,
    entry_of,
    inside_region,
    name_of,
    role_in_notebook,
    without_region,
)
from autograder.model.lesson_reader import lesson_path, read_lesson

BEGIN_SCHEME, END_SCHEME = "BEGIN MARK SCHEME", "END MARK SCHEME"
"""Around what nbgrader keeps from students of a task."""


@dataclass(frozen=True)
class Question:
    """A written answer or a task that a person marks."""

    notebook: str
    name: str
    """Of its cell."""
    max_points: float
    is_task: bool
    asks: str
    """In Markdown, as what follows."""
    rubric: str
    model: str
    """An answer that has all points; empty for a task."""
    mistakes: dict[str, list[Answer]] = field(default_factory=dict)
    """What the lesson's catalogue has of the exercises above it, the nearest first."""
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)
    """What is attached to what it asks."""


def read_questions(course: Course, lesson: str) -> list[Question]:
    """Return what people mark in a lesson, in its order."""
    mistakes = _mistakes(lesson)
    paths = sorted(course.path("source", ".", lesson).glob("*.ipynb"))
    return [found for path in paths for found in _questions(path, mistakes)]


def _questions(path: Path, mistakes: dict[str, list[Answer]]) -> Iterator[Question]:
    cells = nbformat.read(path, as_version=4).cells
    for place, cell in enumerate(cells):
        if role_in_notebook(cell) != Role.WRITTEN:
            continue
        above = cells[:place]
        exercises = [name_of(c) for c in above if role_in_notebook(c) == Role.SOLUTION]
        asks, rubric, model = _words(cell, above)
        asks, pictures = taken_out(asks)
        for one in (*_texts_before(above), cell):
            pictures |= one.get("attachments", {})
        yield Question(
            path.stem,
            name_of(cell),
            float(entry_of(cell)["points"]),
            bool(entry_of(cell).get("task")),
            asks,
            rubric,
            model,
            {e: mistakes[e] for e in reversed(exercises) if e in mistakes},
            pictures,
        )


def _words(cell: NotebookNode, above: list[NotebookNode]) -> tuple[str, str, str]:
    """Return what a cell asks, its rubric and a model answer."""
    if entry_of(cell).get("task"):
        scheme = inside_region(cell.source, BEGIN_SCHEME, END_SCHEME)
        asks = without_region(cell.source, BEGIN_SCHEME, END_SCHEME)
        return asks, "\n".join(scheme), ""
    texts = [c.source for c in above if role_in_notebook(c) == Role.TEXT]
    asks = "\n\n".join(c.source for c in _texts_before(above))
    if BEGIN_SOLUTION in cell.source and not asks:
        asks = without_region(cell.source, BEGIN_SOLUTION, END_SOLUTION)
    rubric = rubric_in(texts)
    return asks.replace(rubric, ""), rubric, model_answer(cell.source)


def _texts_before(above: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells of text right above a cell, in order."""
    nearest = takewhile(lambda c: role_in_notebook(c) == Role.TEXT, reversed(above))
    return [*nearest][::-1]


def _mistakes(lesson: str) -> dict[str, list[Answer]]:
    """Return the wrong answers of the lesson's catalogue, by exercise."""
    found: dict[str, list[Answer]] = {}
    path = lesson_path(lesson)
    if path.exists():  # else it is a course of somebody else
        with suppress(SourceError):  # the build says so; answers can be marked
            for answer in read_catalogue(read_lesson(path)):
                if answer.kind == "wrong":
                    found.setdefault(answer.exercise, []).append(answer)
    return found
