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
    MoreLessons,
    Students,
    course_of,
)
from autograder.cli.terminal import err, out, progress_bar, say

commands = typer.Typer()
command = partial(commands.command, rich_help_panel="Instructors")
BUNDLE = Path("build/neuron-by-neuron.zip")


@command()
def bundle(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE.zip] [LESSONS]...",
            help="The archive to write, and its lessons; else all without spoilers.",
        ),
    ] = None,
    lessons: MoreLessons = None,
    sign: Annotated[
        Path | None, typer.Option(help="SSH key to sign its checksum with.")
    ] = None,
) -> None:
    """Write what students get: lessons, data and their check, without answers."""
    from autograder.cli.choices import chosen_lessons, is_lesson
    from autograder.model.lesson_reader import lesson_names
    from autograder.publish.bundle import write_bundle, write_checksums

    known, what = lesson_names(), what or []
    is_named = (
        what and not is_lesson(what[0], known) and ("." in what[0] or "/" in what[0])
    )
    file = Path(what.pop(0)) if is_named else BUNDLE
    chosen = chosen_lessons([*what, *(lessons or [])], known)
    if sign and not sign.is_file():
        raise WrongUse(f"{sign}: found no file, expected an SSH key to sign with.")
    for note in write_bundle(file, chosen or None):
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
    from autograder.cli.choices import chosen_lessons
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
    of = chosen_lessons(lessons, chosen.lessons)
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


@command()
def collect(
    downloads: Annotated[
        list[Path],
        typer.Argument(
            metavar="DOWNLOADS... [LESSON]",
            help="From Canvas or Moodle: zip or folder. The only lesson to take.",
        ),
    ],
    classroom: Classroom = None,
    lesson: Annotated[
        str | None, typer.Option(help="Another way to name the lesson.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV of students, from the platform too.")
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace also what has marks or came otherwise."),
    ] = False,
) -> None:
    """Put what students handed in into submitted/, from a platform's download."""
    from autograder.cli.choices import chosen_lessons, is_lesson
    from autograder.intake.collect import Collector

    chosen = course_of(classroom, None)
    named = [
        str(p)
        for p in downloads
        if not p.exists() and is_lesson(str(p), chosen.lessons)
    ]
    only = chosen_lessons([*named, *([lesson] if lesson else [])], chosen.lessons)
    if len(only) > 1:
        raise WrongUse(f"found the lessons {', '.join(only)}, expected one at most.")
    downloads = [path for path in downloads if str(path) not in named]
    collector = Collector(chosen, only[0] if only else None, roster, force)
    report = collector.run(downloads)
    for text in report.placed:
        say(text)
    for text in report.older:
        say(f"not taken: {text}")
    for text in report.left:
        say(f"left: {text}", style="red")
    out.print(
        f"{len(report.placed)} placed, {len(report.unchanged)} unchanged, "
        f"{len(report.older)} older, {len(report.left)} left"
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
) -> None:
    """Write a feedback page for each graded submission."""
    from autograder.cli.choices import chosen_lessons, chosen_students
    from autograder.course import watch_policy
    from autograder.gradebook.marker import Marker, write_feedback
    from autograder.gradebook.marks import read_marks
    from autograder.gradebook.notices import notices
    from autograder.gradebook.results import Ledger

    chosen = course_of(classroom, course, db, is_there=True)
    records = Ledger(chosen.results / "results.jsonl").records
    with Marker(chosen) as marker:
        marks = read_marks(chosen, marker, records.values())
    if not marks:
        raise _nothing_to_show(chosen)
    places = {path.relative_to(path.parents[1]) for path in _graded(chosen)}
    graded = {key for key in marks if Path(*key) in places}
    names = {lesson for _, lesson in graded}
    lessons = chosen_lessons(lessons, chosen.lessons, names) or sorted(names)
    only = chosen_students(students, {student for student, _ in marks})
    wanted = sorted(names & set(lessons))
    if run_figures:
        _run_figures(chosen, wanted, only)
    policy = watch_policy.read_policy(
        chosen.results / watch_policy.FILE, chosen.lessons
    )
    told: dict[str, dict[str, list[str]]] = {}
    for (student, lesson), record in records.items():
        text = notices(record, policy.of(lesson))
        told.setdefault(lesson, {})[student] = text
    # Forked, so that nbgrader is imported once for all of them.
    with ProcessPoolExecutor(CORES, get_context("fork")) as pool:
        shows = "names" if names_only else "all"
        write = partial(write_feedback, chosen, shows, students=only, notices=told)
        for _ in pool.map(write, wanted):
            pass
    pages = [
        page
        for student, lesson in graded
        if lesson in wanted and (not only or student in only)
        for page in chosen.path("feedback", student, lesson).glob("*.html")
    ]
    out.print(f"{len(pages)} feedback pages in {chosen.results / 'feedback'}")


