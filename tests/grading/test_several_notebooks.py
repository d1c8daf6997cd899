"""Of several notebooks each is graded for itself; none in the place of another."""

import shutil
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from tests.support.other_course import SOLUTION, cell, command, make, points
from tests.support.other_course import records as records_of
from tests.support.told_gradebook import grades_of

NAMES = ("a", "b", "c")
RIGHT = {f"test_{name}": 2.0 for name in NAMES}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Make a course with three notebooks, of which students hand in some."""
    root = tmp_path_factory.mktemp("course")
    make(root, "ps1", [])
    source = root / "source" / "ps1"
    (source / "problem.ipynb").unlink()
    for name in NAMES:
        answer = cell(SOLUTION.replace("squares", f"squares_{name}"), f"squares_{name}")
        test = cell(f"assert squares_{name}(2) == [1, 4]", f"test_{name}", 2)
        cells = [cell("import math", "imports"), answer, test]
        if name == "c":
            why = new_markdown_cell("Say why.")
            flags = {"grade": True, "solution": True, "locked": False, "task": False}
            why.metadata["nbgrader"] = {"schema_version": 3, "grade_id": "why", **flags}
            why.metadata["nbgrader"]["points"] = 3
            cells.append(why)
        nbformat.write(nbformat.v4.new_notebook(cells=cells), source / f"{name}.ipynb")
    plain = nbformat.v4.new_notebook(cells=[cell("1 + 1")])
    nbformat.write(plain, source / "intro.ipynb")  # gives no marks: nobody misses it
    empty = nbformat.v4.new_notebook()
    nbformat.write(empty, source / "Untitled.ipynb")  # left there by chance
    hands = {
        "ann": {"a": "a", "b": "b"},
        "ben": {"a": "a", "b": "b", "c": ""},
        "cy": {"mine": "b", "c": "c"},
        "dee": {"A": "a", "my_b_final": "b", "c (1)": "c"},
        "eve": {"b": "b", "b2": "a", "b3": "a"},
        "flo": {"a": ""},
        "gil": {"a": "b", "b": "a", "c": "c"},
        "hal": {"a": "b", "b": "c", "C": "a"},
        "ivy": {"a": "b", "b": "b", "c": "c"},
    }
    for student, files in hands.items():
        folder = root / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        for file, name in files.items():
            content = (source / f"{name}.ipynb").read_text() if name else ""
            (folder / f"{file}.ipynb").write_text(content)
    folder = root / "submitted" / "jo" / "ps1"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for name in NAMES:
            archive.write(source / f"{name}.ipynb", f"work/{name}.ipynb")
    folder = root / "submitted" / "kim" / "ps1"
    for name, place in zip(
        NAMES, ("a.ipynb", "sub/b.ipynb", "c.ipynb.txt"), strict=True
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / f"{name}.ipynb", folder / place)
    nameless = folder.parents[1] / "lea" / "ps1"
    nameless.mkdir(parents=True)
    nbformat.write(plain, nameless / "mine.ipynb")
    return root, command("grade", "--course", str(root))


def found(course, student):
    record = records_of(course[0])[student, "ps1"]
    return record, points(record) | {"why": None}


@pytest.mark.parametrize(
    ("student", "absent"),
    [
        ("ann", {"c": "c.ipynb was not handed in"}),
        ("ben", {"c": "c.ipynb: not a notebook"}),
        ("cy", {"a": "a.ipynb was not handed in"}),
        ("dee", {}),
        ("gil", {}),
        ("hal", {}),
        ("jo", {}),
        ("kim", {}),
        ("ivy", {"a": "a.ipynb was not handed in"}),
        ("eve", {"a": "found b2.ipynb, b3.ipynb", "c": "c.ipynb was not handed in"}),
    ],
)
def test_what_is_missing_costs_its_own_points_and_is_named(course, student, absent):
    record, marks = found(course, student)
    assert record["status"] == "graded"
    expected = RIGHT | {f"test_{name}": 0 for name in absent}
    assert marks == expected | {"why": None}
    assert record["without"].keys() == absent.keys()
    for name, why in absent.items():
        assert why in record["without"][name]
        assert f"left out {student}/ps1" in course[1]


def test_nothing_is_put_back_or_called_edited(course):
    assert "put back" not in course[1]
    assert "tampered" not in course[1]


@pytest.mark.parametrize("student", ["ann", "ben", "eve"])
def test_a_missing_written_answer_waits_for_a_person(course, student):
    record, _ = found(course, student)
    assert record["cells"][-1]["status"] == "manual"
    assert grades_of(course[0], student)["why"] == (None, None, True)
    assert grades_of(course[0], student)["test_c"] == (0, None, False)


def test_where_nothing_can_be_read_the_submission_is_unreadable(course):
    record, _ = found(course, "flo")
    assert record["status"] == "unreadable"
    assert "b.ipynb was not handed in" in record["message"]
    message = records_of(course[0])["lea", "ps1"]["message"]
    assert "look into mine.ipynb, or ask" in message


def test_what_lies_deeper_counts_when_it_changes(course):
    again = command("grade", "--course", str(course[0]))
    path = course[0] / "submitted" / "kim" / "ps1" / "sub" / "b.ipynb"
    path.write_bytes(path.read_bytes() + b"\n")
    changed = command("grade", "--course", str(course[0]))
    assert ["kim" in said for said in (again, changed)] == [False, True]
