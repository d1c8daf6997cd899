"""The engine leaves cells out: they do not run, and what needs them notices."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.cluster.messages import Settings, pack, unpack
from autograder.model.cells import NBGRADER_DEFAULTS
from autograder.sealed.engine import Engine, Executed, Job
from autograder.sealed.limits import NotebookLimits

LIMITS = NotebookLimits(cell_cpu_s=1, cell_wall_s=4)


@pytest.fixture(scope="module")
def engine():
    with Engine([], LIMITS) as engine:
        yield engine


def graded(source, **entry):
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = NBGRADER_DEFAULTS | entry
    return cell


def given(source):
    return new_code_cell(source)


def answer(source):
    return graded(source, grade_id="answer", solution=True)


def asks(source):
    return graded(source, grade_id="test_answer", grade=True, points=1, locked=True)


def run(engine, *cells, **options):
    return engine.run(Job(new_notebook(cells=list(cells)), "", **options))


def test_a_cell_left_out_does_not_run_and_shows_nothing(engine):
    cells = [given("x = 1"), given("x = 2\nprint('shown')\nx"), answer("def f(): ...")]
    executed = run(engine, *cells, asks("assert x == 1"), left_out={1: ""})
    assert executed.cells[0]["status"] == "passed"
    found = executed.notebook.cells
    assert found[1].metadata["autograder"] == {"left_out": True}
    assert (found[1].outputs, found[1].execution_count) == ([], None)
    assert [cell.execution_count for cell in found] == [1, None, 2, 3]
    assert "autograder" not in found[0].metadata


def test_what_is_handed_in_as_outputs_does_not_stay(engine):
    drawn = given("x = 2")
    drawn.outputs = [{"output_type": "stream", "name": "stdout", "text": "forged"}]
    executed = run(engine, drawn, asks("1"), left_out={0: ""})
    assert executed.notebook.cells[0].outputs == []
    assert drawn.outputs[0]["text"] == "forged"


def test_the_beginning_of_a_cell_runs_and_shows_nothing(engine):
    whole = "print('begun')\nx = 3\nx = 4"
    begun = {0: "print('begun')\nx = 3"}
    executed = run(engine, given(whole), asks("assert x == 3"), left_out=begun)
    assert executed.cells[0]["status"] == "passed"
    assert executed.notebook.cells[0].outputs == []
    assert executed.notebook.cells[0].source == whole


def test_cells_stay_left_out_after_the_process_has_died(engine):
    cells = [given("x = 1\nimport os"), given("x = 2"), given("y = 5\ny = 6")]
    deadly = answer("os._exit(3)")
    test = asks("assert (x, y) == (1, 5)")
    executed = run(engine, *cells, deadly, test, left_out={1: "", 2: "y = 5"})
    assert executed.cells[0]["status"] == "passed", executed.cells[0]["message"]
    assert executed.notebook.cells[3].outputs[0].ename == "crashed"
    assert executed.notebook.cells[1].outputs == []


def test_a_beginning_that_fails_costs_its_cell_alone(engine):
    begun = {0: "while True: pass", 1: "1 / 0"}
    cells = [given("while True: pass\n1"), given("1 / 0\n1"), given("x = 1")]
    executed = run(engine, *cells, asks("assert x == 1"), left_out=begun)
    assert executed.cells[0]["status"] == "passed"
    assert [cell.outputs for cell in executed.notebook.cells[:2]] == [[], []]


def test_what_was_left_out_is_kept_with_the_result(engine):
    executed = run(engine, given("x = 2"), asks("1"), left_out={0: ""})
    again = Executed.from_json(executed.to_json())
    assert again.notebook.cells[0].metadata["autograder"] == {"left_out": True}


def test_a_worker_far_away_leaves_out_the_same_cells(tmp_path):
    job = Job(new_notebook(cells=[given("x = 2")]), "", left_out={0: "", 7: "y = 1"})
    header, _ = pack(job, Settings((), LIMITS))
    found, _ = unpack(header, [], tmp_path)
    assert found.left_out == {0: "", 7: "y = 1"}
