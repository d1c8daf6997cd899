"""nbgrader's converters as they run here: the same steps, without their detours."""

import glob
import math
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path

import nbformat
from nbconvert.exporters import Exporter, NotebookExporter
from nbconvert.writers import FilesWriter
from nbformat import NotebookNode, ValidationError
from nbformat.v4 import nbformat_minor
from nbformat.v4.rwbase import split_lines, strip_transient
from nbgrader.api import BaseCell, Comment, Grade, MissingEntry
from nbgrader.converters import Autograde, BaseConverter, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import chdir
from traitlets import Bool, List, Type
from traitlets.config import Config

from autograder.base.errors import SourceError
from autograder.base.files import being_made, replace_folder
from autograder.base.indented_json import INDENT, indented

MOST_NAMED = 3
MOST_KEPT, LONGEST_KEPT = 500, 20_000
"""Cells of a lesson whose text is kept, and characters of each of them."""
ENTRY, ITEM = "\n" + INDENT, "\n" + 2 * INDENT
"""What lines of a notebook's entries begin with, and those of its cells."""


class SaveChangedCells(SaveCells):
    """Saves a lesson's cells also when tests came or went after submissions did.

    nbgrader itself refuses that; here new cells get a place in each submission, and
    cells that are gone take the marks of tests with them. What a person gave is never
    removed, nor what another grader gave.
    """

    is_first = Bool(help="Whether no run has registered the lesson before.").tag(
        config=True
    )

    def preprocess(
        self, nb: NotebookNode, resources: dict
    ) -> tuple[NotebookNode, dict]:
        """Take note of a lesson's cells; what is known of them is read at once."""
        with ExitStack() as self._reading:
            self._reads_once = False
            return super().preprocess(nb, resources)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, cell_index: int
    ) -> tuple[NotebookNode, dict]:
        """Take note of a cell, if the gradebook can hold it."""
        if not self._reads_once:  # the gradebook was not open before
            self._reading.enter_context(self.gradebook.reading_once())
            self._reads_once = True
        entry = cell.metadata.get("nbgrader", {})
        place = f"{self.assignment_id}/{self.notebook_id}: {entry.get('grade_id')}"
        if entry and cell.cell_type == "raw":
            raise SourceError(
                f"{place}: found a raw cell, expected one of code or Markdown; change "
                "its type in Jupyter."
            )
        if not math.isfinite(entry.get("points") or 0):
            raise SourceError(
                f"{place}: found {entry['points']} points, expected a number; write it "
                "in Jupyter."
            )
        return super().preprocess_cell(cell, resources, cell_index)

    def _create_notebook(self, nb: NotebookNode) -> None:
        self._reading.close()
        gradebook, names = self.gradebook, (self.notebook_id, self.assignment_id)
        try:
            notebook = gradebook.find_notebook(*names)
        except MissingEntry:
            with gradebook.reading_once():  # nothing of it is there to be asked for
                return super()._create_notebook(nb)
        if not notebook.submissions:
            return super()._create_notebook(nb)
        for known, wanted, update in (
            (notebook.grade_cells, self.new_grade_cells, "grade"),
            (notebook.solution_cells, self.new_solution_cells, "solution"),
            (notebook.task_cells, self.new_task_cells, "task"),
            (notebook.source_cells, self.new_source_cells, "source"),
        ):
            for cell in [cell for cell in known if cell.name not in wanted]:
                self._expect_no_work(cell)
                for given in ("grades", "comments"):
                    for row in getattr(cell, given, None) or ():
                        gradebook.db.delete(row)
                gradebook.db.delete(cell)
            for name, info in wanted.items():
                getattr(gradebook, f"update_or_create_{update}_cell")(
                    name, *names, **info
                )
        gradebook.db.flush()
        gradebook.db.expire_all()  # the lists of cells are as they were before
        for submitted in notebook.submissions:
            graded = {grade.cell_id for grade in submitted.grades}
            commented = {comment.cell_id for comment in submitted.comments}
            for cell in notebook.grade_cells + notebook.task_cells:
                if cell.id not in graded:
                    gradebook.db.add(Grade(cell_id=cell.id, notebook=submitted))
            for cell in notebook.solution_cells + notebook.task_cells:
                if cell.id not in commented:
                    gradebook.db.add(Comment(cell_id=cell.id, notebook=submitted))
        gradebook.db.commit()
        return None

    def _expect_no_work(self, cell: BaseCell) -> None:
        """Refuse to remove a cell with which somebody's work would go."""
        held = [
            grade.notebook.student.id
            for grade in getattr(cell, "grades", None) or ()
            if grade.manual_score is not None
            or grade.extra_credit
            or (self.is_first and grade.auto_score is not None)
        ]
        held += [
            comment.notebook.student.id
            for comment in getattr(cell, "comments", None) or ()
            if comment.manual_comment
        ]
        if held:
            raise SourceError(
                f"{self.assignment_id}/{self.notebook_id}: the gradebook has marks or "
                f"comments for the cell {cell.name} (of {len({*held})} students: "
                f"{', '.join(sorted({*held})[:MOST_NAMED])}), which the source and the "
                "course's steps do not make; put it back, worth 0 points if it is not "
                "to count. Nothing was changed."
            )


