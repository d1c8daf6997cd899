"""Gradescope's list of submissions, whatever somebody made of it."""

import pytest

from autograder.intake.platforms.gradescope import submitters

LIST = """
submission_1:
  :created_at: {time}
  :submitters:
  - :name: Ada King
    :email: ada@uni.example
    :sid: '7'
"""
LAUGHS = "\n".join(
    [":a0: &a0 [x, x]"] + [f":a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
)


def test_who_handed_in_is_read():
    found = submitters(LIST.format(time="2026-03-01 10:00:00").encode())
    (ada,) = found["submission_1"]
    assert (ada.name, ada.logins) == ("Ada King", ("ada@uni.example", "7"))


@pytest.mark.parametrize("depth", [10_000, 100_000])
@pytest.mark.parametrize("mark", ["[", "{a: "])
def test_nesting_without_end_is_no_list(mark, depth):
    assert submitters((mark * depth).encode()) == {}
    whole = mark * depth + {"[": "]"}.get(mark, "}") * depth
    assert submitters(whole.encode()) == {}


def test_a_list_that_names_itself_many_times_is_no_text():
    content = LAUGHS + LIST.format(time="*a59")
    (ada,) = submitters(content.encode())["submission_1"]
    assert (ada.name, ada.time) == ("Ada King", "")
