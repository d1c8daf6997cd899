"""What a worker says is believed as far as it fits its job."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.base.errors import EngineError
from autograder.cluster.answers import read_answer
from autograder.sealed.job import Job

ABOUT = {"grade": True, "solution": False, "locked": True, "points": 2}
RESULT = {
    "grade_id": "test_one",
    "points": 1.5,
    "max_points": 2.0,
    "status": "partial",
    "message": "",
}


def _job() -> Job:
    test = new_code_cell("1.5", id="one")
    test.metadata["nbgrader"] = ABOUT | {"grade_id": "test_one", "schema_version": 3}
    return Job(new_notebook(cells=[new_markdown_cell("# One", id="top"), test]), "")


def _answer(**changes: object) -> dict:
    notebook = json.loads(json.dumps(_job().notebook))
    notebook["cells"][1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "1.5"}
    ]
    honest = {
        "notebook": notebook,
        "cells": [RESULT],
        "sandbox": ["seccomp"],
        "pictures": {},
        "slowest": [{"cell": "test_one", "seconds": 0.2}],
    }
    return honest | changes


def _with_cell(**changes: object) -> dict:
    notebook = _answer()["notebook"]
    notebook["cells"][1] |= changes
    return notebook


def test_what_fits_its_job_is_taken():
    executed = read_answer(json.dumps(_answer()).encode(), _job())
    assert executed.cells == [RESULT]
    assert executed.cell("test_one").outputs[0].text == "1.5"


WRONG = {
    "no bytes": "{}",
    "no JSON": b"{",
    "no object": b"[]",
    "too deep": b"[" * 100_000,
    "no such part": _answer(points=3),
    "more points than there are": _answer(cells=[RESULT | {"points": 2.5}]),
    "less than none": _answer(cells=[RESULT | {"points": -1}]),
    "points that are none": _answer(cells=[RESULT | {"points": float("nan")}]),
    "points in words": _answer(cells=[RESULT | {"points": "2"}]),
    "a truth for points": _answer(cells=[RESULT | {"points": True}]),
    "a test worth more": _answer(cells=[RESULT | {"max_points": 3.0}]),
    "a status in a list": _answer(cells=[RESULT | {"status": ["passed"]}]),
    "no such status": _answer(cells=[RESULT | {"status": "excused"}]),
    "a message that is none": _answer(cells=[RESULT | {"message": {}}]),
    "more of a result": _answer(cells=[RESULT | {"extra": 1}]),
    "no result": _answer(cells=[]),
    "a result twice": _answer(cells=[RESULT, RESULT]),
    "a result of another test": _answer(cells=[RESULT | {"grade_id": "test_two"}]),
    "results that are none": _answer(cells=["passed"]),
    "layers that are none": _answer(sandbox=[1]),
    "pictures that are none": _answer(pictures={"a": 1}),
    "seconds that are none": _answer(slowest=[{"cell": "a", "seconds": "1"}]),
    "no notebook": _answer(notebook=[]),
    "another test": _answer(notebook=_with_cell(source="2.0")),
    "a test of another name": _answer(notebook=_with_cell(metadata={})),
    "outputs that are none": _answer(notebook=_with_cell(outputs={})),
    "an output that is none": _answer(notebook=_with_cell(outputs=[{"a": 1}])),
}


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG)
def test_what_does_not_is_an_error_of_the_grader(answer):
    told = json.dumps(answer).encode() if isinstance(answer, dict) else answer
    with pytest.raises(EngineError, match="a worker sent no answer to its job: "):
        read_answer(told, _job())
