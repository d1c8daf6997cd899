"""Three products are generated from one source, and nothing leaks into a release."""

import re
import shutil

import nbformat
import pytest

from autograder.authoring import build, sources
from autograder.authoring.notebooks import release_bytes
from autograder.base.errors import OutOfDate
from autograder.base.paths import ROOT
from autograder.model.lesson_reader import lesson_paths, read_lesson

LESSONS = lesson_paths()
pytestmark = pytest.mark.xdist_group("build")  # one course for most of them


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_a_committed_notebook_is_what_its_source_generates(path):
    lesson = read_lesson(path)
    name = f"{lesson.name}/{lesson.name}.ipynb"
    released = (ROOT / "notebooks" / name).read_bytes()
    assert released == release_bytes(lesson), build.REBUILD
    assert build.is_same_lesson(ROOT / "solutions" / name, lesson), build.REBUILD


@pytest.mark.all_lessons
def test_all_lessons_pass_the_check():
    assert build.check(ROOT) == [path.parent.name for path in LESSONS]


FRONT_MATTER = "# ---\n# jupyter:\n#   data: [songs.csv]\n# ---\n\n"
READS_SONGS = """# %% [markdown]
# # Title

# %%
from pathlib import Path

Path("data/songs.csv").stat().st_size
"""
SHOWS_ITS_ANSWER = """

# %% nbgrader={"grade_id": "half_of_all", "solution": true}
def half_of_all(numbers):
    ### BEGIN SOLUTION
    return [number / 2 for number in numbers]
    ### END SOLUTION

# %% nbgrader={"grade_id": "test_half_of_all", "grade": true, "points": 1}
assert half_of_all([2.0]) == [1.0]

# %% [markdown]
# Hint: `return [number / 2 for number in numbers]`
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build a course of one lesson, which reads the songs; return the folder around."""
    folder = tmp_path_factory.mktemp("built")
    path = folder / "04_songs" / "lesson.py"
    path.parent.mkdir()
    path.write_text(FRONT_MATTER + READS_SONGS, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        only(path, patch)
        build.build(folder / "course")
    return folder


@pytest.fixture
def with_songs(built, tmp_path, monkeypatch):
    """Return a copy of the course, to be changed."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "04_songs" / "lesson.py"
    only(path, monkeypatch)
    return tmp_path / "course"


def only(path, patch):
    """Let a file be the only lesson that there is."""
    for module in (build, sources):
        patch.setattr(module, "lesson_paths", lambda: [path])
    patch.setattr(sources, "lesson_path", lambda name: path)


def test_a_changed_character_is_found_and_the_message_says_what_to_run(with_songs):
    changed = with_songs / "notebooks" / "04_songs" / "04_songs.ipynb"
    changed.write_text(changed.read_text("utf-8").replace("Title", "Titel", 1))
    with pytest.raises(OutOfDate, match="04_songs") as caught:
        build.check(with_songs)
    assert "make notebooks" in str(caught.value)


def test_a_notebook_without_a_source_is_found(with_songs):
    (with_songs / "notebooks" / "99_stranger").mkdir()
    with pytest.raises(OutOfDate, match="99_stranger: no lesson of this name"):
        build.check(with_songs)


def test_an_answer_that_the_release_shows_is_found(with_songs):
    lesson = with_songs.parent / "04_songs" / "lesson.py"
    lesson.write_text(lesson.read_text("utf-8") + SHOWS_ITS_ANSWER, "utf-8")
    build.build(with_songs)
    with pytest.raises(OutOfDate, match="the release shows an answer, 'return "):
        build.check(with_songs)


def test_data_files_lie_beside_every_notebook_that_reads_them(with_songs):
    songs = (ROOT / "data" / "songs.csv").read_bytes()
    for room in ("build/source", "notebooks", "solutions"):
        assert (with_songs / room / "04_songs/data/songs.csv").read_bytes() == songs
    assert build.check(with_songs) == ["04_songs"]


@pytest.mark.parametrize("room", ["notebooks", "solutions"])
@pytest.mark.parametrize("what", ["missing", "changed", "strange"])
def test_data_files_that_are_not_the_lessons_are_found(with_songs, room, what):
    songs = with_songs / room / "04_songs" / "data" / "songs.csv"
    if what == "missing":
        songs.unlink()
    else:
        songs.with_name("songs.csv" if what == "changed" else "other.csv").write_text(
            "name\n", "utf-8"
        )
    with pytest.raises(OutOfDate, match=f"{room}/04_songs/data") as caught:
        build.check(with_songs)
    assert "make notebooks" in str(caught.value)
    build.build(with_songs)
    assert build.check(with_songs) == ["04_songs"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_a_committed_solution_is_solved_executed_and_free_of_hidden_tests(path):
    lesson = read_lesson(path)
    file = ROOT / "solutions" / lesson.name / f"{lesson.name}.ipynb"
    notebook = nbformat.read(file, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    stub = re.compile(r"^ *raise NotImplementedError", re.MULTILINE)
    assert stub.search("\n".join(code)) is None
    hidden = [
        cell.source.split("### BEGIN HIDDEN TESTS")[1].split("### END")[0].strip()
        for cell in lesson.cells
        if "### BEGIN HIDDEN TESTS" in cell.source
    ]
    assert [tests for tests in hidden if tests in text] == []
    outputs = [o for c in notebook.cells for o in c.get("outputs", [])]
    assert all(output.output_type != "error" for output in outputs)
    pictures = sum("image/png" in o.get("data", {}) for o in outputs)
    described = sum(cell.source.startswith("*Figure:*") for cell in notebook.cells)
    assert 2 <= pictures <= described
