"""Commands go by the lessons as they are now, not as they were when they were built."""

import re

import nbformat
import pytest

from autograder.authoring import sources
from autograder.authoring.notebooks import source_bytes
from autograder.authoring.sources import update_sources
from autograder.base.errors import SourceError
from autograder.course.course import own_course
from autograder.gradebook.release import with_earlier
from autograder.model import lesson_reader
from autograder.model.cells import ReferenceCell, without_hidden_tests
from autograder.model.lesson_reader import lesson_path, read_lesson

NAME = "00_warmup"


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """Return the file of a lesson that may be changed."""
    path = tmp_path / "lessons" / NAME / "lesson.py"
    path.parent.mkdir(parents=True)
    path.write_bytes(lesson_path(NAME).read_bytes())
    monkeypatch.setattr(sources, "lesson_paths", lambda: [path])
    monkeypatch.setattr(sources, "lesson_path", lambda name: path)
    return path


def source_of(root):
    return root / "build" / "source" / NAME / f"{NAME}.ipynb"


def test_a_source_is_written_once(lesson, tmp_path):
    assert update_sources(tmp_path) == [NAME]
    assert source_of(tmp_path).read_bytes() == source_bytes(read_lesson(lesson))
    assert update_sources(tmp_path) == []


def test_a_changed_lesson_is_written_anew(lesson, tmp_path):
    update_sources(tmp_path)
    lesson.write_text(lesson.read_text("utf-8").replace("one_hot", "hot_one"), "utf-8")
    assert update_sources(tmp_path) == [NAME]
    assert b"hot_one" in source_of(tmp_path).read_bytes()


@pytest.mark.parametrize("room", ["build/source", "notebooks"])
def test_what_a_changed_lesson_had_in_locked_cells_is_remembered(
    room, lesson, tmp_path
):
    """A class may have got it, and was never graded before the change."""
    update_sources(tmp_path)
    before = nbformat.read(source_of(tmp_path), as_version=4)
    (tmp_path / room).parent.mkdir(exist_ok=True)
    (tmp_path / "build" / "source").rename(tmp_path / room)
    lesson.write_text(lesson.read_text("utf-8").replace("one_hot", "hot_one"), "utf-8")
    update_sources(tmp_path)
    course = own_course(tmp_path / "class", tmp_path)
    texts = {}
    for cell in before.cells:
        entry = cell.metadata.get("nbgrader", {})
        known = ReferenceCell(
            entry.get("grade_id", ""), "code", "", "", *[False] * 4, 0
        )
        (known,) = with_earlier(course, NAME, NAME, [known])
        is_locked = entry.get("locked", False)
        wanted = (without_hidden_tests(cell.source),) if is_locked else ()
        assert known.earlier == wanted
        texts |= {known.grade_id: wanted}
    assert any("one_hot" in text for wanted in texts.values() for text in wanted)


def test_a_source_that_is_gone_is_written_anew(lesson, tmp_path):
    update_sources(tmp_path)
    source_of(tmp_path).unlink()
    assert update_sources(tmp_path) == [NAME]


def test_changed_code_that_makes_notebooks_counts(lesson, tmp_path, monkeypatch):
    update_sources(tmp_path)
    monkeypatch.setattr(sources, "digest_of_code", lambda *rooms: "another")
    assert update_sources(tmp_path) == [NAME]


def test_a_changed_module_that_a_lesson_includes_counts(lesson, tmp_path, monkeypatch):
    module = tmp_path / "given.py"
    module.write_text('"""Given."""\none = 1\n')
    monkeypatch.setattr(lesson_reader, "ROOT", tmp_path)
    text = lesson.read_text("utf-8")
    lesson.write_text(re.sub(r"(?m)^# include: .+", "# include: given.py", text))
    update_sources(tmp_path)
    module.write_text('"""Given."""\none = 2\n')
    assert update_sources(tmp_path) == [NAME]
    assert b"one = 2" in source_of(tmp_path).read_bytes()


def test_a_changed_file_that_lessons_read_counts(lesson, tmp_path, monkeypatch):
    update_sources(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "songs.csv").write_text("new")
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    assert update_sources(tmp_path) == [NAME]


def test_a_broken_lesson_is_an_error_each_time(lesson, tmp_path):
    lesson.write_text("# %% [markdown]\n", "utf-8")
    for _ in range(2):
        with pytest.raises(SourceError):
            update_sources(tmp_path)


def test_other_lessons_are_left_alone(lesson, tmp_path):
    assert update_sources(tmp_path, ["01_neuron"]) == []
    assert not source_of(tmp_path).exists()
