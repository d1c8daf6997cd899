"""Commands on a class: notebooks out and in, and what came of them."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
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
    course_of,
)
from autograder.cli.terminal import err, out, progress_bar, say

commands = typer.Typer()
command = partial(commands.command, rich_help_panel="Instructors")


@command()
def bundle(
    file: Annotated[Path, typer.Argument(help="The zip archive to write.")] = Path(
        "build/neuron-by-neuron.zip"
    ),
    lessons: Annotated[
        list[str] | None,
        typer.Option("--lesson", help="Only this one; else all without spoilers."),
    ] = None,
    sign: Annotated[
        Path | None, typer.Option(help="SSH key to sign its checksum with.")
    ] = None,
    repository: Annotated[
        Path | None,
        typer.Option(help="Folder of a git repository to commit it to, for clones."),
    ] = None,
) -> None:
    """Write what students get: lessons, data and their check, without answers."""
    from autograder.publish.bundle import write_bundle, write_checksums

    if sign and not sign.is_file():
        raise WrongUse(f"{sign}: found no file, expected an SSH key to sign with.")
    if repository:
        from autograder.publish.repository import write_repository

        for note in write_repository(repository, lessons):
            say(note)
        return
    for note in write_bundle(file, lessons):
        err.print(note, style="yellow", markup=False, soft_wrap=True)
    for path in [file, *write_checksums(file, sign)]:
        out.print(str(path), soft_wrap=True)


@command()
def variants(
    lessons: Lessons = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV of students, as for collect.")
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
    from autograder.course.variants import ROOM
    from autograder.intake.roster import read_roster
    from autograder.publish.variant_notebooks import hand_out

    if check:
        _prove_variants(lessons, check, jobs)
        return
    if roster is None:
        raise WrongUse("found no --roster, expected the students' names in a CSV file.")
    chosen = course_of(classroom, course)
    students = [student.id for student in read_roster(roster)]
    written = list(hand_out(chosen, lessons or [], students))
    out.print(
        f"{len(written)} notebooks of {len(students)} students in "
        f"{chosen.results / ROOM}; {chosen.variants.key.told}",
        soft_wrap=True,
    )


def _prove_variants(lessons: list[str] | None, students: int, jobs: int) -> None:
    from autograder.audit.variants_audit import has_constants, prove_variants
    from autograder.authoring.build import read_lessons
    from autograder.model.catalogue import read_catalogue

    chosen = [one for one in read_lessons(lessons or None) if has_constants(one)]
    without = sorted({*(lessons or [])} - {lesson.name for lesson in chosen})
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


@command()
def collect(
    downloads: Annotated[
        list[Path],
        typer.Argument(help="From Canvas or Moodle: zip or folder; clones with --git."),
    ],
    classroom: Classroom = None,
    lesson: Annotated[str | None, typer.Option(help="Take this lesson only.")] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV of students, from the platform too.")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace also what has marks or came otherwise."),
    ] = False,
    is_git: Annotated[
        bool, typer.Option("--git", help="They are git clones, or folders of clones.")
    ] = False,
    db: Database = None,
) -> None:
    """Put what students handed in into submitted/, from a platform's download."""
    from autograder.intake.collect import Collector

    chosen = course_of(classroom, None, db)
    report = Collector(chosen, lesson, roster, force, is_git).run(downloads)
    for text in report.placed:
        say(text)
    for text in report.not_taken:
        say(f"not taken: {text}")
    for text in report.astray:
        say(f"remark: {text}", style="yellow")
    for text in report.left:
        say(f"left: {text}", style="red")
    out.print(
        f"{len(report.placed)} placed, {len(report.unchanged)} unchanged, "
        f"{len(report.not_taken)} not taken, {len(report.left)} left"
    )
    if report.no_work:
        out.print(
            f"{report.no_work} notebooks are as given out, or of no lesson asked for",
            soft_wrap=True,
        )
    if report.without_time:
        out.print(
            f"{report.without_time} have no time, so nbgrader takes them as in time: "
            "the download does not tell when they were handed in",
            soft_wrap=True,
        )
    if report.left:
        raise typer.Exit(1)


@command()
def feedback(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
    names_only: Annotated[
        bool,
        typer.Option("--names-only", help="Names of checks only, to hand in again."),
    ] = False,
    run_figures: Annotated[
        bool,
        typer.Option(
            "--run-figures", help="Run the cells that grading left out; marks stay."
        ),
    ] = False,
    platform: Annotated[
        str | None,
        typer.Option("--zip", help="Also pack them for canvas, moodle or mail."),
    ] = None,
) -> None:
    """Write a feedback page for each graded submission."""
    from autograder.cli.handing_back import pack_pages
    from autograder.gradebook.marker import write_feedback

    chosen = course_of(classroom, course, db)
    graded = {path.name for path in chosen.results.glob("autograded/*/*")}
    wanted = sorted(graded & set(lessons or graded))
    if run_figures:
        _run_figures(chosen, wanted)
    # Forked, so that nbgrader is imported once for all of them.
    with ProcessPoolExecutor(CORES, get_context("fork")) as pool:
        shows = "names" if names_only else "all"
        for _ in pool.map(partial(write_feedback, chosen, shows), wanted):
            pass
    pages = sorted(chosen.results.glob("feedback/*/*/*.html"))
    out.print(f"{len(pages)} feedback pages in {chosen.results / 'feedback'}")
    if platform:
        pack_pages(chosen, platform, wanted)


