"""What is handed in is found, or it is said that nothing is."""

import pytest

from autograder.base.errors import WrongUse
from autograder.base.files import MOST_EXTRA_FILES
from autograder.course.course import foreign_course
from autograder.course.times import TIMESTAMP
from autograder.gradebook.results import Record
from autograder.intake.prepare import files_beside
from autograder.intake.submissions import extras_of, modules_of, submissions
from tests.support.other_course import cell, make
from tests.support.small_course import make_course


def test_nothing_to_grade_is_wrong_use(tmp_path):
    course = make_course(tmp_path)
    with pytest.raises(WrongUse, match="found no submissions"):
        submissions(course)
    with pytest.raises(WrongUse, match="found no lesson 99_none"):
        submissions(course, ["99_none"])


def test_a_module_that_is_imported_from_its_package_is_loaded_before_all(tmp_path):
    make(tmp_path, "ps1", [cell("from matplotlib import pyplot as plt")])
    loaded = modules_of(foreign_course(tmp_path), ["ps1"])
    assert "matplotlib.pyplot" in loaded


@pytest.mark.parametrize("room", [".git/objects", "node_modules", "lib/venv"])
def test_what_programs_put_beside_takes_no_files_place(room, tmp_path):
    (tmp_path / room).mkdir(parents=True)
    for number in range(MOST_EXTRA_FILES + 1):
        (tmp_path / room / str(number)).touch()
    (tmp_path / "solver.py").write_text("x = 1\n")
    found = extras_of(tmp_path)
    assert (list(found.by_name), found.left_out) == (["solver.py"], {})


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-03-01 12:00:00 UTC", []),
        ("2026-03-01T12:00:00+02:00", []),
        ("01.03.2026 12:00", ["which nbgrader reads as 2026-01-03 12:00 UTC"]),
        ("1 March 2026 12:00", ["which nbgrader reads as 2026-03-01 12:00 UTC"]),
        ("1. März 2026", ["found no date"]),
    ],
)
def test_a_time_that_may_be_another_one_says_what_it_is_taken_for(
    written, told, tmp_path
):
    (tmp_path / TIMESTAMP).write_text(written, "utf-8")
    record = Record("ann", "ps1", "graded")
    files = files_beside(tmp_path, (), record)
    pairs = zip(told, record.repairs, strict=True)
    assert all(text in said for text, said in pairs)
    assert (TIMESTAMP in files) == ("found no date" not in told)
