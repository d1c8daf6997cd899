"""Commands on a class: what holds in it, and who is in it."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from autograder.base.errors import WrongUse
from autograder.cli.options import (
    Classroom,
    CourseFolder,
    Database,
    Lessons,
    MoreLessons,
    course_of,
)
from autograder.cli.terminal import say

commands = typer.Typer()
of_class = typer.Typer(no_args_is_help=True, help="Begin a class, or change it.")
commands.add_typer(of_class, name="class", rich_help_panel="Instructors")


@of_class.command(
    epilog="Example: autograder class init 02 03 --roster students.csv "
    "--due 02=2027-03-01T18:00:00"
)
def init(
    lessons: Lessons = None,
    more: MoreLessons = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV of students, as for collect.")
    ] = None,
    due: Annotated[
        list[str] | None,
        typer.Option(help="When a lesson is due: 02=2027-03-01T18:00:00."),
    ] = None,
    title: Annotated[str, typer.Option(help="What the course is called.")] = "",
    time_zone: Annotated[
        str, typer.Option(help="Of the times, as Europe/Berlin; else the machine's.")
    ] = "",
    classroom: Classroom = None,
    course: CourseFolder = None,
) -> None:
    """Write class.toml: lessons, due dates, roster, and examples of the rest."""
    from autograder.cli.choices import chosen_lessons
    from autograder.course.class_init import Beginning, write_class_file
    from autograder.course.times import zone_here
    from autograder.intake.roster import read_roster

    chosen = course_of(classroom, course)
    known = chosen.lessons
    names = chosen_lessons([*(lessons or []), *(more or [])], known)
    times = {}
    for text in due or ():
        lesson, sign, when = text.partition("=")
        if not sign:
            raise _no_time(text)
        (name,) = chosen_lessons([lesson], names or known)
        times[name] = _time(when, text)
    students = read_roster(roster, note=say) if roster else []
    names = names or sorted(times)
    if (chosen.results / "expected.csv").exists():
        say(
            f"{chosen.results} holds the made-up class of `make demo`, whose students "
            "stay in it; for a class of your own, first move this folder away",
            style="yellow",
        )
    begin = Beginning(time_zone or zone_here(), title, roster, names, times)
    said = write_class_file(chosen.results, known, begin)
    told = ", ".join(said.lessons) or "all lessons"
    say(f"{said.path}: {told}; {len(students) or 'no roster, so no'} students")
    say("look it through; then autograder bundle, collect, grade, show, export")


def _time(when: str, option: str) -> str:
    """Return a time as TOML has it, which it has to be."""
    try:
        is_time = isinstance(tomllib.loads(f"due = {when}")["due"], date)
    except tomllib.TOMLDecodeError:
        is_time = False
    if not is_time:
        raise _no_time(option)
    return when


def _no_time(option: str) -> WrongUse:
    return WrongUse(
        f"found --due {option}, expected LESSON=TIME, as in 02=2027-03-01T18:00:00, or "
        "a day, as in 02=2027-03-01."
    )


@of_class.command(epilog="Example: autograder class remove ada")
def remove(
    student: Annotated[str, typer.Argument(help="As in submitted/STUDENT/.")],
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Take a student out of gradebook and tables; her files go to removed/."""
    from autograder.cli.choices import chosen_students
    from autograder.grading.withdrawal import students_of, withdraw

    chosen = course_of(classroom, course, db, is_there=True)
    (one,) = chosen_students([student], students_of(chosen))
    say(f"{one} is removed; what there was is in {withdraw(chosen, one)}")