@command()
def report(
    lessons: Lessons = None,
    more: MoreLessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Write a page on the class: scores, mistakes, tests, what needs a person."""
    from autograder.cli.choices import chosen_lessons
    from autograder.gradebook.results import Ledger
    from autograder.report.page import write_report

    chosen = course_of(classroom, course, db, is_there=True)
    known = Ledger(chosen.results / "results.jsonl").records
    wanted = [*(lessons or []), *(more or [])]
    graded = {lesson for _, lesson in known}
    path = write_report(chosen, chosen_lessons(wanted, chosen.lessons, graded))
    out.print(f"{path}", soft_wrap=True)


@command()
def show(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Print the gradebook as a table, and what to look at next."""
    from autograder.cli.choices import chosen_lessons
    from autograder.cli.class_table import class_tables, legend, shown_marks
    from autograder.course.db_url import named
    from autograder.gradebook.marker import Marker
    from autograder.gradebook.marks import read_marks
    from autograder.gradebook.results import Ledger

    chosen = course_of(classroom, course, db, is_there=True)
    records = Ledger(chosen.results / "results.jsonl").records
    with Marker(chosen) as marker:
        found = read_marks(chosen, marker, records.values())
        students = sorted({student for student, _ in found} | marker.students())
    wanted = chosen_lessons(lessons, chosen.lessons, {lesson for _, lesson in found})
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
        "pages for students": chosen.results / "feedback",
        "gradebook": named(chosen.db_url),
    }.items():
        say(f"{what}: {where}")
    say("next: autograder report, autograder export, nbgrader's formgrader (make lab)")


@command()
def export(
    lessons: Lessons = None,
    kind: Annotated[
        str, typer.Option("--format", help="csv (every point), canvas or moodle.")
    ] = "csv",
    to: Annotated[
        Path | None, typer.Option(help="The file; in the class's folder if none.")
    ] = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
) -> None:
    """Write the gradebook for a spreadsheet or a learning platform."""
    from autograder.cli.choices import chosen_lessons, file_to_write
    from autograder.export.plugins import FORMATS
    from autograder.gradebook.marker import Marker
    from autograder.gradebook.marks import read_marks
    from autograder.gradebook.results import Ledger

    if kind not in FORMATS:
        raise WrongUse(f"found --format {kind}, expected one of {', '.join(FORMATS)}.")
    chosen = course_of(classroom, course, db, is_there=True)
    exporter = FORMATS[kind]()
    path = file_to_write(to or chosen.results / exporter.file)
    exporter.to = str(path)
    records = Ledger(chosen.results / "results.jsonl").records
    with Marker(chosen) as marker:
        marks = read_marks(chosen, marker, records.values())
        graded = {lesson for _, lesson in marks}
        wanted = chosen_lessons(lessons, chosen.lessons, graded)
        if not graded & set(wanted or graded):
            raise _nothing_to_show(chosen)
        exporter.assignment = wanted
        exporter.export(marker.gradebook)
    waiting = sum(
        mark.waits_for_a_person
        for (_, lesson), mark in marks.items()
        if not wanted or lesson in wanted
    )
    out.print(f"{path}", soft_wrap=True)
    if waiting:
        out.print(f"{waiting} submissions wait for marks of written answers")


@command()
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


def _graded(chosen) -> list[Path]:
    """Return the folders of all submissions that were marked."""
    return sorted(chosen.results.glob("autograded/*/*"))


def _nothing_to_show(chosen) -> WrongUse:
    return WrongUse(
        f"{chosen.results}: found no marks, expected some; run `autograder grade`."
    )


def _run_figures(chosen, lessons: list[str], students: list[str]) -> None:
    from autograder.grading.fresh_figures import FreshFigures
    from autograder.intake.submissions import handed_in
    from autograder.sealed.limits import NotebookLimits

    todo = [
        one
        for one in handed_in(chosen, lessons)
        if not students or one.student in students
    ]
    with progress_bar() as progress:
        task = progress.add_task("running figures", total=len(todo))
        fresh = FreshFigures(chosen, CORES, NotebookLimits())
        for text in fresh.run(todo, lambda: progress.advance(task)):
            err.print(text, style="yellow", markup=False, soft_wrap=True)
