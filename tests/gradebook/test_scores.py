"""Marks come into nbgrader's gradebook as they were given."""

import csv

from autograder.gradebook.marker import Marker
from tests.support.graded import grade
from tests.support.small_course import NAME, RIGHT, hand_in, make_course


def test_nbgraders_gradebook_holds_the_same_scores(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    hand_in(tmp_path, "cy", RIGHT | {"total": "def total(n):\n    return len(n)"})
    records = grade(tmp_path)
    with Marker(course) as marker:
        scores = marker.scores()
    for name, record in records.items():
        assert scores[name, NAME]["score"] == record.score
        assert scores[name, NAME]["waits_for_a_person"]
    with (tmp_path / "classroom" / "grades.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert float(rows["cy"]["score"]) == records["cy"].score
