"""The demonstration class gets, from the whole grader, the scores written beside it."""

import csv
import json
import shutil
from dataclasses import replace

import pytest

from autograder.authoring.demo_class import (
    WITH_ALL_SCENARIOS,
    make_class,
    scenarios_of,
    unexpected,
)
from autograder.authoring.demo_scenarios import ALWAYS, SCENARIOS
from autograder.authoring.notebooks import put_data, source_bytes
from autograder.base.errors import WrongUse
from autograder.course.course import own_course
from autograder.gradebook.marker import Marker
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.model.lesson_reader import lesson_names, lesson_paths, read_lesson
from autograder.sealed.limits import NotebookLimits

TOLD = {
    "truncated_json": lambda record: record.status == "unreadable",
    "missing_notebook": lambda record: record.status == "unreadable",
    "saved_as_a_page": lambda record: "as browsers save it" in record.message,
    "infinite_loop": lambda record: "timeout" in statuses(record),
    "exits": lambda record: "crashed" in statuses(record),
    "edited_visible_test": lambda record: record.tampering,
    "deleted_test_cell": lambda record: record.repairs,
}
LESSONS = lesson_names()
CELL_CPU_S = 5
"""Enough for the longest cell of a lesson; short for the cells that never end."""


def statuses(record) -> set[str]:
    return {cell["status"] for cell in record.cells}


def build_source(root):
    """Write the instructor's notebooks, as `autograder build` does."""
    for path in lesson_paths():
        lesson = read_lesson(path)
        folder = root / "build" / "source" / lesson.name
        folder.mkdir(parents=True)
        (folder / f"{lesson.name}.ipynb").write_bytes(source_bytes(lesson))
        put_data(folder, lesson)


def is_graded_here(student: str, lesson: str) -> bool:
    """Whether a submission is in this test's class; `make demo` grades all of them.

    Every mistake, and every scenario in a third of the lessons that it is frequent in.
    """
    scenarios = [scenario.__name__ for scenario in SCENARIOS]
    number = LESSONS.index(lesson)
    is_rare = student in scenarios[len(ALWAYS) :] and number >= WITH_ALL_SCENARIOS
    if student not in scenarios or is_rare:
        return True
    return scenarios.index(student) % 3 == number % 3


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the whole class once: classroom, expected scores, records, gradebook."""
    root = tmp_path_factory.mktemp("course")
    build_source(root)
    course = own_course(root / "classroom", root)
    expected = make_class(root / "classroom")
    for (student, lesson), _ in list(expected.items()):
        if not is_graded_here(student, lesson):
            shutil.rmtree(root / "classroom" / "submitted" / student / lesson)
            del expected[student, lesson]
    grader = Grader(course, jobs=2, limits=NotebookLimits(cell_cpu_s=CELL_CPU_S))
    records = grader.run(submissions(course))
    assert grader.notes == []
    with Marker(course) as marker:
        marks = {key: row["score"] for key, row in marker.scores().items()}
    return root / "classroom", expected, records, marks


@pytest.mark.xdist_group("demonstration")
@pytest.mark.parametrize("name", LESSONS)
def test_every_student_gets_the_expected_score(name, graded):
    _, expected, records, marks = graded
    by_student = {r.student: r for r in records if r.lesson == name}
    wanted = {student: s for (student, lesson), s in expected.items() if lesson == name}
    assert len(wanted) >= 4
    assert {student: r.score for student, r in by_student.items()} == wanted
    assert {student: marks[student, name] for student in wanted} == wanted
    assert all(r.status != "errored" for r in by_student.values())


@pytest.mark.xdist_group("demonstration")
def test_what_happened_to_a_submission_is_told(graded):
    _, _, records, _ = graded
    by_scenario = {name: [r for r in records if r.student == name] for name in TOLD}
    for name, is_told in TOLD.items():
        assert len(by_scenario[name]) >= 3
        assert all(map(is_told, by_scenario[name])), name


@pytest.mark.xdist_group("demonstration")
def test_the_files_of_results_hold_every_submission(graded):
    classroom, expected, _, _ = graded
    lines = (classroom / "results.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(expected)
    fields = {"student", "lesson", "status", "score", "max_score", "seconds", "cells"}
    assert fields <= set(json.loads(lines[0]))
    with (classroom / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(r["student"], r["lesson"]): float(r["score"]) for r in rows} == expected


@pytest.mark.xdist_group("demonstration")
def test_a_score_that_is_not_expected_is_named(graded):
    classroom, _, records, _ = graded
    by_name = {(r.student, r.lesson): r for r in records}
    assert unexpected(classroom, by_name) == []
    (student, lesson), record = next(iter(by_name.items()))
    other = replace(record, score=record.score + 0.5)
    (text,) = unexpected(classroom, by_name | {(student, lesson): other})
    assert text.startswith(f"{student}/{lesson}: found {other.score:g}, expected")


def test_a_class_of_an_unknown_lesson_is_refused(tmp_path):
    with pytest.raises(WrongUse, match="'01_neurons', expected one of notebooks/"):
        make_class(tmp_path, ["01_neurons"])


def test_the_class_is_large_and_the_same_every_time(tmp_path):
    assert all(len(scenarios_of(number)) >= 15 for number in range(len(LESSONS)))
    first = make_class(tmp_path / "a", LESSONS[:1])
    second = make_class(tmp_path / "b", LESSONS[:1])
    assert first == second
    files = [
        {
            p.relative_to(folder): p.read_bytes()
            for p in folder.rglob("*")
            if p.is_file()
        }
        for folder in (tmp_path / "a", tmp_path / "b")
    ]
    assert files[0] == files[1]


def test_submissions_of_real_students_are_not_mixed_with_made_up_ones(tmp_path):
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    with pytest.raises(WrongUse, match="ada"):
        make_class(tmp_path, LESSONS[:1])
