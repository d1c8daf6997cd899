"""The command for marking answers in words."""

from functools import partial
from typing import Annotated

import typer

from autograder.cli.options import Classroom, CourseFolder, Database, course_of
from autograder.cli.terminal import progress_bar, say

commands = typer.Typer()
command = partial(commands.command, rich_help_panel="Instructors")


@command(epilog="Example: autograder mark 03")
def mark(
    lesson: Annotated[str, typer.Argument(help="Such as 01_neuron or 01.")],
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Of this machine; 0 is any.")
    ] = 0,
) -> None:
    """Mark written answers in a browser, one question over the whole class.

    Points and comments are those of nbgrader's formgrader: use both in turn.
    Only this machine reaches the pages, by the address that is printed.
    Ctrl-C ends it.
    """
    from autograder.cli.choices import lessons_of_class
    from autograder.gradebook.marker import Marker
    from autograder.gradebook.marks import read_marks, told_behind
    from autograder.gradebook.results import Ledger
    from autograder.marking.desk import Desk
    from autograder.marking.server import serve

    chosen = course_of(classroom, course, db, is_there=True)
    (name,) = lessons_of_class(chosen, [lesson])
    with Marker(chosen) as marker:
        desk = Desk(chosen, name, marker)
        with progress_bar() as progress:
            task = progress.add_task("reading answers", total=None)
            for left in desk.read_all():
                done = progress.tasks[task].completed + 1
                progress.update(task, completed=done, total=done + left)
        serve(desk, port, lambda url: say(f"{url}  (Ctrl-C ends it)"))
        for note in marker.update_penalties([name]):
            say(note, style="yellow")
        records = Ledger(chosen.results / "results.jsonl").records
        marks = read_marks(chosen, marker, records.values())
        say(desk.summary())
        if text := told_behind(chosen, marks):
            say(text, style="yellow")
