"""What locked cells define for good: what nothing else of the lesson binds."""

from nbformat.v4 import new_code_cell, new_notebook

from autograder.model.held_names import held_names


def _cell(source, name="", **entry):
    cell = new_code_cell(source)
    if name:
        about = {"grade": False, "solution": False, "locked": False, "task": False}
        cell.metadata["nbgrader"] = about | {"grade_id": name} | entry
    return cell


def _held(*cells):
    return held_names(new_notebook(cells=list(cells)))


TOOLS = (
    "import numpy as np\n\ndef helper():\n    pass\n\nclass Kind:\n    pass\n\nx = 1"
)


def test_functions_and_classes_of_locked_cells_are_held():
    assert _held(_cell(TOOLS, "tools", locked=True)) == {"tools": ["helper", "Kind"]}


def test_a_cell_that_students_may_change_holds_nothing():
    assert _held(_cell(TOOLS), _cell(TOOLS, "demo")) == {}


def test_what_another_cell_binds_is_not_held():
    for other in (
        _cell("def helper():\n    return 1", "helper", solution=True),
        _cell("helper = print"),
        _cell("from math import sin as helper"),
        _cell("for helper in []:\n    pass", "loop", locked=True),
    ):
        found = _held(_cell(TOOLS, "tools", locked=True), other)
        assert found == {"tools": ["Kind"]}, other.source


def test_a_test_takes_no_name_over():
    test = _cell("helper = 3", "test_it", grade=True, locked=True, points=1)
    found = _held(_cell(TOOLS, "tools", locked=True), test)
    assert found == {"tools": ["helper", "Kind"]}


def test_a_cell_that_is_no_python_is_passed_over():
    assert _held(_cell("%time f(", "magic", locked=True)) == {}
