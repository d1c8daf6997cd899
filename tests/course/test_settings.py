"""Settings of a course are taken as written, or it is said what is wrong."""

import pytest

from autograder.base.errors import WrongUse
from autograder.course.course import foreign_course, own_course
from tests.support.other_course import cell, make
from tests.support.small_course import make_course
from tests.support.variants_course import LESSON

SETTINGS = {
    'variants = "00_small"': "expected a table",
    '[variants]\nlessons = ["99_none"]': r"variants.lessons: found \['99_none'\]",
    "[variants]\nlesson = []": "found the key variants.lesson",
    "[variants]\nkey_variable = 3": "key_variable: found 3",
    'tests = "sealed"': "found the key tests, expected one of cells, variants",
}


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_that_mean_nothing_are_refused(text, tmp_path):
    make_course(tmp_path, LESSON)
    (tmp_path / "classroom" / "autograder.toml").write_text(text)
    with pytest.raises(WrongUse, match=SETTINGS[text]):
        own_course(tmp_path / "classroom", tmp_path)


WRONG_SETTINGS = {
    'tests = "sealde"': "tests: found 'sealde', expected one of sealed, shared, auto",
    'test = "auto"': "found the key test, expected one of cells, data, lessons, tests",
    '[lessons]\nps9 = "auto"': "found the key lessons.ps9, expected one of lessons.ps1",
    "[lessons]\nps1 = 3": "lessons.ps1: found 3, expected one of sealed, shared, auto",
    "lessons = 1": "lessons: found 1, expected a table",
    "tests = auto": "line 1, column 9",
}


@pytest.mark.parametrize("text", WRONG_SETTINGS)
def test_a_wrong_setting_is_named_with_what_was_expected(text, tmp_path):
    make(tmp_path, "ps1", [cell("1", "test", 1)])
    (tmp_path / "autograder.toml").write_text(text)
    with pytest.raises(WrongUse) as caught:
        foreign_course(tmp_path)
    assert "autograder.toml" in str(caught.value)
    assert WRONG_SETTINGS[text] in str(caught.value)


def test_a_lesson_may_be_set_otherwise_than_its_course(tmp_path):
    make(tmp_path, "ps1", [cell("1", "test", 1)])
    assert foreign_course(tmp_path).tests.of("ps1") == "auto"
    settings = 'tests = "shared"\n[lessons]\nps1 = "sealed"\n'
    (tmp_path / "autograder.toml").write_text(settings)
    tests = foreign_course(tmp_path).tests
    assert (tests.of("ps1"), tests.of("ps2")) == ("sealed", "shared")
