"""A person marks one question over a class; the gradebook has it at once."""

import json
import os
import re
import signal
import time

import nbformat
import pytest

from autograder.base.errors import WrongUse
from autograder.course.course import foreign_course
from autograder.gradebook.marker import Marker
from autograder.marking.desk import Desk
from tests.support.marked import Hand
from tests.support.small_class import DUE, LESSON, RIGHT, WRONG, ZERO, SmallClass, cells
from tests.support.small_course import LESSON as SMALL
from tests.support.small_course import NAME, make_course
from tests.support.twin_courses import cell
from tests.support.visitor import graded_notebook, visit

pytestmark = pytest.mark.xdist_group("desk")  # one class for most of them
STUB = "YOUR ANSWER HERE"
SCHEME = "Draw it.\n=== BEGIN MARK SCHEME ===\nOne for axes.\n=== END MARK SCHEME ==="


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Grade four students, one of whom wrote nothing."""
    made = SmallClass(tmp_path_factory.mktemp("desk") / "course")
    lesson = cells(question="### BEGIN SOLUTION\nBecause.\n### END SOLUTION")
    rubric = "Say why.\n\n| points | what |\n|---|---|\n| 3 | a reason |\n"
    lesson.insert(4, cell("asks", rubric, "markdown", locked=True))
    lesson[-1].source = f"{SCHEME}\n\n![axes](attachment:axes.png)"
    lesson[-1].attachments = {"axes.png": {"image/png": "aXQgaXMgYSBwaWN0dXJl"}}
    made.write_lesson(lesson)
    for student, answers in {
        "ada": RIGHT,
        "bob": WRONG | {"why": "*So.* <script>alert(1)</script>"},
        "cy": RIGHT,
        "dan": RIGHT | {"why": STUB},
    }.items():
        made.hand_in(student, answers, "2026-03-01 13:30:00 UTC")
    assert "4 graded" in made.run("grade", "--jobs", "1")
    return made


@pytest.fixture
def visitor(room):
    with visit(foreign_course(room.root), LESSON) as visitor:
        yield visitor


def given(room, cell, student):
    """Return what nbgrader's gradebook has: points, whether it waits, comment."""
    with room.gradebook() as gradebook:
        grade = room.grade_of(gradebook, cell, student)
        comment = gradebook.find_comment(cell, LESSON, LESSON, student)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def test_a_page_has_the_answers_of_a_class_and_what_helps_to_mark_them(visitor):
    page, sheets = visitor.page("why"), visitor.sheets("why")
    assert sheets.keys() == {"ada", "bob", "cy", "dan"}
    assert "Because." in sheets["ada"]["part"]
    assert "<em>So.</em>" in sheets["bob"]["part"]
    assert "<script>alert" not in page
    beside = page.partition('id="main"')[0]
    assert "<td>a reason</td>" in beside
    assert "A model answer" in beside


def test_no_name_is_in_a_page_and_no_order_tells_one(visitor):
    page = visitor.page("why")
    # As a word: the random digits of an id may read "ada", too.
    assert not re.search(r"(?<![0-9a-z])(ada|bob|dan)(?![0-9a-z])", page)
    ids = [sheet["id"] for sheet in visitor.sheets("why").values()]
    assert [s.row.id for s in visitor.desk.sheets(visitor.desk.questions[0])] == ids
    assert list(visitor.sheets("why")) != list(visitor.sheets("draw"))
    answer = visitor.ask("/right-token/0/names")
    assert sorted(json.loads(answer.body).values()) == ["ada", "bob", "cy", "dan"]


def test_who_wrote_nothing_needs_nobody_and_comes_last(visitor):
    *_, last = visitor.sheets("why").items()
    assert last[0] == "dan"
    assert "nothing was written" in last[1]["part"]
    assert visitor.desk.waiting()["why"] == 3


def test_points_and_comments_are_the_formgraders(room, visitor):
    sheet = visitor.sheets("why")["ada"]
    status, saved = visitor.save(sheet, points=2.5, comment="Nearly.\r\nSee\x1b 3.")
    assert (status, saved["points"], saved["waits"]) == (200, 2.5, False)
    assert given(room, "why", "ada") == (2.5, False, "Nearly.\nSee\\x1b 3.")
    assert room.totals()["ada"] == 8.5
    room.give("why", "ada", 1)  # and the formgrader's are ours
    shown = visitor.sheets("why")["ada"]
    assert 'value="1"' in shown["part"]
    assert "Nearly." in shown["part"]
    assert visitor.save(shown, points=None, comment="")[1]["waits"]
    assert given(room, "why", "ada") == (None, True, None)


def test_a_task_is_marked_with_what_stands_around_it(room, visitor):
    page = visitor.page("draw")
    assert "One for axes." in page
    assert page.count("data:image/png;base64,aXQgaXMgYSBwaWN0dXJl") == 1
    assert visitor.save(visitor.sheets("draw")["cy"], points=1, comment="Fine.")[0] == (
        200
    )
    assert given(room, "draw", "cy") == (1, False, "Fine.")


@pytest.mark.parametrize("points", [-1, 3.5, "2", True, float("nan"), 1e400])
def test_points_that_a_question_has_not_are_refused(room, visitor, points):
    before = given(room, "why", "bob")
    status, told = visitor.save(visitor.sheets("why")["bob"], points=points)
    assert status == 422
    assert "from 0 to 3" in told["why_not"]
    assert given(room, "why", "bob") == before


