"""A class is graded: what is new or changed, never lost, never stopped."""

import nbformat
import pytest

from autograder.gradebook.marker import Marker
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.sealed.limits import NotebookLimits
from tests.support.graded import LIMITS, grade, points, statuses
from tests.support.small_course import LESSON, NAME, RIGHT, hand_in, make_course

pytestmark = pytest.mark.xdist_group("grader")  # most are students of one class
SPOILT = {
    "loops": ("while True:\n    pass", "timeout"),
    "ignores_the_interrupt": (
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except KeyboardInterrupt:\n        pass",
        "timeout",
    ),
    "sleeps": ("import time\ntime.sleep(1000)", "timeout"),
    "prints": ("while True:\n    print('again ' * 1000)", "timeout"),
    "prints_past_python": ("import os\nos.system('yes')", "timeout"),
    "loops_when_called": ("def double(x):\n    while True:\n        pass", "timeout"),
    "ends_python_when_called": (
        "import os\ndef double(x):\n    os._exit(3)",
        "crashed",
    ),
    "crashes_when_called": (
        "import ctypes\ndef double(x):\n    ctypes.string_at(0)",
        "crashed",
    ),
    "eats_memory_when_called": (
        "def double(x):\n    return bytearray(50 * 2**30)",
        "memory",
    ),
}
"""Answers that spoil one exercise, and what is said of it."""
LOUD = (
    "import sys, warnings\ndef double(x):\n    warnings.warn('hi')\n"
    "    print('oh', file=sys.stderr)\n    return 2 * x"
)
BENT = (
    "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None\n"
    "sum = lambda n: 0\ndef double(x):\n    return x"
)
ANSWERS = {
    "ada": RIGHT,
    "bob": RIGHT | {"double": "def double(x):\n    return x ** 2"},
    "cy": RIGHT | {"total": "def total(n):\n    return len(n)"},
    "dee": {},
    "ends_python": RIGHT | {"total": "import os\nos._exit(0)"},
    "warns": RIGHT | {"double": LOUD},
    "bends": RIGHT | {"double": BENT},
} | {name: RIGHT | {"double": source} for name, (source, _) in SPOILT.items()}


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Grade a class in which some do what they should not, by student."""
    root = tmp_path_factory.mktemp("course")
    make_course(root)
    for student, answers in ANSWERS.items():
        hand_in(root, student, answers)
    return grade(root)


def test_right_wrong_and_missing_answers_get_their_points(records):
    assert {name: records[name].score for name in ("ada", "bob", "cy", "dee")} == {
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


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_exercise_costs_only_its_own_points_and_says_why(name, records):
    record = records[name]
    assert record.status == "graded"
    assert points(record)["test_total_share"] == 4
    assert points(record)["test_double_three"] == 0
    assert statuses(record)["test_double_three"] == SPOILT[name][1]


def test_earlier_points_are_kept_when_python_ends(records):
    assert points(records["ends_python"]) == {
        "test_double_three": 1,
        "test_double_arrays": 2,
        "test_total_share": 0,
        "why": 0,
    }


def test_a_warning_costs_nothing(records):
    assert records["warns"].score == 7


def test_a_function_of_the_notebook_cannot_bend_the_names_that_tests_use(records):
    assert points(records["bends"])["test_double_arrays"] == 0


def test_a_cell_that_prints_without_end_is_stopped_for_that(tmp_path):
    make_course(tmp_path)
    hand_in(tmp_path, "eve", RIGHT | {"double": "while True:\n    print('no ' * 1000)"})
    record = grade(tmp_path, limits=NotebookLimits(cell_cpu_s=60))["eve"]
    messages = {c["grade_id"]: c["message"] for c in record.cells}
    assert "stopped after printing" in messages["test_double_three"]
    assert "MiB" in messages["test_double_three"]
    assert points(record)["test_total_share"] == 4


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


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """Grade a right answer in lessons whose tests end in a value; return its points."""
    root = tmp_path_factory.mktemp("course")
    for number, value in enumerate(HONEST_SCORING):
        name, ending = f"{number:02}_small", f"\n{value}\n"
        course = make_course(root, LESSON.replace("\nsum(right)\n", ending), name)
        hand_in(root, "ada", name=name)
    records = Grader(course, jobs=2, limits=LIMITS).run(submissions(course))
    found = {r.lesson: points(r)["test_total_share"] for r in records}
    return dict(zip(HONEST_SCORING, map(found.get, sorted(found)), strict=True))


@pytest.mark.parametrize("value", HONEST_SCORING)
def test_the_value_of_a_test_is_scored_honestly(value, scored):
    assert scored[value] == HONEST_SCORING[value]


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


def test_a_lesson_whose_packages_are_not_installed_gives_nobody_a_zero(tmp_path):
    lesson = LESSON.replace("import numpy as np", "import numpy as np, no_such.package")
    make_course(tmp_path, lesson)
    hand_in(tmp_path, "ada")
    record = grade(tmp_path, lesson=lesson)["ada"]
    assert record.status == "errored"
    assert f"{NAME}.ipynb imports no_such, not installed here" in record.message


def test_a_file_that_goes_before_marks_are_written_errs_that_submission_alone(
    tmp_path, monkeypatch
):
    make_course(tmp_path)
    for student in ("ada", "bob"):
        hand_in(tmp_path, student).with_name("data.csv").write_text("1")
    mark = Marker.mark

    def after_it_went(marker, student, lesson, executed, files, **options):
        if student == "ada":
            files["data.csv"].unlink()
        mark(marker, student, lesson, executed, files, **options)

    monkeypatch.setattr(Marker, "mark", after_it_went)
    records = grade(tmp_path)
    assert records["ada"].status == "errored"
    assert "its files could not be read" in records["ada"].message
    assert records["bob"].score == 7
    monkeypatch.undo()
    assert grade(tmp_path)["ada"].score == 7


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
