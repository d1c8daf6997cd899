"""Feedback: a student's page, without hidden tests and with the mistake by its name."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import nbformat
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades
from traitlets import Dict, Enum, Unicode, default
from traitlets.config import Config

from autograder.audit.diagnosis import diagnoses
from autograder.audit.instructor_notes import model_answer
from autograder.base.source_code import words_of
from autograder.course.given_texts import given_texts
from autograder.gradebook.people import called, person_of
from autograder.model.cells import BEGIN_HIDDEN, Role, entry_of, is_test, name_of
from autograder.model.hints import exercises_in
from autograder.model.lesson_reader import lesson_path, read_lesson
from autograder.pages.advice import next_step
from autograder.pages.limited import one_page
from autograder.pages.reading import Given, hidden_lines, read_sections
from autograder.pages.render import render
from autograder.pages.sections import keep_back
from autograder.sealed.limits import MOST_MESSAGE


class Scores(GetGrades):
    """Puts the gradebook's scores into a notebook, what waits, and who it is from."""

    def _get_score(self, cell: NotebookNode, resources: dict) -> None:
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(
            name_of(cell), self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader["waits"] = grade.needs_manual_grade
        names = resources["nbgrader"]
        if "called" not in names:
            student = self.gradebook.find_student(self.student_id)
            names["called"] = called(person_of(student))


class FeedbackPage(Exporter):
    """The page of one graded notebook; stands in the place of nbconvert's."""

    shows = Enum(
        ("all", "visible", "names"),
        default_value="all",
        help="visible: visible checks alone, for before the due date; names: names of "
        "checks only, no messages or hints, for handing in again.",
    ).tag(config=True)

    notices = Dict(help="What pages begin with, by student: lists of sentences.").tag(
        config=True
    )

    release = Dict(help="What students got: the cells of each notebook.").tag(
        config=True
    )

    title = Unicode(help="What the class calls the lesson; as it says if empty.").tag(
        config=True
    )

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **options: object
    ) -> tuple[str, dict]:
        """Return the page of a notebook that `GetGrades` put the scores into."""
        nb, resources = super().from_notebook_node(nb, resources, **options)
        with one_page():
            return self._page(nb, resources["nbgrader"]), resources

    def _page(self, nb: NotebookNode, names: dict) -> str:
        got = self.release.get(names["notebook"], ())
        root = Path(self.parent.coursedir.root)
        lesson = lesson_as_given(self._source_of(names), self.config, root)
        lesson = replace(
            lesson,
            texts=lesson.texts | {words_of(cell.source) for cell in got},
            released={c.grade_id: c.source for c in got if c.grade_id},
        )
        hidden = frozenset()
        if self.shows == "visible":
            hidden = self._hidden_checks(nb, lesson.released)
        sections = read_sections(nb, lesson, hidden)
        cells = [_as_result(cell) for cell in nb.cells if is_test(cell)]
        score, most = names["score"], names["max_score"]
        told = {cell["grade_id"] for cell in cells}
        if self.shows == "visible":
            keep_back(sections, hidden)
            told -= hidden
            score = sum(section.points for section in sections)
            most = sum(section.max_points for section in sections)
        is_all = self.shows == "all"
        found = diagnoses(names["assignment"], cells) if is_all else {}
        for section in sections:
            hints = lesson.hints.get(section.name, {})
            section.mistake = found.get(section.name)
            section.has_hints = bool(hints)
            if section.mistake:
                section.hint = hints.get(section.mistake.hint, "")
        return render(
            "feedback.html.j2",
            title=self.title or lesson.title or names["notebook"],
            student=names.get("called", names["student"]),
            score=score,
            max_score=most,
            late_penalty=names["late_penalty"],
            notices=self.notices.get(names["student"], []),
            sections=sections,
            explanations=explanations_in(names["assignment"]) if is_all else [],
            advice=next_step(sections),
            shows=self.shows,
            shared=told & set(nb.metadata.get("autograder", {}).get("shared", [])),
            checks=len(told),
        )

    def _hidden_checks(self, nb: NotebookNode, released: Mapping) -> frozenset[str]:
        begin = self.config.ClearHiddenTests.get("begin_test_delimeter", BEGIN_HIDDEN)
        tests = [cell for cell in nb.cells if is_test(cell)]
        return frozenset(
            name_of(cell)
            for cell in tests
            if begin in cell.source
            or any(hidden_lines(cell.source, released.get(name_of(cell))))
        )

    def _source_of(self, names: dict) -> Path:
        rooms = self.parent.coursedir
        folder = rooms.format_path(rooms.source_directory, ".", names["assignment"])
        return Path(folder) / f"{names['notebook']}.ipynb"


def lesson_as_given(path: Path, config: Config, root: Path) -> Given:
    """Return what students get of a lesson, from its source notebook.

    Parameters
    ----------
    config, root
        nbgrader's settings, and the folder that they are relative to.
    """
    given = _given(path, path.stat().st_mtime_ns) if path.exists() else Given()
    return replace(given, texts=given_texts(config, root, path.parent))


@lru_cache
def _given(path: Path, _changed_ns: int) -> Given:
    notebook = nbformat.read(path, as_version=4)
    first = notebook.cells[0].source if notebook.cells else ""
    return Given(
        first.splitlines()[0].lstrip("# ") if first.startswith("# ") else "",
        hints={found.exercise: found.hints for found in exercises_in(notebook)},
    )


def explanations_in(name: str) -> list[tuple[str, str]]:
    """Return what a lesson of ours asks for no points, each with its model answer.

    Nobody marks such an answer: its writer compares.
    """
    path = lesson_path(name)
    return _explanations(path, path.stat().st_mtime_ns) if path.exists() else []


@lru_cache
def _explanations(path: Path, _changed_ns: int) -> list[tuple[str, str]]:
    return [
        (above.source.rstrip().rpartition("\n\n")[2], model_answer(cell.source))
        for above, cell in pairwise(read_lesson(path).cells)
        if cell.role == Role.WRITTEN and not cell.points
    ]


def _as_result(cell: NotebookNode) -> dict:
    """Return a test's result as `results.jsonl` has it."""
    error = next((o for o in cell.get("outputs", []) if o.output_type == "error"), None)
    entry = entry_of(cell)
    is_passed = entry["score"] == entry["points"] and (entry["points"] or not error)
    return {
        "grade_id": name_of(cell),
        "status": "passed" if is_passed else "failed",
        "message": f"{error.ename}: {error.evalue}"[:MOST_MESSAGE] if error else "",
    }
