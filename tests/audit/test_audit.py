"""The audit tells good tests from bad ones, and its records are those of now."""

from dataclasses import replace

import nbformat
import pytest
from traitlets.config import Config
from typer.testing import CliRunner

from autograder.audit import tables
from autograder.audit.audit import audit, idle_tests
from autograder.audit.course_audit import Proof, instructor_pages, keep, prove
from autograder.audit.instructor_notes import instructor_page
from autograder.audit.mutation import OVERWRITES
from autograder.audit.slicing import excerpt, exercises_of
from autograder.authoring.notebooks import source_bytes
from autograder.base.errors import OutOfDate, SourceError
from autograder.cli import app
from autograder.course import course as courses
from autograder.course.course import ROOT, Course
from autograder.model.catalogue import Answer, read_catalogue
from autograder.model.lesson_reader import lesson_path, lesson_paths, read_lesson
from tests.support.small_course import LESSON

VALUES = LESSON[LESSON.index("np.testing.assert_allclose(double") :].split("###")[0]
REPEATED = """
# %% nbgrader={"grade_id": "test_double_again", "grade": true, "points": 1}
### BEGIN HIDDEN TESTS
assert double(3) == 6
### END HIDDEN TESTS
"""
ANSWERS = [
    Answer("wrong", "double", "squares", "def double(x):\n    return x * x\n"),
    Answer("wrong", "double", "adds_three", "def double(x):\n    return x + 3\n"),
    Answer("right", "double", "adds", "def double(x):\n    return x + x\n"),
    Answer("wrong", "total", "counts", "def total(n):\n    return len(n)\n"),
    Answer(
        "wrong",
        "double",
        "changes_its_input",
        "def double(x):\n    x *= 2\n    return x\n",
    ),
]


def lesson(tmp_path, source=LESSON):
    path = tmp_path / "01_double.py"
    path.write_text(source, "utf-8")
    return read_lesson(path)


def outcomes(verdicts):
    return {(v.trial.exercise.name, v.trial.name): v.outcome for v in verdicts}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    exercises = exercises_of(lesson(tmp_path_factory.mktemp("lesson")))
    return audit(exercises, ANSWERS, {}, jobs=2)


def test_wrong_answers_lose_points_and_right_ones_keep_them(verdicts):
    found = outcomes(verdicts)
    assert found["double", "solution"] == "passed"
    assert found["total", "solution"] == "passed"
    assert found["double", "adds"] == "passed"
    for name in ("squares", "adds_three", "changes_its_input"):
        assert found["double", name] == "caught"
    assert found["total", "counts"] == "caught"


def test_mutants_are_tried_beside_the_catalogue(verdicts):
    mutants = [v for v in verdicts if v.trial.kind == "mutant"]
    assert {v.outcome for v in mutants if v.trial.exercise.name == "double"} == {
        "caught"
    }
    assert f"double {OVERWRITES}" in {v.trial.name for v in mutants}


def test_what_the_visible_checks_catch_is_told_from_what_hidden_ones_do(verdicts):
    seen = {v.trial.name: v.is_seen for v in verdicts if v.trial.kind == "wrong"}
    assert seen["squares"]
    assert not seen["adds_three"]  # 3 + 3 is 6
    assert not seen["changes_its_input"]


def test_the_tests_that_catch_an_answer_are_named_with_their_message(verdicts):
    squares = next(v for v in verdicts if v.trial.name == "squares")
    assert squares.catchers == ["test_double_three", "test_double_arrays"]
    assert squares.message == "AssertionError: double(3) is 9, expected 6"


def test_a_weaker_hidden_test_fails_the_audit_and_names_who_passes_now(tmp_path):
    weaker = LESSON.replace(VALUES, "assert double(case).shape == (2,)\n")
    verdicts = audit(exercises_of(lesson(tmp_path, weaker)), ANSWERS, {}, jobs=2)
    proof = Proof()
    proof.add(verdicts, ANSWERS)
    text = "\n".join(proof.problems)
    assert "01_double, double: the wrong answer adds_three keeps all points." in text
    assert "the wrong answer changes_its_input keeps all points." in text
    assert f"the wrong answer double {OVERWRITES} keeps all points." in text
    assert "squares" not in text


def test_a_right_answer_that_loses_points_is_a_problem_with_its_message(tmp_path):
    answers = [Answer("right", "double", "is_late", "def double(x):\n    return 7\n")]
    exercises = exercises_of(lesson(tmp_path))[:1]
    proof = Proof()
    proof.add(audit(exercises, answers, {}, jobs=1, with_mutants=False), answers)
    assert proof.problems == [
        "01_double, double: the right answer is_late keeps 0 of 3 points; "
        "test_double_three says: AssertionError: double(3) is 7, expected 6"
    ]


