"""Two courses of the same content: one marked here, one by stock nbgrader."""

import re
import shutil
import sqlite3
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader import preprocessors as steps
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.course.course import Course, foreign_course
from autograder.gradebook.marker import Marker
from tests.support.small_course import empty_gradebook

LESSON, MAIN, MORE = "ps1", "main", "more"


DUE = datetime(2026, 3, 1, 12)  # nbgrader's are in UTC and without one


SETTINGS = """
c = get_config()
c.CourseDirectory.course_id = "nn"
"""


ID = re.compile(r"[0-9a-f]{32}")


def cell(grade_id: str, source: str, kind: str = "code", **entry) -> NotebookNode:
    """Return a cell of a lesson's source."""
    defaults = {"grade": False, "solution": False, "locked": False, "task": False}
    make = new_code_cell if kind == "code" else new_markdown_cell
    made = make(source, id=grade_id)
    made.metadata["nbgrader"] = defaults | entry | {
        "schema_version": 3,
        "grade_id": grade_id,
    }  # fmt: skip
    return made


def main_cells() -> list[NotebookNode]:
    return [
        cell("given", "import math", locked=True),
        cell("half", "### BEGIN SOLUTION\ny = 1\n### END SOLUTION", solution=True),
        cell("test_half", "assert y == 1", grade=True, locked=True, points=2),
        cell("test_share", "y / 2", grade=True, locked=True, points=1.5),
        cell("test_nothing", "assert y", grade=True, locked=True, points=0),
        cell("why", "Say why.", "markdown", grade=True, solution=True, points=3),
        cell("draw", "Draw it.", "markdown", task=True, locked=True, points=4),
    ]


def more_cells() -> list[NotebookNode]:
    return [
        cell("twice", "### BEGIN SOLUTION\nz = 2\n### END SOLUTION", solution=True),
        cell("test_twice", "assert z == 2", grade=True, locked=True, points=5),
    ]


CELLS = {MAIN: main_cells, MORE: more_cells}


@dataclass
class Hand:
    """What one student handed in, executed."""

    student: str
    answers: dict[str, str] = field(default_factory=dict)
    """Sources by cell."""
    outputs: dict[str, list] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    """Cells that are not there."""
    own: int = 0
    """How many cells of the student's own there are."""
    files: dict[str, str] = field(default_factory=dict)


@dataclass
class Twin:
    """A course that is marked by one of the two; both have the same content."""

    root: Path
    settings: str
    lesson: dict[str, list[NotebookNode]] = field(
        default_factory=lambda: {name: make() for name, make in CELLS.items()}
    )

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True)
        (self.root / "nbgrader_config.py").write_text(SETTINGS + self.settings)
        (self.root / "gradebook.db").write_bytes(empty_gradebook())
        self.write_source()
        (self.root / "source" / LESSON / "data").mkdir()
        (self.root / "source" / LESSON / "data" / "given.csv").write_text("1,2\n")

    def write_source(self) -> None:
        folder = self.root / "source" / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        for name, cells in self.lesson.items():
            kernel = {"name": "python3", "display_name": "Python", "language": "python"}
            made = new_notebook(cells=cells, metadata={"kernelspec": kernel})
            nbformat.write(made, folder / f"{name}.ipynb")

    @property
    def course(self) -> Course:
        return foreign_course(self.root, "sealed")

    def gradebook(self) -> Gradebook:
        return Gradebook(self.course.db_url, "nn")

    def executed(self, hand: Hand) -> dict[str, NotebookNode]:
        """Return the notebooks of a submission as the grader leaves them."""
        with self.gradebook() as gradebook:
            known = gradebook.find_assignment(LESSON).notebooks
            of_source = {
                (notebook.name, source.name): (source.source, source.checksum)
                for notebook in known
                for source in notebook.source_cells
            }
        found = {}
        for name, cells in self.lesson.items():
            kept = [deepcopy(one) for one in cells if one.id not in hand.gone]
            for one in kept:
                source, checksum = of_source[name, one.id]
                is_open = not one.metadata.nbgrader.locked
                one.source = hand.answers.get(one.id, source) if is_open else source
                one.metadata.nbgrader.update(checksum=checksum, cell_type=one.cell_type)
                if one.cell_type == "code":
                    one.outputs = hand.outputs.get(one.id, [])
            kept += [new_code_cell("1", id=f"own-{n}") for n in range(hand.own)]
            found[name] = new_notebook(cells=kept)
        return found

    def submitted(self, hand: Hand) -> Path:
        """Write what was handed in beside the notebooks."""
        folder = self.root / "submitted" / hand.student / LESSON
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in hand.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        return folder

    def rows(self) -> dict[str, list]:
        """Return all rows of all tables, each under what it belongs to."""
        with closing(sqlite3.connect(self.root / "gradebook.db")) as gradebook:
            gradebook.row_factory = sqlite3.Row
            names = gradebook.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            )
            tables = [name for (name,) in names]
            return {name: sorted(map(repr, told(gradebook, name))) for name in tables}

    def files(self) -> dict[str, tuple[str, bytes]]:
        """Return all that lies in `autograded/`, with who may do what with it."""
        folder = self.root / "autograded"
        return {
            str(path.relative_to(folder)): (
                oct(path.stat().st_mode),
                path.read_bytes() if path.is_file() else b"",
            )
            for path in folder.rglob("*")
        }


