"""A run that is killed, whenever, is finished by the next one, and nothing is lost."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.base.paths import ROOT
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.gradebook.results import Ledger
from tests.support.small_course import RIGHT, hand_in, make_course

RUN = """
import sys
sys.modules["rfc3987_syntax"] = None  # as in main; slow
from pathlib import Path
from tests.support.graded import LIMITS
from autograder.course.course import own_course
from autograder.grading.grader import Grader
from autograder.gradebook.results import Ledger
from autograder.grading.cache_keys import Keys
from autograder.intake.submissions import submissions
root = Path({root!r})
course = own_course(root / "classroom", root)
keys = Keys(course, LIMITS)
before = Ledger(course.results / "results.jsonl").records
todo = [
    s
    for s in submissions(course)
    if keys.changes(s, before.get((s.student, s.lesson)))
]
Grader(course, jobs=2, limits=LIMITS).run(todo)
"""


def start(root: Path) -> subprocess.Popen:
    code = RUN.format(root=str(root))
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)


def kill_after(process: subprocess.Popen, course: Course, more: int, s: float) -> None:
    """Kill a run when `more` submissions were executed since its start, and `s` later.

    Most of such a small run is its start, where there is nothing to lose.
    """
    before = len(executions(course))
    while len(executions(course)) < before + more and process.poll() is None:
        time.sleep(0.01)
    time.sleep(s)
    process.kill()
    process.wait()


def made_class(root: Path) -> Course:
    root.mkdir()
    course = make_course(root)
    for number in range(12):
        answers = RIGHT if number % 3 else {"double": RIGHT["double"]}
        hand_in(root, f"s{number:02}", answers | {"why": f"I am {number}."})
    return course


def executions(course: Course) -> set[tuple[str, int]]:
    """Return what was executed and recorded, and when."""
    found = course.results.glob("executed/*.json")
    return {(path.name, path.stat().st_mtime_ns) for path in found}


def gradebook(course: Course) -> dict:
    with Marker(course) as marker:
        return marker.scores()


def recorded(course: Course) -> dict[str, float]:
    records = Ledger(course.results / "results.jsonl").records
    return {record.student: record.score for record in records.values()}


@pytest.mark.patient
def test_a_run_killed_at_random_moments_ends_with_the_same_gradebook(tmp_path):
    undisturbed = made_class(tmp_path / "undisturbed")
    start(tmp_path / "undisturbed").wait()
    expected = recorded(undisturbed)
    assert expected == {f"s{n:02}": 7.0 if n % 3 else 3.0 for n in range(12)}

    chance, counts = random.Random(7), []
    root, course = tmp_path / "0", made_class(tmp_path / "0")
    for number in range(int(os.environ.get("KILLS", "4"))):
        before = executions(course)
        kill_after(start(root), course, chance.randrange(6), chance.random())
        assert before <= executions(course), "what was recorded was executed again"
        counts.append(len(recorded(course)))
        if counts[-1] == len(expected):  # this class is done: on to the next
            assert gradebook(course) == gradebook(undisturbed)
            root, course = tmp_path / f"{number}-", made_class(tmp_path / f"{number}-")
    print(f"recorded at each kill, of {len(expected)}: {counts}")  # noqa: T201
    start(root).wait()
    assert gradebook(course) == gradebook(undisturbed)
    assert recorded(course) == expected
