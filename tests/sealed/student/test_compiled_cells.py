"""A cell that comes along as code comes to what it comes to as text."""

import os
import re

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.model.cells import NBGRADER_DEFAULTS
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits
from autograder.sealed.sandbox.layers import PID
from autograder.sealed.student import compiled_cells
from autograder.sealed.student.compiled_cells import SHORT, compiled, file_of
from tests.support.sealed.shell import Student

LONG = "# long\n" * SHORT
LOOK = (
    "import sys\nprint(sorted(k for k in globals() if not k.startswith('_')), __doc__)"
)
CELLS = {
    "a value": "x = 1\n'a text'\nx + 1",
    "nothing shown": "x = 1\nx + 1;",
    "a definition": 'def f(x):\n    """Return x."""\n    return 1 / x',
    "an error": "x = 1\ny = x / 0\nz = 1",
    "an error deeper": "def f(x):\n    return 1 / x\n\nprint('before')\nf(0)",
    "a warning": "import warnings\nwarnings.warn('from here')",
    "a syntax error": "x = 1\ny = = 2",
    "an error of the compiler": "x = 1\nreturn x",
    "a magic": "x = 1\n%precision 3\nx / 3",
    "something awaited": "import asyncio\nx = await asyncio.sleep(0, 5)\nx",
    "the future": "from __future__ import annotations\nx: nobody = 1",
    "no statement": "",
}
BEFORE = {
    "nothing": "1",
    "transformers": "import ast\n"
    "class Twice(ast.NodeTransformer):\n"
    "    def visit_Constant(self, node):\n"
    "        is_number = type(node.value) is int\n"
    "        return ast.Constant(node.value * 2) if is_number else node\n\n"
    "get_ipython().ast_transformers.append(Twice())",
    "every value shown": "get_ipython().ast_node_interactivity = 'all'",
    "the future": "from __future__ import annotations",
    "lines changed": "get_ipython().input_transformers_post.append(\n"
    "    lambda lines: [line.replace('1', '3') for line in lines])",
}


def ran(tmp_path, before: str, cell: str, *, is_known: bool) -> list:
    tmp_path.mkdir()

    def act(shell, log):
        compiled_cells._FIRST = os.getpid()  # as if it had a namespace of its own
        known = compiled(cell) if is_known else b""
        for source, code in [(before, b""), (cell, known), (LOOK, b"")]:
            log({"status": shell.run_cell(source, code)})

    turns = Student(tmp_path).drive(act)
    return [(t.status, _without_numbers(str(t.events))) for t in turns]


def _without_numbers(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+|ipykernel_\d+", "#", text)


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_a_known_cell_comes_to_the_same(before, tmp_path):
    for name, cell in CELLS.items():
        both = [
            ran(tmp_path / f"{name} {way}", before, LONG + cell, is_known=way)
            for way in (False, True)
        ]
        assert both[0] == both[1], name


@pytest.mark.parametrize("name", ["a value", "a definition", "an error deeper"])
def test_most_long_cells_are_known(name):
    assert compiled(LONG + CELLS[name])


@pytest.mark.parametrize("name", ["a magic", "something awaited", "the future"])
def test_what_ipython_does_more_for_is_left_to_it(name):
    assert not compiled(LONG + CELLS[name])


def test_of_a_lesson_it_is_the_code_of_long_given_cells_that_runs(monkeypatch):
    given, held = LONG + "x = 'as text'", {"given": ["x"]}
    cells = [new_code_cell(given), new_code_cell("print(x)")]
    marks = {"grade_id": "given", "locked": True}
    cells[0].metadata["nbgrader"] = NBGRADER_DEFAULTS | marks
    other = LONG + "x = 'as code'"
    # Compiled as if it were the given cell; its own name would be another one.
    monkeypatch.setattr(compiled_cells, "file_of", lambda *_: file_of(given, 1))
    code = compiled(other)
    monkeypatch.undo()
    monkeypatch.setattr(compiled_cells, "compiled", lambda source: code)
    with Engine([], NotebookLimits()) as engine:
        executed = engine.run(Job(new_notebook(cells=cells), "", held=held))
    way = "code" if PID in executed.sandbox else "text"
    assert executed.notebook.cells[1].outputs[0]["text"] == f"as {way}\n"