def test_an_excused_mutant_that_no_longer_exists_is_an_error(tmp_path):
    exercises = exercises_of(lesson(tmp_path))[:1]
    excused = {("double", "- return 2 * x\n+ return x << 1"): "the same"}
    with pytest.raises(SourceError, match="no such mutant exists now"):
        audit(exercises, [], excused, jobs=2)


def test_a_test_that_catches_nothing_more_is_idle(tmp_path, verdicts):
    assert idle_tests(verdicts) == []
    above_total = '\n\n# %% nbgrader={"grade_id": "total"'
    again = LESSON.replace(above_total, REPEATED + above_total)
    exercises = exercises_of(lesson(tmp_path, again))
    answers = [a for a in ANSWERS if a.exercise == "double"]
    found = audit(exercises[:1], answers, {}, jobs=2, with_mutants=False)
    assert idle_tests(found) == ["test_double_again"]


GIVEN = """# %%
import matplotlib.pyplot as plt

scale = 3
unused = 4


def helper(n):
    scale = n
    return scale


# %%
fig, ax = plt.subplots()
ax.plot([1, 2])
plt.show()

# %%
table = {}
table["factor"] = scale


"""


def test_an_excerpt_keeps_what_an_answer_needs_and_draws_nothing(tmp_path):
    marker = '# %% nbgrader={"grade_id": "double", "solution": true}'
    source = LESSON.replace(marker, GIVEN + marker)
    exercise = exercises_of(lesson(tmp_path, source))[0]
    code = 'def double(x):\n    return table["factor"] * x\n'
    sources = [cell.source for cell in excerpt(exercise, code).cells]
    assert sources[:4] == [
        "import numpy as np",
        "scale = 3",
        "table = {}\ntable['factor'] = scale",
        code,
    ]
    assert not any("plt" in source for source in sources)
    everything = excerpt(exercise, code, whole=True)
    assert any("plt.show()" in cell.source for cell in everything.cells)


def foreign_course(root):
    """Make an nbgrader course of somebody else: no catalogue, no naming rule."""
    (root / "lesson").mkdir()
    path = root / "lesson" / "01_double.py"
    path.write_text(LESSON, "utf-8")
    notebook = nbformat.reads(source_bytes(read_lesson(path)).decode(), as_version=4)
    names = {"test_double_three": "c1", "test_double_arrays": "c2"}
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if "grade_id" in meta:
            meta["grade_id"] = names.get(meta["grade_id"], meta["grade_id"])
    folder = root / "course" / "source" / "ps1"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "problem.ipynb")
    (root / "course" / "nbgrader_config.py").write_text("c = get_config()\n")
    return root / "course"


def test_a_course_without_catalogue_gets_its_mutants_tried(tmp_path):
    course = foreign_course(tmp_path)
    result = CliRunner().invoke(app, ["audit", "--course", str(course)])
    assert result.exit_code == 0, result.output
    rows = tables.read_rows(course / "audit.csv")
    assert {row.exercise for row in rows} == {"double", "total"}
    caught = {row.caught_by for row in rows if row.exercise == "double"}
    assert "c1 c2" in caught
    excused = [row for row in rows if row.outcome == "excused"]
    assert [row.answer for row in excused] == [f"total {OVERWRITES}"]
    assert excused[0].says == "no test hands over an array"
    assert (course / "audit.md").read_text().count("| double |") == 1


def test_the_catalogue_of_a_foreign_course_may_be_written_as_differences(tmp_path):
    course = foreign_course(tmp_path)
    answers = [
        *(("wrong", "double", line) for line in ("x", "3 * x", "-2 * x", "2 * x + 1")),
        *(("right", "double", line) for line in ("x + x", "x * 2")),
        *(("wrong", "total", line) for line in ("0", "1", "len(numbers)", "numbers")),
        *(("right", "total", line) for line in ("0 + sum(numbers)", "sum(numbers, 0)")),
    ]
    solution = {"double": "2 * x", "total": "sum(numbers)"}
    (course / "mistakes").mkdir()
    (course / "mistakes" / "problem.py").write_text(
        "".join(
            f"# %% {kind} {exercise} number_{number}\n# says: No.\n# hint: 1\n"
            f"# - return {solution[exercise]}\n# + return {line}\n\n\n"
            for number, (kind, exercise, line) in enumerate(answers)
        )
    )
    proof = prove(
        courses.foreign_course(course),
        [],
        jobs=2,
        with_mutants=False,
        watch=lambda *progress: None,
    )
    assert proof.problems == []
    assert len(proof.rows) == 2 + len(answers)


