"""Marks are in the gradebook, and all that tells marks tells those, at once."""

import json
import shutil

import pytest
from nbgrader.plugins import LateSubmissionPlugin

from tests.support.small_class import (
    DUE,
    LESSON,
    RIGHT,
    WRONG,
    ZERO,
    SmallClass,
    cells,
    mean_of_report,
    told,
)

pytestmark = pytest.mark.xdist_group("one_truth")  # one class for most of them
LATE = "2026-03-01 13:30:00 UTC"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Grade three students, one of whom was late for a lesson that is never due."""
    made = SmallClass(tmp_path_factory.mktemp("truth") / "course")
    for student, answers in {"ada": RIGHT, "bob": WRONG, "cy": RIGHT}.items():
        made.hand_in(student, answers, LATE if student == "cy" else "")
    assert "3 graded" in made.run("grade")
    return made


def assert_all_agree(room: SmallClass, **expected: float) -> None:
    assert room.totals() == expected
    for what, marks in told(room).items():
        assert marks == expected, what
    mean = sum(expected.values()) / len(expected)
    assert mean_of_report(room) == pytest.approx(mean, abs=0.006)
    room.run("export")
    of_tests: dict[str, float] = {}
    for row in room.table("points.csv"):
        student = row["student"]
        of_tests[student] = of_tests.get(student, 0) + float(row["points"] or 0)
    rows = {row["student"]: row for row in room.table("grades.csv")}
    assert of_tests == {who: float(row["score"]) for who, row in rows.items()}
    for student, row in rows.items():
        assert float(row["max_score"]) == 10
        left = max(0, float(row["score"]) - float(row["late_penalty"]))
        assert left == float(row["total"])
        waits = bool(room.waiting(student))
        assert row["waits_for_a_person"] == str(waits), student


def test_after_grading(room):
    assert_all_agree(room, ada=6, bob=2, cy=6)


def test_after_manual_marks(room):
    room.give("why", "ada", 2.5)
    room.give("draw", "ada", 1)
    assert_all_agree(room, ada=9.5, bob=2, cy=6)


def test_after_an_override(room):
    room.give("test_one", "bob", 1.75)
    assert_all_agree(room, ada=9.5, bob=3.75, cy=6)


def test_a_new_due_date_and_penalty_need_no_execution(room):
    room.settings(ZERO)
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate=DUE)
    said = room.run("grade")
    assert "0 graded, 0 unreadable, 0 errored, 3 unchanged" in said
    assert "mark changed cy/ps1: 6 → 0 of 10 (late penalty 0 → 6)" in said
    assert "ada/" not in said
    assert_all_agree(room, ada=9.5, bob=3.75, cy=0)


def test_an_extension_needs_no_execution(room):
    with room.gradebook() as gradebook:
        gradebook.grant_extension(LESSON, "cy", hours=2)
    assert "mark changed cy/ps1: 0 → 6 of 10" in room.run("grade")
    assert_all_agree(room, ada=9.5, bob=3.75, cy=6)


def test_a_students_penalty_stays_where_only_another_one_is_graded(room):
    with room.gradebook() as gradebook:
        gradebook.grant_extension(LESSON, "cy", hours=0)
    assert "mark changed" not in room.run("grade", "--student", "ada")
    assert "cy/ps1: 6 → 0" in room.run("grade", "--student", "cy")
    assert_all_agree(room, ada=9.5, bob=3.75, cy=0)


def test_a_penalty_counts_also_where_another_lesson_is_executed(room):
    other = room.root / "source" / "ps2"
    shutil.copytree(room.root / "source" / LESSON, other)
    (other / f"{LESSON}.ipynb").rename(other / "ps2.ipynb")
    for student in ("bob", "cy"):
        place = room.root / "submitted" / student / "ps2"
        place.mkdir()
        shutil.copy(other / "ps2.ipynb", place / "ps2.ipynb")
    with room.gradebook() as gradebook:
        gradebook.grant_extension(LESSON, "cy", hours=2)
    assert "cy/ps1: 0 → 6" in room.run("grade")
    with room.gradebook() as gradebook:
        gradebook.grant_extension(LESSON, "cy", hours=0)
        gradebook.remove_assignment("ps2")
    assert "cy/ps1: 6 → 0" in room.run("grade", LESSON)
    shutil.rmtree(other)
    for student in ("bob", "cy"):
        shutil.rmtree(room.root / "submitted" / student / "ps2")


def test_after_a_corrected_test(room):
    """And what people have marked is marked: no student's text is another one."""
    room.write_lesson(cells(test="assert x == 3", question="Say why, please."))
    said = room.run("grade", "--jobs", "1")
    assert "executed again, tests changed: ada/ps1, bob/ps1, cy/ps1" in said
    assert "mark changed ada/ps1: 9.5 → 5.5 of 10" in said
    assert "mark changed bob" not in said
    assert room.waiting("ada") == []
    assert room.waiting("bob") == ["draw", "why"]  # not the override
    assert_all_agree(room, ada=5.5, bob=3.75, cy=0)


