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


def test_functions_classes_and_data_of_locked_cells_are_held():
    found = _held(_cell(TOOLS, "tools", locked=True))
    assert found == {"tools": ["helper", "Kind", "x"]}
    several = "import math\na, (b) = 1, 2\nfor i in []:\n    pass\nc: int = 3"
    assert _held(_cell(several, "data", locked=True)) == {"data": ["a", "b", "c"]}


def test_data_that_another_cell_changes_is_not_held():
    data = _cell("rows, other, kept = [1], {}, [2]", "data", locked=True)
    for changing in (
        _cell("rows.append(2)\nother['a'] = 1", "add", solution=True),
        _cell("alias = rows\nalias.sort()\nother.clear()", "sort", locked=True),
        _cell("def fill(x):\n    x.append(1)\nfill(rows)\ndel other['a']"),
        _cell("def run():\n    rows[0] = other['a'] = 1", "run", solution=True),
    ):
        assert _held(data, changing)["data"] == ["kept"], changing.source
    using = _cell("print(len(rows), sorted(other), kept[0])", "use", solution=True)
    assert _held(data, using) == {"data": ["kept", "other", "rows"]}


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
        assert found["tools"] == ["Kind", "x"], other.source


def test_a_test_takes_no_name_over():
    test = _cell("helper = 3", "test_it", grade=True, locked=True, points=1)
    found = _held(_cell(TOOLS, "tools", locked=True), test)
    assert found == {"tools": ["helper", "Kind", "x"]}


def test_a_cell_that_is_no_python_is_passed_over():
    assert _held(_cell("%time f(", "magic", locked=True)) == {}
