"""Cells that no mark depends on are not run, and show what was handed in."""

import json
import shutil
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_output

from autograder.course.course import foreign_course
from autograder.course.settings import ALL
from autograder.gradebook.marker import Marker, write_feedback
from autograder.grading.fresh_figures import FreshFigures
from autograder.grading.grader import Grader
from autograder.intake import submissions as submissions_module
from autograder.intake.submissions import MODULES, modules_for_marks, submissions
from tests.support.graded import LIMITS, points
from tests.support.other_course import SOLUTION, SQUARES, cell, hand_in, make
from tests.support.small_course import NAME, make_course, released

LESSON = '''# %% [markdown]
# # Scale

# %% nbgrader={"grade_id": "imports", "locked": true}
import numpy as np

# %%
factor = 3

# %%
spare = 3


# %% nbgrader={"grade_id": "scale", "solution": true}
def scale(x):
    """Return x times the notebook's factor."""
    ### BEGIN SOLUTION
    return factor * x
    ### END SOLUTION


# %%
print("drawn", scale(np.arange(2)))

# %% nbgrader={"grade_id": "test_scale", "grade": true, "points": 2}
assert scale(2) == 6, f"scale(2) is {scale(2)}, expected 6"
'''
RIGHT = "def scale(x):\n    return factor * x"
DEMONSTRATION = 'print("drawn", scale(np.arange(2)))'
SHOWN = "what my notebook showed"


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path, LESSON)


def give_in(course, student: str, change=lambda notebook: None) -> None:
    """Hand in a right answer, with an output of the demonstration."""
    notebook = released(course.root)
    for one in notebook.cells:
        if one.id == "scale":
            one.source = RIGHT
        if one.source == DEMONSTRATION:
            one.outputs = [new_output("stream", text=SHOWN)]
    change(notebook)
    folder = course.results / "submitted" / student / NAME
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")


def graded(course) -> dict:
    grader = Grader(course, jobs=1, limits=LIMITS)
    return {record.student: record for record in grader.run(submissions(course))}


def shown(course, student: str, source: str = DEMONSTRATION) -> str:
    """Return what the graded notebook shows of a cell."""
    path = course.path("autograded", student, NAME) / f"{NAME}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    (found,) = [one for one in cells if one.source == source]
    return "".join(o.get("text", "") or o.data["text/plain"] for o in found.outputs)


def test_a_demonstration_is_not_run_and_keeps_what_each_student_handed_in(course):
    give_in(course, "ada")

    def other(notebook):
        for one in notebook.cells:
            if one.source == DEMONSTRATION:
                one.outputs = [new_output("stream", text="bob's own")]

    give_in(course, "bob", other)
    assert {student: r.score for student, r in graded(course).items()} == {
        "ada": 2,
        "bob": 2,
    }
    assert SHOWN in shown(course, "ada")
    assert "as handed in" in shown(course, "ada")
    # The same content is executed once; outputs are nobody else's all the same.
    assert "bob's own" in shown(course, "bob")
    assert SHOWN not in shown(course, "bob")


def test_all_cells_run_if_that_is_asked_for_and_marks_are_the_same(course):
    give_in(course, "ada")
    needed = points(graded(course)["ada"])
    everything = replace(course, cells=ALL)
    assert points(graded(everything)["ada"]) == needed
    assert shown(course, "ada") == "drawn [0 3]\n"


def test_what_a_lesson_loads_is_found_again_only_when_it_has_changed(tmp_path):
    def found(lesson: str) -> list[str]:
        course = make_course(tmp_path, lesson)
        submissions_module._modules_for_marks.cache_clear()
        return modules_for_marks(course, [NAME])

    kept = make_course(tmp_path, LESSON).path("source") / MODULES
    assert found(LESSON) == found(LESSON) == ["numpy"]
    assert len(json.loads(kept.read_text())) == 1
    needs = LESSON.replace("import numpy as np", DRAWS)
    needs = needs.replace(
        "return factor * x", "return factor * x + 0 * len(plt.rcParams)"
    )
    assert "matplotlib.pyplot" in found(needs)
    assert found(LESSON) == ["numpy"]
    assert len(json.loads(kept.read_text())) == 2
    kept.write_text("{")
    assert found(LESSON) == ["numpy"]


def test_the_solution_is_run_only_where_nobody_has_all_points(tmp_path):
    wrong = LESSON.replace("return factor * x", "return 7 * x")
    course = make_course(tmp_path, wrong)
    give_in(course, "ada")
    grader = Grader(course, jobs=1, limits=LIMITS)
    assert [record.score for record in grader.run(submissions(course))] == [2]
    assert grader.notes == []
    shutil.rmtree(course.results / "submitted" / "ada")
    give_in(course, "bob", lambda notebook: setattr(notebook.cells[4], "source", ""))
    assert [record.score for record in grader.run(submissions(course))] == [0]
    assert "the solution itself fails test_scale" in " ".join(grader.notes)


def test_what_a_student_has_edited_or_added_runs(course):
    edited = DEMONSTRATION.replace("drawn", "mine")

    def edit(notebook):
        for one in notebook.cells:
            if one.source == DEMONSTRATION:
                one.source = edited
        notebook.cells.append(nbformat.v4.new_code_cell("print('added')"))

    give_in(course, "ada", edit)
    graded(course)
    assert shown(course, "ada", edited) == "mine [0 3]\n"
    assert shown(course, "ada", "print('added')") == "added\n"


