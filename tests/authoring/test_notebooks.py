"""A release holds stubs and nothing of the answers; a solution that fails is named."""

from runpy import run_path

import nbformat
import pytest

from autograder.authoring import notebooks
from autograder.base.errors import SourceError
from autograder.base.paths import ROOT
from autograder.model.lesson_reader import lesson_paths, read_lesson

LESSONS = lesson_paths()


@pytest.fixture
def lesson():
    return read_lesson(LESSONS[0])


def cells(content: bytes) -> list[nbformat.NotebookNode]:
    return nbformat.reads(content.decode(), as_version=4).cells


def test_two_builds_give_the_same_bytes(lesson):
    assert notebooks.release_bytes(lesson) == notebooks.release_bytes(lesson)
    assert notebooks.source_bytes(lesson) == notebooks.source_bytes(lesson)


FRONT_MATTER = "# ---\n# jupyter:\n#   data: [tunes.csv]\n# ---\n\n"


def test_a_data_file_that_the_project_lacks_is_named(tmp_path):
    path = tmp_path / "04_songs.py"
    path.write_text(FRONT_MATTER + "# %% [markdown]\n# # Title\n", "utf-8")
    with pytest.raises(SourceError, match=r"found no data/tunes\.csv"):
        notebooks.data_files(read_lesson(path))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_a_release_has_stubs_and_nothing_else_of_the_answers(path):
    lesson = read_lesson(path)
    file = ROOT / "notebooks" / lesson.name / f"{lesson.name}.ipynb"
    released = cells(file.read_bytes())
    text = "\n".join(cell.source for cell in released)
    for mark in ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS"):
        assert mark not in text
    assert text.count("raise NotImplementedError") >= len(lesson.exercises)
    for cell in released:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        known = {"nbgrader", "deletable", "editable", "jupyter", "cellView"}
        assert set(cell.metadata) <= known


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_checks_are_folded_when_a_notebook_opens(path):
    name = path.parent.name
    released = cells((ROOT / "notebooks" / name / f"{name}.ipynb").read_bytes())
    folded = [cell for cell in released if cell.metadata.get("jupyter")]
    for cell in folded:
        assert cell.metadata["jupyter"] == {"source_hidden": True}
    marked = [c for c in released if c.metadata.get("nbgrader", {}).get("grade")]
    assert [c for c in marked if c.cell_type == "code" and c not in folded] == []
    assert len(folded) < len(released) / 2


EXPLAIN = """# %% [markdown]
# # Title

# %% nbgrader={"grade_id": "checking", "locked": true}
# include: lessons/given/recall.py

# %% nbgrader={"grade_id": "recall", "solution": true}
### BEGIN SOLUTION
recall = {1: "b", 2: 0.25, 3: "c"}
### END SOLUTION

# %% nbgrader={"grade_id": "check_recall", "locked": true}
check_recall(recall, {1: ("b", "So."), 2: (0.2, "Because."), 3: ("c", "As well.")})

# %% [markdown] nbgrader={WHY}
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION
""".replace("WHY", '"grade_id": "why", "grade": true, "solution": true, "points": 0')


@pytest.fixture
def explain(tmp_path):
    path = tmp_path / "00_explain.py"
    path.write_text(EXPLAIN, "utf-8")
    return read_lesson(path)


def test_recall_takes_answers_as_beginners_write_them(capsys):
    check_recall = run_path(ROOT / "lessons/given/recall.py")["check_recall"]
    answers = {1: (2.5, "So."), 2: ("c", "So."), 3: (4, "So.")}
    check_recall({1: "2.5", 2: " C", 3: "four"}, answers)
    check_recall([2.5, "c", 4], answers)
    assert capsys.readouterr().out == (
        "1. Yes. So.\n2. Yes. So.\n3. You wrote 'four'; it is 4. So.\n"
        "Write {1: ..., 2: ..., 3: ...}: each answer behind its own number.\n"
    )


def test_recall_is_answered_at_once_and_is_no_exercise(explain):
    assert (explain.exercises, explain.max_score) == ([], 0)
    solved = cells(notebooks.executed_solution(explain))
    said = "".join(o.text for o in solved[3].outputs)
    assert (
        said
        == "1. Yes. So.\n2. You wrote 0.25; it is 0.2. Because.\n3. Yes. As well.\n"
    )
    released = cells(notebooks.release_bytes(explain))
    assert "raise NotImplementedError" in released[2].source
    assert [bool(c.metadata.get("jupyter")) for c in released[1:4]] == [
        True,
        False,
        True,
    ]


def test_a_written_answer_without_points_asks_nobody_to_mark_it(explain):
    *_, written = cells(notebooks.release_bytes(explain))
    assert written.source == "Write your answer here."
    assert "nbgrader" not in written.metadata
    assert cells(notebooks.executed_solution(explain))[-1].source == "Because."


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("1 / 0", "cell 2: the solution raised ZeroDivision"),
        (
            "import warnings\n\nwarnings.warn('gone soon', DeprecationWarning)",
            "cell 2: the solution warns: DeprecationWarning: gone soon",
        ),
    ],
)
def test_a_solution_that_raises_or_warns_is_named(tmp_path, code, message):
    path = tmp_path / "00_broken.py"
    path.write_text(f"# %% [markdown]\n# # Title\n\n# %%\n{code}\n", "utf-8")
    with pytest.raises(SourceError, match=message):
        notebooks.executed_solution(read_lesson(path))
