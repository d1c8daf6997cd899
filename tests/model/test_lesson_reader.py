"""Mistakes in a lesson's source are named: file, cell, what was found, what to do."""

import re
from pathlib import Path

import pytest

from autograder.authoring.claims import stale_claims
from autograder.base.errors import SourceError
from autograder.model.cells import without_hidden_tests
from autograder.model.lesson_reader import lesson_paths, read_lesson

TITLE = "# %% [markdown]\n# # Title\n\n"
SOLUTION = (
    '# %% nbgrader={"grade_id": "double", "solution": true}\n'
    "def double(x):\n"
    "    ### BEGIN SOLUTION\n"
    "    return 2 * x\n"
    "    ### END SOLUTION\n\n\n"
)
TEST = (
    '# %% nbgrader={"grade_id": "test_double_three", "grade": true, "points": 1}\n'
    "assert double(3) == 6\n"
)
MISTAKES = {
    "no title": (SOLUTION + TEST, "no title"),
    "unbalanced solution": (
        TITLE + SOLUTION.replace("    ### END SOLUTION\n", "") + TEST,
        "unbalanced region",
    ),
    "solution without region": (
        TITLE
        + SOLUTION.replace("    ### BEGIN SOLUTION\n", "").replace(
            "    ### END SOLUTION\n", ""
        )
        + TEST,
        "solution cell without",
    ),
    "solution region in given code": (
        TITLE
        + SOLUTION
        + TEST
        + "\n# %%\n### BEGIN SOLUTION\na1 = 1\n### END SOLUTION\n",
        "outside a solution cell",
    ),
    "nested hidden tests": (
        TITLE + SOLUTION + TEST + "### BEGIN HIDDEN TESTS\n" * 2,
        "unbalanced region",
    ),
    "duplicate grade_id": (TITLE + SOLUTION + TEST + TEST, "duplicate grade_id"),
    "missing grade_id": (
        TITLE + SOLUTION + TEST.replace('"grade_id": "test_double_three", ', ""),
        "missing grade_id",
    ),
    "points on a solution": (
        TITLE
        + SOLUTION.replace('"solution": true', '"solution": true, "points": 2')
        + TEST,
        "points on a cell that is not a test",
    ),
    "test without points": (
        TITLE + SOLUTION + TEST.replace(', "points": 1', ""),
        "points are None",
    ),
    "exercise without tests": (TITLE + SOLUTION, "exercise without tests"),
    "test of no exercise": (
        TITLE + SOLUTION + TEST + TEST.replace("test_double_three", "test_triple"),
        "test of no exercise",
    ),
    "test binds a notebook's name": (
        TITLE + SOLUTION + TEST.replace("assert double(3)", "x = 3\nassert double(x)"),
        "the test binds x",
    ),
    "unknown metadata": (
        TITLE + SOLUTION + TEST.replace('"points": 1', '"points": 1, "score": 1'),
        "unknown nbgrader metadata",
    ),
    "no Python": (TITLE + SOLUTION + TEST + "assert (\n", "is not Python"),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "00_lesson.py"
    path.write_text(text, "utf-8")
    return path


def test_a_correct_lesson_is_read(tmp_path):
    lesson = read_lesson(write(tmp_path, TITLE + SOLUTION + TEST))
    assert (lesson.title, lesson.exercises, lesson.max_score) == (
        "Title",
        ["double"],
        1,
    )
    assert [cell.role for cell in lesson.cells] == ["text", "solution", "test"]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_file_and_cell(name, tmp_path):
    text, expected = MISTAKES[name]
    with pytest.raises(SourceError, match=expected) as caught:
        read_lesson(write(tmp_path, text))
    assert str(caught.value).startswith("00_lesson.py, cell ")


def test_a_mistake_is_named_with_the_line_of_the_file(tmp_path):
    text = TITLE + SOLUTION + TEST + "assert (\n"
    place = text.count("\n")
    with pytest.raises(SourceError, match=f": line {place} is not Python") as caught:
        read_lesson(write(tmp_path, text))
    begin = text.splitlines().index(TEST.strip().splitlines()[0]) + 1
    assert f", line {begin}: " in str(caught.value)


def test_a_given_cell_may_include_a_module_of_the_project(tmp_path):
    given = '# %% nbgrader={"grade_id": "checking", "locked": true}\n# include: '
    found = read_lesson(write(tmp_path, f"{TITLE}{given}lessons/given/recall.py\n"))
    assert found.cells[1].source.startswith("def check_recall(")
    with pytest.raises(SourceError, match=r"found no lessons/given/gone\.py"):
        read_lesson(write(tmp_path, f"{TITLE}{given}lessons/given/gone.py\n"))


def test_a_test_belongs_to_the_exercise_with_the_longest_fitting_name(tmp_path):
    longer = SOLUTION.replace("double", "double_all")
    test = TEST.replace("test_double_three", "test_double_all_of_them")
    lesson = read_lesson(write(tmp_path, TITLE + SOLUTION + TEST + longer + test))
    assert [c.grade_id for c in lesson.tests_of("double")] == ["test_double_three"]
    assert [c.grade_id for c in lesson.tests_of("double_all")] == [
        "test_double_all_of_them"
    ]


def test_hidden_tests_are_cut_out():
    source = "a = 1\n### BEGIN HIDDEN TESTS\nassert a == 1\n### END HIDDEN TESTS\nb = 2"
    assert without_hidden_tests(source) == "a = 1\nb = 2"


@pytest.mark.parametrize("path", lesson_paths(), ids=lambda path: path.parent.name)
def test_a_lesson_of_the_series_keeps_its_promises(path):
    lesson = read_lesson(path)
    assert lesson.max_score >= 10
    assert not [*stale_claims(lesson)]
    for exercise in lesson.exercises:
        tests = lesson.tests_of(exercise)
        total = sum(test.points for test in tests)
        visible = sum(t.points for t in tests if "BEGIN HIDDEN" not in t.source)
        assert visible <= 0.5 * total, f"{exercise}: too many points for visible checks"
        assert visible < total, f"{exercise}: no hidden test"
    text = "\n".join(cell.source for cell in lesson.cells).lower()
    assert "all tests passed" not in text


WITH_CHECKING = [
    path for path in lesson_paths() if '"checking"' in path.read_text("utf-8")
]
LINK = re.compile(r"\]\(([^)]*)\)", re.DOTALL)


@pytest.mark.parametrize("path", WITH_CHECKING, ids=lambda path: path.parent.name)
def test_a_lesson_begins_with_recall_and_ends_with_links(path):
    lesson = read_lesson(path)
    text = "\n\n".join(cell.source for cell in lesson.cells if cell.kind == "markdown")
    links = LINK.findall(text.split("## Go further")[1])
    assert links
    assert not [link for link in links if not re.fullmatch(r"https://\S+\w/?", link)]
    names = [cell.grade_id for cell in lesson.cells]
    if lesson.name >= "02":
        assert "## Before you start" in text
        assert names.index("recall") + 1 == names.index("check_recall")
