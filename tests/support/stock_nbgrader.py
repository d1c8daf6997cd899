"""Stock nbgrader, run as people run it, and the marks that it gives."""

import os
import subprocess
import sys
from pathlib import Path

from nbgrader.api import Gradebook


def nbgrader(*arguments: str, folder: Path) -> None:
    """Run one of nbgrader's own commands."""
    program = Path(sys.executable).with_name("nbgrader")
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [program, *arguments],
        cwd=folder,
        env=os.environ | {"PATH": path},
        check=True,
        capture_output=True,
    )


def marks(folder: Path, lesson: str) -> dict:
    """Return every automatic mark of a gradebook."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            (submission.student_id, notebook.name, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(lesson)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