@command()
def report(
    lessons: Annotated[
        list[str] | None, typer.Option("--lesson", help="Only this lesson.")
    ] = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Write a page on the class: scores, mistakes, tests, what needs a person."""
    from autograder.report.page import write_report

    path = write_report(course_of(classroom, course, db), lessons)
    out.print(f"{path}", soft_wrap=True)


@command()
def show(
    classroom: Classroom = None, course: CourseFolder = None, db: Database = None
) -> None:
    """Print the gradebook as a table, and what to look at next."""
    from autograder.cli.class_table import class_tables, legend, marks_of
    from autograder.course.db_url import named
    from autograder.gradebook.marker import Marker
    from autograder.gradebook.results import Ledger

    chosen = course_of(classroom, course, db)
    records = Ledger(chosen.results / "results.jsonl").records
    with Marker(chosen) as marker:
        marks, most = marks_of(records, marker.scores(), marker.max_scores())
        students = sorted({student for student, _ in marks} | marker.students())
    if not most:
        raise WrongUse(
            f"{chosen.results}: found no marks, expected some; run `autograder grade`."
        )
    for table in class_tables(marks, most, students, out.width):
        out.print(table)
    for line in legend(marks, len(most) * len(students)):
        out.print(line, highlight=False)
    if (chosen.results / "expected.csv").exists():
        from autograder.authoring.demo_class import unexpected

        wrong = unexpected(chosen.results, records)
        for text in wrong:
            err.print(text, style="red", markup=False, soft_wrap=True)
        out.print(f"{len(records) - len(wrong)} of {len(records)} scores are expected")
    for what, where in {
        "marks": chosen.results / "grades.csv",
        "pages for students": chosen.results / "feedback",
        "gradebook": named(chosen.db_url),
    }.items():
        say(f"{what}: {where}")
    say("next: autograder report, autograder export, nbgrader's formgrader (make lab)")


@command()
def export(
    kind: Annotated[
        str, typer.Option("--format", help="csv (every point), canvas or moodle.")
    ] = "csv",
    to: Annotated[
        Path | None, typer.Option(help="The file; in the class's folder if none.")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="The platform's own CSV file, to be filled with marks."),
    ] = None,
    lesson: Annotated[str | None, typer.Option(help="Only this lesson.")] = None,
    column: Annotated[
        str | None, typer.Option(help="Heading of its column in the platform's file.")
    ] = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Write the gradebook for a spreadsheet or a learning platform."""
    from autograder.cli.handing_back import fill_file, say_missing
    from autograder.export.plugins import FORMATS, missing
    from autograder.gradebook.marker import Marker

    if kind not in FORMATS:
        raise WrongUse(f"found --format {kind}, expected one of {', '.join(FORMATS)}.")
    if roster and kind == "csv":
        raise WrongUse("found --roster, expected --format canvas or moodle beside it.")
    if column and not roster:
        raise WrongUse("found --column, expected --roster beside it.")
    chosen = course_of(classroom, course, db)
    exporter = FORMATS[kind]()
    path = to or chosen.results / exporter.file
    if roster:
        fill_file(chosen, kind, roster, path, lesson, column)
        return
    lessons = [lesson] if lesson else []
    exporter.to, exporter.assignment = str(path), lessons
    with Marker(chosen) as marker:
        known = marker.max_scores()
        if lesson and lesson not in known:
            raise WrongUse(f"found no marks of {lesson}, expected {', '.join(known)}.")
        exporter.export(marker.gradebook)
        absent = missing(chosen, marker.gradebook, lessons)
        waiting = sum(
            row["waits_for_a_person"]
            for (_, name), row in marker.scores().items()
            if name in (lessons or [name])
        )
    say_missing(absent)
    out.print(f"{path}", soft_wrap=True)
    if waiting:
        out.print(
            f"{waiting} submissions wait for marks of written answers; these are empty"
        )


@command()
def demo_class(
    folder: Annotated[Path, typer.Argument(help="Folder of the class to make.")],
    lessons: Annotated[
        list[str] | None, typer.Option("--lesson", help="Only this lesson.")
    ] = None,
    is_small: Annotated[
        bool, typer.Option("--small", help="A dozen students, graded at once.")
    ] = False,
) -> None:
    """Make a class to try everything on."""
    from autograder.authoring.demo_class import make_class

    expected = make_class(folder, lessons, is_small=is_small)
    out.print(f"{len(expected)} submissions in {folder / 'submitted'}")


def _run_figures(chosen, lessons: list[str]) -> None:
    from autograder.grading.fresh_figures import FreshFigures
    from autograder.intake.submissions import handed_in
    from autograder.sealed.limits import NotebookLimits

    todo = handed_in(chosen, lessons)
    with progress_bar() as progress:
        task = progress.add_task("running figures", total=len(todo))
        fresh = FreshFigures(chosen, CORES, NotebookLimits())
        for text in fresh.run(todo, lambda: progress.advance(task)):
            err.print(text, style="yellow", markup=False, soft_wrap=True)