class ExportOnce(NotebookExporter):
    """Exports a notebook that nobody needs afterwards.

    nbconvert copies a notebook four times on its way, and validates it twice. Here a
    cell that was found valid before is neither validated nor written again.
    """

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)
        self._texts: dict[tuple[str, str] | None, str] = {}
        """What is written of cells that are valid, by what each is known by."""
        self._is_relaxed = False
        """Whether one had properties that no notebook has, as others may have."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **_: object
    ) -> tuple[str, dict]:
        """Return the text of a notebook, which the steps may change."""
        resources = self._init_resources(resources)
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        if self.nbformat_version == nb.nbformat == nbformat.v4.nbformat:
            return self._text(nb) + "\n", resources
        self._validate_preprocessor(nb, "the last")
        version = self.nbformat_version
        text = nbformat.versions[version].writes_json(nbformat.convert(nb, version))
        return text if text.endswith("\n") else text + "\n", resources

    def _text(self, nb: NotebookNode) -> str:
        """Validate a notebook, and return it as nbformat writes it."""
        keys = _keys(nb)
        texts = [self._texts.get(key, "") for key in keys]
        fresh = [c for c, text in zip(nb.cells, texts, strict=True) if not text]
        self._expect_valid(nb, fresh)
        only_fresh = NotebookNode(metadata=nb.metadata, cells=fresh)
        strip_transient(split_lines(only_fresh))
        for place, cell in enumerate(nb.cells):
            if not texts[place]:
                texts[place] = indented(cell, ITEM)
                self._keep(keys[place], texts[place])
        cells = f"[{ITEM}{f',{ITEM}'.join(texts)}{ENTRY}]" if texts else "[]"
        entries = [
            f"{indented(name)}: "
            f"{cells if name == 'cells' else indented(nb[name], ENTRY)}"
            for name in sorted(nb)
        ]
        return f"{{{ENTRY}{f',{ENTRY}'.join(entries)}\n}}"

    def _keep(self, key: tuple[str, str] | None, text: str) -> None:
        if key and len(self._texts) < MOST_KEPT:
            self._texts[key] = text

    def _expect_valid(self, nb: NotebookNode, fresh: list[NotebookNode]) -> None:
        """Validate the cells of a notebook that are not known to be valid.

        Strictly, as far as that goes: what checks it so was made for the lesson, and
        to make what lets pass more properties takes as long as to mark a submission.
        """
        with suppress(ValidationError):
            part = NotebookNode(nb, cells=fresh)
            nbformat.validate(part, relax_add_props=self._is_relaxed)
            return
        self._validate_preprocessor(nb, "the last")  # which tells the place, too
        self._is_relaxed = True


def _keys(nb: NotebookNode) -> list[tuple[str, str] | None]:
    """Return what each cell is known by; nothing of those that are too long to be kept.

    Nor of any in a notebook that is odd: nbformat validates all of it.
    """
    try:
        names = {cell["id"] for cell in nb.cells}
        if len(names) == len(nb.cells) and nb.nbformat_minor == nbformat_minor:
            return [_key(cell) for cell in nb.cells]
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        pass
    return [None] * len(nb.cells)


def _key(cell: NotebookNode) -> tuple[str, str] | None:
    """Return what a cell is known by: its source as it is, which is most of it.

    All else as Python writes it: `1`, `1.0` and `True` are equal, and not the same.
    """
    source = cell["source"]
    rest = repr([entry for entry in cell.items() if entry[0] != "source"])
    is_kept = type(source) is str and len(source) + len(rest) <= LONGEST_KEPT
    return (source, rest) if is_kept else None


class InOneStep(BaseConverter):
    """Lets a folder take the place of the one before when all of it is written.

    nbgrader empties the folder first: a run that is killed then, or fails, leaves none.
    """

    def _format_dest(self, assignment_id: str, student_id: str, **_: object) -> str:
        """Return where the folder is made: beside its place."""
        return str(being_made(self._place(assignment_id, student_id)))

    def _place(self, assignment_id: str, student_id: str) -> Path:
        return Path(super()._format_dest(assignment_id, student_id))

    def put_in_place(self, assignment_id: str, student_id: str) -> None:
        """Let the folder that was made take its place."""
        place = self._place(assignment_id, student_id)
        replace_folder(being_made(place), place)


class FoldersByName(BaseConverter):
    """Takes a student's name for a name, where nbgrader takes it for a pattern."""

    students = List(help="Whose submissions; nobody else's.").tag(config=True)

    def init_notebooks(self) -> None:
        """Find the notebooks of each submission."""
        known = {
            self._format_source(self.coursedir.assignment_id, student)
            for student in self.students
        }
        found = {f: glob.glob(f"{glob.escape(f)}/*.ipynb") for f in known}
        self.assignments = {f: notebooks for f, notebooks in found.items() if notebooks}
        self.notebooks = []


