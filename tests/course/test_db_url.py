"""The address of a gradebook is checked, and its password is never told."""

import pytest

from autograder.base.errors import WrongUse
from autograder.course.course import own_course
from autograder.course.db_url import checked, named


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://grader:open@sesame@localhost/nn",
        "postgresql://grader:open/sesame@localhost/nn",
        "postgresql://grader:open?sesame@localhost/nn",
        "postgresql://grader:open#sesame@localhost/nn",
        "postgresql://localhost:opensesame/nn",
        "postgresql:grader:opensesame@localhost/nn",
        "mysql://grader:opensesame@localhost/nn",
        "opensesame",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address):
    with pytest.raises(WrongUse, match="expected") as told:
        checked(address)
    assert "sesame" not in str(told.value)


def test_a_gradebook_is_named_without_its_password():
    address = "postgresql://grader:opensesame@db.example.org:5433/nn?sslmode=require"
    assert named(checked(address)) == "PostgreSQL database nn on db.example.org:5433"


def test_a_classroom_may_say_itself_where_its_gradebook_is(tmp_path):
    settings = tmp_path / "nbgrader_config.py"
    settings.write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'postgresql:///nn'\n", "utf-8"
    )
    assert own_course(tmp_path).db_url == "postgresql+psycopg:///nn"
    settings.write_text("c.CourseDirectory.db_url = 'opensesame", "utf-8")
    with pytest.raises(WrongUse, match="found SyntaxError in it") as told:
        own_course(tmp_path)
    assert "sesame" not in str(told.value)
