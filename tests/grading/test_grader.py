"""A class is graded: what is new or changed, never lost, never stopped."""

import csv
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from autograder.base.errors import WrongUse
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.gradebook.results import Ledger, Record
from autograder.grading.cache_keys import Keys
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.sealed.limits import Limits
from tests.support.small_course import (
    LESSON,
    NAME,
    RIGHT,
    hand_in,
    make_course,
    write_source,
)

LIMITS = Limits(cell_cpu_s=1, cell_wall_s=4)
ROOT = Path(__file__).parents[2]


def grade(root, jobs=2, limits=LIMITS, lesson=LESSON):
    """Grade everything below `root`; return the records by student."""
    course = make_course(root, lesson)
    grader = Grader(course, jobs=jobs, limits=limits)
    return {record.student: record for record in grader.run(submissions(course))}


def points(record) -> dict[str, float]:
    return {cell["grade_id"]: cell["points"] for cell in record.cells}


def statuses(record) -> dict[str, str]:
    return {cell["grade_id"]: cell["status"] for cell in record.cells}


def test_right_wrong_and_missing_answers_get_their_points(tmp_path):
    make_course(tmp_path)
    hand_in(tmp_path, "ada")
    hand_in(tmp_path, "bob", RIGHT | {"double": "def double(x):\n    return x ** 2"})
    hand_in(tmp_path, "cy", RIGHT | {"total": "def total(n):\n    return len(n)"})
    hand_in(tmp_path, "dee", {})
    records = grade(tmp_path)
    assert {name: record.score for name, record in records.items()} == {
        "ada": 7,
        "bob": 4,
        "cy": 5,
        "dee": 0,
    }
    assert records["ada"].max_score == 10
    assert statuses(records["ada"]) == {
        "test_double_three": "passed",
        "test_double_arrays": "passed",
        "test_total_share": "passed",
        "why": "manual",
    }
    assert statuses(records["cy"])["test_total_share"] == "partial"
    assert statuses(records["dee"])["why"] == "missing"
    assert "double(3) is 9, expected 6" in records["bob"].cells[0]["message"]


