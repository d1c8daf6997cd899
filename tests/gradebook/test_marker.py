"""Marks are those that stock nbgrader writes: each row, each column and each file.

The judge is nbgrader's own `autograde`, given the same executed notebooks: all of its
steps but the two that execute a notebook and that clear what was executed.
"""

import shutil
from pathlib import Path

import pytest
from nbformat.v4 import new_output

from autograder.base.errors import EngineError
from autograder.gradebook.marker import Marker
from tests.support.twin_courses import (
    CELLS,
    DUE,
    LESSON,
    MAIN,
    MORE,
    Hand,
    Ours,
    Stock,
    cell,
)

ZERO = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
HALF = """
c.AssignLatePenalties.plugin_class = "half_for_late.HalfForLate"
"""


FAILED = new_output(
    "error", ename="AssertionError", evalue="no", traceback=["no", "\x1b[31mno"]
)
A_HALF = new_output("execute_result", {"text/plain": "0.5"}, execution_count=4)
A_PAGE = new_output("display_data", {"text/html": "<b>\nä</b>", "image/png": "AA=="})


@pytest.fixture(autouse=True)
def plugin(monkeypatch):
    """Let the course's penalty be imported, by nbgrader's own steps, too."""
    monkeypatch.syspath_prepend(Path(__file__).parent)


@pytest.fixture
def twins(request, tmp_path):
    """Return two courses that are alike, with their lesson registered."""
    settings = getattr(request, "param", HALF)
    made = [kind(tmp_path / kind.__name__, settings) for kind in (Ours, Stock)]
    for twin in made:
        twin.register()
        with twin.gradebook() as gradebook:
            gradebook.update_or_create_assignment(LESSON, duedate=DUE)
    return made


def assert_alike(ours: Ours, stock: Stock) -> None:
    found, expected = ours.rows(), stock.rows()
    # nbgrader's steps open the gradebook without the name of its course.
    expected["course"].remove("{'id': 'default_course'}")
    assert found == expected
    assert ours.files() == stock.files()


ANSWERS = {"half": "y = 1.0", "why": "Because.", "twice": "z = 1 + 1"}
ON_TIME = {"timestamp.txt": "2026-03-01 11:00:00 UTC"}
LATE = {"timestamp.txt": "2026-03-01 13:30:00 +0000\n"}
ADA = Hand("ada", ANSWERS, {"half": [A_PAGE]}, files=ON_TIME | {"own/x.txt": "mine"})
BOB = Hand("bob", ANSWERS | {"why": "Say why."}, {"test_half": [FAILED]}, files=LATE)
CY = Hand("cy", {}, {"test_twice": [FAILED], "test_share": [A_HALF]}, own=2)
DEE = Hand("dee", ANSWERS, {"test_share": [A_HALF]}, gone=("why",), files=LATE)
CLASS = (ADA, BOB, CY, DEE)


PENALTIES = {"no penalty": "", "all points": ZERO, "a plugin's": HALF}


@pytest.mark.parametrize("twins", PENALTIES.values(), ids=PENALTIES, indirect=True)
def test_a_class(twins):
    for twin in twins:
        twin.mark(*CLASS)
    assert_alike(*twins)
    rows = twins[0].rows()
    assert len(rows["grade"]) == len(CLASS) * 6
    assert len(rows["comment"]) == len(CLASS) * 4
    assert len(twins[0].files()) == 6 * len(CLASS) + 5


def test_what_is_handed_in_again(twins):
    """With fewer cells and files, an extension, and what a person gave meanwhile.

    Not without a time where there was one: nbgrader keeps that of the work before.
    """
    for twin in twins:
        twin.mark(*CLASS)
        with twin.gradebook() as gradebook:
            gradebook.grant_extension(LESSON, "bob", hours=1)
            for student in ("ada", "bob"):
                grade = gradebook.find_grade("why", MAIN, LESSON, student)
                grade.manual_score, grade.needs_manual_grade = 2.5, False
                grade = gradebook.find_grade("test_half", MAIN, LESSON, student)
                grade.extra_credit = 0.5
                comment = gradebook.find_comment("draw", MAIN, LESSON, student)
                comment.manual_comment = "Well drawn."
            gradebook.db.commit()
        twin.mark(
            Hand(
                "ada",
                {},
                {"test_half": [FAILED]},
                gone=("test_share", "half"),
                files=ON_TIME,
            ),
            Hand("bob", ANSWERS, {"test_twice": [FAILED]}, files=LATE),
            Hand("cy", ANSWERS, own=1, files=LATE | {"y.txt": "new"}),
            Hand(
                "cy", ANSWERS, {"test_share": [A_HALF]}, files=LATE | {"z.txt": "newer"}
            ),
        )
    assert_alike(*twins)
    rows = "".join(twins[0].rows()["grade"])
    assert "'manual_score': 2.5" in rows
    assert "'extra_credit': 0.5" in rows


