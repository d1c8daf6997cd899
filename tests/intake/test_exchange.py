"""A lesson's way over nbgrader's exchange, and over a download, to its marks."""

import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import (
    CollectApp,
    FetchAssignmentApp,
    ReleaseAssignmentApp,
    SubmitApp,
)

from autograder.base.paths import ROOT
from autograder.grading.grader import Grader
from autograder.intake.collect import Collector
from autograder.intake.submissions import submissions
from autograder.sealed.limits import NotebookLimits
from tests.support.small_course import NAME, RIGHT, make_course, released


@pytest.fixture
def nbgrader(tmp_path, monkeypatch):
    """Return a function that runs a command of nbgrader's in a folder."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()

    def run(command, folder, *arguments):
        monkeypatch.chdir(folder)
        command.clear_instance()
        program = command.instance()
        program.initialize(
            [
                NAME,
                "--course=nn",
                f"--Exchange.root={exchange}",
                f"--Exchange.cache={tmp_path / 'cache'}",
                *arguments,
            ]
        )
        program.start()
        command.clear_instance()

    return run


def solve(path: Path, answers: dict[str, str]) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    nbformat.write(notebook, path)


def test_a_lesson_comes_back_with_marks(nbgrader, tmp_path):
    root, home = tmp_path / "course", tmp_path / "home"
    home.mkdir()
    root.mkdir()
    course = make_course(root)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    room = root / "notebooks" / NAME
    room.mkdir(parents=True)
    nbformat.write(released(root), room / f"{NAME}.ipynb")

    nbgrader(ReleaseAssignmentApp, root)
    nbgrader(FetchAssignmentApp, home)
    solve(home / NAME / f"{NAME}.ipynb", RIGHT)
    nbgrader(SubmitApp, home, "--student=ada")
    solve(home / NAME / f"{NAME}.ipynb", {"double": "def double(x):\n    return 0"})
    nbgrader(CollectApp, root)
    download = tmp_path / "download.zip"
    with zipfile.ZipFile(download, "w") as archive:
        path = home / NAME / f"{NAME}.ipynb"
        archive.write(path, f"byrontim_LATE_12_345_{NAME}-1.ipynb")
    assert not Collector(course).run([download]).left

    with Gradebook(course.db_url) as gradebook:
        gradebook.add_assignment(NAME, duedate=datetime.now(UTC) - timedelta(days=1))
    records = Grader(course, jobs=1, limits=NotebookLimits()).run(submissions(course))
    assert {r.student: r.score for r in records} == {"ada": 7.0, "byrontim_12": 4.0}
    with Gradebook(course.db_url) as gradebook:
        late = {
            s.student_id: s.total_seconds_late
            for s in gradebook.assignment_submissions(NAME)
        }
    assert all(80_000 < seconds < 90_000 for seconds in late.values())
    assert len(late) == 2
