"""Reading: a graded notebook is sorted by exercise, as its student gets to see it."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.base.explanations import explained
from autograder.base.source_code import words_of
from autograder.gradebook.results import STOPPED
from autograder.intake.handed_in import is_left_out, outputs_of
from autograder.intake.rescue.attachments import LARGEST_TOTAL_MIB
from autograder.model.causes import first_cause
from autograder.model.cells import (
    Role,
    entry_of,
    name_of,
    role_in_notebook,
    without_hidden_tests,
)
from autograder.model.lesson import exercise_of
from autograder.pages.outputs import LONGEST_TEXT, Allowance, Exhibit, exhibits
from autograder.pages.sanitize import coloured, markdown, plain, shortened
from autograder.pages.sections import UNSOLVED, Check, Section, Work
from autograder.sealed.examiner.outputs import UPDATED

CAPTION = "*Figure:*"
ABOUT = re.compile(r"^# Checked when graded: (.*(?:\n# .*)*)", re.MULTILINE)
LARGEST_PICTURES = LARGEST_TOTAL_MIB * 2**20 * 3 // 2
"""What all pictures that a student pasted take in a page, in characters."""
FULL = "<p>[not shown: the page is full]</p>"
UNSHOWN = Exhibit("note", "a cell that cannot be shown here")
TOLD_LATER = Exhibit(
    "note",
    "what it displays is told after the due date: checks that are hidden ran before it",
)
LATER = "Run this check in your notebook: it says there what it found."
NO_RESPONSE = "No response."
NOT_RUN = (*STOPPED, "NotRun")
"""What the engine calls the error of a cell that it stopped or never began."""


@dataclass(frozen=True)
class Given:
    """What students get: neither an answer nor a note of their own."""

    title: str = ""
    texts: frozenset[str] = frozenset()
    """The words of each cell that is given out."""
    hints: dict[str, dict[int, str]] = field(default_factory=dict)
    """The hints of each exercise, by level."""
    released: Mapping[str, str] = field(default_factory=dict)
    """What students got of each named cell, where that is known."""


def read_sections(
    notebook: NotebookNode, given: Given, hidden: Container[str] = ()
) -> list[Section]:
    """Return what there is to show of a notebook with scores, in its order.

    Parameters
    ----------
    hidden
        Names of checks of which nothing is told yet. What ran after the first of them
        may tell what they asked, so none of its outputs is shown either.
    """
    opening, *rest = _Reading(notebook, given, hidden).found.values()
    has_more = opening.works or opening.notes or opening.checks
    return [opening, *rest] if has_more else rest


class _Reading:
    """One walk through a notebook."""

    def __init__(
        self, notebook: NotebookNode, given: Given, hidden: Container[str]
    ) -> None:
        self._given, self._hidden = given, hidden
        self._hidden_ran = False
        """Whether a hidden check ran before this, which what follows may tell of."""
        self._allowance, self._sources = Allowance(), Allowance()
        self._pictures = Allowance(LARGEST_PICTURES)
        self._is_full = False
        self._exercises = [
            name_of(c) for c in notebook.cells if role_in_notebook(c) == Role.SOLUTION
        ]
        self._before: list[NotebookNode] = []
        self._now = Section("", "opening")
        self.found = {"": self._now}
        following = [*notebook.cells[1:], None]
        for cell, after in zip(notebook.cells, following, strict=True):
            try:
                self._take(cell, _caption(after))
            except Exception:  # whatever is in it, there is a page
                self._now.works.append(Work("", [UNSHOWN]))
            self._before.append(cell)
        for section in self.found.values():
            if section.kind != "written":
                section.points = sum(check.points for check in section.checks)
                section.max_points = sum(check.max_points for check in section.checks)

    def _take(self, cell: NotebookNode, caption: str) -> None:
        role = role_in_notebook(cell)
        if role == Role.TEST:
            name = exercise_of(name_of(cell), self._exercises) or self._now.name
            section = self.found.get(name) or self._begin(name, "exercise")
            self._hidden_ran |= name_of(cell) in self._hidden
            found = _check(cell, self._given.released.get(name_of(cell)))
            if cause := first_cause(self._before, found.message):
                said = f"{found.message}\n\nWhy: {plain(cause)}."
                found = replace(found, message=said)
            if self._hidden_ran:
                message = (
                    LATER if found.message not in ("", UNSOLVED) else found.message
                )
                found = replace(found, message=message, where="", printed="")
            section.checks.append(found)
        elif role == Role.WRITTEN:
            self._take_written(cell, caption)
        elif role == Role.SOLUTION:
            section = self._begin(name_of(cell), "exercise")
            section.answer = self._fitting(coloured, cell.source)
            section.has_stub = any(
                output.get("ename") == "NotImplementedError" for output in cell.outputs
            )
            section.shows = self._exhibits(cell, caption)
            section.comment = _comment(cell)
        else:
            self._take_other(cell, caption)

    def _begin(self, name: str, kind: str) -> Section:
        self._now = Section(name, kind, number=len(self.found))
        self.found[name] = self._now
        return self._now

    def _take_written(self, cell: NotebookNode, caption: str) -> None:
        entry = entry_of(cell)
        section = self._begin(name_of(cell), "written")
        section.points, section.max_points = entry["score"], entry["points"]
        section.waits = bool(entry.get("waits"))
        section.comment = _comment(cell)
        released = self._given.released.get(name_of(cell))
        if entry.get("task") and released is not None:
            # Nobody edits a task: students see it without a scheme for marking it.
            cell = NotebookNode(cell, source=released)
        if cell.cell_type == "markdown":
            section.notes.append(self._note(cell))
        else:
            section.answer = self._fitting(coloured, cell.source)
            section.shows = self._exhibits(cell, caption)

    def _take_other(self, cell: NotebookNode, caption: str) -> None:
        """Take a cell without marks: what is the student's, and what it shows."""
        words = words_of(cell.source)
        # A locked cell is as it was given out, with constants of the student's own.
        is_locked = entry_of(cell).get("locked")
        is_empty = not words and "attachments" not in cell
        is_given = is_empty or is_locked or words in self._given.texts
        if cell.cell_type != "code":
            if not is_given:
                self._now.notes.append(self._note(cell))
            return
        if is_given and self._now.kind == "opening":
            return  # no answer of the student's can have changed what it shows
        work = Work("" if is_given else self._fitting(coloured, cell.source))
        work.shows = self._exhibits(cell, caption)
        work.handed_in = is_left_out(cell)
        if work.source or work.shows not in ([], [TOLD_LATER]):
            self._now.works.append(work)

    def _exhibits(self, cell: NotebookNode, caption: str) -> list[Exhibit]:
        outputs = outputs_of(cell)
        told = outputs
        if self._hidden and not is_left_out(cell):
            # A check may have put another display in the place of an earlier one.
            told = [o for o in outputs if UPDATED not in o.get("metadata", {})]
            told = [] if self._hidden_ran else told
        shown = exhibits(told, self._allowance, caption)
        return shown if len(told) == len(outputs) else [*shown, TOLD_LATER]

    def _note(self, cell: NotebookNode) -> Markup:
        """Return what a student wrote, with the pictures in it; they have own room."""
        pictures = cell.get("attachments", {})
        size = sum(len(text) for kinds in pictures.values() for text in kinds.values())
        if not self._pictures.take(size):
            pictures, size = {}, 0
        return self._fitting(partial(markdown, attachments=pictures), cell.source, size)

    def _fitting(
        self, rendered: Callable[[str], str], source: str, pictures: int = 0
    ) -> Markup:
        """Return a source as it is shown, unless the page is full.

        Parameters
        ----------
        pictures
            How many characters of it are pictures, at most: they count elsewhere.
        """
        shown = "" if self._is_full else rendered(source)
        size = max(len(shown) - pictures, 0)
        self._is_full = self._is_full or not self._sources.take(size)
        shown = FULL if self._is_full else shown
        return Markup(shown)  # noqa: S704  # escaped or cleaned when rendered


