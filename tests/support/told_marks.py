"""All that tells marks of a class with several lessons: it has to tell the same."""

import re

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from tests.support.small_class import SmallClass

Marks = dict[tuple[str, str], float]
"""Points by student and lesson, penalties taken off; nothing of what is missing."""


def assert_all_tell(room: SmallClass, expected: Marks) -> None:
    """Compare the gradebook, and everything that reads it, with the marks expected."""
    lessons = sorted({lesson for _, lesson in expected})
    assert of_gradebook(room) == expected
    assert of_show(room) == expected
    rows = {(r["student"], r["lesson"]): r for r in room.table("grades.csv")}
    assert {key: float(row["total"]) for key, row in rows.items()} == expected
    scores = {key: float(row["score"]) for key, row in rows.items()}
    assert of_formgrader(room) == scores
    room.run("export")
    of_tests: Marks = {}
    for row in room.table("points.csv"):
        key = row["student"], row["lesson"]
        of_tests[key] = of_tests.get(key, 0) + float(row["points"] or 0)
    assert of_tests == scores
    for platform, who in (("moodle", "Username"), ("canvas", "SIS Login ID")):
        room.run("export", "--format", platform)
        table = [row for row in room.table(f"{platform}.csv") if row[who]]
        told = {(row[who], name): row[name] for row in table for name in lessons}
        for key, cell in told.items():  # what waits, or is missing, is empty there
            is_whole = key in rows and rows[key]["waits_for_a_person"] == "False"
            assert cell == (f"{expected[key]:g}" if is_whole else ""), (platform, key)
    waiting = {key for key, row in rows.items() if row["waits_for_a_person"] == "True"}
    assert of_report(room) == {k: v for k, v in expected.items() if k not in waiting}
    for lesson, mean in _means_of_report(room).items():
        own = [total for (_, of), total in expected.items() if of == lesson]
        assert mean == pytest.approx(sum(own) / len(own), abs=0.006), lesson


def of_gradebook(room: SmallClass) -> Marks:
    """Return what nbgrader's gradebook says."""
    with room.gradebook() as gradebook:
        return {
            (one.student_id, lesson.name): _total(one.score, one)
            for lesson in gradebook.assignments
            for one in lesson.submissions
        }


def of_formgrader(room: SmallClass) -> Marks:
    """Return what nbgrader's formgrader lists: points before penalties."""
    config = Config({"CourseDirectory": {"root": str(room.root)}})
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    found = {}
    for lesson in api.get_source_assignments():
        for one in api.get_submissions(lesson):
            if one["autograded"]:
                found[one["student"], lesson] = one["score"]
    return found


def of_show(room: SmallClass) -> Marks:
    """Return what `show` prints; the sums of its rows are right."""
    found, lessons = {}, []
    for line in room.run("show").splitlines():
        name, *cells = line.split() or [""]
        if name == "student":
            lessons = cells[:-1]
        is_row = len(cells) == len(lessons) + 1 and re.match(r"[\d.]+$", cells[-1])
        if not is_row or name == "of":
            continue
        marks = [float(re.sub(r"[*x!-]", "", cell) or "nan") for cell in cells[:-1]]
        own = {(name, lesson): m for lesson, m in zip(lessons, marks, strict=True)}
        own = {key: mark for key, mark in own.items() if mark == mark}
        assert float(cells[-1]) == sum(own.values()), line
        found |= own
    return found


def of_report(room: SmallClass) -> Marks:
    """Return what `report` says of each student, in the table beside the page."""
    room.run("report")
    return {
        (row["student"], lesson): float(points)
        for row in room.table("report/scores.csv")
        for lesson, points in row.items()
        if lesson not in ("student", "name") and points
    }


def _means_of_report(room: SmallClass) -> dict[str, float]:
    """Return the mean of each lesson that the report tells, in points of ten."""
    page = (room.root / "report.html").read_text("utf-8")
    rows = re.findall(r'<tr><th scope="row">(ps\d)</th>.*?([\d.]+) %', page)
    return {lesson: float(mean) / 10 for lesson, mean in rows}


def _total(score: float, submission) -> float:
    return max(0.0, score - (submission.late_submission_penalty or 0))
