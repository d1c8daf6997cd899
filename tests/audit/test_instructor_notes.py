"""The pages for instructors say what goes wrong and what to say."""

import pytest

from autograder.audit import tables
from autograder.audit.instructor_notes import instructor_page
from autograder.base.paths import ROOT
from autograder.model.catalogue import Answer
from autograder.model.lesson_reader import lesson_paths, read_lesson
from tests.support.small_course import lesson


def test_a_page_for_instructors_says_what_goes_wrong_and_what_to_say(tmp_path):
    answer = Answer(
        "wrong", "double", "squares", "", says="You square.", hint=2, teach="Ask f(3)."
    )
    row = tables.Row(
        "01_double",
        "double",
        "wrong",
        "squares",
        "caught",
        "0 / 3",
        "hidden",
        "squares",
        "test_double_arrays",
        "AssertionError: double(3) is 9",
    )
    page = instructor_page(lesson(tmp_path), [answer], [row])
    assert "## double (3 points)" in page
    assert "| You square. | 2 | **late**: double(3) is 9 | Ask f(3). |" in page
    assert "> Because." in page


@pytest.mark.parametrize("path", lesson_paths(), ids=lambda path: path.parent.name)
def test_every_written_question_has_its_rubric_on_the_page(path):
    written = [c for c in read_lesson(path).cells if c.role == "written" and c.points]
    page = (ROOT / "docs" / "instructors" / f"{path.parent.name}.md").read_text("utf-8")
    for cell in written:
        section = page.split(f"## {cell.grade_id} (")[1].split("A model answer:")[0]
        assert section.count("\n- ") >= 3 or section.count("\n| ") >= 3
