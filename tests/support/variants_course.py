"""A course whose lesson has constants of each student's own, and its class."""

import ast

import nbformat

from autograder.course.course import own_course
from autograder.model.constants import constants_in
from tests.support.small_course import NAME, make_course, released

CONSTANTS = """slope = 3  # yours: integers(2, 1000)
seed = 7  # yours: integers(0, 1_000_000)
heights = np.random.default_rng(seed).normal(170, 10, 4)"""
LESSON = f'''# %% [markdown]
# # A line

# %% nbgrader={{"grade_id": "imports", "locked": true}}
import numpy as np

# %% nbgrader={{"grade_id": "own", "locked": true}}
{CONSTANTS}


# %% nbgrader={{"grade_id": "line", "solution": true}}
def line(x):
    """Return slope times x."""
    ### BEGIN SOLUTION
    return slope * x
    ### END SOLUTION


# %% nbgrader={{"grade_id": "test_line_five", "grade": true, "points": 1}}
assert line(5) == 5 * slope, f"line(5) is {{line(5)}}, expected {{5 * slope}}"

# %% nbgrader={{"grade_id": "mean", "solution": true}}
### BEGIN SOLUTION
mean = heights.mean()
### END SOLUTION

# %% nbgrader={{"grade_id": "test_mean_value", "grade": true, "points": 2}}
### BEGIN HIDDEN TESTS
assert abs(mean - heights.mean()) < 1e-9, f"mean is {{mean}}"
### END HIDDEN TESTS
'''
ANSWERS = {
    "line": "def line(x):\n    return slope * x",
    "mean": "mean = heights.mean()",
}
TABLE = f'[variants]\nlessons = ["{NAME}"]\n'


def class_of(root, settings=TABLE):
    """Return a class whose settings turn variants on, with its lesson released."""
    make_course(root, LESSON)
    (root / "classroom" / "autograder.toml").write_text(settings, "utf-8")
    room = root / "notebooks" / NAME
    room.mkdir(parents=True)
    nbformat.write(released(root), room / f"{NAME}.ipynb")
    return own_course(root / "classroom", root)


def released_file(course):
    """Return where the notebook for everybody lies."""
    return course.path("release", ".", NAME) / f"{NAME}.ipynb"


def own_notebook(course, student):
    """Return the notebook that was handed out to a student."""
    return nbformat.read(course.results / f"variants/{student}/{NAME}/{NAME}.ipynb", 4)


def own_values(course, student):
    """Return the values of the constants that were handed out to a student."""
    return values_in(cell_of(own_notebook(course, student), "own").source)


def values_in(source):
    """Return the values of the constants that a cell marks, by name."""
    return {c.name: ast.literal_eval(c.default) for c in constants_in(source)}


def cell_of(notebook, name):
    """Return the cell of this name."""
    return next(cell for cell in notebook.cells if cell.id == name)


def with_the_slope(course, student):
    """Return answers that have a student's slope written into them as a number."""
    slope = own_values(course, student)["slope"]
    return ANSWERS | {"line": f"def line(x):\n    return {slope} * x"}


def give_in(course, student, notebook, answers=ANSWERS):
    """Hand in a notebook with answers."""
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    folder = course.path("submitted", student, NAME)
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
