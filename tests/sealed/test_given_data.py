"""Data of locked cells is what was handed out, for tests and for locked cells below."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.model.held_names import held_names
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits

IMPORTS = "import numpy as np\nimport pandas as pd\n"
DATA = """
heights = np.array([1.5, 1.75, 2.0])
people = pd.DataFrame({"name": ["Ann", "Bob"], "age": [41.0, 29.0]})
limits = {"low": 1.0, "high": [2.0, 3.0]}
rate, word = 0.25, "tall"


def doubled(x):
    return 2 * x
"""
LATER = "ages = doubled(people['age'])"
ANSWER = "def estimate():\n    return heights.mean()"
WRONG = "def estimate():\n    return 417.0"
TESTS = {
    "test_array": "assert abs(estimate() - heights.mean()) < 1e-9\nheights[:] = 0",
    "test_array_again": "assert np.isclose(estimate(), heights.mean())",
    "test_table": "assert people['age'].tolist() == [41.0, 29.0]",
    "test_others": "assert (rate, word, limits['high']) == (0.25, 'tall', [2.0, 3.0])",
    "test_later": "assert list(ages) == [82.0, 58.0]",
}


def _cell(name, source, **entry):
    about = {"grade": False, "solution": False, "locked": True, "task": False}
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = about | {"grade_id": name, **entry}
    return cell


def _notebook(answer, own="", before=""):
    return new_notebook(
        cells=[
            new_code_cell(IMPORTS + before),
            _cell("data", DATA),
            new_code_cell(own),
            _cell("later", LATER),
            _cell("estimate", answer, solution=True, locked=False),
            *(_cell(n, s, grade=True, points=1) for n, s in TESTS.items()),
        ]
    )


@pytest.fixture(scope="module")
def engine():
    with Engine(["numpy", "pandas"], NotebookLimits()) as engine:
        yield engine


def _points(engine, answer, *own):
    held = held_names(_notebook(ANSWER))
    executed = engine.run(Job(_notebook(answer, *own), IMPORTS, held=held))
    return {cell["grade_id"] for cell in executed.cells if cell["points"]}


@pytest.mark.parametrize(
    "own",
    [
        "",
        "x = heights / 2\nfound = people.dropna()",
        "heights = heights[:1]\npeople = None\nrate, word = 9, 'small'",
        "del heights, people, limits, rate, word",
        "doubled = lambda x: x",
    ],
)
def test_an_honest_answer_keeps_its_points_whatever_was_tried_in_between(engine, own):
    assert _points(engine, ANSWER, own) == TESTS.keys()


@pytest.mark.parametrize(
    "attack",
    [
        "heights = np.full(3, 417.0)",
        "heights[:] = 417.0",
        "heights.setflags(write=True)\nheights *= 0\nheights += 417",
        "globals().update(heights=np.full(3, 417.0))",
        "people['age'] = 1.0\nheights.fill(417)",
        "class Same(np.ndarray):\n    mean = lambda self: 417.0\n"
        "heights = heights.view(Same)",
        "limits['high'][0] = 5\nlimits.clear()\nrate = word = heights = 417.0",
        "doubled = lambda x: x * 0\nheights = [417.0]",
    ],
)
def test_what_was_made_of_the_data_since_gives_no_points(engine, attack):
    wrong = f"{WRONG}\n{attack}"
    right_in_any_case = {"test_table", "test_others", "test_later"}
    assert _points(engine, wrong) == right_in_any_case


def test_locked_cells_below_get_what_locked_cells_above_have_bound(engine):
    attack = "people = pd.DataFrame({'age': [1.0]})\ndoubled = lambda x: x"
    assert "test_later" in _points(engine, ANSWER, attack)


@pytest.mark.parametrize("bound", ["before", "after"])
def test_a_locked_cell_that_was_made_to_fail_leaves_its_names_to_nobody(engine, bound):
    """A student binds them then, before it or after it."""
    forged = "heights, people = np.full(3, 417.0), pd.DataFrame({'age': [41.0, 29.0]})"
    broken = "right, np.array = np.array, None\n"
    own = ("np.array = right", broken + forged)
    if bound == "after":
        own = (f"np.array = right\n{forged}", broken)
    assert _points(engine, WRONG, *own) <= {"test_later"}
