"""A gradebook in PostgreSQL is the one that SQLite would hold, and keeps its secret."""

import re
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from autograder.base.errors import EngineError
from autograder.cli import app
from autograder.course.course import foreign_course
from autograder.export.plugins import Points
from autograder.gradebook.marker import Marker, write_feedback
from autograder.gradebook.results import Ledger
from autograder.grading.cache_keys import Keys
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.sealed.limits import NotebookLimits
from tests.support.postgresql import IN_AN_ADDRESS, PASSWORD, running_server
from tests.support.small_course import LESSON, NAME, RIGHT, hand_in, make_course

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("postgresql")]
OTHER = "01_other"
STUDENTS = ("ada", "bob", "cy")


@pytest.fixture(scope="module")
def server():
    with running_server() as socket:
        yield socket


@pytest.fixture
def url(server, numbers=count()):  # noqa: B008  # one count for all
    """Return the address of a new database."""
    name = f"nn{next(numbers)}"
    account = {"user": "grader", "password": PASSWORD, "host": str(server)}
    with psycopg.connect(**account, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://grader:{IN_AN_ADDRESS}@/{name}?host={server}"


def class_of_two_lessons(root: Path):
    """Return a course of any nbgrader kind, where each student handed in twice."""
    for lesson in (NAME, OTHER):
        make_course(root, name=lesson)
        for number, student in enumerate(STUDENTS):
            hand_in(root, student, RIGHT if number % 2 else {}, name=lesson)
    hand_in(root, "ada", name=OTHER).write_text("{", "utf-8")
    folder = root / "classroom"
    (folder / "gradebook.db").unlink()
    (root / "build" / "source").rename(folder / "source")
    (folder / "nbgrader_config.py").write_text("c = get_config()\n", "utf-8")
    return foreign_course(folder, "sealed")


def points_in(course) -> list[str]:
    """Return every point of a gradebook."""
    exporter, path = Points(), course.results / "points.csv"
    exporter.to = str(path)
    with Marker(course) as marker:
        exporter.export(marker.gradebook)
    return path.read_text("utf-8").splitlines()


def grade(course, lessons=None):
    todo = submissions(course, lessons)
    return Grader(course, jobs=2, limits=NotebookLimits()).run(todo)


def test_two_graders_at_once_give_what_one_after_the_other_gives(url, tmp_path):
    (tmp_path / "at_once").mkdir()
    (tmp_path / "in_turn").mkdir()
    course = class_of_two_lessons(tmp_path / "at_once").with_gradebook(url)
    graders = [
        get_context("fork").Process(target=grade, args=(course, [lesson]))
        for lesson in (NAME, OTHER)
    ]
    for grader in graders:
        grader.start()
    for grader in graders:
        grader.join()
    assert [grader.exitcode for grader in graders] == [0, 0]

    undisturbed = class_of_two_lessons(tmp_path / "in_turn")
    grade(undisturbed)
    assert points_in(course) == points_in(undisturbed)
    assert len(points_in(course)) == 1 + 2 * len(STUDENTS) * 4
    for name in ("results.jsonl", "grades.csv"):
        lines = (course.results / name).read_text("utf-8").splitlines()
        assert len(lines) == 2 * len(STUDENTS) + name.count("csv")
    files = [path for path in course.results.rglob("*") if path.is_file()]
    assert all(PASSWORD.encode() not in path.read_bytes() for path in files)
    shown = CliRunner().invoke(
        app, ["show", f"--course={course.root}"], env={"AUTOGRADER_DB": url}
    )
    assert re.search(r"PostgreSQL database nn\d+ on /", shown.output)
    assert PASSWORD not in shown.output
    assert IN_AN_ADDRESS not in shown.output


@pytest.fixture
def course(url, tmp_path):
    """Return a course with two submissions, whose gradebook is in PostgreSQL."""
    made = make_course(tmp_path).with_gradebook(url)
    hand_in(tmp_path, "ada")
    hand_in(tmp_path, "bob", {})
    return made


def test_a_lesson_may_change_after_it_was_graded(course, tmp_path):
    grade(course)
    start, end = (
        LESSON.index('# %% nbgrader={"grade_id": "test_double_arrays"'),
        "\n\n\n",
    )
    fewer = LESSON[:start] + LESSON[LESSON.index(end, start) :]
    make_course(tmp_path, fewer)
    grade(course)
    make_course(tmp_path)
    assert {r.student: r.score for r in grade(course)} == {"ada": 7, "bob": 0}
    assert len(points_in(course)) == 1 + 2 * 4


def test_feedback_is_written_from_it(course):
    grade(course)
    write_feedback(course, "all", NAME)
    page = course.path("feedback", "ada", NAME) / f"{NAME}.html"
    assert "7 of 10 points" in page.read_text("utf-8")


def test_a_class_that_moves_into_it_is_marked_and_not_executed_again(url, tmp_path):
    at_first = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    grade(at_first)
    executed = {
        p.name: p.stat().st_mtime_ns for p in at_first.results.glob("executed/*")
    }
    moved = at_first.with_gradebook(url)
    record = Ledger(at_first.results / "results.jsonl").records["ada", NAME]
    (todo,) = submissions(moved)
    assert Keys(moved, NotebookLimits()).changes(todo, record) == "gradebook changed"
    assert grade(moved)[0].executed_because == "gradebook changed"
    assert points_in(moved) == points_in(at_first)
    assert executed == {
        p.name: p.stat().st_mtime_ns for p in at_first.results.glob("executed/*")
    }


def test_a_wrong_password_is_told_without_it(url, tmp_path):
    wrong = url.replace(IN_AN_ADDRESS, "opensesame")
    with pytest.raises(EngineError, match="password authentication failed") as told:
        Marker(make_course(tmp_path).with_gradebook(wrong))
    assert "opensesame" not in str(told.value)
    assert "PostgreSQL database nn" in str(told.value)
