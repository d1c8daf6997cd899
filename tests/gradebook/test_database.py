"""A gradebook is of today's nbgrader, or refused before anything is written."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from nbgrader import api
from sqlalchemy import Engine, event, text

from autograder.base.errors import EngineError, WrongUse
from autograder.gradebook.database import OpenGradebook
from tests.support.small_course import empty_gradebook

WRITES = "journal_mode=WAL"
"""This writes to the file."""


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


def test_marks_wait_for_the_disk_and_the_tables_of_a_new_gradebook_do_not(tmp_path):
    url, said = f"sqlite:///{tmp_path}/gradebook.db", []

    def listen(connection, _record):
        connection.set_trace_callback(said.append)

    event.listen(Engine, "connect", listen)
    try:
        book = OpenGradebook(url, "")
    finally:
        event.remove(Engine, "connect", listen)
    made = [n for n, text in enumerate(said) if "CREATE TABLE" in text]
    waits, writes = (said.index(f"PRAGMA {p}") for p in ("synchronous=FULL", WRITES))
    assert made[-1] < waits < writes
    for connection in book.db.connection(), book.engine.connect():
        # 2 is FULL, for whatever opens the file later, too.
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    book.really_close()
