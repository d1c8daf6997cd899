"""Students check their own notebook before they hand it in."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.base.paths import ROOT
from autograder.cli import app
from autograder.publish import self_check
from autograder.publish.self_check import check
from autograder.sealed.limits import NotebookLimits
from tests.support.small_course import LESSON, NAME, RIGHT, make_course, released

HINTS = """<details><summary>Hint 1: what is twice?</summary>

Add it to itself.

</details>
<details><summary>Hint 2: the operator</summary>

A star.

</details>"""


@pytest.fixture
def notebook(tmp_path):
    """Write a released notebook with some answers; return a function that does it."""
    make_course(tmp_path, LESSON)

    def write(answers, spoil=lambda cells: None):
        content = released(tmp_path)
        for cell in content.cells:
            cell.source = answers.get(cell.id, cell.source)
        place = [cell.id for cell in content.cells].index("double")
        content.cells.insert(place, new_markdown_cell(HINTS))
        spoil({cell.id: cell for cell in content.cells})
        path = tmp_path / f"{NAME}.ipynb"
        nbformat.write(content, path)
        return path

    return write


def run(*arguments):
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_a_right_notebook_passes_its_visible_checks(notebook):
    result = run(notebook(RIGHT))
    assert result.exit_code == 0
    assert "1 of 1 visible checks pass; 2 hidden checks run at grading" in result.output


def test_a_wrong_answer_is_told_with_the_words_of_the_check(notebook):
    path = notebook(RIGHT | {"double": "def double(x):\n    return x ** 2"})
    result = run(path)
    assert result.exit_code == 1
    assert "double(3) is 9, expected 6" in result.output
    assert "double has a hint: --hint 1" in result.output
    assert "Add it to itself" not in result.output
    assert "0 of 1 visible checks pass" in result.output


def test_hints_are_shown_up_to_the_level_that_was_asked_for(notebook):
    path = notebook({})
    first, second = run(path, "--hint", 1).output, run(path, "--hint", 2).output
    assert "not answered yet" in first
    assert "Add it to itself" in first
    assert "A star" not in first
    assert "A star" in second
    assert "has a hint" not in second


def test_what_is_not_answered_is_not_told_as_an_error(notebook):
    def spoil(cells):
        cells["double"].source = "# double = 3"
        cells["total"].source = "def total(numbers):\n    return double(numbers)"
        cells["test_total_share"].source = "assert total([1]) == 1"

    told = run(notebook({}, spoil)).output
    assert "NameError" not in told
    assert "not answered yet ──" in told
    assert "test_total_share: needs double, which is not answered yet" in told


def test_hints_are_shown_without_the_source_of_their_formulas(notebook):
    def spoil(cells):
        last = max(cells.values(), key=lambda c: "Hint 1" in c.source)
        last.source = last.source.replace(
            "A star.", r"$e^{-|z|} \le \sigma_i$ **is** it"
        )

    told = run(notebook({}, spoil), "--hint", 2).output
    assert "e^(-|z|) ≤ σ_i is it" in told


def test_nothing_of_the_notebook_runs_outside_the_sandbox(notebook, tmp_path):
    taken = tmp_path / "taken"
    attempt = f"open({str(taken)!r}, 'w').write('!')"

    def spoil(cells):
        cells["imports"].source = f"import numpy as np\n{attempt}"
        cells["test_double_three"].source = attempt

    report = check(notebook(RIGHT, spoil), NotebookLimits())
    assert report.passed == 0
    assert not taken.exists()


def test_a_module_beside_the_notebook_is_not_imported_by_the_grader(notebook, tmp_path):
    (tmp_path / "numpy_extras.py").write_text("print('imported')", "utf-8")
    answers = RIGHT | {"double": "import numpy_extras\n" + RIGHT["double"]}
    assert check(notebook(answers), NotebookLimits()).passed == 1


@pytest.mark.parametrize("content", ["{", "[]", '{"cells": []}'])
def test_what_is_no_lesson_is_named(content, tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_text(content, "utf-8")
    with pytest.raises(WrongUse, match=r"mine\.ipynb"):
        check(path, NotebookLimits())


@pytest.mark.kernel
def test_without_a_sandbox_the_same_checks_run_and_that_is_said(notebook, monkeypatch):
    path = notebook(RIGHT | {"double": "def double(x):\n    return x ** 2"})
    monkeypatch.setattr(self_check, "SEALED_ON", "another system")
    result = run(path)
    assert result.exit_code == 1
    assert "double(3) is 9, expected 6" in result.output
    assert "0 of 1 visible checks pass" in result.output
    assert "There is no sandbox here" in result.output


def test_what_students_run_needs_nothing_of_unix(tmp_path):
    absent = "import sys; sys.modules |= dict.fromkeys(('fcntl', 'pwd', 'resource'))"
    code = f"{absent}; import autograder.cli.own_work, autograder.publish.self_check"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(WrongUse, match="found no file"):
        check(tmp_path / "none.ipynb", NotebookLimits())
    with pytest.raises(WrongUse, match="found a folder, expected a lesson's notebook"):
        check(tmp_path, NotebookLimits())


def test_a_lesson_or_its_folder_stands_for_its_notebook(
    notebook, tmp_path, monkeypatch
):
    folder = tmp_path / "notebooks" / NAME
    folder.mkdir(parents=True)
    notebook(RIGHT).rename(folder / f"{NAME}.ipynb")
    monkeypatch.setattr(self_check, "ROOT", tmp_path)
    for text in ("00", "0", NAME, folder):
        assert run(text).output == run(folder / f"{NAME}.ipynb").output, text
    assert "01: found no file" in str(run("01").exception)
