"""Late penalties: nbgrader's own step, also where nothing is executed."""

import math
from collections.abc import Iterable, Iterator
from inspect import signature
from pathlib import Path

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Dict
from traitlets.config import Config

from autograder.base.errors import WrongUse
from autograder.course.class_file import NONE, ZERO
from autograder.gradebook.deadlines import Submitted

RULE = "AssignLatePenalties.plugin_class"
DAY_S = 24 * 3600.0


class ByClassFile(BasePlugin):
    """Late penalties as the class's file says; nbgrader makes and asks it."""

    penalties = Dict(help="By lesson; under an empty name, of all others.").tag(
        config=True
    )

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return what is taken off a notebook; nbgrader takes no more than its score.

        Percent are of its points, not of what was reached, for each day begun.
        """
        step = self.parent
        lesson, notebook = step.assignment_id, step.notebook_id
        said = self.penalties.get(lesson, self.penalties.get("", NONE))
        if said in (NONE, ZERO):
            return score if said == ZERO else None
        most = float(step.gradebook.find_notebook(notebook, lesson).max_score)
        return most * said / 100 * math.ceil(total_seconds_late / DAY_S)


def expect_rule(config: Config, course: Path) -> None:
    """Try a course's rule for late work, as far as that goes without anybody's work.

    Raises
    ------
    WrongUse
        It cannot be imported or made, or takes other arguments than nbgrader gives.
    """
    try:
        rule = AssignLatePenalties(config=config).plugin_class
        made = rule(config=config)
        signature(made.late_submission_penalty).bind("student", 1.0, 60.0)
    except Exception as error:  # the course's own code
        causes = (error, error.__cause__, error.__context__)
        missing = next((c for c in causes if isinstance(c, ImportError)), None)
        raise WrongUse(
            f"{RULE}: found {missing or f'{type(error).__name__}: {error}'}, expected "
            f"a rule for late work such as late.LatePenalty in {course / 'late.py'}; "
            "nothing was graded."
        ) from error


def update_penalties(
    gradebook: Gradebook, config: Config, late: Iterable[Submitted]
) -> Iterator[str]:
    """Have penalties fit to due dates, extensions and settings as they are now.

    Parameters
    ----------
    gradebook
        The one that nbgrader's steps open, too; the caller commits.
    late
        As `deadlines.late_ones` returns them.

    Yields
    ------
    Why a penalty stays as it was: the course's own rule cannot be used.
    """
    step = AssignLatePenalties(config=config)
    for name, lesson, student in late:
        submitted = gradebook.find_submission_notebook(name, lesson, student)
        before = submitted.late_submission_penalty
        names = {"notebook": name, "assignment": lesson, "student": student}
        try:
            step(new_notebook(), {"nbgrader": names | {"db_url": ""}})
        except Exception as error:  # the rule is the course's own code
            submitted.late_submission_penalty = before
            yield (
                f"{student}/{lesson}: the late penalty stays {before or 0:g}: "
                f"AssignLatePenalties.plugin_class raised {error!r}"
            )
