"""What a test could not find is traced to the cell that failed first."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.model.causes import first_cause
from autograder.model.cells import NBGRADER_DEFAULTS

MESSAGE = "NameError: the notebook does not define 'np': did its cell run?"


def failed(source, name, text, grade_id=""):
    error = new_output("error", ename=name, evalue=text, traceback=[])
    cell = new_code_cell(source, outputs=[error])
    if grade_id:
        cell.metadata["nbgrader"] = NBGRADER_DEFAULTS | {"grade_id": grade_id}
    return cell


DRIVE = failed(
    "from google.colab import drive\nimport numpy as np",
    "ModuleNotFoundError",
    "No module named 'google'\nmore",
)


def test_the_first_cell_that_failed_is_named_and_not_what_came_of_it():
    later = failed("search = np.zeros(3)", "NameError", "name 'np' is not defined")
    wanted = (
        "cell 2 ended before that, with ModuleNotFoundError: No module named 'google'"
    )
    cells = [new_code_cell("np"), DRIVE, later]
    assert first_cause(cells, MESSAGE) == wanted
    assert first_cause(cells, "NameError: name 'search' is not defined") == wanted


def test_a_named_cell_is_called_by_its_name():
    cell = failed("search = fit(2)", "OSError", "bad descriptor", grade_id="search")
    assert first_cause([cell], "NameError: name 'search' is not defined") == (
        "the cell search ended before that, with OSError: bad descriptor"
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([DRIVE], "NameError: name 'x' is not defined"),
        ([DRIVE], "AssertionError: np is wrong, 'np'"),
        ([new_code_cell("import numpy as np")], MESSAGE),
        ([], MESSAGE),
    ],
)
def test_where_nothing_is_to_be_blamed_nothing_is(cells, message):
    assert first_cause(cells, message) == ""
