"""A student's own check: the visible tests of one notebook, and hints where they fail.

It needs nothing but the notebook, which is hostile input like every other: its tests
run among its variables, in the sandbox, as they do in the student's Jupyter.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.base.explanations import explained
from autograder.base.files import by_name
from autograder.base.source_code import imported_modules
from autograder.intake.notebook_reader import read_notebook
from autograder.model.cells import is_named_as_a_test, name_of, test_names
from autograder.model.hints import Checked, exercises_in
from autograder.model.lesson import exercise_of
from autograder.sealed.engine import CHECKING, Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits

# What may be imported before the notebook runs: nothing that a notebook could bring.
LIBRARIES = frozenset(
    [
        "IPython",
        "ipywidgets",
        "keras",
        "matplotlib",
        "numpy",
        "pandas",
        "plotnine",
        "scipy",
        "sklearn",
        "sympy",
        "tensorflow",
    ]
)


@dataclass(frozen=True)
class CheckReport:
    """What the visible checks found of a notebook."""

    exercises: list[Checked]
    hidden: int
    """Checks that the notebook does not hold: they run when it is graded."""

    @property
    def passed(self) -> int:
        """Number of visible checks that pass."""
        return sum(exercise.passed for exercise in self.exercises)

    @property
    def visible(self) -> int:
        """Number of visible checks."""
        return self.passed + sum(len(e.failures) for e in self.exercises)


def check(path: Path, limits: NotebookLimits) -> CheckReport:
    """Run a notebook and its visible checks.

    Raises
    ------
    WrongUse
        There is no such notebook, or there are no checks in it.
    """
    if not path.is_file():
        raise WrongUse(f"{path}: found no file, expected a notebook of a lesson.")
    try:
        notebook = read_notebook(path)
    except UnreadableSubmission as error:
        raise WrongUse(str(error)) from error
    tests = [c for c in notebook.cells if is_named_as_a_test(name_of(c))]
    visible = {name_of(cell) for cell in tests if _holds_a_test(cell.source)}
    if not visible:
        raise WrongUse(
            f"{path.name}: found no visible check, expected a lesson's notebook; take "
            "the one from notebooks/."
        )
    exercises = {c.exercise: c for c in exercises_in(notebook)}
    for cell in tests:
        cell.metadata = {
            "nbgrader": {"grade_id": name_of(cell), "grade": True, "points": 1}
        }
    for cell in _run(notebook, path.parent, limits):
        if cell["grade_id"] in visible:
            _note(cell, exercises)
    checked = [e for e in exercises.values() if e.passed or e.failures]
    return CheckReport(checked, len({name_of(cell) for cell in tests} - visible))


def _run(notebook: NotebookNode, folder: Path, limits: NotebookLimits) -> list[dict]:
    modules = {
        module
        for cell in notebook.cells
        if cell.cell_type == "code"
        for module in imported_modules(cell.source)
        if module.split(".")[0] in LIBRARIES
    }
    with Engine(sorted(modules), limits, environment=CHECKING) as engine:
        job = Job(notebook, "", by_name(folder), shared=test_names(notebook))
        return engine.run(job).cells


def _note(cell: dict, exercises: dict[str, Checked]) -> None:
    """Add a check's result to the exercise that it is named after."""
    name = cell["grade_id"]
    owner = exercise_of(name, exercises) or name.removeprefix("test_")
    exercise = exercises.setdefault(owner, Checked(owner))
    if cell["status"] == "passed":
        exercise.passed += 1
    else:
        is_stub = cell["message"].startswith("NotImplementedError")
        error, _, text = cell["message"].partition(": ")
        said = "not solved yet" if is_stub else explained(error, text)
        exercise.failures.append(f"{name}: {said}")


def _holds_a_test(source: str) -> bool:
    """Whether more is left of a test cell than a comment."""
    try:
        return bool(ast.parse(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
