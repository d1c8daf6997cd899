"""What was handed out before a lesson was corrected is known, whoever noted it."""

import shutil

import nbformat
import pytest

from autograder.course.course import own_course
from autograder.gradebook.marker import Marker
from tests.support.small_course import LESSON, NAME, make_course, released

WAS = 'assert double(3) == 6, f"double(3) is {double(3)}, expected 6"'
IS = "assert double(3) == 6"
NO_NAME = """{"cells": [{"cell_type": "code", "source": "x", "metadata":
{"nbgrader": {"locked": true, "grade_id": ["test_double_three"]}}}]}"""


def handed_out(root, text: str = WAS) -> None:
    """Put what students get where releases lie."""
    folder = root / "notebooks" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    notebook = released(root)
    for cell in notebook.cells:
        cell.source = cell.source.replace(WAS, text)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")


def earlier(root, lesson: str = "") -> dict[str, tuple[str, ...]]:
    """Register the lesson, corrected or not; return its cells' earlier texts."""
    make_course(root, lesson or LESSON.replace(WAS, IS))
    with Marker(own_course(root / "classroom", root)) as marker:
        cells = marker.register(NAME)[NAME]
    return {cell.grade_id: cell.earlier for cell in cells}


def test_of_a_lesson_that_was_never_corrected_nothing_is_known(tmp_path):
    assert set(earlier(tmp_path, LESSON).values()) == {()}


def test_what_the_class_was_graded_by_last_time(tmp_path):
    earlier(tmp_path, LESSON)
    assert earlier(tmp_path)["test_double_three"] == (WAS,)
    again = LESSON.replace(WAS, "assert double(4) == 8")
    assert earlier(tmp_path, again)["test_double_three"] == (WAS, IS)


def test_hidden_tests_are_no_part_of_it(tmp_path):
    earlier(tmp_path, LESSON)
    assert earlier(tmp_path)["test_double_arrays"] == (
        "# Checked when graded: arrays.",
    )


def test_a_class_of_which_only_the_gradebook_is_left(tmp_path):
    earlier(tmp_path, LESSON)
    for note in (tmp_path / "classroom").glob(".autograder.*"):
        note.unlink()
    found = earlier(tmp_path)
    assert found["test_double_three"] == (WAS,)
    assert found["test_double_arrays"] == ("# Checked when graded: arrays.",)


def test_a_class_that_was_never_graded_before(tmp_path):
    make_course(tmp_path)
    handed_out(tmp_path)
    folder = tmp_path / "notebooks" / NAME
    (folder / "mine.ipynb").write_text("no notebook")
    assert earlier(tmp_path)["test_double_three"] == (WAS,)
    shutil.rmtree(folder)
    assert earlier(tmp_path)["test_double_three"] == (WAS,)


@pytest.mark.parametrize(
    "broken", ['{"cells": [{}]}', NO_NAME, "[]", "[" * 100_000, '{"cells": 1}']
)
def test_whatever_lies_where_releases_do(broken, tmp_path):
    folder = tmp_path / "notebooks" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(broken)
    assert set(earlier(tmp_path, LESSON).values()) == {()}
