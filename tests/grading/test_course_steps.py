"""A course's own steps, header and marks of regions: nothing of them is overwritten."""

import sqlite3
from contextlib import closing

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.base.errors import SourceError, WrongUse
from autograder.course.course import foreign_course
from autograder.gradebook.marker import Marker
from autograder.gradebook.release import read_release
from tests.support.other_course import SQUARES, cell, command, make, points
from tests.support.other_course import records as records_of

SETTINGS = """
c.GenerateAssignment.preprocessors.insert(0, "pp.Add")
c.Autograde.autograde_preprocessors.append("pp.Note")
c.GenerateFeedback.preprocessors.append("pp.Greet")
c.IncludeHeaderFooter.header = "source/header.ipynb"
c.ClearHiddenTests.begin_test_delimeter = "INICIO PRUEBAS"
c.ClearHiddenTests.end_test_delimeter = "FIN PRUEBAS"
c.ClearSolutions.begin_solution_delimeter = "BSOL"
c.ClearSolutions.end_solution_delimeter = "ESOL"
"""
STEPS = """
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import NbGraderPreprocessor

class Add(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        made = new_code_cell("assert squares(1) == [1]")
        made.metadata.nbgrader = dict(
            schema_version=3, grade_id="made", grade=True, solution=False,
            locked=True, task=False, points=5, cell_type="code")
        nb.cells.append(made)
        return nb, resources

class Note(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        nb.metadata["noted"] = True
        return nb, resources

class Greet(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        for cell in nb.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "squares":
                cell.metadata.nbgrader["comment"] = "Greetings from the course."
        return nb, resources
"""
ANSWER = f"# BSOL\n{SQUARES}\n# ESOL"
HIDDEN = "assert h(2) == [1, 4]\n# INICIO PRUEBAS\nassert h(3)[2] == 9, 424242\n"
TASK = "Draw it.\n=== BEGIN MARK SCHEME ===\nTwo points for an axis.\n"
ANN = {"squares": SQUARES}
BEN = {"squares": SQUARES.replace("i * i", "i")}


def named(made, grade_id, **entry):
    flags = {"grade": False, "solution": False, "locked": True, "task": False}
    made.metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id, **flags}
    made.metadata["nbgrader"] |= entry
    return made


