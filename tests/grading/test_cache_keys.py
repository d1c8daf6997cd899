"""What a result depends on: submission, tests, and the code that decides marks."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import autograder
from autograder.base.hashing import digest_of_code
from autograder.gradebook.results import Ledger
from autograder.grading.cache_keys import DECIDES, Keys
from autograder.intake.submissions import submissions
from tests.support.graded import LIMITS, grade
from tests.support.small_course import LESSON, hand_in, make_course, write_source

PACKAGE = Path(autograder.__file__).parent


@pytest.fixture
def package(tmp_path):
    """Copy the engine, to be changed."""
    copy = tmp_path / "autograder"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def now(package: Path) -> str:
    return digest_of_code(package, DECIDES)


@pytest.mark.parametrize(
    "name",
    [
        "sealed/engine.py",
        "sealed/examiner/proxies.py",
        "intake/repair.py",
        "gradebook/marker.py",
    ],
)
def test_a_change_of_what_decides_marks_executes_a_class_again(package, name):
    before = now(package)
    with (package / name).open("a") as file:
        file.write("# changed\n")
    assert now(package) != before


@pytest.mark.parametrize(
    "name",
    ["publish/site.py", "export/plugins.py", "pages/render.py", "cli/grading.py"],
)
def test_a_change_of_what_shows_marks_does_not(package, name):
    before = now(package)
    with (package / name).open("a") as file:
        file.write("# changed\n")
    assert now(package) == before


def test_a_module_that_comes_anew_counts(package):
    before = now(package)
    (package / "sealed" / "another.py").touch()
    assert now(package) != before


@pytest.mark.parametrize("gone", ["intake", "sealed"])
def test_what_is_no_longer_there_is_an_error(package, gone):
    (package / gone).rename(package / "elsewhere")
    with pytest.raises(FileNotFoundError, match=gone):
        now(package)


def test_a_folder_without_modules_is_an_error(package):
    shutil.rmtree(package / "sealed")
    (package / "sealed").mkdir()
    with pytest.raises(FileNotFoundError, match="found no module"):
        now(package)


def test_a_second_run_executes_nothing(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    grade(tmp_path)
    ledger = Ledger(course.results / "results.jsonl")
    keys = Keys(course, LIMITS)
    for submission in submissions(course):
        record = ledger.records[submission.student, submission.lesson]
        assert keys.changes(submission, record) == ""


def test_what_changed_is_executed_again_and_the_reason_is_recorded(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    hand_in(tmp_path, "bob")
    grade(tmp_path)
    hand_in(tmp_path, "bob", {})
    ledger = Ledger(course.results / "results.jsonl")
    changes = {
        s.student: Keys(course, LIMITS).changes(s, ledger.records[s.student, s.lesson])
        for s in submissions(course)
    }
    assert changes == {"ada": "", "bob": "submission changed"}
    write_source(tmp_path, LESSON.replace("double(3) == 6", "double(3) == 6.0"))
    reasons = [
        Keys(course, LIMITS).changes(s, ledger.records[s.student, s.lesson])
        for s in submissions(course)
    ]
    assert reasons == ["tests changed", "submission changed, tests changed"]


def test_what_a_lesson_shares_is_read_once_for_all_who_ask_at_the_same_time(
    tmp_path, monkeypatch
):
    read, real = [], Keys._of_lesson

    def slowly(keys, lesson):
        read.append(lesson)
        time.sleep(0.1)
        return real(keys, lesson)

    monkeypatch.setattr(Keys, "_of_lesson", slowly)
    course = make_course(tmp_path)
    (lesson,), keys = course.lessons, Keys(course, LIMITS)
    with ThreadPoolExecutor(4) as readers:
        found = list(readers.map(keys.of_lesson, [lesson] * 4))
    assert read == [lesson]
    assert all(one == found[0] for one in found)
