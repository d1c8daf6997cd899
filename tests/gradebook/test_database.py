"""A gradebook is of today's nbgrader, or refused before anything is written."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from nbgrader import api

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


def test_a_new_gradebook_says_that_it_is_of_the_version_that_alembic_knows(tmp_path):
    path = tmp_path / "gradebook.db"
    OpenGradebook(f"sqlite:///{path}", "").really_close()
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT version_num FROM alembic_version").fetchall()
    migrations = ScriptDirectory(str(Path(api.__file__).parent / "alembic"))
    assert found == [(migrations.get_current_head(),)]


def test_a_gradebook_that_nobody_here_may_write_says_what_to_do(tmp_path):
    (tmp_path / "gradebook.db").mkdir()  # also root cannot open that
    with pytest.raises(EngineError, match="make it and its folder writable, or copy"):
        OpenGradebook(f"sqlite:///{tmp_path}/gradebook.db", "")
