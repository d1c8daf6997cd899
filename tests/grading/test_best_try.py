"""Where a class says so, a student's better earlier try counts, for all who tell it."""

import pytest

from tests.support.small_class import DUE, LESSON, RIGHT, SmallClass, cells
from tests.support.told_marks import assert_all_tell

pytestmark = pytest.mark.xdist_group("best_try")  # one class for all of them
FULL = RIGHT
HALF = RIGHT | {"one": "x = 3", "why": "I guess."}
OTHER = RIGHT | {"one": "x = 0 + 1", "why": "For a reason."}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Have one student whose marks a person gave, in a class where the best counts."""
    made = SmallClass(tmp_path_factory.mktemp("best") / "course")
    (made.root / "class.toml").write_text('counts = "best"\n')
    made.hand_in("ada", FULL)
    made.run("grade")
    made.give("why", "ada", 2)
    made.give("draw", "ada", 1)
    return made


def page(room) -> str:
    room.run("feedback")
    return (room.root / "feedback" / "ada" / LESSON / f"{LESSON}.html").read_text()


def test_a_try_with_fewer_points_takes_nothing_away(room):
    room.hand_in("ada", HALF)
    said = room.run("grade")
    assert "graded ada/ps1: fewer points than an earlier try; the marks stay" in said
    assert "mark changed" not in said
    assert room.waiting("ada") == []
    assert_all_tell(room, {("ada", LESSON): 9})
    told = page(room)
    assert "has fewer points than what was graded before" in told
    assert "Because." in told
    assert "I guess." not in told
    assert "1 unchanged" in room.run("grade")


def test_a_file_that_cannot_be_read_takes_nothing_away_either(room):
    path = room.hand_in("ada", HALF)
    path.write_bytes(b"{")
    assert "unreadable ada/ps1" in room.run("grade")
    assert room.totals() == {"ada": 9}
    room.hand_in("ada", HALF)
    room.run("grade")
    assert room.totals() == {"ada": 9}


def test_a_later_one_with_as_many_points_counts(room):
    room.hand_in("ada", OTHER)
    room.run("grade")
    assert room.waiting("ada") == ["why"]  # it is another answer
    told = page(room)
    assert "For a reason." in told
    assert "fewer points" not in told
    room.give("why", "ada", 1)
    assert room.totals() == {"ada": 8}


def test_the_one_that_counts_follows_a_corrected_test(room):
    room.write_lesson(cells(test="assert x == 2"))
    room.run("grade")
    assert room.totals() == {"ada": 4}
    room.write_lesson(cells())
    room.run("grade")
    assert room.totals() == {"ada": 8}


def test_a_late_one_that_loses_more_than_it_wins_does_not_count(room):
    room.hand_in("ada", HALF)
    room.run("grade")  # fewer: what counts is on time
    (room.root / "class.toml").write_text(
        f'counts = "best"\npenalty = "zero"\n[lessons.{LESSON}]\ndue = {DUE}Z\n'
    )
    room.hand_in("ada", OTHER | {"two": "y = 1 + 1"}, "2026-03-02 12:00:00 UTC")
    assert "fewer points than an earlier try" in room.run("grade")
    assert room.totals() == {"ada": 8}


def test_the_last_one_counts_when_the_class_says_so_again(room):
    (room.root / "class.toml").write_text('counts = "last"\n')
    assert "executed again, the last try counts now: ada/ps1" in room.run("grade")
    assert room.totals() == {"ada": 8}
    room.hand_in("ada", HALF)
    room.run("grade")
    assert room.totals() == {"ada": 4}
