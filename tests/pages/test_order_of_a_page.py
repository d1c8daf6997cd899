"""A page says first what is to be done: what failed, then what passed, folded."""

import re
from html import unescape

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.audit.diagnosis import Diagnosis
from autograder.gradebook.marker import write_feedback
from autograder.model.cells import NBGRADER_DEFAULTS
from autograder.pages import feedback
from tests.support.marked import Hand, error, mark
from tests.support.small_course import LESSON, NAME, RIGHT, make_course

pytestmark = pytest.mark.xdist_group("order_of_a_page")  # one class for all of them
FIGURE = """
# %% nbgrader={"grade_id": "drawing", "locked": true}
total([1])

# %% [markdown]
# *Figure:* the sum $\\sum_i x_i$ of **all**.

"""
LAST = '# %% [markdown] nbgrader={"grade_id": "why"'
EXPLAIN = """
# %% [markdown]
# A story.
#
# **Explain it (no points).** Why is $2x$ twice `x`?

# %% [markdown] nbgrader={"grade_id": "own", WRITTEN, "points": 0}
# ### BEGIN SOLUTION
# It is added to *itself*.
# ### END SOLUTION
""".replace("WRITTEN", '"grade": true, "solution": true')
WHOLE = LESSON.replace(LAST, FIGURE + LAST) + EXPLAIN
PICTURE = "iVBORw0KGgo="
MESSAGE = "AssertionError: double(3) is 3, expected 6"
NOT_SOLVED = "NotImplementedError: "


class Drawn(Hand):
    """A hand whose given cell displays something."""

    def notebook(self, source):
        made = super().notebook(source)
        for cell in made.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name == "total" and self.student == "unsolved":
                cell.outputs = [error(NOT_SOLVED)]
            if name == "drawing":
                shown = new_output("stream", text="drawn by the lesson")
                picture = new_output("display_data", data={"image/png": PICTURE})
                cell.outputs = [shown, picture]
        return made


def _check_the_setup(path):
    """Add what lessons of ours have not: a test above all answers, worth nothing."""
    source = nbformat.read(path, as_version=4)
    entry = NBGRADER_DEFAULTS | {"grade": True, "locked": True, "points": 0}
    test = new_code_cell("assert np.__version__", id="test_setup")
    test.metadata["nbgrader"] = entry | {"grade_id": "test_setup"}
    source.cells.insert(2, test)
    nbformat.write(source, path)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("course"), WHOLE)
    _check_the_setup(course.path("source", ".", NAME) / f"{NAME}.ipynb")
    own = [new_code_cell("my_own = 1", outputs=[new_output("stream", text="mine")])]
    wrong = {"test_double_three": MESSAGE, "test_setup": "AssertionError: no NumPy"}
    unsolved = {"test_total_share": "NameError: the notebook does not define 'total'"}
    empty = RIGHT | {"why": "Write your answer here."}
    both = dict.fromkeys(("test_double_three", "test_double_arrays"), NOT_SOLVED)
    mark(
        course,
        [
            Drawn("wrong", failed=wrong, cells=own, answers=empty),
            Drawn("unsolved", failed=unsolved | both),
            Drawn("whole"),
        ],
    )
    named = Diagnosis("double", "once", "It is taken once.", 2)
    written = tmp_path_factory.mktemp("lessons") / f"{NAME}.py"
    written.write_text(WHOLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feedback, "lesson_path", lambda _: written)
        found = {"double": named}
        patch.setattr(
            feedback,
            "diagnoses",
            lambda _, cells: (
                found if any(c["message"] == MESSAGE for c in cells) else {}
            ),
        )
        write_feedback(course, "all", NAME)
    rooms = course.path("feedback").glob(f"*/{NAME}/{NAME}.html")
    return {path.parts[-3]: unescape(path.read_text("utf-8")) for path in rooms}


def sections(page):
    """Return the headings of a page's main part, with whether they are folded."""
    main = page.partition("<main")[2]
    found = re.findall(r'(<details class="done"><summary>\s*)?<h2[^>]*>(.*?)<', main)
    names = map(str.strip, re.findall(r"<h2[^>]*>(?:<code>)?([^<]+)", main))
    return list(zip(names, [bool(fold) for fold, _ in found], strict=True))


def advice(page):
    text = re.sub(r"<[^>]+>", "", page[page.index('<p class="next">') :].split("\n")[0])
    return " ".join(text.split())


def test_what_failed_comes_first_and_what_passed_is_folded(pages):
    assert sections(pages["wrong"]) == [
        ("Before the first exercise", False),
        ("double", False),
        ("why", False),
        ("total", True),
        ("To compare with your own words", False),
    ]
    double = pages["wrong"].split('<section id="section-1"')[1].split("</section>")[0]
    failed, passed = double.index("double(3) is 3"), double.index("1 check passed")
    assert failed < passed < double.index("test_double_arrays")


def test_a_check_above_the_first_answer_that_is_worth_nothing_is_shown(pages):
    row = pages["wrong"].split('<th scope="row">')[1]
    assert "0 of 1" in row
    assert "no NumPy" in pages["wrong"]
    assert "before the first exercise" in pages["whole"]
    assert '<li class="failed">' not in pages["whole"]


def test_one_sentence_says_what_to_do_next(pages):
    assert advice(pages["wrong"]) == (
        "Next: mend before the first exercise. 2 have failed checks."
    )
    assert advice(pages["unsolved"]) == "Next: solve double. 2 are not solved yet."
    assert advice(pages["whole"]) == (
        "Next: wait: a person has still to mark what you wrote; the score may rise."
    )


def test_what_is_not_solved_is_said_once(pages):
    assert pages["unsolved"].count("Not solved yet.") == 2
    assert "This exercise is not solved yet." not in pages["unsolved"]


def test_no_comment_says_that_there_was_no_response(pages):
    assert "No response" not in pages["wrong"]
    assert "<h3>Comment" not in pages["wrong"]


def test_without_hints_none_is_pointed_to(pages):
    assert "It is taken once." in pages["wrong"]
    assert "hint" not in pages["wrong"].partition("<body>")[2]


def test_the_lessons_own_displays_are_apart_and_captions_are_rendered(pages):
    page = pages["whole"]
    given = page.split("What the lesson's own cells showed")[1].split("</details>")[0]
    assert "drawn by the lesson" in given
    caption = given.split("<figcaption>")[1]
    assert "<math" in caption
    assert "<strong>all</strong>" in caption
    own = pages["wrong"].split("Your other cells here")[1].split("</details>")[0]
    assert "mine" in own
    assert "my_own" in own
    assert "drawn by the lesson" not in own


def test_an_answer_for_its_writer_alone_is_compared_with_a_model(pages):
    page = pages["whole"].split("To compare with your own words</h2>")[1]
    question, answer = page.split("<summary>A model answer</summary>")
    assert "Explain it (no points)" in question
    assert "A story" not in question
    assert "It is added to <em>itself</em>." in answer
