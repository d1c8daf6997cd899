"""A class of a course of others, graded by our commands, and all that tells marks."""

import csv
import re
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.base.errors import AutograderError
from autograder.cli import app
from tests.support.other_course import command
from tests.support.small_course import empty_gradebook
from tests.support.twin_courses import cell

LESSON = "ps1"
DUE = datetime(2026, 3, 1, 12)
RIGHT = {"one": "x = 1", "two": "y = 2", "why": "Because."}
WRONG = RIGHT | {"one": "x = 3", "why": "I guess."}
ZERO = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'


def cells(test: str = "assert x == 1", question: str = "Say why.") -> list:
    """Return a lesson: two exercises, a written answer and a manual task."""
    test_cell = {"grade": True, "locked": True}
    return [
        cell("one", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", solution=True),
        cell("test_one", test, points=4, **test_cell),
        cell("two", "### BEGIN SOLUTION\ny = 2\n### END SOLUTION", solution=True),
        cell("test_two", "assert y == 2", points=2, **test_cell),
        cell("why", question, "markdown", grade=True, solution=True, points=3),
        cell("draw", "Draw it.", "markdown", task=True, locked=True, points=1),
    ]


class SmallClass:
    """One class; commands run on it as an instructor runs them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        (root / "gradebook.db").write_bytes(empty_gradebook())
        (root / "autograder.toml").write_text('tests = "sealed"\n')
        self.settings("")
        self.write_lesson(cells())

    def settings(self, more: str) -> None:
        """Write nbgrader's settings of the course."""
        path = self.root / "nbgrader_config.py"
        path.write_text(f"c = get_config()\n{more}")

    def write_lesson(self, cells: list) -> None:
        """Write the lesson, or correct it."""
        folder = self.root / "source" / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        kernel = {"name": "python3", "display_name": "Python", "language": "python"}
        made = new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(made, folder / f"{LESSON}.ipynb")

    def hand_in(self, student: str, answers: dict, time: str = "") -> Path:
        """Hand in answers; return the notebook's path."""
        made = nbformat.read(
            self.root / "source" / LESSON / f"{LESSON}.ipynb", as_version=4
        )
        for one in made.cells:
            one.source = answers.get(one.metadata.nbgrader.grade_id, one.source)
        path = self.root / "submitted" / student / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(made, path)
        if time:
            (path.parent / "timestamp.txt").write_text(time)
        return path

    def run(self, *arguments: str) -> str:
        """Run a command of ours; return what it said."""
        return command(*arguments, "--course", str(self.root))

    def refused(self, *arguments: str) -> str:
        """Run a command that is wrong; return what it is told."""
        order = [*arguments, "--course", str(self.root)]
        found = CliRunner().invoke(app, order).exception
        assert isinstance(found, AutograderError), found
        return str(found)

    def gradebook(self) -> Gradebook:
        """Open the gradebook as nbgrader does."""
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")

    def grade_of(self, gradebook: Gradebook, cell: str, student: str):
        """Return nbgrader's row of one mark."""
        return gradebook.find_grade(cell, LESSON, LESSON, student)

    def give(self, cell: str, student: str, points: float) -> None:
        """Mark a cell as the formgrader does."""
        with self.gradebook() as gradebook:
            grade = self.grade_of(gradebook, cell, student)
            grade.manual_score, grade.needs_manual_grade = points, False
            gradebook.db.commit()

    def waiting(self, student: str) -> list[str]:
        """Return the cells that wait for a person."""
        with self.gradebook() as gradebook:
            (notebook,) = gradebook.find_submission(LESSON, student).notebooks
            return sorted(g.name for g in notebook.grades if g.needs_manual_grade)

    def totals(self) -> dict[str, float]:
        """Return the marks in nbgrader's gradebook, penalties taken off."""
        with self.gradebook() as gradebook:
            return {
                one.student_id: max(0.0, one.score - (one.late_submission_penalty or 0))
                for one in gradebook.assignment_submissions(LESSON)
            }

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a table in the class's folder."""
        with (self.root / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def told(room: SmallClass) -> dict[str, dict[str, float]]:
    """Return the marks by student, as everything tells them that tells marks."""
    shown = {}
    for line in room.run("show").splitlines():
        if found := re.match(r"(\w+) +([\d.]+)[*x!]? +[\d.]+$", line):
            shown[found[1]] = float(found[2])
    shown.pop("of")
    rows = {row["student"]: row for row in room.table("grades.csv")}
    grades = {student: float(row["total"]) for student, row in rows.items()}
    found = {"show": shown, "grades.csv": grades}
    for platform, who in (("moodle", "Username"), ("canvas", "SIS Login ID")):
        room.run("export", "--format", platform)
        cells = {r[who]: r[LESSON] for r in room.table(f"{platform}.csv") if r[who]}
        for student, told in cells.items():  # what waits is empty there
            is_waiting = rows[student]["waits_for_a_person"] == "True"
            assert (told == "") == is_waiting, (platform, student)
        found[platform] = {s: float(told or grades[s]) for s, told in cells.items()}
    return found


def mean_of_report(room: SmallClass) -> float:
    """Return the mean that the report tells, in points."""
    room.run("report")
    page = (room.root / "report.html").read_text("utf-8")
    row = re.search(rf'<tr><th scope="row">{LESSON}</th>.*?([\d.]+) %', page)
    return float(row[1]) / 10
