"""What no program writes, deep flags or very much code, leaves a notebook readable."""

import json

import pytest

from autograder.base.source_code import meaning_of
from autograder.intake.notebook_reader import parse_notebook
from autograder.intake.repair import repair
from autograder.model.cells import ReferenceCell

DEEP = {
    "lists": "[" * 600 + "]" * 600,
    "objects": '{"a":' * 600 + "1" + "}" * 600,
    "lists in an object": '{"a":' + "[" * 600 + "]" * 600 + "}",
}


@pytest.mark.parametrize("flag", ["points", "locked", "schema_version"])
@pytest.mark.parametrize("way", DEEP)
def test_deep_flags_are_told_and_nothing_else(way, flag):
    cell = json.dumps(
        {
            "cell_type": "code",
            "source": "x = 2",
            "metadata": {"nbgrader": {"grade_id": "x", flag: "DEEP"}},
        }
    )
    content = f'{{"cells": [{cell.replace(chr(34) + "DEEP" + chr(34), DEEP[way])}]}}'
    known = ReferenceCell("x", "code", "x = 1", "", False, False, True, False, 0.0)
    repaired = repair(parse_notebook(content.encode(), "x.ipynb"), [known])
    assert repaired.notebook.cells[0].source == "x = 2"
    assert f"x: {flag} was 'a " in repaired.repairs[0]


@pytest.mark.parametrize(
    "code", ["1 + " * 75 + "1", "(" * 150 + "1" + ")" * 150, "-" * 300 + "1"]
)
def test_much_code_costs_no_time_and_locked_cells_are_known_by_their_text(code):
    locked = "def given(x):\n    return x"
    sources = [f"y{number} = {code}" for number in range(1_500)] + [locked]
    cells = [{"cell_type": "code", "source": s, "metadata": {}} for s in sources]
    known = ReferenceCell("given", "code", locked, "", True, False, False, False, 0.0)
    long = ReferenceCell(
        "x", "code", "x = 1\n" * 99, "", True, False, False, False, 0.0
    )
    content = json.dumps({"cells": [*cells, *[cells[0]] * 400]}).encode()
    before = meaning_of.cache_info().misses
    repaired = repair(parse_notebook(content, "x.ipynb"), [known, long])
    assert meaning_of.cache_info().misses - before <= 4
    assert "given: had lost their names" in repaired.repairs[0]
