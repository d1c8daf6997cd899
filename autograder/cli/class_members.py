"""Commands on who is in a class."""

from typing import Annotated

import typer

from autograder.cli.options import Classroom, CourseFolder, Database, course_of
from autograder.cli.terminal import say

commands = typer.Typer()
of_class = typer.Typer(no_args_is_help=True, help="Change who is in a class.")
commands.add_typer(of_class, name="class", rich_help_panel="Instructors")


@of_class.command()
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
