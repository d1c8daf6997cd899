"""Leaving out cells changes no mark; where it would, the audit says so."""

import pytest

from autograder.audit.needed_audit import compare, sample
from autograder.model import needed_cells
from autograder.model.catalogue import Answer, read_catalogue
from autograder.model.lesson_reader import lesson_names, lesson_path, read_lesson

LESSON = '''# %% [markdown]
# # Scale

# %% nbgrader={"grade_id": "imports", "locked": true}
import numpy as np

# %%
factor = 3

# %%
print(np.arange(factor))


# %% nbgrader={"grade_id": "scale", "solution": true}
def scale(x):
    """Return x times the notebook's factor."""
    ### BEGIN SOLUTION
    return factor * x
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_scale", "grade": true, "points": 1}
assert scale(2) == 6, f"scale(2) is {scale(2)}, expected 6"
'''
ANSWERS = [
    Answer("wrong", "scale", "adds", "def scale(x):\n    return factor + x\n"),
    Answer("right", "scale", "by_numbers", "def scale(x):\n    return x * 3\n"),
]


@pytest.fixture
def lesson(tmp_path):
    path = tmp_path / "00_scale.py"
    path.write_text(LESSON, "utf-8")
    return read_lesson(path)


def test_what_no_mark_depends_on_is_left_out_without_a_difference(lesson, tmp_path):
    found = compare(lesson, ANSWERS, jobs=2, kept=tmp_path / "kept.jsonl")
    assert (found.given, found.notebooks, found.tests) == (3, 4, 4)
    imports, figure = found.choice.left_out.values()
    assert imports == "import numpy as np"
    assert figure == ""
    assert found.differences == found.varying == []


def test_a_cell_that_is_wrongly_left_out_is_found(lesson, tmp_path, monkeypatch):
    monkeypatch.setattr(needed_cells._Search, "_needed_for", lambda *_: "")
    found = compare(lesson, ANSWERS, jobs=2, kept=tmp_path / "kept.jsonl")
    assert {one.cell for one in found.differences} == {"test_scale"}
    assert "solution" in {one.notebook for one in found.differences}
    assert "NameError" in str(found.differences[0])


@pytest.mark.all_lessons
@pytest.mark.parametrize("name", lesson_names())
def test_some_answers_of_each_lesson_get_the_same_marks_both_ways(name, tmp_path):
    lesson = read_lesson(lesson_path(name))
    answers = sample(read_catalogue(lesson), 1)
    found = compare(lesson, answers, jobs=1, kept=tmp_path / "kept.jsonl")
    assert found.differences == []
    assert found.tests > 0
