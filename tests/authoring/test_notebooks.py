"""A release holds stubs and nothing of the answers; a solution that fails is named."""

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
        assert set(cell.metadata) <= {"nbgrader", "deletable", "editable"}


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