def test_one_student_is_graded_anew_and_nobody_else(room):
    said = room.run("grade", "--force", "--student", "ada", "--student", "bob")
    assert "2 graded, 0 unreadable, 0 errored, 0 unchanged" in said
    assert "executed again, asked for: ada/ps1, bob/ps1" in said
    assert_all_agree(room, ada=5.5, bob=3.75, cy=0)


def test_feedback_is_written_of_one_student(room):
    assert "1 feedback page in" in room.run("feedback", "--student", "ada")
    assert not (room.root / "feedback" / "bob").exists()


def test_whom_nbgrader_removed_is_in_nothing_and_stays_away(room):
    room.hand_in("dee", RIGHT)
    room.run("grade")
    with room.gradebook() as gradebook:
        gradebook.remove_student("dee")
    for command in ("feedback", "report", "grade"):
        assert "Traceback" not in room.run(command)
    assert "dee" not in (room.root / "report.html").read_text("utf-8")
    assert_all_agree(room, ada=5.5, bob=3.75, cy=0)


def test_whom_the_class_removed_is_in_nothing_and_her_files_are_kept(room):
    room.hand_in("eve", RIGHT)
    room.run("grade")
    said = room.run("class", "remove", "eve")
    kept = room.root / "removed" / "eve"
    assert str(kept) in said.replace("\n", "")
    assert (kept / "submitted" / LESSON / f"{LESSON}.ipynb").exists()
    assert (kept / "autograded" / LESSON / f"{LESSON}.ipynb").exists()
    (line,) = (kept / "results.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["score"] == 2  # as the corrected test has it
    assert "eve,ps1,graded,2.0" in (kept / "grades.csv").read_text("utf-8")
    assert not (room.root / "submitted" / "eve").exists()
    assert "eve" not in (room.root / "results.jsonl").read_text("utf-8")
    assert "graded, 0 unreadable, 0 errored" in room.run("grade")
    assert_all_agree(room, ada=5.5, bob=3.75, cy=0)


def test_a_gradebook_that_was_lost_is_filled_again(room):
    """Its tests' marks: what people gave was in it alone."""
    (room.root / "gradebook.db").write_bytes(b"no gradebook, but as long as one")
    assert "move it away" in room.refused("show")
    for path in room.root.glob("gradebook.db*"):
        path.unlink()
    said = room.run("grade")
    assert "executed again, the gradebook has no marks of it: ada/ps1" in said
    assert room.totals()["ada"] == 2


class Broken(LateSubmissionPlugin):
    """A course's own rule that cannot be used."""

    def late_submission_penalty(self, *_: object) -> float:
        """Fail."""
        raise KeyError("rule")


def test_a_rule_that_fails_changes_nothing_and_is_named(room):
    room.settings(f'c.AssignLatePenalties.plugin_class = "{__name__}.Broken"\n')
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate=DUE)
    before = room.totals()
    said = room.run("grade")
    assert "KeyError" in said
    assert "cy/ps1" in said
    assert room.totals() == before
