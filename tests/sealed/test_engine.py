"""The engine leaves cells out: they do not run, and what needs them notices."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.popen_forkserver import Popen

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.base.paths import ROOT
from autograder.cluster.messages import Settings, pack, unpack
from autograder.model.cells import NBGRADER_DEFAULTS
from autograder.sealed.engine import Engine
from autograder.sealed.job import Executed, Job
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


@pytest.mark.parametrize(
    "ending",
    [
        "import sys; sys.exit('wrong')",
        "exit()",
        "raise KeyboardInterrupt",
        "class No(BaseException): ...\nraise No",
    ],
)
def test_a_test_that_ends_python_ends_itself_alone(ending, engine):
    cells = [answer("x = 1"), asks(ending)]
    after = graded("assert x == 1", grade_id="after", grade=True, points=1)
    found = run(engine, *cells, after).cells
    assert [cell["status"] for cell in found] == ["failed", "passed"]


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


POOLS = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, get_context
from multiprocessing.shared_memory import SharedMemory

import joblib
import math

def answer():
    with Pool(2) as pool, ProcessPoolExecutor(2) as executor:
        found = [pool.map(math.sqrt, [1, 4]), list(executor.map(math.sqrt, [9, 16]))]
    with get_context("fork").Manager() as manager:
        found.append(list(manager.list([5])))
    memory = SharedMemory(create=True, size=8)
    memory.close()
    memory.unlink()
    return found + [joblib.Parallel(n_jobs=2)(joblib.delayed(abs)(n) for n in [-6, 7])]
"""


def test_an_answer_may_use_several_processes():
    test = asks("assert answer() == [[1, 2], [3, 4], [5], [6, 7]], answer()")
    with Engine([], NotebookLimits()) as engine:
        for shared in frozenset(), frozenset({"test_answer"}):
            found = run(engine, answer(POOLS), test, shared=shared).cells[0]
            assert found["status"] == "passed", (found["message"], shared)


def test_forks_share_what_numpy_imports_when_it_is_asked(engine):
    look = "import sys\nready = {'numpy.ma', 'numpy.random'} <= sys.modules.keys()"
    (found,) = run(engine, given(look), asks("assert ready")).cells
    assert found["status"] == "passed", found["message"]


def test_exit_codes_are_read_by_one_thread_at_a_time(engine, monkeypatch):
    """Of two that read one, multiprocessing may leave the second waiting for ever."""
    poll, reading, seen = Popen.poll, [], []

    def slow_poll(process, *options):
        seen.extend(reading)
        reading.append(process.pid)
        time.sleep(0.03)
        try:
            return poll(process, *options)
        finally:
            reading.remove(process.pid)

    monkeypatch.setattr(Popen, "poll", slow_poll)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: run(engine, given(f"x = {number}")), range(6)))
    assert not seen


START = """
from autograder.sealed import template
template.start([])
print("started", template.number())
template.stop()
"""


def test_a_long_path_of_temporary_files_leaves_room_for_a_socket(tmp_path):
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("started "), done.stderr


VALUES = {
    "np.float64(0.25)": 0.25,
    "np.float32(0.25)": 0.25,
    "np.int64(0)": 0,
    "np.array(0.25)": 0.25,
    "np.array(0.25, np.float32)": 0.25,
    "(np.arange(2) == 5).all()": 0,
    "np.True_": 1,
    "np.array(False)": 0,
    "Decimal('0.25')": 0.25,
    "Fraction(1, 4)": 0.25,
    "pd.Series([0.25]).mean()": 0.25,
    "False": 0,
    "np.nan": 0,
    "-1": 0,
    "np.float64(3)": 1,
    "'False'": 1,
    "None": 1,
}


def test_numbers_and_truths_of_libraries_are_what_they_are():
    begin = (
        "from decimal import Decimal\nfrom fractions import Fraction\n"
        "import numpy as np\nimport pandas as pd"
    )
    tests = [
        graded(value, grade_id=f"test_{n}", grade=True, points=1, locked=True)
        for n, value in enumerate(VALUES)
    ]
    notebook = new_notebook(cells=[given(begin), *tests])
    names = frozenset(f"test_{n}" for n in range(len(tests)))
    with Engine(["pandas"], NotebookLimits()) as engine:
        for shared in frozenset(), names:
            found = engine.run(Job(notebook, begin, shared=shared)).cells
            points = [cell["points"] for cell in found]
            assert dict(zip(VALUES, points, strict=True)) == VALUES, shared


def test_figures_are_pictures_whatever_backend_was_asked_for():
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    with Engine(["matplotlib.pyplot"], NotebookLimits()) as engine:
        for asked in ("widget", "notebook", "ipympl", "qt"):
            cell = given(f"%matplotlib {asked}\n{draw}")
            (output,) = run(engine, cell).notebook.cells[0].outputs
            assert "image/png" in output.data, asked
