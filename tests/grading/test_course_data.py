"""Folders of data that a course names are read by notebooks, and by nothing written."""

import pytest
from nbformat.v4 import new_output

from autograder.base.errors import WrongUse
from autograder.course.course import foreign_course
from tests.support.other_course import SOLUTION, cell, command, hand_in, make, points
from tests.support.other_course import records as records_of

READS = """
values = [int(open(up + 'Data/deep/x.csv').read()) for up in ('../../', '../../../')]
"""
CLOSED = """
import os
def is_closed(name):
    try:
        open(name, "w")
    except OSError:
        return True
assert is_closed("../../../Data/deep/x.csv") and is_closed("../../../Data/new")
assert not os.path.exists("../../../Data/../gradebook.db")
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Make a course that reads data in two places, and grade it without and with."""
    root = tmp_path_factory.mktemp("course")
    far = tmp_path_factory.mktemp("far")
    far.chmod(0o755)
    (far / "y.csv").write_text("4")
    cells = [
        cell(READS),
        cell(f"values.append(int(open({str(far / 'y.csv')!r}).read()))"),
        cell(SOLUTION, "squares"),
        cell("assert squares(2) == [1, 4]", "test_squares", 2),
        cell("assert values == [3, 3, 4]", "test_values", 1),
        cell(CLOSED, "test_closed", 1),
    ]
    make(root, "ps1", cells)
    (root / "Data" / "deep").mkdir(parents=True)
    (root / "Data" / "deep" / "x.csv").write_text("3")
    hand_in(root, "ann", "ps1", {})
    said = [command("grade", "--course", str(root))]
    (root / "autograder.toml").write_text(f'data = ["Data", "{far}"]\n')
    return root, [*said, command("grade", "--course", str(root))]


def test_what_the_course_lacks_is_nobodys_zero(course):
    lacking = course[1][0].replace("\n", " ")
    assert "problem.ipynb: its own solution fails in cell 1: FileNotF" in lacking
    assert "'../../Data/deep/x.csv'" in lacking
    assert 'name its folder in autograder.toml, as in data = ["Data"]' in lacking
    assert "0 graded, 0 unreadable, 1 errored" in lacking


def test_what_it_names_is_read_and_not_written(course):
    assert "1 graded, 0 unreadable, 0 errored" in course[1][1]
    found = points(records_of(course[0])["ann", "ps1"])
    assert found == {"test_squares": 2, "test_values": 1, "test_closed": 1}
    assert (course[0] / "Data" / "deep" / "x.csv").read_text() == "3"


WRONG = {
    'data = "Data"': "data: found 'Data', expected folders",
    'data = ["Dta"]': "data: found no folder",
    'data = ["."]': "in which students could read",
    'data = ["source/ps1"]': "in which students could read",
    'data = ["submitted"]': "in which students could read",
    'data = [".."]': "in which students could read",
}


@pytest.mark.parametrize("text", WRONG)
def test_no_folder_may_show_what_is_not_for_students(course, text):
    settings = course[0] / "autograder.toml"
    before = settings.read_text()
    settings.write_text(text)
    try:
        with pytest.raises(WrongUse) as told:
            foreign_course(course[0])
    finally:
        settings.write_text(before)
    assert WRONG[text] in str(told.value)


@pytest.mark.patient  # all that reads it takes a second
def test_a_source_with_large_outputs_is_read(tmp_path):
    large = cell("print('a lot')")
    large.outputs = [new_output("stream", text="a lot\n" * (21 * 2**20 // 6))]
    tested = cell("assert squares(2) == [1, 4]", "test_squares", 2)
    make(tmp_path, "ps1", [large, cell(SOLUTION, "squares"), tested])
    hand_in(tmp_path, "ann", "ps1", {})
    notebook = tmp_path / "source" / "ps1" / "problem.ipynb"
    assert notebook.stat().st_size > 21 * 2**20
    assert "1 graded, 0 unreadable, 0 errored" in command(
        "grade", "--course", str(tmp_path)
    )
    assert points(records_of(tmp_path)["ann", "ps1"]) == {"test_squares": 2}
