"""Under each setting of a course, no run takes away what people gave."""

import shutil
import sqlite3
from contextlib import closing, suppress

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import LockCells
from traitlets import Bool

from autograder.base.errors import AutograderError
from autograder.course.course import foreign_course
from autograder.course.nbgrader_settings import BY_NBGRADER, USED, uses
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.sealed.limits import NotebookLimits
from tests.support.passing_engine import PassingEngine
from tests.support.small_class import LESSON, RIGHT, SmallClass

UNUSUAL = {
    "CourseDirectory.autograded_directory": "'marked'",
    "CourseDirectory.course_id": "'another'",
    "CourseDirectory.db_url": "'sqlite:///' + os.path.abspath('other.db')",
    "CourseDirectory.directory_structure": (
        "'{nbgrader_step}/{assignment_id}/{student_id}'"
    ),
    "CourseDirectory.feedback_directory": "'pages'",
    "CourseDirectory.ignore": "['*']",
    "CourseDirectory.include": "['*.ipynb']",
    "CourseDirectory.max_dir_size": "1",
    "CourseDirectory.max_file_size": "1",
    "CourseDirectory.notebook_id": "'[!p]*'",
    "CourseDirectory.source_directory": "'sources'",
    "CourseDirectory.student_id": "'b*'",
    "CourseDirectory.student_id_exclude": "'ada'",
    "CourseDirectory.submitted_directory": "'handed_in'",
    "GenerateAssignment.permissions": "600",
    "GenerateAssignment.post_convert_hook": "lambda **_: None",
    "GenerateAssignment.pre_convert_hook": "lambda **_: None",
    "GenerateAssignment.preprocessors": "['nbgrader.preprocessors.SaveCells']",
    "IncludeHeaderFooter.footer": "'words.ipynb'",
    "IncludeHeaderFooter.header": "'words.ipynb'",
    "InstantiateTests.comment_strs": "{'python': '%'}",
    "InstantiateTests.sanitizers": "{}",
    "ClearSolutions.code_stub": "{'python': 'pass'}",
    "ClearSolutions.text_stub": "''",
    "ClearOutput.remove_metadata_fields": "{'nbgrader'}",
    "Autograde.autograde_preprocessors": (
        "['nbgrader.preprocessors.Execute', 'nbgrader.preprocessors.SaveAutoGrades']"
    ),
    "Autograde.exclude_overwriting": f"{{'{LESSON}': ['{LESSON}.ipynb']}}",
    "Autograde.permissions": "600",
    "Autograde.post_convert_hook": "lambda **_: 1 / 0",
    "Execute.timeout": "-1",
    "Execute.skip_cells_with_tag": "'x'",
    "Execute.kernel_name": "'ir'",
    "IgnorePattern.enabled": "True",
    "IgnorePattern.pattern": "'.*'",
    "LimitOutput.max_lines": "0",
    "LimitOutput.max_traceback": "0",
    "AssignLatePenalties.plugin_class": "'gone.Late'",
    "LateSubmissionPlugin.penalty_method": "'zero'",
    "GenerateFeedback.permissions": "400",
    "GenerateFeedback.post_convert_hook": "lambda **_: None",
    "GenerateFeedback.pre_convert_hook": "lambda **_: None",
    "GenerateFeedback.preprocessors": "[]",
    "GetGrades.display_data_priority": "[]",
    "BaseConverter.permissions": "600",
    "BaseConverter.post_convert_hook": "lambda **_: None",
    "Exchange.root": "'/nowhere'",
}
"""Values that nobody would expect; a truth is the other one, a text another one."""
GIVEN = """
SELECT submitted_assignment.student_id, base_cell.name, {}
FROM {} given
JOIN base_cell ON base_cell.id = given.cell_id
JOIN submitted_notebook ON submitted_notebook.id = given.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
"""


def settings() -> dict[str, str]:
    """Return a value for each setting that our runs go by, as Python has it."""
    found = {}
    for (kind, name), use in uses().items():
        is_of_commands = use.about.startswith("its own")
        if use.how in (USED, BY_NBGRADER) and not is_of_commands:
            setting = f"{kind}.{name}"
            found[setting] = UNUSUAL.get(setting) or _other(name)
    return found


def _other(name: str) -> str:
    """Return another value of a truth or a text."""
    is_truth = name.startswith(("lock_", "enforce_", "use_", "check_", "create_"))
    if is_truth or name in ("enabled", "groupshared"):
        own = {**GenerateAssignment.class_traits(), **LockCells.class_traits()}
        is_on = own[name].default() if name in own else name != "groupshared"
        assert name not in own or isinstance(own[name], Bool)
        return repr(not is_on)
    return "'OTHER'"


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Make a course, graded, with marks and comments of people."""
    room = SmallClass(tmp_path_factory.mktemp("settings") / "course")
    for student in ("ada", "bob"):
        room.hand_in(student, RIGHT, "2026-03-01 13:30:00 UTC")
    words = new_notebook(cells=[new_markdown_cell("Words.")])
    nbformat.write(words, room.root / "words.ipynb")
    grade(room.root)
    with room.gradebook() as gradebook:
        for student in ("ada", "bob"):
            for cell, points in {"why": 2.5, "draw": 1, "test_one": 0.5}.items():
                grade_ = room.grade_of(gradebook, cell, student)
                grade_.manual_score, grade_.needs_manual_grade = points, False
                grade_.extra_credit = 0.25
            comment = gradebook.find_comment("why", LESSON, LESSON, student)
            comment.manual_comment = "Well said."
        gradebook.db.commit()
    return room.root


def grade(root) -> list:
    """Grade all that was handed in, without executing it."""
    course = foreign_course(root)
    grader = Grader(course, jobs=1, limits=NotebookLimits(), engine=PassingEngine)
    return grader.run(submissions(course))


def given(root) -> dict[str, set]:
    """Return all that people gave, by table."""
    with closing(sqlite3.connect(root / "gradebook.db")) as gradebook:
        return {
            table: {
                row
                for row in gradebook.execute(GIVEN.format(columns, table))
                if any(value is not None for value in row[2:])
            }
            for table, columns in (
                ("grade", "manual_score, extra_credit"),
                ("comment", "manual_comment"),
            )
        }


@pytest.mark.patient
@pytest.mark.parametrize("setting", settings())
def test_what_people_gave_stays_under_each_setting(setting, marked, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(marked, root)
    held = given(root)
    assert len(held["grade"]) == 6
    assert len(held["comment"]) == 2
    line = f"import os\nc = get_config()\nc.{setting} = {settings()[setting]}\n"
    (root / "nbgrader_config.py").write_text(line)
    with suppress(AutograderError):  # what cannot be done is refused
        grade(root)
    assert given(root) == held


def test_a_course_without_checksums_is_graded(marked, tmp_path):
    """Stock nbgrader then gives up on each submission."""
    root = tmp_path / "course"
    shutil.copytree(marked, root)
    line = "c = get_config()\nc.ComputeChecksums.enabled = False\n"
    (root / "nbgrader_config.py").write_text(line)
    assert [r.message for r in grade(root) if r.status != "graded"] == []
