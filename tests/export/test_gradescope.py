"""What a submission's record becomes in Gradescope's `results.json`."""

import json

import pytest

from autograder.audit.diagnosis import Diagnosis
from autograder.base.errors import EngineError
from autograder.export import gradescope
from autograder.gradebook.results import Record


def cell(name, points, most, status, message=""):
    return {
        "grade_id": name,
        "points": points,
        "max_points": most,
        "status": status,
        "message": message,
    }


CELLS = [
    cell("test_neuron_example", 1.0, 1.0, "passed"),
    cell("test_neuron_sizes", 0.0, 2.0, "failed", "AssertionError: (3,) is (1,)"),
    cell("test_step_example", 0.5, 1.0, "partial", "half of it"),
    cell("test_step_arrays", 0.0, 1.0, "timeout", "stopped after 10 s"),
    cell("why", 0.0, 3.0, "manual"),
]
HIDDEN = ["test_neuron_sizes", "test_step_arrays"]


@pytest.fixture
def results(monkeypatch, tmp_path):
    """Return a function that gives the results of a record, or of an error."""
    settings = {"lesson": "l", "hidden": HIDDEN, "visibility": "after_published"}
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "gradescope.json").write_text(json.dumps(settings))
    mistake = Diagnosis("neuron", "no_batch", "You forgot the batch.", 1)
    monkeypatch.setattr(gradescope, "diagnoses", lambda *_: {"neuron": mistake})

    def run(outcome):
        def record(*_):
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(gradescope, "_record", record)
        gradescope.main(tmp_path)
        return json.loads((tmp_path / "results" / "results.json").read_text())

    return run


def test_there_is_a_test_a_check_shown_when_the_instructor_has_said(results):
    found = results(Record("student", "l", "graded", cells=CELLS))
    tests = {test["name"]: test for test in found["tests"]}
    assert {*tests} >= {c["grade_id"] for c in CELLS}
    for name, test in tests.items():
        if name in HIDDEN:
            assert test["visibility"] == "after_published"
        elif "instructors only" not in name:
            assert test["visibility"] == "visible"
    assert found["score"] == 1.5
    counted = [t for t in tests.values() if "max_score" in t]
    assert sum(test["max_score"] for test in counted) == 5.0
    passed = {name for name, test in tests.items() if test.get("status") == "passed"}
    assert passed == {"test_neuron_example"}
    assert "stopped after 10 s" in tests["test_step_arrays"]["output"]


def test_the_named_mistake_is_told_where_the_tests_are_that_told_of_it(results):
    found = results(Record("student", "l", "graded", cells=CELLS))
    told = [t["name"] for t in found["tests"] if "forgot the batch" in t["output"]]
    assert told == ["test_neuron_sizes"]


def test_written_answers_wait_for_a_person_and_are_no_zero(results):
    found = results(Record("student", "l", "graded", cells=CELLS))
    (why,) = [test for test in found["tests"] if test["name"] == "why"]
    assert "score" not in why
    assert "Waits for a person" in why["output"]
    assert "3 points: they are not in this score" in found["output"]


def test_the_layers_are_for_instructors(results):
    found = results(Record("student", "l", "graded", cells=CELLS))
    (layers,) = [t for t in found["tests"] if t["visibility"] == "hidden"]
    assert "rlimits" in layers["output"]


def test_what_cannot_be_read_gets_zero_and_says_why(results):
    found = results(Record("student", "l", "unreadable", message="found no notebook"))
    assert found["score"] == 0
    assert "could not be graded: found no notebook" in found["output"]


@pytest.mark.parametrize(
    "outcome",
    [
        OSError("disk full"),
        EngineError("secret of the machine"),
        Record("student", "l", "errored", message="secret of the machine"),
    ],
)
def test_a_failing_grader_says_so_to_the_student_and_why_to_the_instructor(
    outcome, results, capsys
):
    found = results(outcome)
    assert found["score"] == 0
    assert "no fault of yours" in found["output"]
    assert "secret" not in json.dumps(found)
    assert "secret" in (said := capsys.readouterr().out) or "disk full" in said
