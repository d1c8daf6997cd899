"""The glossary explains words of the lessons, and no others."""

import pytest

from autograder.base.errors import SourceError
from autograder.model.lesson_reader import lesson_paths, read_lesson
from autograder.publish.glossary import Glossary


def test_a_glossary_word_that_no_lesson_uses_is_named():
    lessons = [read_lesson(lesson_paths()[0])]
    with pytest.raises(SourceError, match="no lesson uses flux capacitor; remove"):
        Glossary("# Glossary\n\n## flux capacitor\n\nA part of a car.\n", lessons)
