"""Commands on a class: notebooks go out, and come in."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from autograder.base.errors import WrongUse
from autograder.cli.options import (
    CORES,
    Classroom,
    CourseFolder,
    Database,
    Jobs,
    Lessons,
    MoreLessons,
    course_of,
)
from autograder.cli.terminal import err, out, progress_bar, say

commands = typer.Typer()
command = partial(commands.command, rich_help_panel="Instructors")
BUNDLE = Path("build/neuron-by-neuron.zip")


@command(epilog="Example: autograder bundle week1.zip 02 03")
def bundle(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE.zip] [LESSONS]...",
            help="The archive to write, and its lessons; else all of the class that "
            "give away no answers of another.",
        ),
    ] = None,
    lessons: MoreLessons = None,
    sign: Annotated[
        Path | None, typer.Option(help="SSH key to sign its checksum with.")
    ] = None,
    repository: Annotated[
        Path | None,
        typer.Option(help="Folder of a git repository to commit it to, for clones."),
    ] = None,
    classroom: Classroom = None,
) -> None:
    """Write what students get: lessons, data and their check, without answers."""
    from autograder.base.paths import ROOT
    from autograder.cli.choices import chosen_lessons, expect_class, is_lesson
    from autograder.course.class_file import read_class_file
    from autograder.model.lesson_reader import lesson_names
    from autograder.publish.bundle import lessons_in, write_bundle, write_checksums

    known, what = lesson_names(), what or []
    is_named = (
        what and not is_lesson(what[0], known) and ("." in what[0] or "/" in what[0])
    )
    file = Path(what.pop(0)) if is_named else BUNDLE
    chosen = chosen_lessons([*what, *(lessons or [])], known)
    if classroom:
        expect_class(classroom)
    said = read_class_file(classroom or ROOT / "classroom", known)
    if sign and not sign.is_file():
        raise WrongUse(f"{sign}: found no file, expected an SSH key to sign with.")
    if repository:
        from autograder.publish.repository import write_repository

        for note in write_repository(repository, chosen or None, said):
            say(note)
        return
    for note in write_bundle(file, chosen or None, said):
        err.print(note, style="yellow", markup=False, soft_wrap=True)
    for path in [file, *write_checksums(file, sign)]:
        out.print(str(path), soft_wrap=True)
    say(f"in it: {', '.join(lessons_in(file))}")


@command(epilog="Example: autograder gradescope 02")
def gradescope(
    lesson: Annotated[str, typer.Argument(help="A lesson, such as 01_neuron or 01.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", "-o", help="The archive; in build/ if not given."),
    ] = None,
    hidden_tests: Annotated[
        str,
        typer.Option(
            help="When students see hidden tests: visible, after_due_date, "
            "after_published or hidden."
        ),
    ] = "after_published",
) -> None:
    """Write the archive that grades a lesson on Gradescope, with the sealed engine."""
    from autograder.cli.choices import chosen_lessons
    from autograder.model.lesson_reader import lesson_names
    from autograder.publish.gradescope import write_gradescope

    (name,) = chosen_lessons([lesson], lesson_names())
    path = to or Path(f"build/gradescope-{name}.zip")
    said = write_gradescope(path, name, hidden_tests)
    out.print(str(path), soft_wrap=True, markup=False)
    say("set in the assignment on Gradescope:")
    for text in said:
        say(f"  {text}")


@command(epilog="Example: autograder variants --roster students.csv")
def variants(
    lessons: Lessons = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="CSV of students, as for collect; else class.toml's."),
    ] = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    check: Annotated[
        int | None,
        typer.Option(min=1, help="Prove our lessons for so many made-up students."),
    ] = None,
    jobs: Jobs = CORES,
) -> None:
    """Write notebooks with constants of each student's own, or prove their tests."""
    from autograder.cli.choices import lessons_of_class
    from autograder.course.variants import ROOM
    from autograder.intake.roster import roster_of
    from autograder.publish.variant_notebooks import hand_out

    if check:
        _prove_variants(lessons, check, jobs)
        return
    chosen = course_of(classroom, course)
    known = roster_of(chosen, roster, note=say)
    if known is None:
        raise WrongUse("found no --roster, expected the students' names in a CSV file.")
    students = [student.id for student in known]
    of = lessons_of_class(chosen, lessons)
    written = list(hand_out(chosen, of, students))
    out.print(
        f"{len(written)} notebooks of {len(students)} students in "
        f"{chosen.results / ROOM}; {chosen.variants.key.told}",
        soft_wrap=True,
    )


