"""A small course for tests: one lesson that is graded in a fraction of a second."""

import tempfile
from functools import cache
from pathlib import Path

import nbformat

from autograder.authoring.notebooks import release_bytes, source_bytes
from autograder.course.course import Course, own_course
from autograder.gradebook.marker import Marker
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import read_lesson

LESSON = '''# %% [markdown]
# # Double and add

# %% nbgrader={"grade_id": "imports", "locked": true}
import numpy as np


# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    """Return 2x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_double_three", "grade": true, "points": 1}
assert double(3) == 6, f"double(3) is {double(3)}, expected 6"

# %% nbgrader={"grade_id": "test_double_arrays", "grade": true, "points": 2}
# Checked when graded: arrays.
### BEGIN HIDDEN TESTS
case = np.array([1.5, -2.0])
np.testing.assert_allclose(double(case), [3.0, -4.0], err_msg="double of an array")
np.testing.assert_array_equal(case, [1.5, -2.0], err_msg="double changed its input")
### END HIDDEN TESTS


# %% nbgrader={"grade_id": "total", "solution": true}
def total(numbers):
    """Return the sum of numbers."""
    ### BEGIN SOLUTION
    return sum(numbers)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_total_share", "grade": true, "points": 4}
# Checked when graded: a point for each list.
### BEGIN HIDDEN TESTS
lists = [[], [1], [1, 2], [-1, 5, 3]]
right = [total(numbers) == sum(numbers) for numbers in lists]
print(f"{sum(right)} of {len(lists)} lists")
sum(right)
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade_id": "why", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION
'''
RIGHT = {
    "double": "def double(x):\n    return x + x",
    "total": "def total(numbers):\n    return sum(numbers)",
    "why": "Because I say so.",
}
NAME = "00_small"


@cache
def empty_gradebook() -> bytes:
    """Return a new gradebook, which takes nbgrader seconds to make."""
    with tempfile.TemporaryDirectory() as folder:
        with Marker(own_course(Path(folder))):
            pass
        return (Path(folder) / "gradebook.db").read_bytes()


def make_course(root: Path, lesson: str = LESSON, name: str = NAME) -> Course:
    """Write the lesson's instructor notebook below `root`; return the course."""
    course = own_course(root / "classroom", root)
    gradebook = root / "classroom" / "gradebook.db"
    if not gradebook.exists():
        gradebook.write_bytes(empty_gradebook())
    write_source(root, lesson, name)
    return course


def write_source(root: Path, lesson: str = LESSON, name: str = NAME) -> None:
    """Write or replace the instructor's notebook."""
    path = root / f"{name}.py"
    path.write_text(lesson, "utf-8")
    folder = root / "build" / "source" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_bytes(source_bytes(read_lesson(path)))


def lesson(folder: Path, source: str = LESSON) -> Lesson:
    """Return the lesson, or another, read from a file of its own in a folder."""
    path = folder / "01_double.py"
    path.write_text(source, "utf-8")
    return read_lesson(path)


def released(root: Path, name: str = NAME) -> nbformat.NotebookNode:
    """Return the notebook that students of the course get."""
    content = release_bytes(read_lesson(root / f"{name}.py"))
    return nbformat.reads(content.decode(), as_version=4)


def hand_in(
    root: Path, student: str, answers: dict[str, str] | None = None, name: str = NAME
) -> Path:
    """Hand in the released notebook with some answers; return its path."""
    notebook = released(root, name)
    for cell in notebook.cells:
        cell.source = (RIGHT if answers is None else answers).get(cell.id, cell.source)
    folder = root / "classroom" / "submitted" / student / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    path.write_text(nbformat.writes(notebook), "utf-8")
    return path
