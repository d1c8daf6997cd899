"""Commands that tell what came of a class: pages, tables, exports."""

import time
from collections.abc import Callable
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
    Lessons,
    MoreLessons,
    Students,
    course_of,
    limits_of,
)
from autograder.cli.terminal import err, out, progress_bar, say

CLOCK_NS = 20_000_000
"""What the clock of a file system may be behind."""
commands = typer.Typer()
command = partial(commands.command, rich_help_panel="Instructors")


@command(epilog="Example: autograder feedback 02 --zip canvas")
def feedback(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
    students: Students = None,
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
    from concurrent.futures import ProcessPoolExecutor

    from autograder.cli.choices import chosen_students, lessons_of_class
    from autograder.cli.handing_back import pack_pages
    from autograder.course import watch_policy
    from autograder.export.returns import expect_platform
    from autograder.gradebook.marker import Marker, write_feedback
    from autograder.gradebook.marks import note_pages, read_marks
    from autograder.gradebook.notices import notices
    from autograder.gradebook.results import Ledger

    if platform:
        expect_platform(platform)
    chosen = _class_of(classroom, course, db, writes_pages=True)
    records = Ledger(chosen.results / "results.jsonl").records
    with Marker(chosen) as marker:
        marks = read_marks(chosen, marker, records.values())
    if not marks:
        raise _nothing_to_show(chosen)
    graded = marks.keys() & {(who, of) for who, of, _ in chosen.folders("autograded")}
    names = {lesson for _, lesson in graded}
    lessons = lessons_of_class(chosen, lessons, names) or sorted(names)
    only = chosen_students(students, {student for student, _ in marks})
    wanted = sorted(names & set(lessons))
    if run_figures:
        _run_figures(chosen, wanted, only)
    policy = watch_policy.policy_of(chosen)
    told: dict[str, dict[str, list[str]]] = {}
    for (student, lesson), record in records.items():
        text = notices(record, policy.of(lesson))
        told.setdefault(lesson, {})[student] = text
    # Forked, so that nbgrader is imported once for all of them.
    shows = "names" if names_only else "all"
    write = partial(write_feedback, chosen, shows, students=only, notices=told)
    # Inherited, not sent: settings of a course may hold what cannot be.
    inherited = {"initializer": _inherit, "initargs": (write,)}
    began_ns = time.time_ns() - CLOCK_NS
    with ProcessPoolExecutor(CORES, get_context("fork"), **inherited) as pool:
        running = [pool.submit(_write_pages, lesson) for lesson in wanted]
    failed = [error for one in running if (error := one.exception())]
    written = [k for k in graded if k[1] in wanted and (not only or k[0] in only)]
    if failed:  # of single students: all others have their pages
        written = [
            k for k in written if _is_newer(chosen.path("feedback", *k), began_ns)
        ]
    note_pages(chosen, {key: marks[key] for key in written})
    pages = [
        page
        for student, lesson in written
        for page in chosen.path("feedback", student, lesson).glob("*.html")
    ]
    many = "s" if len(pages) != 1 else ""
    out.print(f"{len(pages)} feedback page{many} in {chosen.room('feedback')}")
    if platform:
        pack_pages(chosen, platform, wanted, only)
    if failed:
        raise failed[0]


def _is_newer(folder: Path, began_ns: int) -> bool:
    """Whether a page of a folder was written since then."""
    return any(page.stat().st_mtime_ns >= began_ns for page in folder.glob("*.html"))


@command(epilog="Example: autograder report 02 03")
def report(
    lessons: Lessons = None,
    more: MoreLessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Write a page on the class: scores, mistakes, tests, what needs a person."""
    from autograder.cli.choices import lessons_of_class
    from autograder.gradebook.results import Ledger
    from autograder.report.page import write_report

    chosen = _class_of(classroom, course, db)
    known = Ledger(chosen.results / "results.jsonl").records
    wanted = [*(lessons or []), *(more or [])]
    graded = {lesson for _, lesson in known}
    path = write_report(chosen, lessons_of_class(chosen, wanted, graded))
    out.print(f"{path}", soft_wrap=True)


@command(epilog="Example: autograder show 02 03")
def show(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Print the gradebook as a table, and what to look at next."""
    from autograder.cli.choices import lessons_of_class
    from autograder.cli.class_table import class_tables, legend, shown_marks
    from autograder.course.db_url import named
    from autograder.gradebook.marker import Marker
    from autograder.gradebook.marks import read_marks
    from autograder.gradebook.results import Ledger

    chosen = _class_of(classroom, course, db)
    records = Ledger(chosen.results / "results.jsonl").records
    with Marker(chosen) as marker:
        found = read_marks(chosen, marker, records.values())
        students = sorted({student for student, _ in found} | marker.students())
    wanted = lessons_of_class(chosen, lessons, {lesson for _, lesson in found})
    marks, most = shown_marks(found, wanted)
    if not most:
        raise _nothing_to_show(chosen)
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
        "pages for students": chosen.room("feedback"),
        "gradebook": named(chosen.db_url),
    }.items():
        say(f"{what}: {where}")
    say("next: autograder mark LESSON, autograder report, autograder export")


@command(
    epilog="Example: autograder export 02 --format canvas --roster grades.csv "
    "--to filled.csv"
)
def export(
    lessons: Lessons = None,
    kind: Annotated[
        str,
        typer.Option("--format", help="csv (every point), excel, canvas or moodle."),
    ] = "csv",
    to: Annotated[
        Path | None, typer.Option(help="The file; in the class's folder if none.")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="The platform's own CSV file, to be filled with marks."),
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="Heading of its column in the platform's file.")
    ] = None,
    more: MoreLessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Write the gradebook for a spreadsheet or a learning platform."""
    from autograder.cli.choices import file_to_write, lessons_of_class
    from autograder.cli.handing_back import fill_file, say_missing
    from autograder.export.plugins import FORMATS, missing
    from autograder.gradebook.marker import Marker
    from autograder.gradebook.marks import read_marks
    from autograder.gradebook.results import Ledger

    if kind not in FORMATS:
        raise WrongUse(f"found --format {kind}, expected one of {', '.join(FORMATS)}.")
    if roster and kind in ("csv", "excel"):
        raise WrongUse("found --roster, expected --format canvas or moodle beside it.")
    if column and not roster:
        raise WrongUse("found --column, expected --roster beside it.")
    chosen = _class_of(classroom, course, db)
    exporter = FORMATS[kind]()
    path = file_to_write(to or chosen.results / exporter.file)
    exporter.to = str(path)
    records = Ledger(chosen.results / "results.jsonl").records
    with Marker(chosen) as marker:
        marks = read_marks(chosen, marker, records.values())
        graded = {lesson for _, lesson in marks}
        named = [*(lessons or []), *(more or [])]
        wanted = lessons_of_class(chosen, named, graded)
        if not graded & set(wanted or graded):
            raise _nothing_to_show(chosen)
        if not roster:
            of_class = wanted or list(chosen.class_file.lessons)
            exporter.assignment = of_class
            exporter.export(marker.gradebook)
            absent = missing(chosen, marker.gradebook, of_class)
    if roster:
        fill_file(chosen, kind, roster, path, wanted, column)
        return
    waiting = sum(
        mark.waits_for_a_person
        for (_, lesson), mark in marks.items()
        if not wanted or lesson in wanted
    )
    say_missing(absent)
    out.print(f"{path}", soft_wrap=True)
    if waiting:
        out.print(
            f"{waiting} submissions wait for marks of written answers; these are empty"
        )


_pages: list[Callable[[str], None]] = []


def _inherit(write: Callable[[str], None]) -> None:
    _pages.append(write)


def _write_pages(lesson: str) -> None:
    _pages[-1](lesson)


def _class_of(
    classroom: Path | None,
    course: Path | None,
    db: str | None,
    *,
    writes_pages: bool = False,
):
    """Return a class that is there, its late penalties as they have to be now.

    Marks that people gave may allow for more of a penalty; `class.toml` may be another.
    """
    from autograder.gradebook.marker import Marker
    from autograder.gradebook.marks import changes, read_marks, told_behind
    from autograder.gradebook.results import Ledger
    from autograder.intake.roster import note_roster

    chosen = course_of(classroom, course, db, is_there=True)
    note_roster(chosen)
    records = Ledger(chosen.results / "results.jsonl").records
    with Marker(chosen) as marker:
        before = marker.scores()
        said = [*marker.write_deadlines(), *marker.update_penalties(chosen.lessons)]
        after = read_marks(chosen, marker, records.values())
    for text in [*said, *(f"mark changed {text}" for text in changes(before, after))]:
        say(text)
    if not writes_pages and (text := told_behind(chosen, after)):
        say(text, style="yellow")
    return chosen


def _nothing_to_show(chosen) -> WrongUse:
    return WrongUse(
        f"{chosen.results}: found no marks, expected some; run `autograder grade`."
    )


def _run_figures(chosen, lessons: list[str], students: list[str]) -> None:
    from autograder.grading.fresh_figures import FreshFigures
    from autograder.intake.submissions import handed_in

    todo = [
        one
        for one in handed_in(chosen, lessons)
        if not students or one.student in students
    ]
    with progress_bar() as progress:
        task = progress.add_task("running figures", total=len(todo))
        fresh = FreshFigures(chosen, CORES, limits_of(chosen))
        for text in fresh.run(todo, lambda: progress.advance(task)):
            err.print(text, style="yellow", markup=False, soft_wrap=True)
