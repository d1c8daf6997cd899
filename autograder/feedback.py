"""Feedback: what students get to see, without hidden tests and with their mistake."""

import textwrap
from functools import lru_cache
from pathlib import Path

import nh3
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.diagnosis import diagnoses
from autograder.lesson import (
    BEGIN_HIDDEN,
    END_HIDDEN,
    SOURCE,
    Lesson,
    read_lesson,
    without_hidden_tests,
)
from autograder.results import Ledger, Record

COLUMNS = 88
CAPTION = "*Figure:*"
LONGEST_SOURCE = 20_000
"""Characters of a cell that a page shows; a student has the rest."""
_TAGS = nh3.ALLOWED_TAGS - {"map", "area"}
_ATTRIBUTES = nh3.ALLOWED_ATTRIBUTES | {"*": {"class", "id", "title", "lang", "dir"}}


def clean_html(text: str | bytes) -> str:
    """Return HTML without anything that runs, loads or covers the page."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return nh3.clean(
        shown,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_only_pictures_that_are_here,
        url_schemes={"http", "https", "mailto", "data"},
    )


def _only_pictures_that_are_here(tag: str, name: str, value: str) -> str | None:
    is_picture = value.startswith("data:image/")
    if name == "src":
        return value if is_picture else None
    return None if value.startswith("data:") else value


@pass_context
def clean_markdown(context: Context, source: str) -> str:
    """Render markdown, with the pictures attached to its cell, and clean it."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments)
    return clean_html(MarkdownWithMath(renderer=renderer).render(source))


def coloured(source: str, metadata: object = None) -> str:
    """Return code as coloured HTML, as nbconvert's filter of this name."""
    return _coloured(source)


@lru_cache(maxsize=2000)  # most cells of a class are the same
def _coloured(source: str) -> str:
    return Highlight2HTML("ipython3")(source)


class Page(HTMLExporter):
    """nbgrader's page, not parsed again to add what is added beforehand here."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **options: object
    ) -> tuple[str, dict]:
        """Return the page of a notebook."""
        resources = self._init_resources(resources)
        shown_best = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("filter_data_type", shown_best)
        return TemplateExporter.from_notebook_node(self, nb, resources, **options)


class DescribePictures(NbGraderPreprocessor):
    """Gives each picture the text that stands below it, for those who listen."""

    def preprocess(
        self, nb: NotebookNode, resources: dict
    ) -> tuple[NotebookNode, dict]:
        """Take the text from the cell that follows the picture's."""
        for cell, following in zip(nb.cells, [*nb.cells[1:], None], strict=True):
            is_caption = following and following.source.startswith(CAPTION)
            text = following.source[len(CAPTION) :] if is_caption else ""
            for output in cell.get("outputs", []):
                if "image/png" in output.get("data", {}):
                    output.metadata["image/png"] = {
                        "alt": text.strip() or "a figure without a description"
                    }
        return nb, resources


class NameMistakes(NbGraderPreprocessor):
    """Says which catalogued mistake a submission fails like, below its tests."""

    def preprocess(
        self, nb: NotebookNode, resources: dict
    ) -> tuple[NotebookNode, dict]:
        """Add a sentence after the last test of each exercise that is recognised."""
        names = resources["nbgrader"]
        lesson = _lesson(names["assignment"])
        record = self._record(names["student"], names["assignment"])
        if lesson is None or record is None:
            return nb, resources
        for exercise, found in diagnoses(lesson.name, record.cells).items():
            last = lesson.tests_of(exercise)[-1].grade_id
            place = 1 + next(
                i
                for i, cell in enumerate(nb.cells)
                if cell.metadata.get("nbgrader", {}).get("grade_id") == last
            )
            text = f"**{exercise}, probably:** {found.says} Open hint {found.hint}."
            nb.cells.insert(place, new_markdown_cell(text))
        return nb, resources

    def _record(self, student: str, lesson: str) -> Record | None:
        rooms = self.parent.parent.coursedir
        folder = rooms.format_path(rooms.autograded_directory, student, lesson)
        path = Path(folder).parents[2] / "results.jsonl"
        if not path.exists():
            return None
        return _records(path, path.stat().st_mtime_ns).get((student, lesson))


@lru_cache(maxsize=1)
def _records(path: Path, _changed_ns: int) -> dict[tuple[str, str], Record]:
    return Ledger(path).records


@lru_cache
def _lesson(name: str) -> Lesson | None:
    path = SOURCE / f"{name}.py"
    return read_lesson(path) if path.exists() else None


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests out of what students get to see."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, cell_index: int
    ) -> tuple[NotebookNode, dict]:
        """Drop hidden regions from the source and from tracebacks."""
        hidden = _hidden_lines(cell.source) if BEGIN_HIDDEN in cell.source else []
        cell.source = _shortened(without_hidden_tests(cell.source))
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                shown = _last_line_if_hidden(output, hidden)
                output.traceback = [_wrapped(line) for line in shown]
        return cell, resources


def _shortened(source: str) -> str:
    """Cut a source that would take the page minutes to colour."""
    left_out = len(source) - LONGEST_SOURCE
    if left_out <= 0:
        return source
    return f"{source[:LONGEST_SOURCE]}\n[{left_out} more characters are not shown]"


def _wrapped(text: str) -> str:
    """Break long lines, which a feedback page would cut off."""
    lines = [
        line
        for part in text.splitlines()
        for line in textwrap.wrap(part, COLUMNS) or [""]
    ]
    return "\n".join(lines)


def _hidden_lines(source: str) -> list[str]:
    region = source.split(BEGIN_HIDDEN, 1)[1].split(END_HIDDEN, 1)[0]
    return [line.strip() for line in region.splitlines() if len(line.strip()) > 3]


def _last_line_if_hidden(output: NotebookNode, hidden: list[str]) -> list[str]:
    """Keep a traceback that shows no hidden line, else only its message."""
    shown = "\n".join(output.traceback)
    if any(line in shown for line in hidden):
        return [f"{output.ename}: {output.evalue}"]
    return output.traceback