def test_nbgraders_gradebook_holds_the_same_scores(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    hand_in(tmp_path, "cy", RIGHT | {"total": "def total(n):\n    return len(n)"})
    records = grade(tmp_path)
    with Marker(course) as marker:
        scores = marker.scores()
    for name, record in records.items():
        assert scores[name, NAME]["score"] == record.score
        assert scores[name, NAME]["waits_for_a_person"]
    with (tmp_path / "classroom" / "grades.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert float(rows["cy"]["score"]) == records["cy"].score


ANSWERS_THAT_SPOIL_ONE_EXERCISE = {
    "loops": ("while True:\n    pass", "timeout"),
    "ignores the interrupt": (
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except KeyboardInterrupt:\n        pass",
        "timeout",
    ),
    "sleeps": ("import time\ntime.sleep(1000)", "timeout"),
    "prints": ("while True:\n    print('again ' * 1000)", "timeout"),
    "prints past Python": ("import os\nos.system('yes')", "timeout"),
    "loops when called": ("def double(x):\n    while True:\n        pass", "timeout"),
    "ends python when called": (
        "import os\ndef double(x):\n    os._exit(3)",
        "crashed",
    ),
    "crashes when called": (
        "import ctypes\ndef double(x):\n    ctypes.string_at(0)",
        "crashed",
    ),
    "eats memory when called": (
        "def double(x):\n    return bytearray(50 * 2**30)",
        "memory",
    ),
}


@pytest.mark.parametrize("name", ANSWERS_THAT_SPOIL_ONE_EXERCISE)
def test_a_spoiled_exercise_costs_only_its_own_points_and_says_why(name, tmp_path):
    source, status = ANSWERS_THAT_SPOIL_ONE_EXERCISE[name]
    make_course(tmp_path)
    hand_in(tmp_path, "eve", RIGHT | {"double": source})
    record = grade(tmp_path)["eve"]
    assert record.status == "graded"
    assert points(record)["test_total_share"] == 4
    assert points(record)["test_double_three"] == 0
    assert statuses(record)["test_double_three"] == status


def test_a_cell_that_prints_without_end_is_stopped_for_that(tmp_path):
    make_course(tmp_path)
    hand_in(tmp_path, "eve", RIGHT | {"double": "while True:\n    print('no ' * 1000)"})
    record = grade(tmp_path, limits=Limits(cell_cpu_s=60))["eve"]
    messages = {c["grade_id"]: c["message"] for c in record.cells}
    assert "stopped after printing" in messages["test_double_three"]
    assert "MiB" in messages["test_double_three"]
    assert points(record)["test_total_share"] == 4


def test_earlier_points_are_kept_when_python_ends(tmp_path):
    make_course(tmp_path)
    hand_in(tmp_path, "eve", RIGHT | {"total": "import os\nos._exit(0)"})
    record = grade(tmp_path)["eve"]
    assert points(record) == {
        "test_double_three": 1,
        "test_double_arrays": 2,
        "test_total_share": 0,
        "why": 0,
    }


HONEST_SCORING = {
    "False": 0,
    "True": 4,
    "float('nan')": 0,
    "-1": 0,
    "100": 4,
    "2.5": 2.5,
    "np.float64(1.5)": 1.5,
    "None": 4,
    "'text'": 4,
}


@pytest.mark.parametrize("value", HONEST_SCORING)
def test_the_value_of_a_test_is_scored_honestly(value, tmp_path):
    lesson = LESSON.replace("\nsum(right)\n", f"\n{value}\n")
    make_course(tmp_path, lesson)
    hand_in(tmp_path, "ada")
    record = grade(tmp_path, lesson=lesson)["ada"]
    assert points(record)["test_total_share"] == HONEST_SCORING[value]


def test_a_warning_costs_nothing(tmp_path):
    make_course(tmp_path)
    loud = (
        "import sys, warnings\ndef double(x):\n    warnings.warn('hi')\n"
        "    print('oh', file=sys.stderr)\n    return 2 * x"
    )
    hand_in(tmp_path, "ada", RIGHT | {"double": loud})
    record = grade(tmp_path)["ada"]
    assert record.score == 7


def test_a_function_of_the_notebook_cannot_bend_the_names_that_tests_use(tmp_path):
    make_course(tmp_path)
    bent = (
        "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None\n"
        "sum = lambda n: 0\ndef double(x):\n    return x"
    )
    hand_in(tmp_path, "eve", RIGHT | {"double": bent})
    assert points(grade(tmp_path)["eve"])["test_double_arrays"] == 0


def test_a_second_run_executes_nothing(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    grade(tmp_path)
    ledger = Ledger(course.results / "results.jsonl")
    keys = Keys(course, LIMITS)
    for submission in submissions(course):
        record = ledger.records[submission.student, submission.lesson]
        assert keys.changes(submission, record) == ""


def test_what_changed_is_executed_again_and_the_reason_is_recorded(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    hand_in(tmp_path, "bob")
    grade(tmp_path)
    hand_in(tmp_path, "bob", {})
    ledger = Ledger(course.results / "results.jsonl")
    changes = {
        s.student: Keys(course, LIMITS).changes(s, ledger.records[s.student, s.lesson])
        for s in submissions(course)
    }
    assert changes == {"ada": "", "bob": "submission changed"}
    write_source(tmp_path, LESSON.replace("double(3) == 6", "double(3) == 6.0"))
    reasons = [
        Keys(course, LIMITS).changes(s, ledger.records[s.student, s.lesson])
        for s in submissions(course)
    ]
    assert reasons == ["tests changed", "submission changed, tests changed"]


def test_a_corrected_test_gives_new_marks(tmp_path):
    wrong = LESSON.replace("double(3) == 6", "double(3) == 7")
    make_course(tmp_path, wrong)
    hand_in(tmp_path, "ada")
    assert points(grade(tmp_path, lesson=wrong)["ada"])["test_double_three"] == 0
    record = grade(tmp_path)["ada"]
    assert points(record)["test_double_three"] == 1
    assert record.executed_because == "tests changed"


def test_a_test_can_be_added_after_submissions_were_graded(tmp_path):
    make_course(tmp_path)
    hand_in(tmp_path, "ada")
    grade(tmp_path)
    more = LESSON.replace(
        '# %% [markdown] nbgrader={"grade_id": "why"',
        '# %% nbgrader={"grade_id": "test_total_one", "grade": true, "points": 1}\n'
        'assert total([5]) == 5\n\n# %% [markdown] nbgrader={"grade_id": "why"',
    )
    record = grade(tmp_path, lesson=more)["ada"]
    assert points(record)["test_total_one"] == 1
    with Marker(make_course(tmp_path, more)) as marker:
        assert marker.scores()["ada", NAME]["score"] == 8


def test_marks_do_not_depend_on_how_many_are_graded_at_a_time(tmp_path):
    found = []
    for jobs in (1, 4):
        root = tmp_path / str(jobs)
        root.mkdir()
        make_course(root)
        for number in range(6):
            hand_in(root, f"s{number}", RIGHT if number % 2 else {})
        records = grade(root, jobs=jobs)
        found.append({name: points(record) for name, record in records.items()})
    assert found[0] == found[1]


def test_an_unfinished_line_of_a_killed_run_is_done_again(tmp_path):
    course = make_course(tmp_path)
    hand_in(tmp_path, "ada")
    grade(tmp_path)
    path = course.results / "results.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert Ledger(path).records == {}
    assert grade(tmp_path)["ada"].score == 7


def test_a_lesson_whose_packages_are_not_installed_gives_nobody_a_zero(tmp_path):
    lesson = LESSON.replace("import numpy as np", "import numpy as np, no_such.package")
    make_course(tmp_path, lesson)
    hand_in(tmp_path, "ada")
    record = grade(tmp_path, lesson=lesson)["ada"]
    assert record.status == "errored"
    assert f"{NAME}.ipynb imports no_such, not installed here" in record.message


def test_a_record_after_an_unfinished_line_is_read_and_so_is_any_text(tmp_path):
    """Such a line is left by a process that lost its disk, while another goes on."""
    path = tmp_path / "results.jsonl"
    ledger = Ledger(path)
    path.write_text('{"student": "ada", "less')
    said = "one\u2028two\x85three"
    ledger.add(Record("bob", NAME, "graded", message=said))
    ledger.add(Record("cy", NAME, "graded"), keep=False)
    assert [student for student, _ in ledger.records] == ["bob"]
    with ledger.tidied() as records:
        assert [record.student for record in records] == ["bob", "cy"]
    assert len(path.read_bytes().splitlines()) == 2
    assert Ledger(path).records["bob", NAME].message == said


def test_a_file_that_goes_before_marks_are_written_errs_that_submission_alone(
    tmp_path, monkeypatch
):
    make_course(tmp_path)
    for student in ("ada", "bob"):
        hand_in(tmp_path, student).with_name("data.csv").write_text("1")
    mark = Marker.mark

    def after_it_went(marker, student, lesson, executed, files):
        if student == "ada":
            files["data.csv"].unlink()
        mark(marker, student, lesson, executed, files)

    monkeypatch.setattr(Marker, "mark", after_it_went)
    records = grade(tmp_path)
    assert records["ada"].status == "errored"
    assert "its files could not be read" in records["ada"].message
    assert records["bob"].score == 7
    monkeypatch.undo()
    assert grade(tmp_path)["ada"].score == 7


def test_nothing_to_grade_is_wrong_use(tmp_path):
    course = make_course(tmp_path)
    with pytest.raises(WrongUse, match="found no submissions"):
        submissions(course)
    with pytest.raises(WrongUse, match="found no lesson 99_none"):
        submissions(course, ["99_none"])


RUN = """
from pathlib import Path
from tests.grading.test_grader import LIMITS
from tests.support.small_course import LESSON, NAME
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


def test_results_are_json_lines_with_the_promised_fields(tmp_path):
    course = make_course(tmp_path)
    slow = "import time\n\ntime.sleep(0.5)\n" + RIGHT["total"]
    hand_in(tmp_path, "ada", RIGHT | {"total": slow})
    grade(tmp_path)
    line = json.loads((course.results / "results.jsonl").read_text())
    assert "total" in [found["cell"] for found in line["slowest"]]
    assert {
        "student",
        "lesson",
        "status",
        "score",
        "max_score",
        "seconds",
        "cells",
        "repairs",
        "tampering",
    } <= line.keys()
    assert line["cells"][0].keys() == {
        "grade_id",
        "points",
        "max_points",
        "status",
        "message",
    }


def test_the_same_content_is_executed_once_whoever_hands_it_in(tmp_path):
    course = make_course(tmp_path)
    lottery = RIGHT | {"total": "import secrets\n\nprint(secrets.randbits(64))"}
    hand_in(tmp_path, "ada", lottery)
    hand_in(tmp_path, "bob", lottery)
    hand_in(tmp_path, "cy", lottery | {"why": "Because of me."})
    for minute, student in enumerate(("ada", "bob", "cy")):
        time = course.path("submitted", student, NAME) / "timestamp.txt"
        time.write_text(f"2026-03-01 12:0{minute}:00 UTC", "utf-8")

    def printed() -> list[str]:
        files = [
            course.path("autograded", student, NAME) / f"{NAME}.ipynb"
            for student in ("ada", "bob", "cy")
        ]
        cells = [c for f in files for c in nbformat.read(f, as_version=4).cells]
        return [c.outputs[0].text for c in cells if c.id == "total"]

    grade(tmp_path, jobs=3)
    ada, bob, cy = printed()
    assert ada == bob != cy
    grade(tmp_path)  # every submission is asked for again: nothing is taken from before
    assert not {ada, cy} & set(printed())