class RegisterByName(GenerateAssignment):
    """nbgrader's registering of a lesson, also of one called `ps1 [2 points]`."""

    exporter_class = Type(ExportOnce, klass=Exporter).tag(config=True)

    def init_notebooks(self) -> None:
        """Find the notebooks of the lesson."""
        rooms = self.coursedir
        folder = self._format_source(rooms.assignment_id, rooms.student_id)
        found = glob.glob(f"{glob.escape(folder)}/{rooms.notebook_id}.ipynb")
        self.assignments, self.notebooks = {folder: found}, []


@cache
def feedback_class() -> type[BaseConverter]:
    """Return nbgrader's feedback for students of any name.

    It is made where pages are: nothing else waits for what makes them to be imported.
    """
    from nbgrader.converters import GenerateFeedback

    class Feedback(InOneStep, FoldersByName, GenerateFeedback):
        def set_permissions(self, assignment_id: str, student_id: str) -> None:
            """Finish the pages, which are in their place from then on."""
            super().set_permissions(assignment_id, student_id)
            self.put_in_place(assignment_id, student_id)

    return Feedback


class MarkExecuted(InOneStep, Autograde):
    """nbgrader's autograde from the step on that follows execution.

    Made once a lesson: to read nbgrader's settings takes longer than to mark. What it
    writes is in its place after `finish`, when the marks are in the gradebook.
    """

    exporter_class = Type(ExportOnce, klass=Exporter).tag(config=True)

    def __init__(self, coursedir: CourseDirectory, config: Config) -> None:
        super().__init__(coursedir=coursedir, config=config, force=True)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        self._sanitizing = False  # the steps are those of the pass that saves scores
        self._init_preprocessors()
        self._sanitizing = True  # what they read lies where submissions do
        self._left: tuple[Path, set[str]] | None = None
        """Where the submission before was laid out, and its notebooks, if no other file
        is there."""

    @contextmanager
    def laid_out(
        self, student: str, executed: dict[str, NotebookNode], files: Mapping[str, Path]
    ) -> Iterator[None]:
        """Put a submission where nbgrader looks for it; its notebooks are empty files.

        Raises
        ------
        OSError
            A file cannot be read any more.
        """
        self.coursedir.student_id = glob.escape(student)
        self.executed = executed
        folder = Path(self._format_source(self.coursedir.assignment_id, student))
        notebooks = {f"{name}.ipynb" for name in executed}
        self.assignments = {str(folder): [str(folder / name) for name in notebooks]}
        self._lay_out(folder, notebooks)
        try:
            for name, path in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, folder / name)
            yield
        finally:
            if set(os.listdir(folder)) == notebooks:
                self._left = folder, notebooks
            else:
                shutil.rmtree(folder)

    def _lay_out(self, folder: Path, notebooks: set[str]) -> None:
        """Make a folder with empty notebooks, or let that of the one before be it.

        On a disk, to make a folder or a file takes ten times as long as to move one.
        """
        left, self._left = self._left, None
        if left:
            there, held = left
            is_alike = there.name == folder.name and held == notebooks
            if is_alike and there.parent.parent == folder.parent.parent:
                there.parent.rename(folder.parent)
                return
            shutil.rmtree(there)
        folder.mkdir(parents=True)
        for name in notebooks:
            (folder / name).touch()

    def start(self) -> None:
        """Mark what is laid out."""
        self.writer.build_directory = ""  # else it makes no folder twice in a row
        with chdir(self.coursedir.root):
            self.convert_notebooks()

    def run_post_convert_hook(self) -> None:
        """Leave the course's hook for `finish`."""

    def finish(self, student: str) -> None:
        """Put what was marked in its place; then the course's own hook is run."""
        self.put_in_place(self.coursedir.assignment_id, student)
        super().run_post_convert_hook()

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Save an executed notebook's scores, and write it."""
        resources = self.init_single_notebook_resources(notebook_filename)
        executed = self.executed[resources["nbgrader"]["notebook"]]
        self.write_single_notebook(
            *self.exporter.from_notebook_node(executed, resources)
        )
