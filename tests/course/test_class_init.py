"""A class begins with a file that is right, or with a message that says what is not."""

import pytest
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from tests.support.small_class import LESSON, SmallClass


def init(room: SmallClass, *options: str):
    order = ["class", "init", LESSON, "--course", str(room.root), *options]
    return CliRunner().invoke(app, order)


@pytest.mark.parametrize("due", ["ps1=tomorrow", "ps1=5", "ps1", 'ps1="2027-03-01"'])
def test_a_time_that_is_none_is_named_as_it_was_typed(due, tmp_path):
    room = SmallClass(tmp_path)
    result = init(room, "--due", due)
    assert isinstance(result.exception, WrongUse)
    assert f"found --due {due}, expected LESSON=TIME, as in 02=20" in str(
        result.exception
    )
    assert not (tmp_path / "class.toml").exists()


def test_the_students_of_a_made_up_class_do_not_stay_unnoticed(tmp_path):
    room = SmallClass(tmp_path)
    (tmp_path / "expected.csv").write_text("student,lesson,score\n")
    result = init(room, "--due", f"{LESSON}=2027-03-01")
    assert result.exit_code == 0, result.output
    assert "holds the made-up class of `make demo`" in result.output
    assert "due = 2027-03-01" in (tmp_path / "class.toml").read_text()
