"""Marks are those that stock nbgrader writes: each row, each column and each file.

The judge is nbgrader's own `autograde`, given the same executed notebooks: all of its
steps but the two that execute a notebook and that clear what was executed.
"""

import re
import shutil
import sqlite3
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader import preprocessors as steps
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.base.errors import EngineError
from autograder.course.course import Course, foreign_course
from autograder.gradebook.marker import Marker
from tests.support.small_course import empty_gradebook

LESSON, MAIN, MORE = "ps1", "main", "more"
DUE = datetime(2026, 3, 1, 12)  # nbgrader's are in UTC and without one
SETTINGS = """
c = get_config()
c.CourseDirectory.course_id = "nn"
"""
ZERO = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
HALF = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
c.AssignLatePenalties.plugin_class = "half_for_late.HalfForLate"
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
FAILED = new_output(
    "error", ename="AssertionError", evalue="no", traceback=["no", "\x1b[31mno"]
)
A_HALF = new_output("execute_result", {"text/plain": "0.5"}, execution_count=4)
A_PAGE = new_output("display_data", {"text/html": "<b>\nä</b>", "image/png": "AA=="})


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


@pytest.fixture
def twins(request, tmp_path):
    """Return two courses that are alike, with their lesson registered."""
    settings = getattr(request, "param", HALF)
    made = [kind(tmp_path / kind.__name__, settings) for kind in (Ours, Stock)]
    for twin in made:
        twin.register()
        with twin.gradebook() as gradebook:
            gradebook.update_or_create_assignment(LESSON, duedate=DUE)
    return made


def assert_alike(ours: Ours, stock: Stock) -> None:
    found, expected = ours.rows(), stock.rows()
    # nbgrader's steps open the gradebook without the name of its course.
    expected["course"].remove("{'id': 'default_course'}")
    assert found == expected
    assert ours.files() == stock.files()


ANSWERS = {"half": "y = 1.0", "why": "Because.", "twice": "z = 1 + 1"}
ON_TIME = {"timestamp.txt": "2026-03-01 11:00:00 UTC"}
LATE = {"timestamp.txt": "2026-03-01 13:30:00 +0000\n"}
ADA = Hand("ada", ANSWERS, {"half": [A_PAGE]}, files=ON_TIME | {"own/x.txt": "mine"})
BOB = Hand("bob", ANSWERS | {"why": "Say why."}, {"test_half": [FAILED]}, files=LATE)
CY = Hand("cy", {}, {"test_twice": [FAILED], "test_share": [A_HALF]}, own=2)
DEE = Hand("dee", ANSWERS, {"test_share": [A_HALF]}, gone=("why",), files=LATE)
CLASS = (ADA, BOB, CY, DEE)


PENALTIES = {"no penalty": "", "all points": ZERO, "a plugin's": HALF}


@pytest.mark.parametrize("twins", PENALTIES.values(), ids=PENALTIES, indirect=True)
def test_a_class(twins):
    for twin in twins:
        twin.mark(*CLASS)
    assert_alike(*twins)
    rows = twins[0].rows()
    assert len(rows["grade"]) == len(CLASS) * 6
    assert len(rows["comment"]) == len(CLASS) * 4
    assert len(twins[0].files()) == 6 * len(CLASS) + 5


def test_what_is_handed_in_again(twins):
    """With fewer cells and files, an extension, and what a person gave meanwhile."""
    for twin in twins:
        twin.mark(*CLASS)
        with twin.gradebook() as gradebook:
            gradebook.grant_extension(LESSON, "bob", hours=1)
            for student in ("ada", "bob"):
                grade = gradebook.find_grade("why", MAIN, LESSON, student)
                grade.manual_score, grade.needs_manual_grade = 2.5, False
                grade = gradebook.find_grade("test_half", MAIN, LESSON, student)
                grade.extra_credit = 0.5
                comment = gradebook.find_comment("draw", MAIN, LESSON, student)
                comment.manual_comment = "Well drawn."
            gradebook.db.commit()
        twin.mark(
            Hand("ada", {}, {"test_half": [FAILED]}, gone=("test_share", "half")),
            Hand("bob", ANSWERS, {"test_twice": [FAILED]}, files=LATE),
            Hand("cy", ANSWERS, own=1, files=LATE | {"y.txt": "new"}),
            Hand("cy", ANSWERS, {"test_share": [A_HALF]}, files={"z.txt": "newer"}),
        )
    assert_alike(*twins)
    rows = "".join(twins[0].rows()["grade"])
    assert "'manual_score': 2.5" in rows
    assert "'extra_credit': 0.5" in rows