def test_what_somebody_else_wrote_meanwhile_is_told_and_stays(room, visitor):
    sheet = visitor.sheets("why")["bob"]
    room.give("why", "bob", 3)
    status, told = visitor.save(sheet, points=1, comment="No.")
    assert (status, told["points"]) == (409, 3)
    assert "meanwhile" in told["why_not"]
    assert given(room, "why", "bob")[0] == 3
    again = sheet | {"seen": told["state"]}
    assert visitor.save(again, points=1, comment="No.")[0] == 200
    assert given(room, "why", "bob") == (1, False, "No.")


def test_what_was_sent_twice_is_written_once(room, visitor):
    sheet = visitor.sheets("why")["bob"]
    for _ in range(2):
        assert visitor.save(sheet, points=2, comment="So?")[0] == 200


def test_an_answer_that_became_another_one_is_not_marked_unseen(visitor, room):
    course = foreign_course(room.root)
    sheet = visitor.sheets("why")["cy"]
    path = graded_notebook(course, "cy", LESSON)
    before = path.read_text()
    path.write_text(before.replace("Because.", "Because of that."))
    assert visitor.save(sheet, points=3)[0] == 409
    assert "Because of that." in visitor.sheets("why")["cy"]["part"]
    path.write_text(before)


def test_what_a_person_did_stays_done_through_a_regrade(room, visitor):
    for student in ("ada", "cy"):
        visitor.save(visitor.sheets("why")[student], points=2, comment="Ja.")
    visitor.save(visitor.sheets("draw")["ada"], points=0.5)
    room.hand_in("cy", RIGHT | {"why": "Another reason."})
    room.run("grade", "--force", "--student", "ada", "--student", "cy", "--jobs", "1")
    assert given(room, "why", "ada") == (2, False, "Ja.")
    assert given(room, "draw", "ada")[:2] == (0.5, False)
    sheet = visitor.sheets("why")["cy"]
    assert "waits again" in sheet["part"]
    visitor.save(sheet, comment="Ja!")
    assert given(room, "why", "cy") == (2, True, "Ja!")
    visitor.save(visitor.sheets("why")["cy"], points=2)
    assert given(room, "why", "cy") == (2, False, "Ja!")


def test_the_last_line_says_what_was_marked_and_what_waits(visitor):
    assert visitor.desk.summary().startswith(f"{LESSON}: answers marked: 0; ")
    visitor.save(visitor.sheets("why")["bob"], points=2)
    waits = visitor.desk.waiting()
    told = ", ".join(f"{name} {count}" for name, count in waits.items())
    assert visitor.desk.summary() == (
        f"{LESSON}: answers marked: 1; still waiting: {waits.total()} ({told})"
    )


def test_a_lesson_without_answers_in_words_is_refused(tmp_path):
    course = make_course(tmp_path, SMALL[: SMALL.index("# %% [markdown] nb")])
    with Marker(course) as marker, pytest.raises(WrongUse, match="written answer"):
        Desk(course, NAME, marker)


def test_a_class_without_marks_is_told_what_to_run(tmp_path):
    course = make_course(tmp_path)
    with Marker(course) as marker, pytest.raises(WrongUse, match="autograder grade"):
        Desk(course, NAME, marker)


def test_a_page_of_300_answers_takes_less_than_a_second(tmp_path):
    course = make_course(tmp_path)
    text = "The sums $z_1 + z_2$ are **equal**, as one sees.\n\n" * 10
    path = course.path("source", ".", NAME) / f"{NAME}.ipynb"
    source = nbformat.read(path, as_version=4)
    with Marker(course) as marker:
        marker.register(NAME)
    with Marker(course) as marker, marker.gradebook.one_submission():
        for number in range(300):
            student = f"student{number}"
            marker.gradebook.add_student(student)
            marker.gradebook.add_submission(NAME, student)
            graded = graded_notebook(course, student, NAME)
            graded.parent.mkdir(parents=True)
            own = Hand(student, {"why": f"{text}{number}"}).notebook(source)
            graded.write_text(json.dumps(own))
    with visit(course, NAME) as visitor:
        assert [*visitor.desk.read_all()][-1] == 0  # as the command does before
        taken = []
        for _ in range(3):  # others' work on this machine makes any one of them longer
            began = time.process_time()  # of both: the server is in this process
            page = visitor.page("why")
            taken.append(time.process_time() - began)
    assert page.count('class="desk-sheet"') == 300
    assert min(taken) < 1, f"{min(taken):.2f} s for {len(page) / 1e6:.1f} MB"


def test_the_command_serves_until_ctrl_c_and_says_what_was_done(room, monkeypatch):
    room.settings(ZERO)
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate=DUE)
    said = []

    def press_ctrl_c(text, **_):
        said.append(text)
        if text.startswith("http://127.0.0.1:"):
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr("autograder.cli.marking.say", press_ctrl_c)
    room.run("mark", LESSON)
    assert len(said) == 2
    assert re.fullmatch(
        rf"{LESSON}: answers marked: 0; still waiting: \d \(.*\)", said[-1]
    )
    assert room.totals()["bob"] == 0  # late
