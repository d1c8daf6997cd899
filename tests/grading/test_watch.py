"""A watched class: what arrives is graded once it is whole, and shown by policy."""

import copy
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.base.errors import EngineError
from autograder.base.paths import ROOT
from autograder.course.course import Course
from autograder.course.watch_policy import read_policy
from autograder.gradebook.results import Ledger
from autograder.grading import watch as watching
from autograder.grading.grader import Grader
from autograder.intake import polling
from autograder.intake.submissions import submissions
from autograder.sealed.limits import NotebookLimits
from tests.support.small_course import (
    LESSON,
    NAME,
    RIGHT,
    hand_in,
    make_course,
    released,
    write_source,
)

pytestmark = pytest.mark.xdist_group("watch")  # one watch for most of them
OTHER, CORRECTED = "01_other", "02_corrected"
POLICY = f"""
still_s = 1.0
tries = 2
[lessons.{OTHER}]
due = 2999-01-01T00:00:00Z
"""
WRONG = RIGHT | {"double": "def double(x):\n    return x"}
PATIENCE_S = 120
"""Nothing here takes so long; a test that hangs ends then."""


def wait_for(found, what: str, is_alive=lambda: True):
    """Wait until something is found; return it."""
    end = time.monotonic() + PATIENCE_S
    while not (it := found()):
        assert is_alive(), f"the watch has ended before: {what}"
        assert time.monotonic() < end, f"it never was: {what}"
        time.sleep(0.05)
    return it


class Watched:
    """A class with a watch in a thread."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.said: list[str] = []
        # Now: nbgrader, which makes them, changes the working folder as a watch does.
        self._given = {name: released(course.root, name) for name in course.lessons}

    def start(self) -> None:
        """Begin to watch."""
        self.stopping = Event()
        limits, policy = NotebookLimits(), self.course.results / "watch.toml"
        watch = watching.Watch(
            self.course,
            self.course.lessons,
            read_policy(policy, self.course.lessons),
            limits,
            lambda: Grader(self.course, jobs=2, limits=limits),
            with_exchange=True,
            say=self.said.append,
        )
        self._thread = Thread(target=watch.run, args=[self.stopping])
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, and wait for it."""
        self.stopping.set()
        self._thread.join()

    def in_hand(
        self, student: str, answers: dict[str, str], name: str = NAME
    ) -> tuple[Path, bytes]:
        """Return where a student's notebook comes to lie, and its content."""
        notebook = copy.deepcopy(self._given[name])
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        path = self.course.path("submitted", student, name) / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path, nbformat.writes(notebook).encode()

    def hand_in(self, student: str, answers: dict[str, str], name: str = NAME) -> Path:
        """Hand in a lesson with some answers; return the notebook's path."""
        path, content = self.in_hand(student, answers, name)
        path.write_bytes(content)
        return path

    def says(self, text: str) -> None:
        """Wait until the watch has said something."""
        self.until(lambda: any(text in line for line in self.said), text)

    def until(self, is_so, what: str = "") -> None:
        """Wait until something is so."""
        wait_for(is_so, what, self._thread.is_alive)

    def record(self, student: str, lesson: str = NAME):
        """Return what is recorded of a submission."""
        path = self.course.results / "results.jsonl"
        return Ledger(path).records.get((student, lesson))

    def page(self, student: str, lesson: str = NAME) -> str:
        """Return a feedback page, or nothing if there is none."""
        path = self.course.path("feedback", student, lesson) / f"{lesson}.html"
        return path.read_text("utf-8") if path.exists() else ""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("course")


class Clock:
    """By which files lie still; it may stand, however long a busy machine takes."""

    stands_at: float | None = None

    def monotonic(self) -> float:
        """Return what it shows."""
        return time.monotonic() if self.stands_at is None else self.stands_at


@pytest.fixture(scope="module")
def clock():
    return Clock()


@pytest.fixture(scope="module")
def watched(root, clock):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "LOOK_S", 0.1)
        patch.setattr(polling, "time", clock)
        for lesson in (OTHER, CORRECTED):
            make_course(root, name=lesson)
        course = make_course(root)
        course.config.CourseDirectory.course_id = "nn"
        course.config.Exchange.root = str(root / "exchange")
        (root / "exchange" / "nn" / "inbound").mkdir(parents=True)
        (course.results / "watch.toml").write_text(POLICY, "utf-8")
        made = Watched(course)
        made.start()
        made.says("watching")
        yield made
        made.stop()