DRAWS = "import matplotlib.pyplot as plt\nimport numpy as np"
LOOKS = "import sys\nprint('matplotlib.pyplot' in sys.modules)"


def test_a_package_of_what_is_left_out_is_loaded_only_for_who_uses_it(tmp_path):
    drawing = LESSON.replace("import numpy as np", DRAWS)
    course = make_course(tmp_path, drawing.replace('print("drawn"', 'plt.plot("drawn"'))
    looks = nbformat.v4.new_code_cell(LOOKS)
    draws = nbformat.v4.new_code_cell("print(type(plt.figure()).__name__)")
    give_in(course, "ada", lambda notebook: notebook.cells.append(looks))
    give_in(course, "bob", lambda notebook: notebook.cells.append(draws))
    assert {r.score for r in graded(course).values()} == {2}
    assert shown(course, "ada", LOOKS) == "False\n"
    assert shown(course, "bob", draws.source).startswith("Figure\n")
    graded(replace(course, cells=ALL))
    assert shown(course, "ada", LOOKS) == "True\n"


@pytest.mark.parametrize(
    ("added", "score"),
    [
        ("factor = 100", 0),
        ("exec('factor = 100')", 0),
        ("globals()['factor'] = 100", 0),
        ("get_ipython().push({'factor': 100})", 0),
        ("names = globals()\nnames['factor'] = 100", 0),
        ("factor = 3", 2),
    ],
)
def test_no_mark_is_other_than_with_all_cells_whatever_is_added(course, added, score):
    def add(notebook):
        at = next(n for n, one in enumerate(notebook.cells) if one.id == "scale")
        notebook.cells.insert(at, nbformat.v4.new_code_cell(added))

    give_in(course, "ada", add)
    assert graded(course)["ada"].score == score
    assert graded(replace(course, cells=ALL))["ada"].score == score


@pytest.mark.parametrize(
    "look_up",
    ["spare", "globals()['spare']", "eval('spare')", "get_ipython().user_ns['spare']"],
)
def test_an_answer_finds_a_given_name_however_it_looks_for_it(course, look_up):
    def change(notebook):
        for one in notebook.cells:
            if one.id == "scale":
                one.source = f"def scale(x):\n    return {look_up} * x"

    give_in(course, "ada", change)
    assert graded(course)["ada"].score == 2


def test_feedback_says_what_was_handed_in_and_fresh_figures_change_no_mark(course):
    give_in(course, "ada")
    graded(course)
    write_feedback(course, "all", NAME)
    page = course.path("feedback", "ada", NAME) / f"{NAME}.html"
    assert "as you handed it in" in page.read_text("utf-8")
    assert SHOWN in page.read_text("utf-8")
    with Marker(course) as marker:
        before = marker.scores()
    fresh = FreshFigures(course, 1, LIMITS)
    assert list(fresh.run(submissions(course))) == []
    assert shown(course, "ada") == "drawn [0 3]\n"
    write_feedback(course, "all", NAME)
    assert "as you handed it in" not in page.read_text("utf-8")
    with Marker(course) as marker:
        assert marker.scores() == before


def test_hostile_outputs_are_kept_like_hostile_displays(course):
    def forge(notebook):
        for one in notebook.cells:
            if one.source == DEMONSTRATION:
                html = "<script>alert(1)</script><b>kept</b>"
                one.outputs = [new_output("display_data", {"text/html": html})]

    give_in(course, "eve", forge)
    graded(course)
    write_feedback(course, "all", NAME)
    page = course.path("feedback", "eve", NAME) / f"{NAME}.html"
    assert "<b>kept</b>" in page.read_text("utf-8")
    assert "alert(1)" not in page.read_text("utf-8")


CHECK = cell("assert squares(3) == [1, 4, 9]", "check", 2)


def other_course(root, cells, settings):
    make(root, "ps1", cells)
    (root / "autograder.toml").write_text(settings)
    hand_in(root, "ada", "ps1", {"squares": SQUARES})
    grader = Grader(foreign_course(root), jobs=1, limits=LIMITS)
    (record,) = grader.run(submissions(foreign_course(root)))
    path = root / "autograded" / "ada" / "ps1" / "problem.ipynb"
    found = nbformat.read(path, as_version=4).cells
    left = [n for n, c in enumerate(found) if c.metadata.get("autograder")]
    return record.score, left, grader.notes


def test_courses_of_others_run_all_cells_unless_they_ask(tmp_path):
    cells = [cell(SOLUTION, "squares"), cell("print(squares(9))"), CHECK]
    assert other_course(tmp_path / "a", cells, 'tests = "auto"') == (2, [], [])
    asked = 'cells = "needed"'
    assert other_course(tmp_path / "b", cells, asked) == (2, [1], [])


def test_where_marks_would_differ_all_cells_run_and_the_run_says_so(tmp_path):
    # Attributes of the notebook's own module by text: nothing shows that they are set.
    hidden = "import operator\noperator.attrgetter('update')(helper.__globals__)(k=3)"
    cells = [
        cell("def helper(): ..."),
        cell(SOLUTION, "squares"),
        cell(hidden.replace("import operator\n", "")),
        cell("import operator", "operator"),
        cell("assert squares(k) == [1, 4, 9]", "check", 2),
    ]
    cells[2], cells[3] = cells[3], cells[2]
    score, left, notes = other_course(tmp_path, cells, 'cells = "needed"')
    assert (score, left) == (2, [])
    assert "all cells run, since marks would differ without: check" in notes[0]
