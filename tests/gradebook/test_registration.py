"""A lesson is registered when something changed, and only then."""

import json
import shutil
import sqlite3
from contextlib import closing
from unittest.mock import patch

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.base.errors import SourceError
from autograder.course.course import own_course
from autograder.gradebook.marker import Marker
from tests.support.small_course import LESSON, NAME, empty_gradebook, make_course

CHANGED = LESSON.replace('"points": 2}', '"points": 5}')


def registered(root) -> tuple[bool, dict]:
    """Register the lesson; return whether nbgrader did it, and its points by cell."""
    course = own_course(root / "classroom", root)
    run = Marker._run
    with (
        patch.object(Marker, "_run", autospec=True, side_effect=run) as done,
        Marker(course) as marker,
    ):
        cells = marker.register(NAME)[NAME]
    return done.called, {cell.grade_id: cell.points for cell in cells}


@pytest.fixture
def root(tmp_path):
    """Return the folder of a course whose lesson is registered."""
    make_course(tmp_path)
    assert registered(tmp_path)[0]
    return tmp_path


def settings(root, text: str) -> None:
    path = root / "classroom" / "nbgrader_config.py"
    path.write_text(f"c = get_config()\n{text}\n", "utf-8")


def change(root, statement: str) -> None:
    """Change the gradebook past all code that could note it."""
    with closing(sqlite3.connect(root / "classroom" / "gradebook.db")) as gradebook:
        gradebook.execute(statement)
        gradebook.commit()


def test_where_nothing_changed_the_same_cells_are_known_without_nbgrader(root):
    cells = registered(root)[1]
    assert registered(root) == (False, cells)
    assert cells["test_double_arrays"] == 2


def test_a_changed_source(root):
    make_course(root, CHANGED)
    again, cells = registered(root)
    assert again
    assert cells["test_double_arrays"] == 5
    make_course(root)
    assert registered(root)[1]["test_double_arrays"] == 2
    assert not registered(root)[0]


@pytest.mark.parametrize(
    ("noted", "value", "said"),
    [
        ("locked", "yes", "'yes' is not of type 'boolean'"),
        ("grade", True, "'imports' does not have points"),
        ("schema_version", 2, "use an old version of the nbgrader metadata format"),
    ],
)
def test_what_nbgrader_refuses_of_its_notes_is_refused(root, noted, value, said):
    path = root / "build" / "source" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_bytes())
    cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader"))
    cell["metadata"]["nbgrader"][noted] = value
    path.write_text(json.dumps(notebook), "utf-8")
    with pytest.raises(SourceError) as refused:
        registered(root)
    assert said in str(refused.value)


def test_another_notebook_beside_it(root):
    folder = root / "build" / "source" / NAME
    shutil.copy(folder / f"{NAME}.ipynb", folder / "more.ipynb")
    assert registered(root)[0]
    (folder / "more.ipynb").unlink()
    assert registered(root)[0]


def test_changed_settings(root):
    settings(root, "c.ClearSolutions.text_stub = 'Say it.'")
    assert registered(root)[0]
    assert not registered(root)[0]
    settings(root, "c.ClearSolutions.text_stub = 'Say it in words.'")
    assert registered(root)[0]


@pytest.mark.parametrize(
    "text",
    [
        "c.IncludeHeaderFooter.header = 'header.ipynb'",
        "c.GenerateAssignment.pre_convert_hook = 'os.path.join'",
        "c.Autograde.pre_convert_hook = print",
        "c.CourseDirectory.ignore.append('*.log')",
    ],
)
def test_settings_behind_which_something_may_change_unseen(root, text):
    header = root / "header.ipynb"
    header.write_text('{"cells": [], "metadata": {}, "nbformat": 4}', "utf-8")
    settings(root, text)
    assert registered(root)[0]
    assert registered(root)[0]


def test_a_gradebook_that_is_gone(root):
    (root / "classroom" / "gradebook.db").unlink()
    again, cells = registered(root)
    assert again
    assert cells["test_double_arrays"] == 2


