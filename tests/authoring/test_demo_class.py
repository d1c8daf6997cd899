"""The demonstration class gets, from the whole grader, the scores written beside it."""

import csv
import json
import shutil
from collections import Counter
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
from autograder.model.lesson_reader import lesson_names, lesson_path, read_lesson
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
pytestmark = pytest.mark.xdist_group("demonstration")  # each class is graded once


def statuses(record) -> set[str]:
    return {cell["status"] for cell in record.cells}


def build_source(root, names):
    """Write the instructor's notebooks, as `autograder build` does."""
    for name in names:
        lesson = read_lesson(lesson_path(name))
        folder = root / "build" / "source" / lesson.name
        folder.mkdir(parents=True)
        (folder / f"{lesson.name}.ipynb").write_bytes(source_bytes(lesson))
        put_data(folder, lesson)


def is_graded_here(student: str, lesson: str) -> bool:
    """Whether a submission is in the class of all lessons; `make demo` grades each.

    Every mistake, and every scenario in a third of the lessons that it is frequent in.
    """
    scenarios = [scenario.__name__ for scenario in SCENARIOS]
    number = LESSONS.index(lesson)
    is_rare = student in scenarios[len(ALWAYS) :] and number >= WITH_ALL_SCENARIOS
    if student not in scenarios or is_rare:
        return True
    return scenarios.index(student) % 3 == number % 3


def test_a_small_class_has_a_dozen_students_who_meet_most_of_what_happens(tmp_path):
    names = ["01_neuron", "02_activations", "03_logistic_regression"]
    expected = make_class(tmp_path, names, is_small=True)
    students = {student for student, _ in expected}
    assert len(students) == 12
    assert {"truncated_json", "edited_visible_test", "exits"} < students
    assert all((tmp_path / "submitted" / s / lesson).is_dir() for s, lesson in expected)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((LESSONS[:2], 2), id="small"),
        pytest.param((LESSONS, 5), id="whole", marks=pytest.mark.all_lessons),
    ],
)
def graded(request, tmp_path_factory):
    """Grade a class once: classroom, expected scores, records, gradebook."""
    # The limit is enough for the longest cell, and short for those that never end.
    names, cell_cpu_s = request.param
    root = tmp_path_factory.mktemp("course")
    build_source(root, names)
    course = own_course(root / "classroom", root)
    expected = make_class(root / "classroom", names)
    for student, lesson in list(expected):
        if names == LESSONS and not is_graded_here(student, lesson):
            shutil.rmtree(root / "classroom" / "submitted" / student / lesson)
            del expected[student, lesson]
    grader = Grader(course, jobs=2, limits=NotebookLimits(cell_cpu_s=cell_cpu_s))
    records = grader.run(submissions(course))
    assert grader.notes == []
    with Marker(course) as marker:
        marks = {key: row["score"] for key, row in marker.scores().items()}
    return root / "classroom", expected, records, marks


def test_every_student_gets_the_expected_score(graded):
    _, expected, records, marks = graded
    assert min(Counter(lesson for _, lesson in expected).values()) >= 4
    assert {(r.student, r.lesson): r.score for r in records} == expected
    assert {key: marks[key] for key in expected} == expected
    assert all(record.status != "errored" for record in records)


def test_what_happened_to_a_submission_is_told(graded):
    _, _, records, _ = graded
    by_scenario = {name: [r for r in records if r.student == name] for name in TOLD}
    for name, is_told in TOLD.items():
        assert by_scenario[name], name
        assert all(map(is_told, by_scenario[name])), name


def test_the_files_of_results_hold_every_submission(graded):
    classroom, expected, _, _ = graded
    lines = (classroom / "results.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(expected)
    fields = {"student", "lesson", "status", "score", "max_score", "seconds", "cells"}
    assert fields <= set(json.loads(lines[0]))
    with (classroom / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(r["student"], r["lesson"]): float(r["score"]) for r in rows} == expected


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