def _prove_variants(lessons: list[str] | None, students: int, jobs: int) -> None:
    from autograder.audit.variants_audit import has_constants, prove_variants
    from autograder.authoring.build import read_lessons
    from autograder.cli.choices import chosen_lessons
    from autograder.model.catalogue import read_catalogue
    from autograder.model.lesson_reader import lesson_names

    lessons = chosen_lessons(lessons, lesson_names())
    chosen = [one for one in read_lessons(lessons or None) if has_constants(one)]
    without = sorted({*lessons} - {lesson.name for lesson in chosen})
    if without or not chosen:
        raise WrongUse(
            f"{', '.join(without) or 'all lessons'}: found no constant that is marked "
            "`# yours: …`, expected one in a locked cell."
        )
    problems = []
    for lesson in chosen:
        with progress_bar() as progress:
            task = progress.add_task(lesson.name)
            found = prove_variants(
                lesson,
                read_catalogue(lesson),
                students=students,
                jobs=jobs,
                watch=lambda done, total, task=task, progress=progress: progress.update(
                    task, completed=done, total=total
                ),
            )
        out.print(
            f"{lesson.name}: {students} made-up students, {found.different} with "
            f"different constants: notebooks solved and as given out, {found.answers} "
            f"answers, {len(found.problems)} problems",
            soft_wrap=True,
        )
        problems += found.problems
    for text in problems:
        err.print(text, style="red", markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)


@command(epilog="Example: autograder collect submissions.zip 03 --roster students.csv")
def collect(
    downloads: Annotated[
        list[Path],
        typer.Argument(
            metavar="DOWNLOADS... [LESSON]",
            help="Of a learning platform, or clones with --git; the lesson that alone "
            "is taken from them.",
        ),
    ],
    classroom: Classroom = None,
    course: CourseFolder = None,
    lesson: Annotated[
        str | None, typer.Option(help="Another way to name the lesson.")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="CSV of students, from the platform too; else class.toml's."),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace also what has marks or came otherwise."),
    ] = False,
    students: Annotated[
        list[str] | None,
        typer.Option("--student", help="With --force: only for this one."),
    ] = None,
    is_git: Annotated[
        bool, typer.Option("--git", help="They are git clones, or folders of clones.")
    ] = False,
    zone: Annotated[
        str | None,
        typer.Option(
            help="Of the platform's times, as Europe/Berlin; else class.toml's."
        ),
    ] = None,
    db: Database = None,
) -> None:
    """Put what students handed in into submitted/, from a platform's download."""
    from autograder.cli.choices import chosen_students, is_lesson, lessons_of_class
    from autograder.cli.collected import say_collected
    from autograder.gradebook.people import withdrawn
    from autograder.intake.collect import Collector
    from autograder.intake.platforms.times import zone_called

    chosen = course_of(classroom, course, db)
    if students and not force:
        raise WrongUse("found --student, expected --force beside it.")
    there = {student for student, _, _ in chosen.folders("submitted")}
    there |= withdrawn(chosen)
    known = [*chosen.lessons, *chosen.left_out]
    named = [str(p) for p in downloads if not p.exists() and is_lesson(str(p), known)]
    only = lessons_of_class(chosen, [*named, *([lesson] if lesson else [])])
    if len(only) > 1:
        raise WrongUse(f"found the lessons {', '.join(only)}, expected one at most.")
    downloads = [path for path in downloads if str(path) not in named]
    collector = Collector(
        chosen,
        only[0] if only else None,
        roster,
        force,
        is_git,
        zone_called(zone) if zone else None,
        chosen_students(students, there),
    )
    report = collector.run(downloads)
    say_collected(report)
    if report.left:
        raise typer.Exit(1)


@command(epilog="Example: autograder demo-class --small /tmp/class 01 02")
def demo_class(
    folder: Annotated[Path, typer.Argument(help="Folder of the class to make.")],
    lessons: Lessons = None,
    more: MoreLessons = None,
    is_small: Annotated[
        bool, typer.Option("--small", help="A dozen students, graded at once.")
    ] = False,
) -> None:
    """Make a class to try everything on."""
    from autograder.authoring.demo_class import make_class
    from autograder.cli.choices import chosen_lessons
    from autograder.model.lesson_reader import lesson_names

    wanted = chosen_lessons([*(lessons or []), *(more or [])], lesson_names())
    expected = make_class(folder, wanted or None, is_small=is_small)
    out.print(f"{len(expected)} submissions in {folder / 'submitted'}")
