"""While one submission is marked, what is asked again is not read again."""

import pytest
from nbgrader.api import Comment, Grade, MissingEntry, SubmittedNotebook
from sqlalchemy import event, select

from autograder.gradebook.database import OpenGradebook


@pytest.fixture
def gradebook(tmp_path):
    """Return a gradebook with one lesson."""
    opened = OpenGradebook(f"sqlite:///{tmp_path}/gradebook.db", "")
    opened.add_assignment("01")
    yield opened
    opened.really_close()


def test_a_submission_that_is_not_there_is_looked_for_once_and_found_when_added(
    gradebook,
):
    asked = []
    event.listen(
        gradebook.engine, "before_cursor_execute", lambda *of: asked.append(of[2])
    )
    with gradebook.one_submission():
        gradebook.update_or_create_student("ada")
        for _ in range(2):
            with pytest.raises(MissingEntry):
                gradebook.find_submission("01", "ada")
        made = gradebook.update_or_create_submission("01", "ada")
        assert gradebook.find_submission("01", "ada") is made
    assert sum("FROM submitted_assignment" in text for text in asked) == 1
    assert gradebook.find_submission("01", "ada").student.id == "ada"


def test_what_is_missing_is_looked_for_again_in_the_next_submission(gradebook):
    with gradebook.one_submission(), pytest.raises(MissingEntry):
        gradebook.find_student("ada")
    gradebook.add_student("ada")
    with gradebook.one_submission():
        assert gradebook.find_student("ada").id == "ada"


@pytest.fixture
def lesson(gradebook):
    """Return a gradebook whose lesson has cells of each kind, one of two kinds."""
    gradebook.add_notebook("01", "01")
    graded = {"cell_type": "code", "max_score": 2}
    gradebook.add_grade_cell("test_sum", "01", "01", **graded)
    gradebook.add_grade_cell("sum", "01", "01", **graded)
    gradebook.add_solution_cell("sum", "01", "01")
    gradebook.add_task_cell("report", "01", "01", **graded)
    return gradebook


def rows_of(gradebook, student):
    """Return each column of a student's rows but those of ids, in a fixed order."""
    notebook = gradebook.find_submission_notebook("01", "01", student)
    found = [gradebook.find_submission("01", student), notebook]
    for kind in (Grade, Comment):
        query = select(kind).where(kind.notebook_id == notebook.id)
        found += sorted(gradebook.db.scalars(query), key=lambda row: row.cell.name)
    return [
        {
            column: getattr(row, column)
            for column in row.__table__.columns.keys()  # noqa: SIM118  # no dict
            if column not in ("id", "student_id", "assignment_id", "notebook_id")
        }
        for row in found
    ]


def give(gradebook, student):
    """Give points and a comment as nbgrader's steps do."""
    gradebook.update_or_create_student(student)
    gradebook.update_or_create_submission("01", student, timestamp="2026-03-01 12:00")
    for name, points in (("test_sum", 1.5), ("sum", None), ("report", None)):
        grade = gradebook.find_grade(name, "01", "01", student)
        grade.auto_score, grade.needs_manual_grade = points, points is None
    comment = gradebook.find_comment("sum", "01", "01", student)
    comment.auto_comment = "No response."


def test_the_rows_of_a_submission_are_those_that_nbgrader_writes(lesson):
    give(lesson, "nbgrader")
    lesson.db.commit()
    with lesson.one_submission():
        give(lesson, "ada")
    lesson.db.rollback()
    assert rows_of(lesson, "ada") == rows_of(lesson, "nbgrader")
    assert len(rows_of(lesson, "ada")) == 2 + 3 + 2


@pytest.mark.parametrize(
    ("find", "names"),
    [("find_submission", ["01"]), ("find_submission_notebook", ["01", "01"])],
)
def test_who_asks_for_what_is_new_finds_what_was_given_and_can_change_it(
    lesson, find, names
):
    with lesson.one_submission():
        give(lesson, "ada")
        assert getattr(lesson, find)(*names, "ada").score == 1.5
        lesson.find_grade("test_sum", "01", "01", "ada").auto_score = 2
        for grade in lesson.find_submission_notebook("01", "01", "ada").grades:
            grade.needs_manual_grade = False
    lesson.db.rollback()
    submitted = lesson.db.scalars(select(SubmittedNotebook)).one()
    assert submitted.score == 2
    assert not submitted.needs_manual_grade


def test_a_submission_that_fails_leaves_no_row(lesson):
    def fail():
        with lesson.one_submission():
            give(lesson, "ada")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not lesson.db.scalars(select(Grade)).all()
    give(lesson, "ada")
    assert len(lesson.find_submission_notebook("01", "01", "ada").grades) == 3


def test_no_row_of_a_submission_is_kept_for_the_next(lesson):
    before = lesson.assignments
    assert list(lesson.db) == before
    with lesson.one_submission():
        assert not list(lesson.db)
        give(lesson, "ada")
    assert not list(lesson.db)


def test_what_is_set_to_what_it_was_is_not_written(lesson):
    written = []
    with lesson.one_submission():
        give(lesson, "ada")
        lesson.write()
        event.listen(lesson.db(), "before_flush", lambda *of: written.append(of))
        for notebook in lesson.find_submission("01", "ada").notebooks:
            notebook.late_submission_penalty = None
    assert not written
    with lesson.one_submission():
        for notebook in lesson.find_submission("01", "ada").notebooks:
            notebook.late_submission_penalty = 1.0
    assert written
    assert rows_of(lesson, "ada")[1]["late_submission_penalty"] == 1.0