def test_the_command_fails_when_a_mistake_is_accepted(tmp_path):
    course = foreign_course(tmp_path)
    path = course / "source" / "ps1" / "problem.ipynb"
    text = path.read_text()
    assert "double changed its input" in text
    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "c2":
            cell.source = "assert double(np.array([2.0])) == [4.0]"
    nbformat.write(notebook, path)
    result = CliRunner().invoke(app, ["audit", "--course", str(course), "--no-mutants"])
    assert result.exit_code == 0, result.output
    assert not (course / "audit.csv").exists()
    result = CliRunner().invoke(app, ["audit", "--course", str(course)])
    assert result.exit_code == 1
    assert f"double {OVERWRITES} keeps all points" in result.output


def test_the_records_hold_every_catalogued_answer_and_meet_the_goals():
    rows = tables.read_rows(ROOT / "docs" / "audit.csv")
    for path in lesson_paths():
        name = path.parent.name
        own = [row for row in rows if row.lesson == name]
        recorded = {
            (r.kind, r.exercise, r.answer) for r in own if r.kind in ("wrong", "right")
        }
        answers = read_catalogue(read_lesson(lesson_path(name)))
        assert recorded == {(a.kind, a.exercise, a.name) for a in answers}, (
            f"{name}: run `make audit`"
        )
        assert list(tables.shortfalls(own)) == []
        assert not [r for r in own if r.outcome in ("ACCEPTED", "REJECTED", "SURVIVED")]
    assert (ROOT / "docs" / "audit.md").read_text("utf-8") == tables.markdown(rows)


def test_a_check_minds_outcomes_and_no_number_that_a_clock_decides(tmp_path):
    course = Course(Config(), results=tmp_path, is_ours=False)
    row = tables.Row(
        "a", "b", "wrong", "slow", "caught", "1 / 2", "hidden", "slow", "", ""
    )
    keep(Proof([replace(row, says="took 404 ms")]), course)
    keep(Proof([replace(row, says="took 96.5 ms")]), course, check=True)
    for other in ({"outcome": "ACCEPTED"}, {"points": "0 / 2"}, {"says": "failed"}):
        with pytest.raises(OutOfDate, match=r"audit\.csv"):
            keep(Proof([replace(row, **other)]), course, check=True)


def test_the_pages_for_instructors_are_those_of_the_lessons():
    rows = tables.read_rows(ROOT / "docs" / "audit.csv")
    pages = instructor_pages(rows)
    assert {path.name for path in pages} == {
        f"{p.parent.name}.md" for p in lesson_paths()
    }
    for path, text in pages.items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `make audit`"


def test_a_page_for_instructors_says_what_goes_wrong_and_what_to_say(tmp_path):
    answer = Answer(
        "wrong", "double", "squares", "", says="You square.", hint=2, teach="Ask f(3)."
    )
    row = tables.Row(
        "01_double",
        "double",
        "wrong",
        "squares",
        "caught",
        "0 / 3",
        "hidden",
        "squares",
        "test_double_arrays",
        "AssertionError: double(3) is 9",
    )
    page = instructor_page(lesson(tmp_path), [answer], [row])
    assert "## double (3 points)" in page
    assert "| You square. | 2 | **late**: double(3) is 9 | Ask f(3). |" in page
    assert "> Because." in page


@pytest.mark.parametrize("path", lesson_paths(), ids=lambda path: path.parent.name)
def test_every_written_question_has_its_rubric_on_the_page(path):
    written = [c for c in read_lesson(path).cells if c.role == "written"]
    page = (ROOT / "docs" / "instructors" / f"{path.parent.name}.md").read_text("utf-8")
    for cell in written:
        section = page.split(f"## {cell.grade_id} (")[1].split("A model answer:")[0]
        assert section.count("\n- ") >= 3 or section.count("\n| ") >= 3


def test_a_recorded_message_is_the_same_on_every_machine():
    told = "<module 'keras' from '/home/a/site-packages/keras/x.py'> at 0x7f007, not 2"
    assert tables.same_everywhere(told) == (
        "<module 'keras' from '…/keras/x.py'> at 0x…, not 2"
    )
    assert "/site-packages/" not in (ROOT / "docs" / "audit.csv").read_text("utf-8")
