"""What can be put right in a notebook is put right, and it is said what was done."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.base.errors import UnreadableSubmission
from autograder.intake.notebook_reader import notebook_from
from autograder.intake.repair import repair
from autograder.model.cells import ReferenceCell

HIDDEN = "### BEGIN HIDDEN TESTS\nassert double(7) == 14\n### END HIDDEN TESTS"
VISIBLE = "assert double(3) == 6"


def cell(grade_id: str, source: str, **kinds: object) -> ReferenceCell:
    defaults = {
        "kind": "code",
        "checksum": "0",
        "locked": False,
        "grade": False,
        "solution": False,
        "task": False,
        "points": 0.0,
    }
    return ReferenceCell(grade_id, source=source, **defaults | kinds)


REFERENCE = [
    cell("imports", "import numpy as np", locked=True),
    cell("double", "def double(x):\n    raise NotImplementedError", solution=True),
    cell("test_double", f"{VISIBLE}\n{HIDDEN}", grade=True, locked=True, points=1.0),
    cell("why", "Write here.", kind="markdown", grade=True, solution=True, points=2.0),
]
ANSWER = "def double(x):\n    return 2 * x"


def submitted() -> nbformat.NotebookNode:
    """Return an honest submission, as it comes out of `notebook_from`."""
    cells = [
        new_markdown_cell("# Title"),
        new_code_cell("import numpy as np", metadata={"grade_id": "imports"}),
        new_code_cell(ANSWER, metadata={"grade_id": "double"}),
        new_code_cell(VISIBLE, metadata={"grade_id": "test_double"}),
        new_markdown_cell("Because.", metadata={"grade_id": "why"}),
    ]
    return new_notebook(cells=cells)


def sources(repaired) -> dict[str, str]:
    return {
        c.metadata.nbgrader.grade_id: c.source
        for c in repaired.notebook.cells
        if "nbgrader" in c.metadata
    }


def test_an_honest_submission_passes_without_a_word():
    repaired = repair(submitted(), REFERENCE)
    assert (repaired.repairs, repaired.tampering) == ([], [])
    assert sources(repaired) == {
        "imports": "import numpy as np",
        "double": ANSWER,
        "test_double": f"{VISIBLE}\n{HIDDEN}",
        "why": "Because.",
    }
    nbformat.validate(repaired.notebook)


def test_blanks_at_line_ends_are_no_tampering():
    notebook = submitted()
    notebook.cells[3].source = VISIBLE + "  \r\n"
    assert repair(notebook, REFERENCE).tampering == []


def test_an_edited_test_is_put_back_and_reported():
    notebook = submitted()
    notebook.cells[3].source = "assert True"
    repaired = repair(notebook, REFERENCE)
    assert sources(repaired)["test_double"] == f"{VISIBLE}\n{HIDDEN}"
    assert repaired.tampering == [
        "test_double: the test was edited; the original was put back"
    ]


def test_a_deleted_test_comes_back_after_its_exercise():
    notebook = submitted()
    del notebook.cells[3]
    repaired = repair(notebook, REFERENCE)
    names = [
        c.metadata.get("nbgrader", {}).get("grade_id") for c in repaired.notebook.cells
    ]
    assert names == [None, "imports", "double", "test_double", "why"]
    assert repaired.repairs == ["test_double: was deleted, put back"]


def test_what_was_repaired_is_the_same_notebook_as_one_that_was_whole():
    # Then it need not be executed once more.
    whole, broken = submitted(), submitted()
    for notebook in (whole, broken):
        notebook.cells.append(new_code_cell("double(4)"))
    del broken.cells[3]
    assert repair(broken, REFERENCE).notebook == repair(whole, REFERENCE).notebook


def test_of_copies_the_last_counts_and_all_stay():
    notebook = submitted()
    draft = new_code_cell("draft = 1", metadata={"grade_id": "double"})
    notebook.cells.insert(2, draft)
    repaired = repair(notebook, REFERENCE)
    assert sources(repaired)["double"] == ANSWER
    assert repaired.notebook.cells[2].source == "draft = 1"
    assert "found 2 cells of this name" in repaired.repairs[0]


@pytest.mark.parametrize("place", [2, 3, 5])
def test_an_empty_copy_takes_no_answers_place(place):
    notebook = submitted()
    stub = new_code_cell(REFERENCE[1].source, metadata={"grade_id": "double"})
    notebook.cells.insert(place, stub)
    text = new_markdown_cell("Write here.", metadata={"grade_id": "why"})
    notebook.cells.append(text)
    repaired = repair(notebook, REFERENCE)
    found = sources(repaired)
    assert (found["double"], found["why"]) == (ANSWER, "Because.")
    assert all(cell.source != stub.source for cell in repaired.notebook.cells)
    assert repaired.repairs == [
        f"{name}: found a copy of it as it was given out, left out"
        for name in ("double", "why")
    ]


def test_of_empty_copies_one_stays():
    notebook = submitted()
    notebook.cells[2].source = REFERENCE[1].source
    notebook.cells.insert(3, notebook.cells[2].copy())
    repaired = repair(notebook, REFERENCE)
    assert sources(repaired)["double"] == REFERENCE[1].source


def test_cells_that_lost_their_names_are_recognised():
    notebook = submitted()
    for c in notebook.cells:
        c.metadata.pop("grade_id", None)
    repaired = repair(notebook, REFERENCE)
    assert sources(repaired)["double"] == ANSWER
    assert len(repaired.notebook.cells) == len(notebook.cells) + 1  # the written answer
    assert [r.split(":")[0] for r in repaired.repairs] == [
        "imports, double, test_double",
        "why",
    ]
    assert "look for its text in other cells" in repaired.repairs[1]


def test_a_stub_that_lost_its_name_was_not_deleted():
    stub = "# recall = {1: <a number>}\nraise NotImplementedError"
    recall = cell("recall", stub, solution=True)
    notebook = new_notebook(cells=[new_code_cell(f"{stub}\n")])
    repaired = repair(notebook, [recall])
    assert repaired.repairs == ["recall: had lost their names (1 cells), recognised"]


def test_a_written_answer_that_lost_its_name_is_told_by_its_first_line():
    stub = "**Your answer**\n\nWrite here."
    why = cell("why", stub, kind="markdown", grade=True, solution=True, points=2.0)
    notebook = submitted()
    notebook.cells[4] = new_markdown_cell("**Your answer**\n\nBecause.")
    repaired = repair(notebook, [*REFERENCE[:3], why])
    assert sources(repaired)["why"].endswith("Because.")
    assert repaired.repairs == ["why: had lost their names (1 cells), recognised"]


def test_a_test_turned_into_text_is_code_again():
    notebook = submitted()
    notebook.cells[3] = new_markdown_cell(VISIBLE, metadata={"grade_id": "test_double"})
    repaired = repair(notebook, REFERENCE)
    assert repaired.notebook.cells[3].cell_type == "code"
    assert "turned into markdown" in repaired.repairs[0]


def test_metadata_of_the_student_is_not_believed():
    raw = json.loads(nbformat.writes(submitted()))
    raw["metadata"]["kernelspec"] = {"name": "evil"}
    for c in raw["cells"]:
        name = c["metadata"].pop("grade_id", None)
        c["metadata"]["nbgrader"] = {
            "grade_id": name,
            "points": 1000,
            "schema_version": 99,
            "solution": True,
            "grade": False,
        }
    repaired = repair(notebook_from(raw, "x.ipynb"), REFERENCE)
    test = next(c for c in repaired.notebook.cells if c.source.startswith(VISIBLE))
    assert test.metadata.nbgrader.points == 1
    assert test.metadata.nbgrader.schema_version == 3
    assert "kernelspec" not in repaired.notebook.metadata


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id"]
            ),
            inner
            | st.sampled_from(["code", "markdown", "double", "test_double"])
            | st.lists(inner, max_size=2),
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_no_json_does_more_than_being_unreadable(content):
    try:
        notebook = notebook_from(content, "a.ipynb")
    except UnreadableSubmission:
        return
    repaired = repair(notebook, REFERENCE)
    assert set(sources(repaired)) == {"imports", "double", "test_double", "why"}
    nbformat.validate(repaired.notebook)


def test_cells_that_were_handed_out_run_in_the_order_handed_out():
    own = new_code_cell("y = 1")
    title, imports, double, test, why = submitted().cells
    for order in (
        [title, why, test, own, double, imports],
        [title, test, double, own, why, imports],
    ):
        repaired = repair(new_notebook(cells=list(order)), REFERENCE)
        names = [
            c.metadata.get("nbgrader", {}).get("grade_id")
            for c in repaired.notebook.cells
        ]
        assert [n for n in names if n] == ["imports", "double", "test_double", "why"]
        assert repaired.notebook.cells[order.index(own)].source == "y = 1"
        assert sources(repaired)["double"] == ANSWER
        (told,) = repaired.repairs
        assert "were moved" in told
        assert "test_double" in told
    assert repair(submitted(), REFERENCE).repairs == []


GIVEN = '''import os, math
import numpy as np
%matplotlib inline
def area(r):
    """The area.

    r: a number
    """
    #of a circle
    return {'area':(math.pi*r**2)}["area"]
del (os)'''
FORMATTED = '''import math
import os

import numpy as np

%matplotlib inline


def area(r):
    """The area.

    r: a number
    """
    # of a circle
    return {"area": math.pi * r**2}["area"]


del os
'''


def test_formatting_on_save_is_no_tampering():
    given = cell("given", GIVEN, locked=True)
    note = cell("note", "* *one*\n* two", kind="markdown", locked=True)
    formatted = new_code_cell(FORMATTED, metadata={"grade_id": "given"})
    text = new_markdown_cell("- _one_\n- two\n", metadata={"grade_id": "note"})
    found = repair(new_notebook(cells=[formatted, text]), [given, note])
    assert (found.repairs, found.tampering) == ([], [])
    assert sources(found)["given"] == GIVEN
    for before, after in [("r**2", "r**3"), ("%matplotlib inline", ""), ("os", "re")]:
        formatted.source = FORMATTED.replace(before, after)
        found = repair(new_notebook(cells=[formatted, text]), [given, note])
        assert found.tampering == [
            "given: the locked cell was edited; the original was put back"
        ]


def test_an_answer_that_lost_a_name_of_nbgraders_is_told_by_what_its_stub_defines():
    known = [
        cell("cell-1", "def double(x):\n    raise NotImplementedError", solution=True),
        cell("cell-2", VISIBLE, grade=True, locked=True, points=1.0),
        cell("cell-3", "total = None", solution=True),
        cell("cell-4", "total = 3\nassert total == 3", grade=True, locked=True),
    ]
    own = [ANSWER, "assert double( 3 )==6", "a = 1\ntotal = a + 2", known[3].source]
    notebook = new_notebook(cells=[new_code_cell(source) for source in own])
    found = repair(notebook, known)
    assert found.repairs == [
        "cell-1, cell-2, cell-3, cell-4: had lost their names (4 cells), recognised"
    ]
    assert [c.source for c in found.notebook.cells] == [
        ANSWER,
        VISIBLE,
        own[2],
        own[3],
    ]
