"""A constant that is marked as each student's own can be drawn, or is named."""

import pytest

from autograder.base.errors import SourceError
from autograder.model.lesson_reader import read_lesson
from tests.support.variants_course import CONSTANTS, LESSON

MISTAKES = {
    "slope = 3  # yours: integer(2, 10)": "expected one of integers",
    "slope = 3  # yours: integers(2, 10": "expected one of integers",
    "slope = 3  # yours: integers(10, 2)": "expected one of integers",
    "slope = 3  # yours: integers(2, 10, endpoint=True)": "expected one of integers",
    "slope = 3  # yours: choice([3])": "expected one of integers",
    "slope = 3.0  # yours: uniform('low', 9, 1)": "expected one of integers",
    "slope = 30  # yours: integers(2, 10)": "30 cannot be drawn",
    "slope = 0.25  # yours: uniform(0, 1, 1)": "0.25 cannot be drawn",
    "slope = len('abc')  # yours: integers(2, 10)": "expected a name and one value",
    "if 1:\n    slope = 3  # yours: integers(2, 10)": "expected a name and one value",
    "slope, two = 3, 2  # yours: integers(2, 10)": "expected a name and one value",
    "slope = 3  # yours: integers(2, 10)\n" * 2: "slope is marked in cell 3 already",
}


@pytest.mark.parametrize("lines", MISTAKES)
def test_a_mark_that_cannot_be_used_is_named_with_its_cell(lines, tmp_path):
    path = tmp_path / "00_small.py"
    path.write_text(LESSON.replace(CONSTANTS, lines), "utf-8")
    with pytest.raises(SourceError, match=MISTAKES[lines]) as caught:
        read_lesson(path)
    assert str(caught.value).startswith("00_small.py, cell 3")


def test_a_mark_where_students_may_write_is_refused(tmp_path):
    path = tmp_path / "00_small.py"
    path.write_text(LESSON.replace('"own", "locked": true', '"own"'), "utf-8")
    with pytest.raises(SourceError, match="outside a locked cell"):
        read_lesson(path)
