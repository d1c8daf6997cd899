"""A policy says for each lesson when what is shown, or where it is wrong."""

from datetime import datetime

import pytest

from autograder.base.errors import WrongUse
from autograder.course.watch_policy import read_policy


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tries = 0", "tries: found 0, expected a whole number from 1"),
        ("still_s = 'a'", "still_s: found 'a', expected a number of seconds"),
        ("counts = 1", "counts: found 1, expected last or best"),
        ("before_due = 'some'", "before_due: found 'some', expected one of nothing"),
        ("attempts = 3", "found attempts, expected one of tries"),
        ("due = 2026-03-01T18:00:00Z", "due: found it for all lessons"),
        ("[lessons.x]\ntries = 1", r"lessons: found \['x'\], expected"),
        ("[lessons.a]\ndue = 2026-03-01", "lessons.a: due: found .*with its offset"),
        ("tries =", "expected TOML"),
        ("tries = " + "[" * 5000, "expected TOML"),
        ("tries = " + "1" * 5000, "expected TOML"),
    ],
)
def test_a_policy_that_cannot_be_used_says_where_and_what(text, told, tmp_path):
    path = tmp_path / "watch.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WrongUse, match=told):
        read_policy(path, ["a"])


def test_a_lesson_takes_from_the_policy_what_it_does_not_say_itself(tmp_path):
    path = tmp_path / "watch.toml"
    path.write_text(
        "tries = 4\nbefore_due = 'names'\n"
        "[lessons.a]\ntries = 1\ndue = 2026-03-01T18:00:00+01:00\n",
        "utf-8",
    )
    policy = read_policy(path, ["a", "b"])
    assert policy.of("a").tries == 1
    assert policy.of("a").before_due == "names"
    assert policy.of("a").due == datetime(2026, 3, 1, 17)
    assert (policy.of("b").tries, policy.of("b").due) == (4, None)
