"""Settings of a course are taken as written, or it is said what is wrong."""

import pytest

from autograder.base.errors import WrongUse
from autograder.course.course import own_course
from tests.support.small_course import make_course
from tests.support.variants_course import LESSON

SETTINGS = {
    'variants = "00_small"': "expected a table",
    '[variants]\nlessons = ["99_none"]': r"variants.lessons: found \['99_none'\]",
    "[variants]\nlesson = []": "found the key variants.lesson",
    "[variants]\nkey_variable = 3": "key_variable: found 3",
    'tests = "sealed"': "found the key tests, expected one of variants",
}


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_that_mean_nothing_are_refused(text, tmp_path):
    make_course(tmp_path, LESSON)
    (tmp_path / "classroom" / "autograder.toml").write_text(text)
    with pytest.raises(WrongUse, match=SETTINGS[text]):
        own_course(tmp_path / "classroom", tmp_path)
