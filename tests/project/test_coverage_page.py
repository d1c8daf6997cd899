"""Every place that the page on the source notebooks names is there."""

import re

import pytest

from autograder.base.paths import ROOT
from autograder.model.catalogue import read_catalogue
from autograder.model.lesson_reader import lesson_paths, read_lesson

PAGE = ROOT / "docs" / "coverage.md"
LESSONS = {path.parent.name: path for path in lesson_paths()}
ANCHOR = re.compile(r'"[^"]+"|`[^`]+`')


def tables() -> dict[str, list[list[str]]]:
    """Return the cells of each table's rows, by the heading above it."""
    found: dict[str, list[list[str]]] = {}
    for section in PAGE.read_text("utf-8").split("\n## ")[1:]:
        title, *lines = section.splitlines()
        rows = [line for line in lines if line.startswith("|")][2:]
        found[title] = [[c.strip() for c in row[1:-1].split("|")] for row in rows]
    return found


def places(name: str) -> set[str]:
    """Return every anchor that a lesson and its catalogue offer."""
    lesson = read_lesson(LESSONS[name])
    text = "\n".join(c.source for c in lesson.cells if c.kind == "markdown")
    headings = re.findall(r"^##+ (.+)$", text, flags=re.MULTILINE)
    answers = [f"{a.exercise}/{a.name}" for a in read_catalogue(lesson)]
    names = [cell.grade_id for cell in lesson.cells if cell.grade_id]
    return {f'"{h}"' for h in headings} | {f"`{n}`" for n in names + answers}


ALL = [row for rows in tables().values() for row in rows]
ROWS = [row for row in ALL if row[1] != "left out"]


def test_each_source_notebook_has_a_table():
    assert [t[:19] for t in tables()] == [f"Source notebook 00{n}" for n in range(5)]
    assert all(tables().values())


def test_each_row_says_what_and_names_a_lesson_and_a_place():
    bad = [
        row for row in ROWS if len(row) != 3 or not all(row) or row[1] not in LESSONS
    ]
    assert not bad
    # Nothing but anchors in the last column: other words would go unchecked.
    assert not [row for row in ROWS if ANCHOR.sub("", row[2]).strip(", ")]


def test_what_is_left_out_has_a_reason():
    out = [row for row in ALL if row[1] == "left out"]
    assert out
    assert not [row for row in out if len(row) != 3 or len(row[2].split()) < 6]


@pytest.mark.parametrize("name", LESSONS)
def test_each_place_exists_and_each_lesson_is_mentioned(name):
    named = {
        place for row in ROWS if row[1] == name for place in ANCHOR.findall(row[2])
    }
    assert named, f"docs/coverage.md has no row for {name}"
    assert named <= places(name), f"not in {name}: {sorted(named - places(name))}"
