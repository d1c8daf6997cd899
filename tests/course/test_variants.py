"""Each student has constants of their own, is graded on them, and on no others."""

import json
import os
import stat
from dataclasses import replace

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.base.errors import WrongUse
from autograder.course.course import configure, foreign_course, own_course
from autograder.course.variants import KEY_FILE, drawn
from autograder.gradebook.marker import write_feedback
from autograder.gradebook.results import Ledger
from autograder.grading.cache_keys import Keys
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.model.cells import ReferenceCell
from autograder.publish.variant_notebooks import hand_out
from autograder.sealed.limits import NotebookLimits
from tests.support.small_course import NAME, hand_in, make_course
from tests.support.variants_course import (
    ANSWERS,
    CONSTANTS,
    LESSON,
    TABLE,
    cell_of,
    class_of,
    give_in,
    own_notebook,
    own_values,
    released_file,
    values_in,
    with_the_slope,
)

pytestmark = pytest.mark.xdist_group("variants")  # one class for all of them
ROSTER = ("ada", "bob", "cy", "dee", "eve", "flo", "gus")
LIMITS = NotebookLimits(cell_cpu_s=2)
STEADY_KEY = b"0" * 64


def add_before(notebook, name, source):
    """Put a cell of the student's own before another one."""
    place = notebook.cells.index(cell_of(notebook, name))
    notebook.cells.insert(place, nbformat.v4.new_code_cell(source, id=f"own-{place}"))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return a graded class in which many try what they should not, and its records."""
    course = class_of(tmp_path_factory.mktemp("variants"))
    list(hand_out(course, [], ROSTER))
    by_hand = with_the_slope(course, "ada")
    give_in(course, "ada", own_notebook(course, "ada"), by_hand)
    give_in(course, "bob", own_notebook(course, "ada"), by_hand)
    edited = own_notebook(course, "cy")
    cell_of(edited, "own").source = CONSTANTS.replace("slope = 3", "slope = 1")
    give_in(course, "cy", edited, {"line": "def line(x):\n    return x"})
    give_in(course, "dee", nbformat.read(released_file(course), 4))
    rebinds = own_notebook(course, "eve")
    add_before(rebinds, "line", "slope = 1\nheights = np.zeros(4)")
    give_in(course, "eve", rebinds)
    kills = own_notebook(course, "flo")
    add_before(kills, "own", "import os\nnp.random.default_rng = os._exit")
    own = "slope = 1\nheights = np.zeros(4)\n"
    give_in(course, "flo", kills, {"line": own + ANSWERS["line"], "mean": "mean = 0.0"})
    unnamed = own_notebook(course, "ada")
    for cell in unnamed.cells:
        cell.metadata.pop("nbgrader", None)
    give_in(course, "gus", unnamed)
    records = Grader(course, jobs=2, limits=LIMITS).run(submissions(course))
    return course, {record.student: record for record in records}


def test_the_same_student_gets_the_same_for_ever():
    mixed = (
        f"{CONSTANTS}\n"
        "half = 0.5  # yours: uniform(0, 1, 2)\n"
        "word = 'b'  # yours: choice(['a', 'b', \"c\"])"
    )
    # Worked out by hand: HMAC-SHA256 of ["05_lesson", "ada", name], modulo the count.
    own = drawn(STEADY_KEY, "05_lesson", "ada", mixed)
    assert values_in(own) == {"slope": 341, "seed": 842770, "half": 0.38, "word": "b"}
    composed, parted = "Zo\u00eb", "Zoe\u0308"
    assert drawn(STEADY_KEY, "l", composed, mixed) == drawn(
        STEADY_KEY, "l", parted, mixed
    )


def test_every_value_is_drawn_and_no_other():
    source = (
        "a1 = 2  # yours: integers(2, 5)\n"
        "b1 = 0.1  # yours: uniform(-0.1, 0.1, 1)\n"
        "c1 = None  # yours: choice([None, (1, 2)])"
    )
    found = [drawn(STEADY_KEY, "l", f"s{n}", source).split("\n") for n in range(60)]
    assert [
        {line.partition("  #")[0] for line in of} for of in zip(*found, strict=True)
    ] == [
        {"a1 = 2", "a1 = 3", "a1 = 4"},
        {"b1 = -0.1", "b1 = 0.0", "b1 = 0.1"},
        {"c1 = None", "c1 = (1, 2)"},
    ]


def test_everybody_is_graded_on_their_own_constants(graded):
    _, records = graded
    points = {name: [c["points"] for c in r.cells] for name, r in records.items()}
    assert points == {
        "ada": [1, 2],
        "bob": [0, 2],  # Ada's number, and a formula that is right with any
        "cy": [0, 0],
        "dee": [1, 2],
        "eve": [0, 0],
        "flo": [0, 0],
        "gus": [1, 2],
    }


def test_the_record_says_whose_constants_were_handed_in(graded):
    _, records = graded
    was_edited = "own: the locked cell was edited; the original was put back"
    assert {name: record.tampering for name, record in records.items()} == {
        "ada": [],
        "bob": [was_edited, "own: its constants are those of ada"],
        "cy": [was_edited],
        "dee": [was_edited, "own: its constants are those of the common notebook"],
        "eve": [],
        "flo": [],
        "gus": [was_edited],
    }


def test_constants_of_an_earlier_release_are_each_students_own(graded):
    course, _ = graded
    marked = [CONSTANTS, "a = 1  # yours: whatever(1)"]
    cell = ReferenceCell("own", "code", "import math", "", True, *[False] * 3, 0)
    known = [replace(cell, earlier=(*marked, "import os"))]
    (own,) = course.variants.cells(NAME, "ada", known)
    was = cell_of(own_notebook(course, "ada"), "own").source
    assert own.earlier == (was, "import os")


def test_what_is_marked_and_shown_has_the_students_own_constants(graded):
    course, _ = graded
    path = course.path("autograded", "bob", NAME) / f"{NAME}.ipynb"
    cell = cell_of(nbformat.read(path, 4), "own")
    assert values_in(cell.source) == own_values(course, "bob")
    write_feedback(course, "all", NAME)
    page = course.path("feedback", "bob", NAME) / f"{NAME}.html"
    text = page.read_text("utf-8")
    assert f"expected {5 * own_values(course, 'bob')['slope']}" in text
    assert "default_rng" not in text  # a given cell is no work of the student's
    # Imported here: every worker of the test run reads this file.
    from autograder.report.page import write_report

    report = write_report(course).read_text("utf-8")
    assert f"-slope = {own_values(course, 'bob')['slope']} " in report
    assert f"+slope = {own_values(course, 'ada')['slope']} " in report


def test_nbgraders_own_autograde_puts_no_default_back(graded):
    course, _ = graded
    config = Config()
    configure(config, course.root)
    config.CourseDirectory.assignment_id = NAME
    config.CourseDirectory.student_id = "bob"
    step = Autograde(
        coursedir=CourseDirectory(config=config), config=config, force=True
    )
    step.start()
    path = course.path("autograded", "bob", NAME) / f"{NAME}.ipynb"
    notebook = nbformat.read(path, 4)
    assert values_in(cell_of(notebook, "own").source) == own_values(course, "bob")
    (output,) = cell_of(notebook, "test_line_five").outputs
    assert f"expected {5 * own_values(course, 'bob')['slope']}" in output.evalue


def test_another_key_executes_again_and_says_why(graded):
    course, records = graded
    submission = next(s for s in submissions(course) if s.student == "ada")
    assert Keys(course, LIMITS).changes(submission, records["ada"]) == ""
    path = course.results / KEY_FILE
    kept = path.read_text()
    try:
        path.write_text("1" * 64)
        now = own_course(course.results, course.root)
        changes = Keys(now, LIMITS).changes(submission, records["ada"])
        assert changes == "constants changed"
        path.unlink()
        lost = own_course(course.results, course.root)
        with pytest.raises(WrongUse, match="found no key, expected the one"):
            Keys(lost, LIMITS).changes(submission, records["ada"])
        with pytest.raises(WrongUse, match="put it back"):
            list(hand_out(lost, [], ["ada"]))
        path.write_text("short")
        with pytest.raises(WrongUse, match="a key of 5 characters"):
            list(hand_out(own_course(course.results, course.root), [], ["ada"]))
    finally:
        path.write_text(kept)


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    course = class_of(tmp_path)
    list(hand_out(course, [], ["ada"]))
    path, first = course.results / KEY_FILE, own_notebook(course, "ada")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = own_course(course.results, course.root)
    list(hand_out(again, [], ["ada", "bob"]))
    assert own_notebook(course, "ada") == first


def test_the_key_may_come_from_the_environment(tmp_path, monkeypatch):
    course = class_of(tmp_path, TABLE + 'key_variable = "LINE_KEY"\n')
    with pytest.raises(WrongUse, match="environment variable LINE_KEY: found no key"):
        list(hand_out(course, [], ["ada"]))
    monkeypatch.setenv("LINE_KEY", STEADY_KEY.decode())
    list(hand_out(own_course(course.results, course.root), [], ["ada"]))
    assert "LINE_KEY" not in os.environ  # so that nothing started later has it
    assert not (course.results / KEY_FILE).exists()
    own = cell_of(own_notebook(course, "ada"), "own").source
    assert own == drawn(STEADY_KEY, NAME, "ada", CONSTANTS)


def test_a_class_that_turns_nothing_on_has_the_common_constants(tmp_path):
    course = make_course(tmp_path, LESSON)
    hand_in(tmp_path, "ada", ANSWERS | {"line": "def line(x):\n    return 3 * x"})
    (record,) = Grader(course, jobs=1, limits=LIMITS).run(submissions(course))
    assert (record.score, record.tampering) == (3, [])
    with pytest.raises(WrongUse, match="found no lesson under"):
        list(hand_out(course, [], ["ada"]))


def test_any_nbgrader_course_may_have_variants(tmp_path):
    course = class_of(tmp_path)
    folder = course.results
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "build" / "source").rename(folder / "source")
    (tmp_path / "notebooks").rename(folder / "release")
    (folder / "autograder.toml").write_text('tests = "sealed"\n' + TABLE)
    course = foreign_course(folder)
    list(hand_out(course, [], ["ada"]))
    by_hand = with_the_slope(course, "ada")
    give_in(course, "ada", own_notebook(course, "ada"), by_hand)
    (record,) = Grader(course, jobs=1, limits=LIMITS).run(submissions(course))
    assert (record.score, record.tampering) == (3, [])


def test_what_is_kept_of_a_class_holds_no_key(graded):
    course, _ = graded
    key = (course.results / KEY_FILE).read_text().strip()
    assert key not in (course.results / "results.jsonl").read_text()
    records = Ledger(course.results / "results.jsonl").records.values()
    assert all(record.key["constants"] for record in records)
    assert key not in json.dumps([record.key for record in records])
