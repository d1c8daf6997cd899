"""While one submission is marked, what is asked again is not read again."""

import pytest
from nbgrader.api import MissingEntry
from sqlalchemy import event

from autograder.gradebook.database import OpenGradebook


@pytest.fixture
def gradebook(tmp_path):
    """Return a gradebook with one lesson."""
    opened = OpenGradebook(f"sqlite:///{tmp_path}/gradebook.db", "")
    opened.add_assignment("01")
    yield opened
    opened.really_close()


def test_a_submission_that_is_not_there_is_looked_for_once_and_found_when_added(
    gradebook,
):
    asked = []
    event.listen(
        gradebook.engine, "before_cursor_execute", lambda *of: asked.append(of[2])
    )
    with gradebook.one_submission():
        gradebook.update_or_create_student("ada")
        for _ in range(2):
            with pytest.raises(MissingEntry):
                gradebook.find_submission("01", "ada")
        made = gradebook.update_or_create_submission("01", "ada")
        assert gradebook.find_submission("01", "ada") is made
    assert sum("FROM submitted_assignment" in text for text in asked) == 1
    assert gradebook.find_submission("01", "ada").student.id == "ada"


def test_what_is_missing_is_looked_for_again_in_the_next_submission(gradebook):
    with gradebook.one_submission(), pytest.raises(MissingEntry):
        gradebook.find_student("ada")
    gradebook.add_student("ada")
    with gradebook.one_submission():
        assert gradebook.find_student("ada").id == "ada"
