"""A course's own lists of steps: kept, with ours in the place of execution alone."""

from collections.abc import Iterable

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode
from nbgrader import preprocessors as steps
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.nbgraderformat import common
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.base.errors import WrongUse
from autograder.gradebook.converters import SaveChangedCells

SCORES = "autograder.pages.feedback.Scores"
"""By its name: pages stand above this room."""
DONE_BY_THE_REPAIR = (
    steps.ClearOutput,
    steps.DeduplicateIds,
    steps.OverwriteKernelspec,
    steps.OverwriteCells,
    steps.CheckCellMetadata,
)


class CheckMetadata(steps.CheckCellMetadata):
    """Checks what nbgrader notes of cells, as it does itself.

    It has jsonschema check its own schema for each cell, too: ten times the work.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict
    ) -> tuple[NotebookNode, dict]:
        """Return the notebook as it is, if all is in order."""
        jsonschema, common.jsonschema = common.jsonschema, _SchemaIsChecked
        try:
            return super().preprocess(nb, resources)
        finally:
            common.jsonschema = jsonschema


class _SchemaIsChecked:
    """jsonschema, as far as nbgrader's check uses it."""

    @staticmethod
    def validate(found: object, schema: dict) -> None:
        """Raise the error that tells most of what is wrong; nothing if all is right."""
        errors = validator_for(schema)(schema).iter_errors(found)
        if error := best_match(errors):
            raise error


def release_steps(config: Config) -> list:
    """Return the steps that make a lesson's release and register its cells.

    Raises
    ------
    WrongUse
        A step cannot be used, or none of them registers cells.
    """
    setting = "GenerateAssignment.preprocessors"
    found = _loaded(setting, GenerateAssignment(config=config).preprocessors)
    _expect(steps.SaveCells, setting, found)
    return _with_ours(found)


def marking_steps(config: Config) -> list:
    """Return the steps of autograding that follow the execution.

    Raises
    ------
    WrongUse
        A step cannot be used, would come before the execution, or none saves marks.
    """
    made = Autograde(config=config)
    for step in _loaded(
        "Autograde.sanitize_preprocessors", made.sanitize_preprocessors
    ):
        if step not in DONE_BY_THE_REPAIR:
            raise _too_early("Autograde.sanitize_preprocessors", step)
    setting = "Autograde.autograde_preprocessors"
    found = _loaded(setting, made.autograde_preprocessors)
    executes = [_is(ExecutePreprocessor, step) for step in found]
    if True not in executes:
        raise WrongUse(
            f"{setting}: found no step that executes a notebook, expected "
            "nbgrader.preprocessors.Execute: its place says which steps follow it."
        )
    for step in found[: executes.index(True)]:
        raise _too_early(setting, step)
    _expect(steps.SaveAutoGrades, setting, found)
    kept = [step for step, runs in zip(found, executes, strict=True) if not runs]
    return [steps.OverwriteKernelspec, *_with_ours(kept)]


def feedback_steps(config: Config) -> list:
    """Return the steps before a feedback page is made.

    Raises
    ------
    WrongUse
        A step cannot be used.
    """
    # What makes pages takes long to import, and marks need none of it.
    from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
    from nbgrader.converters import GenerateFeedback

    found = _loaded(
        "GenerateFeedback.preprocessors", GenerateFeedback(config=config).preprocessors
    )
    # The page has a style of its own, and says what waits for a person.
    kept = [
        step
        for step in found
        if not _is(CSSHTMLHeaderPreprocessor, step) and step is not steps.GetGrades
    ]
    return [SCORES, *kept]


def _with_ours(found: Iterable) -> list:
    """Return steps with our own forms of nbgrader's in their places."""
    ours = {steps.SaveCells: SaveChangedCells, steps.CheckCellMetadata: CheckMetadata}
    return [ours.get(step, step) if isinstance(step, type) else step for step in found]


def _loaded(setting: str, found: Iterable) -> list:
    """Return steps with those imported that are named."""
    loaded = []
    for step in found:
        try:
            loaded.append(import_item(step) if isinstance(step, str) else step)
        except Exception as error:  # the course's own code
            raise WrongUse(
                f"{setting}: found {step!r}, which cannot be imported ({error}), "
                "expected it installed or beside nbgrader_config.py."
            ) from error
    return loaded


def _expect(kind: type, setting: str, found: Iterable) -> None:
    if not any(_is(kind, step) for step in found):
        raise WrongUse(
            f"{setting}: found no {kind.__name__}, expected it in the list: nothing "
            "would be written into the gradebook."
        )


def _is(kind: type, step: object) -> bool:
    return issubclass(step if isinstance(step, type) else type(step), kind)


def _too_early(setting: str, step: object) -> WrongUse:
    kind = step if isinstance(step, type) else type(step)
    return WrongUse(
        f"{setting}: found {kind.__module__}.{kind.__qualname__} before the execution, "
        "where this grader puts notebooks right itself, expected own steps behind "
        "Execute in autograde_preprocessors only; move it there, or take it out and "
        "change what was handed in before `grade`."
    )
