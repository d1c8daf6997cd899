"""What no program writes into a cell's metadata, however deep, leaves it readable."""

import json

import pytest

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
