"""A whole course is audited, and its records are those of now."""

from dataclasses import replace

import nbformat
import pytest
from traitlets.config import Config
from typer.testing import CliRunner

from autograder.audit import tables
from autograder.audit.course_audit import Proof, instructor_pages, keep, prove
from autograder.audit.mutation import OVERWRITES
from autograder.authoring.notebooks import source_bytes
from autograder.base.errors import OutOfDate
from autograder.base.paths import ROOT
from autograder.cli import app
from autograder.course import course as courses
from autograder.course.course import Course
from autograder.model.catalogue import read_catalogue
from autograder.model.lesson_reader import lesson_path, lesson_paths, read_lesson
from tests.support.small_course import LESSON


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
    why = {row.answer: row.says for row in excused}
    assert why[f"total {OVERWRITES}"] == "no test hands over an array"
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
            (r.kind, r.exercise, r.answer)
            for r in own
            if r.kind in ("wrong", "right", "guess")
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