def told(gradebook: sqlite3.Connection, table: str, where: str = "", *values) -> list:
    """Return rows without the ids that nbgrader draws, but with what they stand for."""
    links = {
        link["from"]: (link["table"], link["to"])
        for link in gradebook.execute(f"PRAGMA foreign_key_list({table})")
    }
    found = []
    for row in gradebook.execute(f"SELECT * FROM {table} {where}", values):
        plain = {}
        for column in row.keys():  # noqa: SIM118  # a row is no mapping
            value = row[column]
            if column in links and value is not None:
                other, key = links[column]
                (value,) = told(gradebook, other, f"WHERE {key} = ?", value)
            elif column == "id" and ID.fullmatch(str(value)):
                continue
            plain[column] = value
        found.append(plain)
    return found


class Ours(Twin):
    """Marked by this project."""

    def register(self) -> None:
        with Marker(self.course) as marker:
            marker.register(LESSON)

    def mark(self, *hands: Hand) -> None:
        executed = [self.executed(hand) for hand in hands]
        with Marker(self.course) as marker:
            for hand, notebooks in zip(hands, executed, strict=True):
                folder = self.submitted(hand)
                files = {name: folder / name for name in hand.files}
                marker.mark(hand.student, LESSON, notebooks, files)


class Stock(Twin):
    """Marked by nbgrader."""

    def run(self, converter: type, config, **more: str) -> None:
        config.CourseDirectory.update({"assignment_id": LESSON, **more})
        converter(
            coursedir=CourseDirectory(config=config), config=config, force=True
        ).start()

    def register(self) -> None:
        self.run(GenerateAssignment, self.course.config)
        shutil.rmtree(self.root / "release")

    def mark(self, *hands: Hand) -> None:
        executed = [self.executed(hand) for hand in hands]
        for hand, notebooks in zip(hands, executed, strict=True):
            folder = self.submitted(hand)
            for name, notebook in notebooks.items():
                nbformat.write(notebook, folder / f"{name}.ipynb")
            config = self.course.config
            left_out = (steps.Execute, steps.ClearOutput)
            for kind in ("sanitize", "autograde"):
                trait = f"{kind}_preprocessors"
                config.Autograde[trait] = [
                    step
                    for step in getattr(Autograde, trait).default()
                    if step not in left_out
                ]
            self.run(Autograde, config, student_id=hand.student)