def test_a_lesson_that_changed_after_it_was_marked(tmp_path):
    """The rows are as if it had never been another one; stock refuses to do that."""
    ours, stock = (
        kind(tmp_path / kind.__name__, HALF) for kind in (Ours, Stock)
    )  # fmt: skip
    changed = [
        cell("given", "import math", locked=True),
        cell("half", "### BEGIN SOLUTION\ny = 1\n### END SOLUTION", solution=True),
        cell("test_half", "assert y == 1", grade=True, locked=True, points=7),
        cell("test_new", "assert y > 0", grade=True, locked=True, points=1),
        cell("why", "Say why.", "markdown", task=True, locked=True, points=2),
        cell("write", "Write it.", "markdown", grade=True, solution=True, points=3),
    ]
    ours.register()
    ours.mark(*CLASS)
    for twin in (ours, stock):
        twin.lesson[MAIN] = changed
        twin.write_source()
        twin.register()
    ours.mark(*CLASS)
    stock.mark(*CLASS)
    assert_alike(ours, stock)


def test_settings_of_the_course_that_take_part(tmp_path):
    more = """
c.Autograde.exclude_overwriting = {"ps1": ["data/given.csv"]}
c.CourseDirectory.ignore = ["*.log"]
c.NotebookExporter.nbformat_version = 4
c.BaseConverter.permissions = 640
c.SaveAutoGrades.enabled = False
"""
    twins = [kind(tmp_path / kind.__name__, more) for kind in (Ours, Stock)]
    for twin in twins:
        twin.register()
        twin.mark(
            Hand("ada", files={"data/given.csv": "mine", "a.log": "", "b.pyc": ""}),
            Hand("[b] *", ANSWERS, files=ON_TIME) if isinstance(twin, Ours) else CY,
        )
    ours, stock = (
        {name: file for name, file in twin.files().items() if name.startswith("ada")}
        for twin in twins
    )
    assert ours == stock
    assert "ada/ps1/b.pyc" in ours
    assert "ada/ps1/a.log" not in ours
    assert "[b] */ps1/timestamp.txt" in twins[0].files()
    assert not any("'auto_score': 1" in row for row in twins[0].rows()["grade"])


def test_a_submission_that_cannot_be_read_is_like_a_notebook_that_is_not_there(twins):
    ours, stock = twins
    ours.mark(ADA, BOB)
    stock.mark(ADA, BOB)
    with Marker(ours.course) as marker:
        for student in ("bob", "eve"):
            marker.mark_zero(student, LESSON)
    folder = stock.submitted(Hand("eve"))
    with stock.gradebook() as gradebook:
        gradebook.update_or_create_student("eve")
        gradebook.update_or_create_submission(LESSON, "eve")
        for student in ("bob", "eve"):
            for name in CELLS:
                assert not (folder / f"{name}.ipynb").exists()
                submitted = gradebook.find_submission_notebook(name, LESSON, student)
                for grade in submitted.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False
        gradebook.db.commit()
    assert_alike(ours, stock)


def test_a_notebook_that_nbgrader_refuses_leaves_nothing_behind(twins):
    ours, _ = twins
    ours.mark(ADA)
    before = ours.rows()
    too_much = new_output("execute_result", {"text/plain": "9"}, execution_count=1)
    with pytest.raises(EngineError, match="partial credit cannot be greater") as told:
        ours.mark(Hand("bob", ANSWERS, {"test_share": [too_much]}))
    assert "for student 'bob'" in str(told.value)
    assert ours.rows() == before
    assert not any(name.startswith("bob/") for name in ours.files())


def test_one_student_twice_in_a_row_where_nothing_lies_beside(twins):
    for twin in twins:
        shutil.rmtree(twin.root / "source" / LESSON / "data")
        twin.mark(Hand("ada"), Hand("ada", ANSWERS))
    assert_alike(*twins)
