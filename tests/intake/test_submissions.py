"""What is handed in is found, or it is said that nothing is."""

import pytest

from autograder.base.errors import WrongUse
from autograder.intake.submissions import submissions
from tests.support.small_course import make_course


def test_nothing_to_grade_is_wrong_use(tmp_path):
    course = make_course(tmp_path)
    with pytest.raises(WrongUse, match="found no submissions"):
        submissions(course)
    with pytest.raises(WrongUse, match="found no lesson 99_none"):
        submissions(course, ["99_none"])
