"""Each student has constants of their own, is graded on them, and on no others."""

import ast
import difflib
import json
import os
import stat

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import compute_checksum
from traitlets.config import Config
from typer.testing import CliRunner

from autograder.audit.variants_audit import has_constants, prove_variants
from autograder.base.errors import SourceError, WrongUse
from autograder.cli import app
from autograder.course.course import configure, foreign_course, own_course
from autograder.course.variants import KEY_FILE, drawn
from autograder.gradebook.marker import write_feedback
from autograder.gradebook.results import Ledger
from autograder.grading.cache_keys import Keys
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.model.catalogue import read_catalogue
from autograder.model.constants import constants_in
from autograder.model.lesson_reader import lesson_path, read_lesson
from autograder.publish.variant_notebooks import hand_out
from autograder.report.page import write_report
from autograder.sealed.limits import NotebookLimits
from tests.support.small_course import (
    NAME,
    hand_in,
    make_course,
    released,
    write_source,
)

pytestmark = pytest.mark.xdist_group("variants")  # one class for all of them
CONSTANTS = """slope = 3  # yours: integers(2, 1000)
seed = 7  # yours: integers(0, 1_000_000)
heights = np.random.default_rng(seed).normal(170, 10, 4)"""
LESSON = f'''# %% [markdown]
# # A line

# %% nbgrader={{"grade_id": "imports", "locked": true}}
import numpy as np

# %% nbgrader={{"grade_id": "own", "locked": true}}
{CONSTANTS}


# %% nbgrader={{"grade_id": "line", "solution": true}}
def line(x):
    """Return slope times x."""
    ### BEGIN SOLUTION
    return slope * x
    ### END SOLUTION


# %% nbgrader={{"grade_id": "test_line_five", "grade": true, "points": 1}}
assert line(5) == 5 * slope, f"line(5) is {{line(5)}}, expected {{5 * slope}}"

# %% nbgrader={{"grade_id": "mean", "solution": true}}
### BEGIN SOLUTION
mean = heights.mean()
### END SOLUTION

# %% nbgrader={{"grade_id": "test_mean_value", "grade": true, "points": 2}}
### BEGIN HIDDEN TESTS
assert abs(mean - heights.mean()) < 1e-9, f"mean is {{mean}}"
### END HIDDEN TESTS
'''
CATALOGUE = """# %% wrong line adds
# says: Multiply.
# hint: 1
def line(x):
    return slope + x


# %% wrong line forgets
# says: Multiply.
# hint: 1
def line(x):
    return x


# %% wrong line turns
# says: Mind the sign.
# hint: 1
def line(x):
    return -slope * x


# %% wrong line squares
# says: Multiply once.
# hint: 1
def line(x):
    return slope * x * x


# %% right line other_order
def line(x):
    return x * slope


# %% right line adds_up
def line(x):
    return sum(slope for _ in range(x))


# %% wrong mean is_the_sum
# says: Divide.
# hint: 1
mean = heights.sum()


# %% wrong mean is_the_median
# says: Not the median.
# hint: 1
mean = np.median(heights)


# %% wrong mean is_the_first
# says: All of them.
# hint: 1
mean = heights[0]


# %% wrong mean is_rounded
# says: Do not round.
# hint: 1
mean = round(heights.mean())


# %% right mean in_numpy
mean = np.mean(heights)


# %% right mean in_python
mean = sum(heights) / len(heights)
"""
ANSWERS = {
    "line": "def line(x):\n    return slope * x",
    "mean": "mean = heights.mean()",
}
TABLE = f'[variants]\nlessons = ["{NAME}"]\n'
ROSTER = ("ada", "bob", "cy", "dee", "eve", "flo", "gus")
LIMITS = NotebookLimits(cell_cpu_s=2)
STEADY_KEY = b"0" * 64


def class_of(root, settings=TABLE):
    """Return a class whose settings turn variants on, with its lesson released."""
    make_course(root, LESSON)
    (root / "classroom" / "autograder.toml").write_text(settings, "utf-8")
    room = root / "notebooks" / NAME
    room.mkdir(parents=True)
    nbformat.write(released(root), room / f"{NAME}.ipynb")
    return own_course(root / "classroom", root)


def own_notebook(course, student):
    return nbformat.read(course.results / f"variants/{student}/{NAME}/{NAME}.ipynb", 4)


def own_values(course, student):
    """Return the values of the constants that were handed out to a student."""
    return values_in(cell_of(own_notebook(course, student), "own").source)


def values_in(source):
    return {c.name: ast.literal_eval(c.default) for c in constants_in(source)}