def hand_in(root, student, answers):
    """Hand in what the course's steps released, with some answers."""
    cells = []
    for one in read_release(foreign_course(root), "ps1")["problem"]:
        new = new_code_cell if one.kind == "code" else new_markdown_cell
        cells.append(new(answers.get(one.grade_id, one.source)))
        if one.grade_id:
            cells[-1].metadata["nbgrader"] = {"grade_id": one.grade_id}
    folder = root / "submitted" / student / "ps1"
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), folder / "problem.ipynb")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Make a course with steps of its own, graded, with its pages."""
    root = tmp_path_factory.mktemp("course")
    task = named(new_markdown_cell(TASK + "=== END MARK SCHEME ==="), "draw")
    task.metadata.nbgrader |= {"task": True, "points": 2}
    cells = [
        cell("h = squares"),
        cell(ANSWER, "squares"),
        cell("h = squares"),
        cell(HIDDEN + "# FIN PRUEBAS", "test_squares", 2),
        task,
    ]
    make(root, "ps1", cells[1:])
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(SETTINGS)
    (root / "pp.py").write_text(STEPS)
    header = [
        new_markdown_cell("Words of the course."),
        named(new_code_cell("import math as known"), "imports"),
    ]
    nbformat.write(new_notebook(cells=header), root / "source" / "header.ipynb")
    with Marker(foreign_course(root)) as marker:
        marker.register("ps1")
    hand_in(root, "ann", ANN)
    hand_in(root, "ben", BEN)
    return root, command("grade", "--course", str(root))


@pytest.fixture(scope="module")
def page(course):
    command("feedback", "--course", str(course[0]))
    return (course[0] / "feedback" / "ben" / "ps1" / "problem.html").read_text()


def test_cells_that_its_steps_make_are_marked(course):
    found = records_of(course[0])
    assert points(found["ann", "ps1"]) == {"test_squares": 2, "made": 5, "draw": 0}
    assert points(found["ben", "ps1"]) == {"test_squares": 0, "made": 5, "draw": 0}
    assert {cell["status"] for cell in found["ann", "ps1"]["cells"]} == {
        "passed",
        "manual",
    }


def test_nobody_is_said_to_have_edited_what_was_released(course):
    assert "tampered" not in course[1]
    assert "repaired" not in course[1]


def test_its_solution_passes_with_its_header(course):
    assert "the solution itself" not in course[1]
    assert "2 of 2 test cells run sealed" in course[1]


def test_pages_show_neither_schemes_nor_hidden_lines_as_what_was_written(page):
    assert "assert h(3)" not in page
    assert "Two points for an axis" not in page
    assert "Words of the course" not in page


def test_its_steps_after_execution_and_before_pages_are_done(course, page):
    graded = course[0] / "autograded" / "ann" / "ps1" / "problem.ipynb"
    assert nbformat.read(graded, as_version=4).metadata["noted"]
    assert "Greetings from the course." in page


def rows(root):
    """Return all cells, grades and comments of a gradebook."""
    with closing(sqlite3.connect(root / "gradebook.db")) as gradebook:
        return {
            table: set(gradebook.execute(f"SELECT {what} FROM {table}"))
            for table, what in (
                ("base_cell", "id, name"),
                ("grade", "id, manual_score, extra_credit"),
                ("comment", "id, manual_comment"),
            )
        }


def give(root, statement):
    with closing(sqlite3.connect(root / "gradebook.db")) as gradebook:
        gradebook.execute(statement)
        gradebook.commit()


WORK = {
    "grade SET manual_score": "4",
    "grade SET extra_credit": "1",
    "comment SET manual_comment": "'well done'",
}


@pytest.mark.parametrize("what", WORK)
def test_no_run_removes_what_a_person_gave(course, what):
    root, _ = course
    settings = root / "nbgrader_config.py"
    source = root / "source" / "ps1" / "problem.ipynb"
    text, notebook = settings.read_text(), source.read_bytes()
    give(root, f"UPDATE {what} = {WORK[what]}")
    held = rows(root)
    if what.startswith("grade"):  # of a cell that a step makes
        settings.write_text(text.replace('"pp.Add"', '"pp.Note"'))
    else:
        less = nbformat.read(source, as_version=4)
        del less.cells[-1]  # the task
        nbformat.write(less, source)
    try:
        with (
            Marker(foreign_course(root)) as marker,
            pytest.raises(SourceError, match=r"of 2 students: ann, ben"),
        ):
            marker.register("ps1")
        assert rows(root) == held
    finally:
        settings.write_text(text)
        source.write_bytes(notebook)
        give(root, f"UPDATE {what} = NULL")


def test_marks_that_another_grader_gave_stay(course):
    root, _ = course
    settings = root / "nbgrader_config.py"
    text, held = settings.read_text(), rows(root)
    note = root / ".autograder.ps1.registered"
    noted = note.read_bytes()
    note.unlink()  # as if no run of ours had been here
    settings.write_text(text.replace('"pp.Add"', '"pp.Note"'))
    try:
        with Marker(foreign_course(root)) as marker, pytest.raises(SourceError):
            marker.register("ps1")
        assert rows(root) == held
    finally:
        settings.write_text(text)
        note.write_bytes(noted)


REFUSED = {
    "c.GenerateAssignment.preprocessors.append('pp.Gone')": "found 'pp.Gone'",
    "c.GenerateAssignment.preprocessors = ['pp.Add']": "found no SaveCells",
    "c.Autograde.sanitize_preprocessors.append('pp.Note')": "pp.Note before the exec",
    "c.Autograde.autograde_preprocessors.insert(0, 'pp.Note')": "pp.Note before the",
    "c.Autograde.autograde_preprocessors = ['pp.Note']": "found no step that executes",
}


@pytest.mark.parametrize("line", REFUSED)
def test_steps_that_cannot_be_done_are_refused_by_name(course, line):
    settings = course[0] / "nbgrader_config.py"
    text = settings.read_text()
    settings.write_text(f"{text}\n{line}\n")
    try:
        with (
            Marker(foreign_course(course[0])) as marker,
            pytest.raises(WrongUse) as told,
        ):
            marker.expect_plugins()
    finally:
        settings.write_text(text)
    name = line.removeprefix("c.").partition(" ")[0].partition("(")[0]
    assert str(told.value).startswith(".".join(name.split(".")[:2]))
    assert REFUSED[line] in str(told.value)
