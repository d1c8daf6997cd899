"""Honest submissions get from stock nbgrader the scores that they get from us."""

import shutil

import nbformat
import pytest

from autograder.authoring.demo_scenarios import Draft
from autograder.authoring.notebooks import put_data, source_bytes
from autograder.course.course import foreign_course, own_course
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.model.catalogue import read_catalogue
from autograder.model.lesson_reader import lesson_names, lesson_path, read_lesson
from autograder.sealed.limits import NotebookLimits
from tests.support.stock_nbgrader import marks, nbgrader

LESSONS = lesson_names()
# The same stubs as ours, and time on a busy machine: stock limits go by the clock.
SETTINGS = """
c = get_config()
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
c.ClearSolutions.text_stub = "Write your answer here."
c.ExecutePreprocessor.timeout = 300
c.Execute.timeout = 300
"""


WAYS = {"feed_forward": "rows"}


def all_but_the_last(draft: Draft) -> None:
    """Answer the exercises in turn as the lesson does, and in another right way.

    A library that warns in a test cell would cost all its points in stock nbgrader,
    which runs all demonstrations, too: an answer of slow loops would take minutes.
    """
    for number, exercise in enumerate(draft.lesson.exercises[:-1]):
        if number % 2 == 0:
            draft.solve([exercise])
        else:
            draft.answer("right", exercise, word=WAYS.get(exercise, "loop"))


# The longest first, so that nothing long is left at the end.
@pytest.mark.kernel
@pytest.mark.parametrize("name", LESSONS[::-1])
def test_on_a_lesson(name, tmp_path):
    stock = tmp_path / "stock"
    source = stock / "source" / name
    lesson = read_lesson(lesson_path(name))
    source.mkdir(parents=True)
    (source / f"{name}.ipynb").write_bytes(source_bytes(lesson))
    put_data(source, lesson)
    (stock / "nbgrader_config.py").write_text(SETTINGS)
    nbgrader("generate_assignment", name, folder=stock)

    ours = tmp_path / "ours"
    shutil.copytree(stock / "source", ours / "build" / "source")
    course = own_course(ours / "classroom", ours)
    folder = ours / "classroom" / "submitted" / "ada" / name
    folder.mkdir(parents=True)
    released = stock / "release" / name / f"{name}.ipynb"
    draft = Draft(lesson, read_catalogue(lesson), nbformat.read(released, as_version=4))
    all_but_the_last(draft)
    nbformat.write(draft.notebook, folder / f"{name}.ipynb")
    shutil.copytree(ours / "classroom" / "submitted", stock / "submitted")

    nbgrader("autograde", name, folder=stock)
    Grader(course, jobs=1, limits=NotebookLimits()).run(submissions(course))
    assert len(marks(stock, name)) == sum(1 for cell in lesson.cells if cell.points)
    assert len(set(marks(stock, name).values())) > 1
    assert marks(ours / "classroom", name) == marks(stock, name)


@pytest.mark.kernel
def test_on_nbgraders_own_example_course(tmp_path):
    nbgrader("quickstart", "demo", folder=tmp_path)
    stock, ours = tmp_path / "demo", tmp_path / "ours"
    nbgrader("generate_assignment", "ps1", folder=stock)
    for student, step in {"solved": "source", "untouched": "release"}.items():
        shutil.copytree(stock / step / "ps1", stock / "submitted" / student / "ps1")
    half = stock / "submitted" / "half" / "ps1"
    shutil.copytree(stock / "release" / "ps1", half)
    for path in half.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if "def squares" in cell.source:
                cell.source = (
                    "def squares(n):\n    return [i**2 for i in range(1, n + 1)]"
                )
        nbformat.write(notebook, path)
    shutil.copytree(stock, ours)

    nbgrader("autograde", "ps1", folder=stock)
    course = foreign_course(ours)
    records = Grader(course, jobs=1, limits=NotebookLimits()).run(submissions(course))
    assert {record.tests for record in records} == {"mixed"}
    assert len(marks(stock, "ps1")) == 27
    assert marks(ours, "ps1") == marks(stock, "ps1")
