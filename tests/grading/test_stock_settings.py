"""With unusual settings, each cell has the mark that stock nbgrader gives it."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from bench.public_course.__main__ import graded_by_both
from tests.support.other_course import PATIENT, cell
from tests.support.twin_courses import cell as named

BEGIN, END = "    ### BEGIN SOLUTION\n", "\n    ### END SOLUTION"
TESTED = "assert squares(2) == [1, 4]\n### BEGIN HIDDEN TESTS\n{}### END HIDDEN TESTS\n"
TASK = "Draw it.\n=== BEGIN MARK SCHEME ===\nAn axis.\n=== END MARK SCHEME ==="
LESSON = [
    cell("import sys"),
    cell(
        f"def squares(n):\n{BEGIN}    return [i * i for i in range(1, n + 1)]{END}",
        "sq",
    ),
    cell(TESTED.format("assert squares(3)[2] == 9, 424242\n"), "test_hidden", 2),
    cell("1.5 if squares(1) == [1] else 0.5", "test_part", 3),
    cell("for i in range(50):\n    print(i)\nassert squares(1) == [1]", "test_long", 1),
    cell("sys.stderr.write('old: no harm')\nassert squares(1)", "test_warns", 1),
    cell("from mine import own"),
    cell("assert own == 'the source'", "test_file", 1),
    named("why", "Say why.", "markdown", grade=True, solution=True, points=3),
    named("draw", TASK, "markdown", task=True, locked=True, points=4),
]
"""A lesson with each kind of cell that has marks."""
SETTINGS = {
    "marks of regions": """
c.ClearSolutions.begin_solution_delimeter = "BSOL"
c.ClearSolutions.end_solution_delimeter = "ESOL"
c.ClearHiddenTests.begin_test_delimeter = "BTEST"
c.ClearHiddenTests.end_test_delimeter = "ETEST"
c.ClearMarkScheme.begin_mark_scheme_delimeter = "BSCHEME"
c.ClearMarkScheme.end_mark_scheme_delimeter = "ESCHEME"
""",
    "what students get": """
c.ClearSolutions.code_stub = {"python": "..."}
c.ClearSolutions.text_stub = "*yours*"
c.IncludeHeaderFooter.header = "source/words.ipynb"
c.IncludeHeaderFooter.footer = "source/words.ipynb"
c.LockCells.lock_all_cells = True
c.LockCells.lock_solution_cells = False
c.InstantiateTests.use_salt = False
c.ClearOutput.remove_metadata_fields = {"collapsed"}
c.GenerateAssignment.permissions = 644
""",
    "steps that are left out": """
c.ClearHiddenTests.enabled = False
c.ClearMarkScheme.enabled = False
c.ClearMarkScheme.check_attachment_leakage = False
c.ClearOutput.enabled = False
c.CheckCellMetadata.enabled = False
c.InstantiateTests.enabled = False
c.LockCells.enabled = False
c.OverwriteKernelspec.enabled = False
""",
    "folders": """
c.CourseDirectory.source_directory = "texts"
c.CourseDirectory.release_directory = "given"
c.CourseDirectory.submitted_directory = "in"
c.CourseDirectory.autograded_directory = "out"
c.CourseDirectory.feedback_directory = "pages"
c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
c.CourseDirectory.notebook_id = "p*"
c.CourseDirectory.student_id_exclude = "spoiled_1"
c.CourseDirectory.course_id = "another"
""",
    "execution": """
c.Execute.timeout = 90
c.Execute.skip_cells_with_tag = "long"
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = "old: .*"
c.LimitOutput.max_lines = 2
c.LimitOutput.max_traceback = 1
c.Autograde.permissions = 644
c.LateSubmissionPlugin.penalty_method = "zero"
c.GetGrades.enabled = False
""",
}


@pytest.fixture
def course(request, tmp_path):
    """Make a course with some settings, and a lesson that is written for them."""
    settings = SETTINGS[request.param]
    root = tmp_path / "theirs"
    room = "texts/{}/ps1" if "structure" in settings else "source/ps1"
    folder = root / room.format(".")
    folder.mkdir(parents=True)
    cells = [named_as(settings, one.copy()) for one in LESSON]
    if "skip_cells" in settings:
        cells.insert(1, cell("raise SystemExit"))
        cells[1].metadata["tags"] = ["long"]
    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    made = new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(made, folder / "problem.ipynb")
    (folder / "mine.py").write_text("own = 'the source'\n")
    words = new_notebook(cells=[new_markdown_cell("Words."), cell("import math")])
    (root / "source").mkdir(exist_ok=True)
    nbformat.write(words, root / "source" / "words.ipynb")
    config = f"c = get_config()\n{PATIENT}{settings}"
    (root / "nbgrader_config.py").write_text(config)
    return root


def named_as(settings: str, one):
    """Return a cell with the marks of regions that a course has."""
    if "BSOL" in settings:
        for kind, short in {"SOLUTION": "SOL", "HIDDEN TESTS": "TEST"}.items():
            one.source = one.source.replace(f"BEGIN {kind}", f"B{short}")
            one.source = one.source.replace(f"END {kind}", f"E{short}")
        one.source = one.source.replace("BEGIN MARK SCHEME", "BSCHEME")
        one.source = one.source.replace("END MARK SCHEME", "ESCHEME")
    return one


def test_thirty_settings_are_tried():
    assert sum(settings.count("\nc.") for settings in SETTINGS.values()) > 30


@pytest.mark.kernel
@pytest.mark.parametrize("course", SETTINGS, indirect=True)
def test_each_cell_has_the_mark_that_stock_gives(course, tmp_path):
    stock, ours, lessons = graded_by_both(course, tmp_path / "both", [], 3)
    assert lessons == ["ps1"]
    expected = stock.marks(lessons)
    assert len(expected) in (14, 21)
    assert ours.marks(lessons) == expected
    assert {record.status for record in ours.records().values()} == {"graded"}
