"""A stub with text beside it is looked at by a person; one without is not."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.base.source_code import words_of
from autograder.intake.repair import repair
from autograder.intake.rescue.answers_beside import note_answers_beside
from autograder.model.cells import BESIDE, ReferenceCell

STUB = "Write your answer here."
TEST = ReferenceCell("test", "code", "assert x", "0", True, True, False, False, 1.0)
WHY = ReferenceCell("why", "markdown", STUB, "0", False, True, True, False, 1.0)
DRAW = ReferenceCell("draw", "code", "raise 1", "0", False, True, True, False, 1.0)
GIVEN = "## The next part"


def named(cell, name):
    cell.metadata["grade_id"] = name
    return cell


def looked_at(*cells):
    """Return the stubs that a person looks at, and what is said."""
    found = repair(new_notebook(cells=list(cells)), [TEST, WHY, DRAW])
    given = {words_of(GIVEN)}
    said = [
        *note_answers_beside(
            found.notebook.cells, [TEST, WHY, DRAW], found.put_back, given
        )
    ]
    entries = [c.metadata.get("nbgrader", {}) for c in found.notebook.cells]
    return {e["grade_id"] for e in entries if e.get("checksum") == BESIDE}, said


TEST_CELL = named(new_code_cell("assert x"), "test")
WHY_CELL = named(new_markdown_cell(STUB), "why")
DRAW_CELL = named(new_code_cell("raise 1"), "draw")
TEXT = new_markdown_cell("Because.")
CODE = new_code_cell("plot(1)")


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ((WHY_CELL, TEXT, DRAW_CELL), {"why"}),
        ((TEXT, WHY_CELL, DRAW_CELL), {"why"}),
        ((WHY_CELL, new_markdown_cell(GIVEN), TEXT, DRAW_CELL), {"why"}),
        ((WHY_CELL, new_raw_cell("Because."), DRAW_CELL), {"why"}),
        ((WHY_CELL, new_code_cell("Because it is so"), DRAW_CELL), {"why"}),
        ((WHY_CELL, new_code_cell("# Because."), DRAW_CELL), {"why"}),
        ((WHY_CELL, new_code_cell("print('Because')"), DRAW_CELL), {"why"}),
        ((WHY_CELL, new_code_cell("print(f(3))"), DRAW_CELL), set()),
        ((WHY_CELL, DRAW_CELL, CODE), {"draw"}),
        ((TEXT, DRAW_CELL), {"why"}),
        ((WHY_CELL, DRAW_CELL), set()),
        ((WHY_CELL, new_markdown_cell(GIVEN), DRAW_CELL), set()),
        ((WHY_CELL, new_markdown_cell("  "), DRAW_CELL), set()),
        ((WHY_CELL, CODE, DRAW_CELL), set()),
        ((DRAW_CELL,), set()),
        ((named(new_markdown_cell("So."), "why"), TEXT, DRAW_CELL), set()),
    ],
)
def test_text_of_ones_own_beside_a_stub_is_looked_at(cells, wanted):
    assert looked_at(TEST_CELL, *cells)[0] == wanted


def test_text_that_belongs_to_another_cell_is_not():
    answered = named(new_markdown_cell("Mine."), "why")
    assert looked_at(TEXT, TEST_CELL, WHY_CELL, DRAW_CELL) == (set(), [])
    assert looked_at(TEST_CELL, answered, TEXT, DRAW_CELL) == (set(), [])


def test_it_is_said_once():
    assert looked_at(TEST_CELL, WHY_CELL, TEXT, DRAW_CELL)[1] == [
        "why: is empty; look for its answer next to it"
    ]
    assert looked_at(TEST_CELL, TEXT, DRAW_CELL)[1] == []  # the repair has said it
