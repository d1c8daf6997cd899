"""Results are lines that promise their fields, and survive what kills a run."""

import json

from autograder.gradebook.results import Ledger, Record
from tests.support.graded import grade
from tests.support.small_course import NAME, RIGHT, hand_in, make_course


def test_results_are_json_lines_with_the_promised_fields(tmp_path):
    course = make_course(tmp_path)
    slow = "import time\n\ntime.sleep(0.5)\n" + RIGHT["total"]
    hand_in(tmp_path, "ada", RIGHT | {"total": slow})
    grade(tmp_path)
    line = json.loads((course.results / "results.jsonl").read_text())
    assert "total" in [found["cell"] for found in line["slowest"]]
    assert {
        "student",
        "lesson",
        "status",
        "score",
        "max_score",
        "seconds",
        "cells",
        "repairs",
        "tampering",
    } <= line.keys()
    assert line["cells"][0].keys() == {
        "grade_id",
        "points",
        "max_points",
        "status",
        "message",
    }


def test_an_unfinished_line_of_a_killed_run_is_done_again(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    grade(tmp_path)
    path = course.results / "results.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert Ledger(path).records == {}
    assert grade(tmp_path)["ada"].score == 7


def test_a_record_after_an_unfinished_line_is_read_and_so_is_any_text(tmp_path):
    """Such a line is left by a process that lost its disk, while another goes on."""
    path = tmp_path / "results.jsonl"
    ledger = Ledger(path)
    path.write_text('{"student": "ada", "less')
    said = "one\u2028two\x85three"
    ledger.add(Record("bob", NAME, "graded", message=said))
    ledger.add(Record("cy", NAME, "graded"), keep=False)
    assert [student for student, _ in ledger.records] == ["bob"]
    with ledger.tidied() as records:
        assert [record.student for record in records] == ["bob", "cy"]
    assert len(path.read_bytes().splitlines()) == 2
    assert Ledger(path).records["bob", NAME].message == said
