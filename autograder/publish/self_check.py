"""A student's own check: the visible tests of one notebook, and hints where they fail.

It needs nothing but the notebook, which is hostile input like every other: its tests
run among its variables, in the sandbox, as they do in the student's Jupyter. On Windows
and macOS there is none: they run in a kernel, as Jupyter would, and the report says so.
"""

import re
import sys
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.base.explanations import explained
from autograder.base.files import by_name
from autograder.base.names import meant
from autograder.base.paths import ROOT
from autograder.base.source_code import imported_modules, tree_of
from autograder.intake.notebook_reader import read_notebook
from autograder.model.cells import is_named_as_a_test, is_test, name_of, test_names
from autograder.model.hints import UNANSWERED, Checked, exercises_in
from autograder.model.lesson import exercise_of
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
SEALED_ON = "linux"
UNDEFINED = re.compile(r"NameError: name '(\w+)' is not defined")


@dataclass(frozen=True)
class CheckReport:
    """What the checks found of a notebook."""

    exercises: list[Checked]
    hidden: int = 0
    """Checks that the notebook does not hold: they run when it is graded."""
    is_sealed: bool = True
    """Whether a sandbox was around the notebook."""

    @property
    def passed(self) -> int:
        """Number of checks that pass."""
        return sum(exercise.passed for exercise in self.exercises)

    @property
    def visible(self) -> int:
        """Number of checks that ran."""
        return self.passed + sum(len(e.failures) for e in self.exercises)


def check(path: Path, limits: NotebookLimits) -> CheckReport:
    """Run a notebook and its visible checks.

    Raises
    ------
    WrongUse
        There is no such notebook, or there are no checks in it.
    """
    notebook = notebook_in(path)
    tests = [c for c in notebook.cells if is_named_as_a_test(name_of(c))]
    visible = {name_of(cell) for cell in tests if _holds_a_test(cell.source)}
    if not visible:
        raise WrongUse(
            f"{path.name}: found no visible check, expected a lesson's notebook; take "
            "the one from notebooks/."
        )
    for cell in tests:
        cell.metadata = {
            "nbgrader": {"grade_id": name_of(cell), "grade": True, "points": 1}
        }
    is_sealed = sys.platform == SEALED_ON
    cells = (
        _run(notebook, path.parent, limits)
        if is_sealed
        else _run_in_kernel(notebook, path.parent, limits)
    )
    found = [cell for cell in cells if cell["grade_id"] in visible]
    hidden = len({name_of(cell) for cell in tests} - visible)
    return CheckReport(by_exercise(notebook, found), hidden, is_sealed)


def notebook_called(path: Path) -> Path:
    """Return the notebook that is meant by itself, by its folder or by its lesson.

    `02` is enough for `notebooks/02_activations/02_activations.ipynb`.
    """
    if path.is_dir():
        inner = path / f"{path.resolve().name}.ipynb"
        return inner if inner.is_file() else path
    lessons = {
        inner.stem: inner
        for inner in (ROOT / "notebooks").glob("*/*.ipynb")
        if inner.stem == inner.parent.name
    }
    fits = [] if path.exists() else meant(str(path), lessons)
    return lessons[fits[0]] if len(fits) == 1 else path


def notebook_in(path: Path) -> NotebookNode:
    """Return the notebook that somebody named.

    Raises
    ------
    WrongUse
        There is no file of this name, or no notebook in it.
    """
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no file"
        raise WrongUse(
            f"{path}: found {found}, expected a lesson's notebook, such as "
            "notebooks/01_neuron/01_neuron.ipynb, or 01."
        )
    try:
        return read_notebook(path)
    except UnreadableSubmission as error:
        raise WrongUse(str(error)) from error


def _run(notebook: NotebookNode, folder: Path, limits: NotebookLimits) -> list[dict]:
    from autograder.sealed.engine import CHECKING, Engine  # on Linux alone
    from autograder.sealed.job import Job

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


def _run_in_kernel(
    notebook: NotebookNode, folder: Path, limits: NotebookLimits
) -> list[dict]:
    """Run a notebook as Jupyter does; return what its test cells said."""
    from nbclient import NotebookClient

    notebook = deepcopy(notebook)
    client = NotebookClient(
        notebook,
        timeout=int(limits.cell_wall_s),
        interrupt_on_timeout=True,
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    tests = [cell for cell in notebook.cells if is_test(cell)]
    return [{"grade_id": name_of(cell)} | _outcome(cell) for cell in tests]


def _outcome(cell: NotebookNode) -> dict:
    errors = [output for output in cell.outputs if output.output_type == "error"]
    said = f"{errors[0].ename}: {errors[0].evalue}" if errors else ""
    return {"status": "failed" if errors else "passed", "message": said}


def by_exercise(notebook: NotebookNode, cells: Iterable[dict]) -> list[Checked]:
    """Sort what test cells found by the exercises that they are named after."""
    exercises = {c.exercise: c for c in exercises_in(notebook)}
    missing = [name for name, found in exercises.items() if not found.is_answered]
    for cell in cells:
        name = cell["grade_id"]
        owner = exercise_of(name, exercises) or name.removeprefix("test_")
        exercise = exercises.setdefault(owner, Checked(owner))
        if cell["status"] == "passed":
            exercise.passed += 1
        else:
            said = _said(cell["message"], exercise, missing)
            exercise.failures.append(f"{name}: {said}")
    return [e for e in exercises.values() if e.passed or e.failures]


def _said(message: str, exercise: Checked, missing: Iterable[str]) -> str:
    """Return what a failed check says, or what it waits for."""
    if not exercise.is_answered:
        return UNANSWERED
    if message.startswith("NotImplementedError"):
        return f"needs an exercise above that is {UNANSWERED}"
    undefined = UNDEFINED.match(message)
    if undefined and undefined[1] in missing:
        return f"needs {undefined[1]}, which is {UNANSWERED}"
    error, _, text = message.partition(": ")
    return explained(error, text)


def _holds_a_test(source: str) -> bool:
    """Whether more is left of a test cell than a comment."""
    try:
        return bool(tree_of(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
