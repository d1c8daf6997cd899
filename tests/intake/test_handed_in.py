"""What a student handed in as outputs is shown, cleaned and limited."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.intake.handed_in import is_left_out, outputs_of, put_back
from autograder.intake.notebook_reader import notebook_from
from autograder.intake.repair import repair

PNG = "iVBORw0KGgo="
SHOWN = [
    {"output_type": "stream", "name": "stdout", "text": ["one\n", "two\n"]},
    {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}},
    {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "no",
        "traceback": ["ValueError: no"],
    },
]


def executed(outputs: object, left_out: bool = True) -> nbformat.NotebookNode:
    """Return a notebook of one cell that was left out, with these outputs put back."""
    raw = {"cells": [{"cell_type": "code", "source": "plot()", "outputs": outputs}]}
    repaired = repair(notebook_from(raw, "x.ipynb"), [])
    notebook = new_notebook(cells=[new_code_cell("plot()", id="student-0")])
    if left_out:
        notebook.cells[0].metadata["autograder"] = {"left_out": True}
    put_back(notebook, repaired.handed_in, output_kib=4)
    nbformat.validate(notebook)
    return notebook


def test_text_pictures_and_errors_are_as_they_were():
    note, *found = executed(SHOWN).cells[0].outputs
    assert "as handed in" in note.data["text/plain"]
    assert found[0].text == "one\ntwo\n"
    assert found[1].data == {"image/png": PNG}
    assert found[2].ename == "ValueError"


def test_a_cell_that_was_run_keeps_what_it_showed_here():
    cell = executed(SHOWN, left_out=False).cells[0]
    assert not is_left_out(cell)
    assert cell.outputs == []


@pytest.mark.parametrize(
    "outputs",
    [
        None,
        "text",
        {"output_type": "stream"},
        [None, 3, [], {}, {"output_type": 7}],
        [{"output_type": "stream", "text": {"a": 1}}],
        [{"output_type": "display_data", "data": [1, 2]}],
        [{"output_type": "display_data", "data": {"image/png": '"><script>'}}],
        [{"output_type": "error", "traceback": {"x": 1}}],
        [{"output_type": "stream", "text": "half \ud800 a character"}],
        [{"output_type": "update_display_data", "transient": {"display_id": "a"}}],
    ],
)
def test_what_is_no_output_does_no_harm(outputs):
    assert "<script>" not in json.dumps(executed(outputs))


def test_outputs_have_the_limit_of_a_cell():
    flood = [{"output_type": "stream", "name": "stdout", "text": "x" * 100_000}]
    (cell,) = executed(flood).cells
    assert sum(len(output.text) for output in outputs_of(cell)) < 10_000
    assert "[output cut" in cell.outputs[-1].text