def test_the_gradebook_of_another_course_with_the_same_lesson(root, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    make_course(other, CHANGED)
    registered(other)
    shutil.copy(other / "classroom" / "gradebook.db", root / "classroom")
    again, cells = registered(root)
    assert again
    assert cells["test_double_arrays"] == 2
    shutil.copy(other / "classroom" / "gradebook.db", root / "classroom")
    make_course(root, CHANGED)
    assert registered(root)[0], "it was made by another class: its rows are others"


def test_an_empty_gradebook_in_its_place(root):
    path = root / "classroom" / "gradebook.db"
    for old in path.parent.glob("gradebook.db*"):
        old.unlink()
    path.write_bytes(empty_gradebook())
    assert registered(root)[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grade_cells SET max_score = 9",
        "UPDATE source_cell SET source = 'pass' WHERE name = 'test_double_three'",
        "DELETE FROM source_cell WHERE name = 'imports'",
        "DELETE FROM solution_cells",
        "UPDATE notebook SET kernelspec = '{}'",
        "UPDATE assignment SET course_id = 'another'",
    ],
)
def test_rows_that_somebody_changed(root, statement):
    expected = registered(root)[1]
    change(root, statement)
    again, cells = registered(root)
    assert again
    assert cells == expected


def test_a_due_date_is_no_change(root):
    change(root, "UPDATE assignment SET duedate = '2026-03-01 12:00:00'")
    assert not registered(root)[0]


def test_a_lesson_whose_tests_nbgrader_makes_by_running_it(root):
    """What comes of that hangs on more than its source."""
    make_course(root, LESSON.replace("# # Double", "# # AUTOTEST\n#\n# Double"))
    assert registered(root)[0]
    assert registered(root)[0]


def test_a_folder_in_which_nobody_can_write(root):
    note = root / "classroom" / f".autograder.{NAME}.registered"
    note.unlink()
    note.mkdir()
    assert registered(root)[0]
    assert registered(root)[0]


def test_nothing_is_asked_of_a_gradebook_about_cells_that_it_cannot_have(tmp_path):
    make_course(tmp_path)
    asked = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        asked.append(statement.startswith("SELECT source_cell"))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        cells = registered(tmp_path)[1]
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    # Once for each while the notebook is read, and for the lists of all.
    assert sum(asked) <= len(cells) + 3


def test_a_notebook_that_is_not_valid_is_told_in_one_sentence(root):
    path = root / "build" / "source" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_bytes())
    notebook["metadata"]["kernelspec"] = None  # as some editors save it
    path.write_text(json.dumps(notebook))
    with pytest.raises(SourceError) as told:
        registered(root)
    assert str(told.value) == (
        f"{NAME}: found no valid notebook in its source, at metadata.kernelspec: None "
        "is not of type 'object'; open it in Jupyter and save it there."
    )


def test_what_a_step_of_nbgrader_says_names_the_notebook_in_one_sentence(root):
    path = root / "build" / "source" / NAME / f"{NAME}.ipynb"
    text = path.read_text().replace("### END SOLUTION", "### END", 1)
    path.write_text(text)
    with pytest.raises(SourceError) as told:
        registered(root)
    assert str(told.value).startswith(f"nbgrader: {NAME}.ipynb: RuntimeError: ")
    assert str(told.value).endswith("no end solution statement found")


REFUSED = {
    "raw": (lambda cell: cell.update(cell_type="raw"), "found a raw cell, expected"),
    "no number": (
        lambda cell: cell["metadata"]["nbgrader"].update(points=float("nan")),
        "found nan points, expected a number",
    ),
    "older": (
        lambda cell: cell["metadata"]["nbgrader"].update(schema_version=2),
        f"nbgrader: {NAME}: One or more notebooks in the assignment use an old version",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_cell_that_no_gradebook_can_hold_is_named(what, root):
    change, told = REFUSED[what]
    path = root / "build" / "source" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    names = [
        c["metadata"].get("nbgrader", {}).get("grade_id") for c in notebook["cells"]
    ]
    cell = notebook["cells"][names.index("test_double_three")]
    change(cell)
    if what == "raw":
        del cell["outputs"], cell["execution_count"]
    path.write_text(json.dumps(notebook))
    with pytest.raises(SourceError) as found:
        registered(root)
    assert told in str(found.value)
    assert "\n" not in str(found.value)


def test_a_name_that_nbgrader_refuses_is_named(tmp_path):
    make_course(tmp_path, name="a+b")
    with (
        Marker(own_course(tmp_path / "classroom", tmp_path)) as marker,
        pytest.raises(SourceError, match=r"a\+b: found \+ in the name"),
    ):
        marker.register("a+b")


@pytest.mark.parametrize("name", ["ps 1 [2 points]", "Übung (1)", "a*b?"])
def test_the_name_of_a_lesson_is_no_pattern(name, tmp_path):
    make_course(tmp_path, name=name)
    with Marker(own_course(tmp_path / "classroom", tmp_path)) as marker:
        assert marker.register(name)
