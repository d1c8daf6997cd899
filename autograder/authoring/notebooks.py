"""A lesson's three notebooks, made of its source: source, release and solution."""

import hashlib
import re
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.authoring.beginnings import FIRST, beginning
from autograder.authoring.data_files import data_files
from autograder.base.errors import SourceError
from autograder.course.course import TEXT_STUB, configure
from autograder.model.cells import (
    BEGIN_SOLUTION,
    END_SOLUTION,
    NBGRADER_DEFAULTS,
    Role,
    is_check,
    without_hidden_tests,
)
from autograder.model.lesson import Cell, Lesson

KERNEL = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
WIDGET = "application/vnd.jupyter.widget-view+json"
REGION = re.compile(f"[^\\n]*{BEGIN_SOLUTION}.*?{END_SOLUTION}[^\\n]*", re.DOTALL)
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}
"""Hides a cell's code until somebody asks: JupyterLab and Notebook, and Colab."""
CELL_TIMEOUT_S = 120
WARNING = re.compile(r"\w+Warning: .*")
"""As Python writes them, also those about deprecated use in the notebook's own code."""


def source_notebook(lesson: Lesson) -> NotebookNode:
    """Return the instructor's notebook: solutions, all tests, full metadata."""
    notebook = new_notebook(metadata=KERNEL)
    notebook.nbformat_minor = 5
    ids: set[str] = set()
    for cell in lesson.cells:
        new = new_code_cell if cell.kind == "code" else new_markdown_cell
        made = new(cell.source, id=_stable_id(cell, ids))
        if cell.role == Role.WRITTEN and not cell.points:
            # An answer for its writer alone: nbgrader would ask somebody to mark it.
            made.source = REGION.sub(TEXT_STUB, cell.source)
        elif cell.nbgrader:
            locked = cell.role == "test" or bool(cell.nbgrader.get("locked"))
            made.metadata["nbgrader"] = (
                NBGRADER_DEFAULTS | cell.nbgrader | {"locked": locked}
            )
        if made.id == FIRST:
            made.source = f"{beginning(lesson)}\n\n{cell.source}"
        if is_check(cell.role, cell.grade_id):
            made.metadata |= FOLDED
        notebook.cells.append(made)
    return notebook


def source_bytes(lesson: Lesson) -> bytes:
    """Return the instructor's notebook as a file."""
    return _file(source_notebook(lesson))


def release_bytes(lesson: Lesson) -> bytes:
    """Return what `nbgrader generate_assignment` makes of the lesson."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        config = Config()
        configure(config, root)
        config.GenerateAssignment.no_database = True
        # The gradebook is filled when a class is graded, not when lessons are built.
        config.GenerateAssignment.preprocessors = [
            p
            for p in GenerateAssignment.preprocessors.default()
            if p.__name__ != "SaveCells"
        ]
        config.CourseDirectory.assignment_id = lesson.name
        write_notebook(root / "build" / "source", lesson, source_bytes(lesson))
        GenerateAssignment(
            config=config, coursedir=CourseDirectory(config=config)
        ).start()
        return (root / "notebooks" / lesson.name / f"{lesson.name}.ipynb").read_bytes()


def solution_notebook(lesson: Lesson) -> NotebookNode:
    """Return the solved notebook, not executed: no hidden test, no marks."""
    notebook = source_notebook(lesson)
    for cell, written in zip(notebook.cells, lesson.cells, strict=True):
        lines = without_hidden_tests(written.source).splitlines()
        cell.source = "\n".join(
            line
            for line in lines
            if BEGIN_SOLUTION not in line and END_SOLUTION not in line
        )
        cell.metadata.pop("nbgrader", None)
    return notebook


def executed_solution(lesson: Lesson) -> bytes:
    """Return the solved notebook with its outputs, as a file.

    Raises
    ------
    SourceError
        A cell of the lesson raises an error, or warns.
    """
    notebook = solution_notebook(lesson)
    with tempfile.TemporaryDirectory() as folder:
        put_data(Path(folder), lesson)
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_S,
            allow_errors=True,
            coalesce_streams=True,  # else a slow machine cuts what is printed in pieces
            record_timing=False,
            resources={"metadata": {"path": folder}},
            extra_arguments=["--IPKernelApp.log_level=40"],  # errors only
        )
        client.execute()
    # The kernel writes its own version here; the release has none either.
    notebook.metadata = KERNEL
    for number, cell in enumerate(notebook.cells, start=1):
        shown = cell.get("outputs", [])
        said = "".join(o.text for o in shown if o.get("name") == "stderr")
        cell.outputs = [o for o in shown if _is_for_readers(o)]
        for output in cell.outputs:
            if output.output_type == "error":
                raise SourceError(
                    f"{lesson.file}, cell {number}: the solution raised "
                    f"{output.ename}: {output.evalue}; correct the lesson."
                )
        warning = WARNING.search(said)
        if warning:
            raise SourceError(
                f"{lesson.file}, cell {number}: the solution warns: "
                f"{warning[0]}; use what the library offers instead."
            )
        if cell.cell_type != "code":
            del cell["outputs"]
    return _file(notebook)


def _stable_id(cell: Cell, taken: set[str]) -> str:
    """Return an id that changes with nothing but the cell itself."""
    base = cell.grade_id or hashlib.sha256(cell.source.encode()).hexdigest()[:8]
    name, count = base, 1
    while name in taken:
        count += 1
        name = f"{base}-{count}"
    taken.add(name)
    return name


def _file(notebook: NotebookNode) -> bytes:
    return (nbformat.writes(notebook) + "\n").encode()


def write_notebook(room: Path, lesson: Lesson, content: bytes) -> None:
    """Write one of a lesson's notebooks into a room, with the files that it reads."""
    folder = room / lesson.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{lesson.name}.ipynb").write_bytes(content)
    shutil.rmtree(folder / "data", ignore_errors=True)
    put_data(folder, lesson)


def put_data(folder: Path, lesson: Lesson) -> None:
    """Copy the files that a lesson reads into the folder of its notebook."""
    for inner, path in data_files(lesson).items():
        (folder / inner).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / inner)


def _is_for_readers(output: NotebookNode) -> bool:
    # A slider without a running notebook is a line of code to its reader; what a
    # library writes to stderr is about the computer and the hour of the build.
    return WIDGET not in output.get("data", {}) and output.get("name") != "stderr"
