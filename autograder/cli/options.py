"""Options that several commands share, and the course that they choose."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from autograder.base.errors import WrongUse

CORES = os.cpu_count() or 1

Lessons = Annotated[
    list[str] | None,
    typer.Argument(help="Lessons, such as 01_neuron or 01; all if none."),
]
MoreLessons = Annotated[
    list[str] | None,
    typer.Option("--lesson", help="Another way to name a lesson."),
]
Students = Annotated[
    list[str] | None,
    typer.Option("--student", help="Only this one; may be given several times."),
]
Classroom = Annotated[
    Path | None, typer.Option(help="Folder of the class; classroom/ if not given.")
]
CourseFolder = Annotated[
    Path | None, typer.Option(help="Any nbgrader course, graded in place.")
]
Database = Annotated[
    str | None,
    typer.Option(
        "--db",
        envvar="AUTOGRADER_DB",
        help="Where the gradebook is, such as postgresql://USER@HOST/DATABASE.",
    ),
]
TestIsolation = Annotated[
    str | None,
    typer.Option(
        help="With --course: how its tests run, sealed, shared or auto; without it as "
        "autograder.toml says, else auto."
    ),
]
Jobs = Annotated[int, typer.Option(min=1, help="Submissions at a time.")]
CellLimit = Annotated[
    float | None,
    typer.Option(
        help="Computing time of one cell, in seconds; 10, or as a course's settings "
        "say, if none."
    ),
]
Repository = Annotated[
    str | None,
    typer.Option(
        envvar="NEURON_REPOSITORY", help="Its address on GitHub, for Colab, Binder."
    ),
]
AllCells = Annotated[
    bool,
    typer.Option("--all-cells", help="Run every cell, also those no mark depends on."),
]
RequireSandbox = Annotated[
    bool, typer.Option("--require-sandbox", help="Refuse without all its layers.")
]


def course_of(
    classroom: Path | None,
    course: Path | None,
    db: str | None = None,
    tests: str | None = None,
    all_cells: bool = False,
    *,
    is_there: bool = False,
):
    """Return the course that a command's options choose, ours if none does.

    Parameters
    ----------
    is_there
        Whether the command needs a class that somebody has made before.
    """
    from autograder.base.paths import ROOT, expect_lessons, has_lessons
    from autograder.cli.choices import expect_class
    from autograder.course.course import foreign_course, own_course
    from autograder.course.settings import ALL, known_isolation
    from autograder.intake.roster import expect_known

    if classroom and course:
        raise WrongUse("found --classroom and --course, expected one of them.")
    if tests and not course:
        raise WrongUse("found --tests, expected --course beside it: ours run sealed.")
    if tests:
        known_isolation("--tests", tests)
    if course and has_lessons(course):
        if is_there:
            expect_class(course / "classroom")
        chosen = own_course(course / "classroom", course.resolve())
    elif course:
        chosen = foreign_course(course, tests)
    else:
        expect_lessons()  # else a folder for a class would be made wherever one is
        if is_there:
            expect_class(classroom or ROOT / "classroom")
        _update_sources()
        chosen = own_course(classroom)
    expect_known(chosen)
    if all_cells:
        chosen = replace(chosen, cells=ALL)
    return chosen.with_gradebook(db) if db else chosen


def limits_of(chosen, cell_limit: float | None = None):
    """Return what a notebook of a course may use.

    Parameters
    ----------
    cell_limit
        Seconds of one cell; as the course's settings say if None.
    """
    from autograder.sealed.limits import NotebookLimits

    seconds = cell_limit or chosen.cell_seconds
    return NotebookLimits.of_a_cell(seconds) if seconds else NotebookLimits()


def _update_sources() -> None:
    """Have the notebooks that commands go by made of the lessons as they are now."""
    from autograder.authoring.sources import update_sources
    from autograder.cli.terminal import say
    from autograder.model.lesson_reader import lesson_names

    changed = update_sources()
    if 0 < len(changed) < len(lesson_names()):
        say(f"changed since the last command: {', '.join(changed)}")
