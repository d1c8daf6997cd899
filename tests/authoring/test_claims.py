"""Points are written where a test is; what says others is named with its line."""

import pytest

from autograder.authoring.claims import stale_claims, stale_notes, stale_rows
from autograder.model.lesson_reader import read_lesson

TEXT = """\
# %% [markdown]
# # Small
#
# 30 minutes, 6 points, of which 2 are marked by a person.

# %% [markdown]
# **Your turn (4 points): write `one` and `two`.**

# %% nbgrader={"grade_id": "one", "solution": true}
def one():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_one", "grade": true, "points": 1}
assert one() == 1

# %% nbgrader={"grade_id": "two", "solution": true}
def two():
    ### BEGIN SOLUTION
    return 2
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_two", "grade": true, "points": 3}
assert two() == 2

# %% [markdown] nbgrader={"grade_id": "why", "grade": true, "points": 2, \
"solution": true}
# **Written answer, 2 points.** Why?

# %% [markdown] nbgrader={"grade_id": "sum_up", "grade": true, "points": 0, \
"solution": true}
# What was new to you?
"""
README = "| a | 00_small | 30 | 6 | x |\n"
NOTES = """\
`00_small`: 30 minutes, 6 points, of which 2 are marked by a person. Written by hand.

## one (1 points)
## why (2 points, written)
## sum_up (0 points, written)
"""


@pytest.fixture
def lesson(tmp_path):
    """Return a function that reads the lesson with something replaced."""

    def read(old: str = "", new: str = ""):
        assert old in TEXT
        path = tmp_path / "00_small" / "lesson.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT.replace(old, new), "utf-8")
        return read_lesson(path)

    return read


def test_what_is_true_is_named_nowhere(lesson, tmp_path):
    assert [*stale_claims(lesson())] == []
    for name, text in {"README.md": README, "notes.md": NOTES}.items():
        (tmp_path / name).write_text(text)
    assert [*stale_rows(tmp_path / "README.md", [lesson()])] == []
    assert [*stale_notes(tmp_path / "notes.md", lesson())] == []
    assert [*stale_rows(tmp_path / "no README.md", [lesson()])] == []


def test_other_points_of_a_test_make_all_of_these_stale(lesson, tmp_path):
    changed = lesson('"points": 3', '"points": 5')
    whole, turn = stale_claims(changed)
    assert "lesson.py:4: found 6 points, of which 2 are marked" in whole
    assert "expected 8, of which 2" in whole
    assert "lesson.py:7: found 4 points, expected 1, as the tests of one give" in turn
    (tmp_path / "README.md").write_text(f"\n{README}")
    (row,) = stale_rows(tmp_path / "README.md", [changed])
    assert "README.md:2: found 30 minutes, 6 points of 00_small, expected 30" in row
    (tmp_path / "notes.md").write_text(f"{NOTES}## two (3 points)\n")
    head, two = stale_notes(tmp_path / "notes.md", changed)
    assert "notes.md:1: " in head
    assert "expected 8 points; run `autograder audit 00_small`" in head
    assert "notes.md:6: found 3 points of two, expected 5; run" in two


def test_a_written_answer_says_its_own_points(lesson):
    _, stale = stale_claims(lesson('"points": 2', '"points": 3'))
    assert "found 2 points, expected 3, as the tests of why give" in stale


def test_minutes_of_the_readme_are_those_of_the_lesson(lesson, tmp_path):
    (tmp_path / "README.md").write_text(README)
    (row,) = stale_rows(tmp_path / "README.md", [lesson("30 minutes", "45 minutes")])
    assert "found 30 minutes, 6 points of 00_small, expected 45 minutes, 6" in row


def test_a_lesson_without_a_row_is_named(lesson, tmp_path):
    (tmp_path / "README.md").write_text(README.replace("00_small", "01_other"))
    (row,) = stale_rows(tmp_path / "README.md", [lesson()])
    assert "found no row of 00_small in the table of lessons" in row
