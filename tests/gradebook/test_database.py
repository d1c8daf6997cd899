"""A gradebook that an older nbgrader made is refused before anything is written."""

import sqlite3
from contextlib import closing

import pytest

from autograder.base.errors import EngineError, WrongUse
from autograder.gradebook.database import OpenGradebook
from tests.support.small_course import empty_gradebook


def test_a_gradebook_of_an_older_nbgrader_is_left_as_it_is(tmp_path):
    path = tmp_path / "gradebook.db"
    path.write_bytes(empty_gradebook())
    OpenGradebook(f"sqlite:///{path}", "").really_close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    before = path.read_bytes()
    with pytest.raises(WrongUse, match=r"student\.lms_user_id.*nbgrader db upgrade"):
        OpenGradebook(f"sqlite:///{path}", "")
    assert path.read_bytes() == before


def test_a_gradebook_that_nobody_here_may_write_says_what_to_do(tmp_path):
    (tmp_path / "gradebook.db").mkdir()  # also root cannot open that
    with pytest.raises(EngineError, match="make it and its folder writable, or copy"):
        OpenGradebook(f"sqlite:///{tmp_path}/gradebook.db", "")