def cell_of(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def with_the_slope(course, student):
    """Return answers that have a student's slope written into them as a number."""
    slope = own_values(course, student)["slope"]
    return ANSWERS | {"line": f"def line(x):\n    return {slope} * x"}


def give_in(course, student, notebook, answers=ANSWERS):
    """Hand in a notebook with answers."""
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    folder = course.path("submitted", student, NAME)
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")


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


def released_file(course):
    return course.path("release", ".", NAME) / f"{NAME}.ipynb"


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


MISTAKES = {
    "slope = 3  # yours: integer(2, 10)": "expected one of integers",
    "slope = 3  # yours: integers(2, 10": "expected one of integers",
    "slope = 3  # yours: integers(10, 2)": "expected one of integers",
    "slope = 3  # yours: integers(2, 10, endpoint=True)": "expected one of integers",
    "slope = 3  # yours: choice([3])": "expected one of integers",
    "slope = 3.0  # yours: uniform('low', 9, 1)": "expected one of integers",
    "slope = 30  # yours: integers(2, 10)": "30 cannot be drawn",
    "slope = 0.25  # yours: uniform(0, 1, 1)": "0.25 cannot be drawn",
    "slope = len('abc')  # yours: integers(2, 10)": "expected a name and one value",
    "if 1:\n    slope = 3  # yours: integers(2, 10)": "expected a name and one value",
    "slope, two = 3, 2  # yours: integers(2, 10)": "expected a name and one value",
    "slope = 3  # yours: integers(2, 10)\n" * 2: "slope is marked in cell 3 already",
}


@pytest.mark.parametrize("lines", MISTAKES)
def test_a_mark_that_cannot_be_used_is_named_with_its_cell(lines, tmp_path):
    path = tmp_path / "00_small.py"
    path.write_text(LESSON.replace(CONSTANTS, lines), "utf-8")
    with pytest.raises(SourceError, match=MISTAKES[lines]) as caught:
        read_lesson(path)
    assert str(caught.value).startswith("00_small.py, cell 3")


def test_a_mark_where_students_may_write_is_refused(tmp_path):
    path = tmp_path / "00_small.py"
    path.write_text(LESSON.replace('"own", "locked": true', '"own"'), "utf-8")
    with pytest.raises(SourceError, match="outside a locked cell"):
        read_lesson(path)


def test_a_students_notebook_is_the_release_but_for_constants(graded):
    course, _ = graded
    common = released_file(course).read_text("utf-8").splitlines()
    for student in ROSTER:
        path = course.results / f"variants/{student}/{NAME}/{NAME}.ipynb"
        own = path.read_text("utf-8").splitlines()
        changed = [
            line[1:].strip()
            for line in difflib.ndiff(common, own)
            if line.startswith("+ ")
        ]
        assert len(own) == len(common)
        places = [line.split()[0] for line in changed]
        assert places == ['"checksum":', '"slope', '"seed']
        cell = cell_of(own_notebook(course, student), "own")
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
    slopes = {own_values(course, student)["slope"] for student in ROSTER}
    assert len(slopes) == len(ROSTER)


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


SETTINGS = {
    'variants = "00_small"': "expected a table",
    '[variants]\nlessons = ["99_none"]': r"variants.lessons: found \['99_none'\]",
    "[variants]\nlesson = []": "found the key variants.lesson",
    "[variants]\nkey_variable = 3": "key_variable: found 3",
    'tests = "sealed"': "found the key tests, expected one of variants",
}


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_that_mean_nothing_are_refused(text, tmp_path):
    make_course(tmp_path, LESSON)
    (tmp_path / "classroom" / "autograder.toml").write_text(text)
    with pytest.raises(WrongUse, match=SETTINGS[text]):
        own_course(tmp_path / "classroom", tmp_path)


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


def lesson_and_catalogue(folder, lesson=LESSON):
    write_source(folder, lesson)
    (folder / "mistakes").mkdir()
    (folder / "mistakes" / f"{NAME}.py").write_text(CATALOGUE)
    read = read_lesson(folder / f"{NAME}.py")
    return read, read_catalogue(read, folder / "mistakes" / read.path.name)


def test_tests_that_are_right_for_made_up_students_are_proved_so(tmp_path):
    lesson, answers = lesson_and_catalogue(tmp_path)
    found = prove_variants(lesson, answers, students=2, jobs=2)
    assert (found.different, found.answers, found.problems) == (2, 2 * 14, [])


def test_a_test_that_quotes_the_default_is_found_out(tmp_path):
    quotes = LESSON.replace("line(5) == 5 * slope", "line(5) == 15")
    lesson, answers = lesson_and_catalogue(tmp_path, quotes)
    answers = [answer for answer in answers if answer.name == "other_order"]
    found = prove_variants(lesson, answers, students=1, jobs=2)
    assert len(found.problems) == 3
    assert "its own solution fails test_line_five" in found.problems[0]
    assert "the right answer solution keeps 0 of 1 points" in found.problems[1]
    assert all("slope = " in problem for problem in found.problems)


def test_the_command_writes_a_roster_and_names_what_it_lacks(tmp_path):
    course = class_of(tmp_path)
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nada\nbob\n")
    folder = str(course.results)
    lacking = CliRunner().invoke(app, ["variants", "--classroom", folder])
    assert "expected the students' names" in str(lacking.exception)
    (course.results / "autograder.toml").unlink()
    options = ["variants", "--classroom", folder, "--roster", str(roster)]
    off = CliRunner().invoke(app, options)
    assert "found no lesson under" in str(off.exception)
    without = CliRunner().invoke(app, ["variants", "--check", "1", "00_warmup"])
    assert "00_warmup: found no constant that is marked" in str(without.exception)


def test_a_lesson_of_the_series_has_variants():
    assert has_constants(read_lesson(lesson_path("05_backpropagation")))


def test_what_is_kept_of_a_class_holds_no_key(graded):
    course, _ = graded
    key = (course.results / KEY_FILE).read_text().strip()
    assert key not in (course.results / "results.jsonl").read_text()
    records = Ledger(course.results / "results.jsonl").records.values()
    assert all(record.key["constants"] for record in records)
    assert key not in json.dumps([record.key for record in records])