def test_what_arrives_is_graded_and_shown_by_policy(watched):
    watched.hand_in("ada", WRONG, name=OTHER)
    watched.says(f"ada/{OTHER}: 4 of 10, try 1 of 2")
    watched.until(lambda: watched.page("ada", OTHER))
    before = watched.page("ada", OTHER)
    assert "double(3) is 3, expected 6" in before
    assert "0 of 1 points" in before
    assert "3 more marks are told after the due date" in before
    assert "test_double_arrays" not in before
    assert "test_total_share" not in before

    watched.hand_in("cy", WRONG, name=OTHER)
    watched.until(lambda: watched.page("cy", OTHER))
    with Gradebook(watched.course.db_url, "nn") as gradebook:
        yesterday = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=1)
        assignment = gradebook.find_assignment(OTHER)
        assert assignment.duedate.year == 2999
        assignment.duedate = yesterday
        extended = gradebook.find_submission(OTHER, "cy")
        extended.extension = timedelta(days=7)
        gradebook.db.commit()
    watched.until(lambda: "test_double_arrays" in watched.page("ada", OTHER))
    assert "4 of 10 points" in watched.page("ada", OTHER)
    watched.hand_in("dee", WRONG, name=OTHER)
    watched.until(lambda: "test_double_arrays" in watched.page("dee", OTHER))
    assert "test_double_arrays" not in watched.page("cy", OTHER)


