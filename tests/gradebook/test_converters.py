"""Notebooks become the text that nbformat makes of them, whatever came before."""

import json
from copy import deepcopy

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.gradebook import converters
from autograder.gradebook.converters import ExportOnce

KERNEL = {"name": "k", "display_name": "K"}


def notebook(*cells, **more):
    return new_notebook(cells=[*cells], **more)


def by_nbformat(made: NotebookNode) -> str:
    return nbformat.writes(deepcopy(made), version=4) + "\n"


def given(name="given", **more):
    return new_code_cell("import math\nx = 'é'\n", id=name, **more)


SEVERAL = {
    "as it was given": [notebook(given())] * 2,
    "no cells": [notebook(), notebook(given()), notebook()],
    "another source under the same id": [
        notebook(given()),
        notebook(new_code_cell("y = 2", id="given")),
    ],
    "other metadata": [
        notebook(given()),
        notebook(given(metadata={"nbgrader": {"points": 1.0}, "trusted": True})),
        notebook(given(metadata={"nbgrader": {"points": 1}})),
    ],
    "outputs now and then": [
        notebook(given(outputs=[new_output("stream", text="a\nb\n")])),
        notebook(given()),
        notebook(given(outputs=[new_output("stream", text="c")])),
    ],
    "a picture in a text": [
        notebook(
            new_markdown_cell(
                "![](attachment:a.png)",
                id="text",
                attachments={"a.png": {"image/png": "aGk="}},
            )
        )
    ]
    * 2,
    "metadata of the notebook, and what no notebook has": [
        notebook(given(), metadata={"kernelspec": KERNEL, "signature": "s"}),
        NotebookNode(notebook(given()), more={"é": [1]}),
    ],
    "an older format": [
        NotebookNode(notebook(given()), nbformat_minor=4),
        notebook(given()),
    ],
}


@pytest.mark.parametrize("made", SEVERAL.values(), ids=SEVERAL)
def test_each_is_written_as_nbformat_writes_it(made):
    exporter = ExportOnce()
    for one in made:
        expected = by_nbformat(one)
        assert exporter.from_notebook_node(deepcopy(one))[0] == expected


def test_a_known_cell_is_validated_and_written_once(monkeypatch):
    seen, exporter = [], ExportOnce()
    first = notebook(given())
    second = notebook(given(), new_code_cell("answer = 42", id="own"))

    def validate(nb, **_):
        seen.append([cell.id for cell in nb.cells])

    monkeypatch.setattr(nbformat, "validate", validate)
    for one in (first, second):
        exporter.from_notebook_node(one)
    assert seen == [["given"], ["own"]]


def test_what_is_wrong_beside_known_cells_is_told_with_its_place():
    exporter = ExportOnce()
    exporter.from_notebook_node(notebook(given()))
    broken = NotebookNode(given("broken"), source=5)
    with pytest.raises(nbformat.ValidationError) as found:
        exporter.from_notebook_node(notebook(given(), broken))
    assert list(found.value.absolute_path)[:2] == ["cells", 1]


def test_wrong_metadata_of_a_notebook_is_refused_where_all_cells_are_known():
    exporter = ExportOnce()
    exporter.from_notebook_node(notebook(given()))
    with pytest.raises(nbformat.ValidationError):
        exporter.from_notebook_node(notebook(given(), metadata={"kernelspec": 5}))


@pytest.mark.filterwarnings("ignore")
def test_two_cells_of_one_id_get_two_where_both_are_known():
    exporter = ExportOnce()
    exporter.from_notebook_node(notebook(given()))
    text, _ = exporter.from_notebook_node(notebook(given(), given()))
    assert len({cell["id"] for cell in json.loads(text)["cells"]}) == 2


def test_no_more_is_kept_than_is_allowed(monkeypatch):
    monkeypatch.setattr(converters, "MOST_KEPT", 3)
    monkeypatch.setattr(converters, "LONGEST_KEPT", 1000)
    exporter = ExportOnce()
    long = new_code_cell("#" * 2000, id="long")
    exporter.from_notebook_node(notebook(long, *map(given, "abcde")))
    assert len(exporter._texts) == 3
    assert all(sum(map(len, key)) <= 1000 for key in exporter._texts)


def test_properties_that_no_notebook_has_are_let_pass_and_found_once(monkeypatch):
    made = [notebook(given(name)) for name in ("first", "second")]
    for one in made:
        one.cells[0]["starred"] = True
    asked, real = [], nbformat.validate

    def validate(nb, *, relax_add_props):
        asked.append(relax_add_props)
        real(nb, relax_add_props=relax_add_props)

    monkeypatch.setattr(nbformat, "validate", validate)
    exporter = ExportOnce()
    texts = [exporter.from_notebook_node(one)[0] for one in made]
    assert all(json.loads(text)["cells"][0]["starred"] for text in texts)
    assert asked == [False, True, True]