def _check(cell: NotebookNode, released: str | None) -> Check:
    entry, outputs = entry_of(cell), cell.get("outputs", [])
    error = next((o for o in outputs if o.output_type == "error"), None)
    points, most = float(entry["score"]), float(entry["points"])
    status = "passed" if points == most else "partial" if points else "failed"
    if error and not most:
        status = "failed"  # nothing was to be lost
    if error and error.ename in NOT_RUN and not points:
        status = "stopped"
    seen = without_hidden_tests(cell.source) if released is None else released
    about = ABOUT.search(seen)
    hidden = list(hidden_lines(cell.source, released))
    told = error if status != "passed" else None
    return Check(
        name=name_of(cell),
        points=points,
        max_points=most,
        status=status,
        about=about[1].replace("\n# ", " ") if about else "",
        message=_message(told) if told else "",
        where=_without(hidden, _where(told)) if told else "",
        printed=_without(
            hidden, "".join(_streamed(o) for o in outputs if o.output_type == "stream")
        ),
    )


def _comment(cell: NotebookNode) -> str:
    found = entry_of(cell).get("comment") or ""
    return "" if found.strip() == NO_RESPONSE else found  # nbgrader's, of no answer


def _message(error: NotebookNode) -> str:
    if error.ename == "NotImplementedError":
        return UNSOLVED
    is_ours = error.ename in NOT_RUN
    shown = error.evalue if is_ours else explained(error.ename, error.evalue)
    return plain(shortened(shown, LONGEST_TEXT))


def _where(error: NotebookNode) -> str:
    """Return a traceback without its end, which the message repeats."""
    lines = plain("\n".join(error.traceback)).split("\n")
    last = len(error.evalue.split("\n"))
    return shortened("\n".join(lines[:-last]), LONGEST_TEXT)


def _streamed(output: NotebookNode) -> str:
    return plain(shortened("".join(output.text), LONGEST_TEXT))


def hidden_lines(source: str, released: str | None) -> Iterator[str]:
    """Yield the lines of hidden tests that are more than a bracket.

    Parameters
    ----------
    released
        What students got of the cell; None where that is not known.
    """
    if released is None:
        released = without_hidden_tests(source)
    known = {line.strip() for line in released.splitlines()}
    for line in source.splitlines():
        if len(line.strip()) > 3 and line.strip() not in known:
            yield line.strip()


def _without(hidden: Iterable[str], text: str) -> str:
    """Return a text, or nothing if a line of a hidden test is in it."""
    return "" if any(line in text for line in hidden) else text


def _caption(cell: NotebookNode | None) -> str:
    is_caption = cell is not None and cell.source.startswith(CAPTION)
    return cell.source[len(CAPTION) :].strip() if is_caption else ""
