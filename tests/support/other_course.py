"""A course of somebody else: an ordinary nbgrader folder, no rule of ours kept."""

import json
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from typer.testing import CliRunner

from autograder.cli import app
from tests.support.small_course import empty_gradebook

STUBS = '{"python": "raise 1", "other": "raise 1", "R": "stop()"}'
PATIENT = (
    "c.ExecutePreprocessor.timeout = 300\nc.ExecutePreprocessor.startup_timeout = 300\n"
)
"""Stock nbgrader's limits go by the clock; ours need not be told."""
SQUARES = "def squares(n):\n    return [i * i for i in range(1, n + 1)]"
SOLUTION = SQUARES.replace("    r", "    ### BEGIN SOLUTION\n    r") + (
    "\n    ### END SOLUTION"
)


def cell(source: str, name: str = "", points: int = 0) -> dict:
    """Return a code cell: given, a solution if it has a name, a test if points."""
    made = new_code_cell(source)
    if name:
        made.metadata["nbgrader"] = {
            "schema_version": 3,
            "grade_id": name,
            "grade": bool(points),
            "solution": not points,
            "locked": bool(points),
            "task": False,
            "points": points,
        }
    return made


def make(root: Path, name: str, cells: list, kernel=("python3", "python")) -> None:
    """Write one assignment of a course of somebody else."""
    folder = root / "source" / name
    folder.mkdir(parents=True)
    spec = {"name": kernel[0], "language": kernel[1], "display_name": kernel[0]}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, folder / "problem.ipynb")
    settings = f"c = get_config()\nc.ClearSolutions.code_stub = {STUBS}\n{PATIENT}"
    (root / "nbgrader_config.py").write_text(settings)
    (root / "gradebook.db").write_bytes(empty_gradebook())


def hand_in(root: Path, student: str, name: str, answers: dict[str, str]) -> None:
    """Hand in the assignment with some answers."""
    notebook = nbformat.read(root / "source" / name / "problem.ipynb", as_version=4)
    for one in notebook.cells:
        grade_id = one.metadata.get("nbgrader", {}).get("grade_id")
        one.source = answers.get(grade_id, one.source)
    folder = root / "submitted" / student / name
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "problem.ipynb")


def command(*arguments: str) -> str:
    """Run a command of ours, here; return what it printed."""
    result = CliRunner().invoke(app, arguments)
    assert not result.exception or isinstance(result.exception, SystemExit), (
        result.output
    )
    return result.output


def records(root: Path) -> dict:
    """Return the results by student and lesson."""
    lines = (root / "results.jsonl").read_text("utf-8").splitlines()
    found = map(json.loads, lines)
    return {(record["student"], record["lesson"]): record for record in found}


def points(record: dict) -> dict[str, float]:
    """Return the points of each test."""
    return {cell["grade_id"]: cell["points"] for cell in record["cells"]}