def test_a_lesson_that_changed_after_it_was_marked(tmp_path):
    """The rows are as if it had never been another one; stock refuses to do that."""
    ours, stock = (
        kind(tmp_path / kind.__name__, HALF) for kind in (Ours, Stock)
    )  # fmt: skip
    changed = [
        cell("given", "import math", locked=True),
        cell("half", "### BEGIN SOLUTION\ny = 1\n### END SOLUTION", solution=True),
        cell("test_half", "assert y == 1", grade=True, locked=True, points=7),
        cell("test_new", "assert y > 0", grade=True, locked=True, points=1),
        cell("why", "Say why.", "markdown", task=True, locked=True, points=2),
        cell("write", "Write it.", "markdown", grade=True, solution=True, points=3),
    ]
    ours.register()
    ours.mark(*CLASS)
    for twin in (ours, stock):
        twin.lesson[MAIN] = changed
        twin.write_source()
        twin.register()
    ours.mark(*CLASS)
    stock.mark(*CLASS)
    assert_alike(ours, stock)


def test_settings_of_the_course_that_take_part(tmp_path):
    more = """
c.Autograde.exclude_overwriting = {"ps1": ["data/given.csv"]}
c.CourseDirectory.ignore = ["*.log"]
c.NotebookExporter.nbformat_version = 4
c.BaseConverter.permissions = 640
c.SaveAutoGrades.enabled = False
"""
    twins = [kind(tmp_path / kind.__name__, more) for kind in (Ours, Stock)]
    for twin in twins:
        twin.register()
        twin.mark(
            Hand("ada", files={"data/given.csv": "mine", "a.log": "", "b.pyc": ""}),
            Hand("[b] *", ANSWERS, files=ON_TIME) if isinstance(twin, Ours) else CY,
        )
    ours, stock = (
        {name: file for name, file in twin.files().items() if name.startswith("ada")}
        for twin in twins
    )
    assert ours == stock
    assert "ada/ps1/b.pyc" in ours
    assert "ada/ps1/a.log" not in ours
    assert "[b] */ps1/timestamp.txt" in twins[0].files()
    assert not any("'auto_score': 1" in row for row in twins[0].rows()["grade"])


def test_a_submission_that_cannot_be_read_is_like_a_notebook_that_is_not_there(twins):
    ours, stock = twins
    ours.mark(ADA, BOB)
    stock.mark(ADA, BOB)
    with Marker(ours.course) as marker:
        for student in ("bob", "eve"):
            marker.mark_zero(student, LESSON)
    folder = stock.submitted(Hand("eve"))
    with stock.gradebook() as gradebook:
        gradebook.update_or_create_student("eve")
        gradebook.update_or_create_submission(LESSON, "eve")
        for student in ("bob", "eve"):
            for name in CELLS:
                assert not (folder / f"{name}.ipynb").exists()
                submitted = gradebook.find_submission_notebook(name, LESSON, student)
                for grade in submitted.grades:
                    grade.auto_score, grade.needs_manual_grade = 0, False
        gradebook.db.commit()
    assert_alike(ours, stock)


def test_a_notebook_that_nbgrader_refuses_leaves_nothing_behind(twins):
    ours, _ = twins
    ours.mark(ADA)
    before = ours.rows()
    too_much = new_output("execute_result", {"text/plain": "9"}, execution_count=1)
    with pytest.raises(EngineError, match="partial credit cannot be greater") as told:
        ours.mark(Hand("bob", ANSWERS, {"test_share": [too_much]}))
    assert "for student 'bob'" in str(told.value)
    assert ours.rows() == before
    assert not any(name.startswith("bob/") for name in ours.files())


def test_one_student_twice_in_a_row_where_nothing_lies_beside(twins):
    for twin in twins:
        shutil.rmtree(twin.root / "source" / LESSON / "data")
        twin.mark(Hand("ada"), Hand("ada", ANSWERS))
    assert_alike(*twins)


def test_nothing_of_one_submission_is_beside_the_next(twins):
    """Whether a folder is made for it or was that of the one before."""
    hands = [
        *(Hand("cy"), Hand("bob", files=LATE), Hand("dee"), Hand("ada", ANSWERS)),
        *(Hand("[e] *"), Hand("cy", ANSWERS), Hand("bob", ANSWERS, files=ON_TIME)),
    ]
    for twin in twins:
        twin.mark(*(h for h in hands if isinstance(twin, Ours) or "*" not in h.student))
    ours, stock = (twin.files() for twin in twins)
    assert {n: f for n, f in ours.items() if not n.startswith("[e]")} == stock
    assert sorted(n for n in ours if n.endswith("timestamp.txt")) == [
        "bob/ps1/timestamp.txt"
    ]
    assert "[e] */ps1/main.ipynb" in ours


def test_a_notebook_that_the_one_before_had_is_missed(twins):
    ours, _ = twins
    all_of_it, one = ours.executed(Hand("ada")), ours.executed(Hand("bob"))
    del one[MORE]
    with Marker(ours.course) as marker:
        marker.mark("ada", LESSON, all_of_it, {})
        marker.mark("bob", LESSON, one, {})
    rows = [row for row in ours.rows()["grade"] if "test_twice" in row]
    assert len(rows) == 2
    for student, points in {"ada": 5, "bob": 0}.items():
        (own,) = [row for row in rows if repr(student) in row]
        assert f"'auto_score': {points}" in own
