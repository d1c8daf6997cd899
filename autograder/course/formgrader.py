"""The formgrader: it lists the lessons of a class, where nbgrader runs."""

import sys
from functools import wraps
from pathlib import Path

from autograder.course.class_file import read_class_file


def show_lessons_of_the_class(root: Path) -> None:
    """Let nbgrader's formgrader list the lessons that `class.toml` has, and no others.

    It lists all that have a source, whatever its settings are. Where nbgrader does not
    run, nothing is done: its import takes seconds.
    """
    api = sys.modules.get("nbgrader.apps.api")
    if api is None:
        return
    known = api.NbGraderAPI.get_source_assignments
    listed = getattr(known, "__wrapped__", known)

    @wraps(listed)
    def of_the_class(self: object) -> set[str]:
        found = listed(self)
        return set(filter(read_class_file(root / "classroom", found).has, found))

    api.NbGraderAPI.get_source_assignments = of_the_class
