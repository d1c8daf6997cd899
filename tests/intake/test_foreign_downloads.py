"""Downloads of any nbgrader course find its notebooks, also several of one lesson."""

import json

import pytest

from autograder.course.course import foreign_course
from tests.support.downloads import collect, pack
from tests.support.small_course import empty_gradebook


def cell(name):
    entry = {"grade_id": name, "schema_version": 3, "grade": True, "points": 1}
    entry |= {"locked": False, "solution": True, "task": False}
    return {
        "cell_type": "code",
        "source": "",
        "metadata": {"nbgrader": entry},
        "outputs": [],
        "execution_count": None,
    }


def notebook(name, answer=""):
    content = {"cells": [cell(name)], "metadata": {}, "nbformat": 4}
    content["cells"][0]["source"] = answer
    return json.dumps(content | {"nbformat_minor": 4}).encode()


@pytest.fixture
def course(tmp_path):
    """Make a course with one assignment of two notebooks, and one of one."""
    folder = tmp_path / "course"
    for lesson, names in {"ps1": "ab", "ps2": "p"}.items():
        (folder / "source" / lesson).mkdir(parents=True)
        for name in names:
            path = folder / "source" / lesson / f"{name}.ipynb"
            path.write_bytes(notebook(f"cell-{lesson}{name}"))
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    (folder / "gradebook.db").write_bytes(empty_gradebook())
    return foreign_course(folder)


def there(course):
    room = course.results / "submitted"
    return {
        str(path.relative_to(room)): json.loads(path.read_bytes())["cells"][0]["source"]
        for path in sorted(room.glob("*/*/*.ipynb"))
    }


def test_each_notebook_is_known_by_its_cells_and_the_newest_of_each_counts(
    course, tmp_path
):
    files = [
        ("ada_1_101_a.ipynb", notebook("cell-ps1a", "old")),
        ("ada_1_103_a-1.ipynb", notebook("cell-ps1a", "new")),
        ("ada_1_102_second.ipynb", notebook("cell-ps1b", "b")),
        ("ada_1_104_whatever.ipynb", notebook("cell-ps2p", "p")),
    ]
    report = collect(course, pack(tmp_path / "d.zip", files))
    assert report.left == []
    assert there(course) == {
        "ada_1/ps1/a.ipynb": "new",
        "ada_1/ps1/b.ipynb": "b",
        "ada_1/ps2/p.ipynb": "p",
    }
    again = collect(course, tmp_path / "d.zip")
    assert len(again.unchanged) == 2
    later = [("ada_1_110_b.ipynb", notebook("cell-ps1b", "better"))]
    collect(course, pack(tmp_path / "e.zip", later))
    assert there(course)["ada_1/ps1/a.ipynb"] == "new"
    assert there(course)["ada_1/ps1/b.ipynb"] == "better"


def test_without_cells_a_short_name_counts_as_a_word_alone(course, tmp_path):
    files = [
        ("ada_1_101_my apples.ipynb", notebook("other")),
        ("tim_2_102_p.ipynb", notebook("other", "p")),
    ]
    report = collect(course, pack(tmp_path / "d.zip", files))
    assert there(course) == {"tim_2/ps2/p.ipynb": "p"}
    assert "found no cell of a lesson" in report.left[0]