def test_a_page_follows_what_a_person_gives(watched, monkeypatch):
    with Gradebook(watched.course.db_url, "nn") as gradebook:
        grade = gradebook.find_grade("test_double_three", OTHER, OTHER, "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.db.commit()
    monkeypatch.setattr(watching, "PAGES_S", 0.0)
    watched.until(lambda: "4.5 of 10 points" in watched.page("ada", OTHER))


def test_tries_are_counted_by_what_differs(watched):
    watched.hand_in("eve", WRONG)
    watched.says(f"eve/{NAME}: 4 of 10, try 1 of 2")
    path = watched.hand_in("eve", RIGHT)
    watched.says(f"eve/{NAME}: 7 of 10, try 2 of 2")
    path.with_name("timestamp.txt").write_text("2026-03-01 12:00:00 UTC", "utf-8")
    watched.until(lambda: watched.said.count(f"eve/{NAME}: 7 of 10, try 2 of 2") == 2)
    watched.hand_in("eve", {})
    watched.says(f"eve/{NAME}: not graded: 2 of 2 tries are used")
    assert watched.record("eve").score == 7


def test_a_submission_is_graded_when_it_is_whole(watched, clock):
    path, whole = watched.in_hand("fay", RIGHT)
    path.with_name("notes.txt").write_text("the notebook comes later", "utf-8")
    clock.stands_at = time.monotonic()
    for size in range(0, len(whole), len(whole) // 15):
        path.write_bytes(whole[:size])
        time.sleep(watching.LOOK_S)
        clock.stands_at += watching.LOOK_S
    path.write_bytes(whole)
    clock.stands_at = None
    watched.says(f"fay/{NAME}: 7 of 10")
    assert not any(f"fay/{NAME}: unreadable" in line for line in watched.said)


def test_an_unreadable_one_that_changes_is_graded_and_was_no_try(watched):
    path, whole = watched.in_hand("gus", RIGHT)
    path.write_bytes(whole[:-100])
    watched.says(f"gus/{NAME}: unreadable")
    path.write_bytes(whole)
    watched.says(f"gus/{NAME}: 7 of 10, try 1 of 2")


def test_a_broken_one_leaves_the_mark_of_the_one_before(watched):
    path = watched.hand_in("jo", RIGHT)
    watched.says(f"jo/{NAME}: 7 of 10, try 1 of 2")
    path.write_bytes(path.read_bytes()[:-100])
    watched.says(f"jo/{NAME}: unreadable")
    watched.until(lambda: "could not be read" in watched.page("jo"))
    assert "All tries" not in watched.page("jo")
    with Gradebook(watched.course.db_url) as gradebook:
        assert gradebook.find_submission(NAME, "jo").score == 7
    assert watched.record("jo").earlier_counts
    watched.hand_in("jo", WRONG)
    watched.says(f"jo/{NAME}: 4 of 10, try 2 of 2")
    watched.until(lambda: "All tries (2) are used" in watched.page("jo"))


def test_the_exchange_is_collected_and_gets_the_feedback(watched, root):
    inbound, made = root / "exchange" / "nn" / "inbound", root / "made"
    made.mkdir()
    notebook = watched.hand_in("ida", RIGHT).read_bytes()
    for name in (
        f"hal+{NAME}+2026-03-01 12:00:00.0 UTC+1",
        f"hal+{NAME}+no time+2",
        f"..+{NAME}+2026-03-01 12:00:00.0 UTC+3",
    ):
        folder = made / name
        folder.mkdir()
        (folder / f"{NAME}.ipynb").write_bytes(notebook)
        (folder / "timestamp.txt").write_text("2026-03-01 12:00:00.0 UTC", "utf-8")
        (folder / "submission_secret.txt").write_text("5", "utf-8")
    mallory = made / f"mallory+{NAME}+2026-03-01 12:00:00.0 UTC+4"
    shutil.copytree(made / f"hal+{NAME}+no time+2", mallory)
    (mallory / f"{NAME}.ipynb").unlink()
    (mallory / f"{NAME}.ipynb").symlink_to(
        root / "build/source" / NAME / f"{NAME}.ipynb"
    )
    for folder in list(made.iterdir()):  # none is seen in parts
        folder.rename(inbound / folder.name)
    watched.says(f"hal/{NAME}: 7 of 10, try 1 of 2")
    watched.says(f"{mallory.name}: found links in it")
    assert not watched.course.path("submitted", "mallory").exists()
    given = root / "exchange" / "nn" / "feedback"
    watched.until(lambda: len(list(given.glob("*.html"))) == 1)
    assert not (watched.course.path("submitted").parent / NAME).exists()


def test_a_watched_lesson_is_graded_by_nobody_else(watched):
    second = Grader(watched.course, jobs=1, limits=NotebookLimits())
    watched.hand_in("ned", RIGHT)
    with pytest.raises(EngineError, match=f"another run grades {NAME} of this class"):
        second.run(submissions(watched.course, [NAME]))
    watched.says(f"ned/{NAME}: 7 of 10, try 1 of 2")


def test_a_new_watch_goes_on_where_the_last_one_ended(watched):
    watched.hand_in("kim", WRONG)
    watched.says(f"kim/{NAME}: 4 of 10, try 1 of 2")
    watched.stop()
    assert watched.said[-1] == "stopped: all that was graded is recorded"
    watched.start()
    watched.hand_in("lou", RIGHT)
    watched.says(f"lou/{NAME}: 7 of 10, try 1 of 2")
    watched.hand_in("kim", RIGHT)
    watched.says(f"kim/{NAME}: 7 of 10, try 2 of 2")
    assert watched.said.count(f"kim/{NAME}: 4 of 10, try 1 of 2") == 1


def test_a_lesson_that_is_built_anew_is_graded_anew(watched, root):
    watched.hand_in("mia", RIGHT, name=CORRECTED)
    watched.says(f"mia/{CORRECTED}: 7 of 10, try 1 of 2")
    write_source(root, LESSON.replace("(3) == 6", "(3) == 7"), CORRECTED)
    watched.says(f"mia/{CORRECTED}: 6 of 10, try 1 of 2")
    watched.says(f"{CORRECTED}: the solution itself fails test_double_three")


@pytest.mark.patient
def test_a_signal_lets_what_runs_finish(tmp_path):
    course, temporary = make_course(tmp_path).results, tmp_path / "temporary"
    temporary.mkdir()
    slow = {"double": "import time\n\ntime.sleep(4)\n" + RIGHT["double"]}
    hand_in(tmp_path, "ada", RIGHT | slow)
    shutil.move(tmp_path / "build" / "source", course / "source")
    (course / "nbgrader_config.py").write_text("c = get_config()\n", "utf-8")
    (course / "watch.toml").write_text("still_s = 0\n", "utf-8")
    command = [sys.executable, "-m", "autograder", "watch", "--tests=sealed"]
    process = subprocess.Popen(
        [*command, f"--course={course}"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert "watching" in process.stdout.readline()
    wait_for(
        lambda: [*temporary.rglob("scratch")], "it runs"
    )  # as the engine lays it out
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
    said, _ = process.communicate()
    assert process.returncode == 0
    assert said.splitlines() == [
        "stopping: 1 to finish",
        f"ada/{NAME}: 7 of 10, try 1",
        "stopped: all that was graded is recorded",
    ]
    record = Ledger(course / "results.jsonl").records["ada", NAME]
    assert (record.score, record.feedback, len(record.tries)) == (7, "visible", 1)
    assert "ada" in (course / "grades.csv").read_text("utf-8")
