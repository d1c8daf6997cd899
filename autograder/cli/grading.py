"""Commands that grade, or show how it would be done."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from autograder import __version__
from autograder.base.errors import WrongUse
from autograder.cli.options import (
    CORES,
    AllCells,
    CellLimit,
    Classroom,
    CourseFolder,
    Database,
    Jobs,
    Lessons,
    RequireSandbox,
    Students,
    TestIsolation,
    course_of,
    limits_of,
)
from autograder.cli.terminal import err, heard_at_once, out, progress_bar, say
from autograder.gradebook.results import Ledger, Record

commands = typer.Typer()
command = partial(commands.command, rich_help_panel="Instructors")


@command(epilog="Example: autograder grade 03 --student ada")
def grade(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
    students: Students = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Submissions at a time; one a core or thread if none"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also what has marks.")
    ] = False,
    cell_limit: CellLimit = None,
    tests: TestIsolation = None,
    all_cells: AllCells = False,
    require_sandbox: RequireSandbox = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Execute on a Dask cluster: tcp://HOST:PORT.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Execute on Dask workers here: local:N.")
    ] = None,
) -> None:
    """Grade all that is new or changed."""
    from autograder.sealed import template

    dask = _address(scheduler, cluster)
    if dask is not None:
        template.leave()  # it has begun with the command
    from autograder.cli.choices import chosen_students, lessons_of_class
    from autograder.grading.cache_keys import Keys
    from autograder.intake.misplaced import misplaced
    from autograder.intake.repair import is_earlier
    from autograder.intake.roster import note_roster
    from autograder.intake.submissions import modules_for_marks, submissions

    chosen = course_of(classroom, course, db, tests, all_cells, is_there=True)
    note_roster(chosen)
    limits = limits_of(chosen, cell_limit)
    _say_settings(chosen)
    for text in misplaced(chosen):
        say(f"misplaced {text}", style="red")
    lessons = lessons_of_class(chosen, lessons)
    found = submissions(chosen, lessons)
    only = chosen_students(students, {s.student for s in found})
    wanted = [s for s in found if not only or s.student in only]
    keys = Keys(chosen, limits)
    ledger = Ledger(chosen.results / "results.jsonl")
    before = ledger.records
    todo = {
        s for s in wanted if force or keys.changes(s, before.get((s.student, s.lesson)))
    }
    if todo and dask is None:
        modules = modules_for_marks(chosen, {s.lesson for s in todo})
        template.start(modules, for_many=len(todo) >= template.MANY)
    # Nothing else of nbgrader is imported where nothing is to be done.
    from autograder.gradebook.database import ClassGradebook
    from autograder.gradebook.marks import lost, settle, told_behind, without_work
    from autograder.grading.system_errors import explained

    again: dict[tuple[str, str], str] = {}
    if not wanted or len(todo) < len(wanted):
        with explained(chosen), ClassGradebook(chosen) as book:
            again = lost(book, chosen, before)
            if not any(s in todo or (s.student, s.lesson) in again for s in wanted):
                done = settle(book, chosen, ledger, lessons or chosen.lessons, only)
    grade_now = [s for s in wanted if s in todo or (s.student, s.lesson) in again]
    counts: Counter[str] = Counter()
    remarks: list[str] = []
    reasons: dict[str, list[str]] = {}
    earlier: dict[str, list[str]] = {}
    if grade_now:
        from autograder.grading.grader import Grader

        modules = modules_for_marks(chosen, {s.lesson for s in grade_now})
        with _engines(dask, modules, require_sandbox) as (engine, slots):
            done = Grader(
                chosen,
                jobs=jobs or slots,
                limits=limits,
                engine=engine,
                lessons=lessons,
                students=only,
                lost=again,
            )
            with (
                heard_at_once(lambda: _stopped(counts, len(grade_now))),
                progress_bar() as progress,
                closing(done.each(grade_now, force=force)) as graded,
            ):
                task = progress.add_task("grading", total=len(grade_now))
                for record in graded:
                    counts[record.status] += 1
                    key = (record.student, record.lesson)
                    name = "/".join(key)
                    remarks += _remarks(record)
                    for text in filter(is_earlier, record.repairs):
                        earlier.setdefault(text, []).append(name)
                    if key in before:
                        reasons.setdefault(record.executed_because, []).append(name)
                    progress.advance(task)
        if not chosen.is_ours:
            say_isolation(done.isolation, chosen)
    for note in done.notes:
        err.print(note, style="red", markup=False, soft_wrap=True)
    for text in done.deadlines:
        say(text)
    for reason, names in sorted(reasons.items()):
        say(f"executed again, {reason}: {', '.join(sorted(names))}")
    for text, names in sorted(earlier.items()):
        say(f"{text}: {', '.join(sorted(names))}")
    for text in done.changes:
        say(f"mark changed {text}")
    there = {(s.student, s.lesson) for s in found}
    for text in without_work(chosen, done.marks, lessons or chosen.lessons, there):
        say(text, style="yellow")
    if text := told_behind(chosen, done.marks):
        say(text, style="yellow")
    _report(counts, remarks, len(wanted) - counts.total())
    if counts["errored"]:
        raise typer.Exit(1)


@command(epilog="Example: autograder watch 03 --classroom /srv/class")
def watch(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
    exchange: Annotated[
        bool, typer.Option("--exchange", help="Collect from nbgrader's exchange, too.")
    ] = False,
    jobs: Jobs = CORES,
    cell_limit: CellLimit = None,
    tests: TestIsolation = None,
    require_sandbox: RequireSandbox = False,
) -> None:
    """Grade submissions as they arrive, by the policy in class.toml or watch.toml."""
    from autograder.cli.choices import lessons_of_class
    from autograder.course import watch_policy
    from autograder.grading import watch as watching
    from autograder.grading.grader import Grader
    from autograder.intake.roster import note_roster
    from autograder.intake.submissions import known_lessons
    from autograder.sealed.engine import Engine

    chosen = course_of(classroom, course, db, tests)
    _say_settings(chosen)
    note_roster(chosen)
    limits = limits_of(chosen, cell_limit)
    made = watching.Watch(
        chosen,
        known_lessons(chosen, lessons_of_class(chosen, lessons)),
        watch_policy.policy_of(chosen),
        limits,
        make_grader=lambda: Grader(
            chosen,
            jobs=jobs,
            limits=limits,
            engine=partial(Engine, require_sandbox=require_sandbox),
        ),
        with_exchange=exchange,
        say=say,
    )
    with watching.stopped_by_signals() as stopping:
        made.run(stopping)


@command("tests", epilog="Example: autograder tests --course ~/course --compare")
def where_tests_run(
    course: Annotated[
        Path, typer.Option(help="Any nbgrader course whose tests to try.")
    ],
    lessons: Lessons = None,
    db: Database = None,
    tests: TestIsolation = None,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Also run what was handed in both ways."),
    ] = False,
    jobs: Jobs = CORES,
) -> None:
    """Say which tests of a course can run sealed, and what that changes."""
    from autograder.cli.choices import lessons_of_class
    from autograder.grading.isolation import NAME, write_isolation
    from autograder.grading.isolation_comparison import Comparison
    from autograder.intake.submissions import known_lessons, submissions

    chosen = course_of(None, course, db, tests)
    _say_settings(chosen)
    wanted = known_lessons(chosen, lessons_of_class(chosen, lessons))
    todo = submissions(chosen, wanted) if compare else []
    comparison = Comparison(chosen, jobs, limits_of(chosen))
    with progress_bar() as progress:
        task = progress.add_task("comparing", total=len(todo))
        found = comparison.run(wanted, todo, lambda: progress.advance(task))
    for way in comparison.isolation:
        say(f"{way.tests} {way.lesson}/{way.notebook} {way.cell}: {way.why}")
    if not tests:
        write_isolation(chosen.results / NAME, comparison.isolation)
    say_isolation(comparison.isolation, chosen)
    for text in [*comparison.unread, *map(str, found)]:
        say(text, style="red")
    if compare:
        out.print(f"{len(found)} marks of {len(todo)} submissions are other ones")


@command(epilog="Example: autograder doctor --json")
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show versions and the layers of the sandbox, with what to do about gaps."""
    from autograder.base.hashing import versions
    from autograder.base.paths import LESSONS, PACKAGE
    from autograder.sealed.sandbox.readable import parts
    from autograder.sealed.sandbox.seccomp import ALLOWED, LEFT_OUT
    from autograder.sealed.sandbox.spawn import probe

    layers = probe()
    if as_json:
        print_json = {layer.name: layer.active for layer in layers}
        found = [f"autograder {__version__}", *versions()]
        out.print_json(json.dumps({"versions": found, "sandbox": print_json}))
        return
    say(f"autograder {__version__} in {PACKAGE}")
    say(f"lessons in {LESSONS}{'' if LESSONS.is_dir() else ': none'}")
    python, machine, *packages = versions()
    for version in (f"Python {python}", f"processor {machine}", *packages):
        out.print(version)
    for layer in layers:
        out.print(f"{'active ' if layer.active else 'MISSING'} {layer.name}")
        if not layer.active:
            out.print(f"        {layer.detail}")
    say("students' code reads what is handed in, the lesson's files, and")
    for name, paths in parts().items():
        say(f"  {name}: {', '.join(map(str, paths))}")
    say(f"it makes {len(ALLOWED)} of the kernel's calls; none for")
    for purpose in LEFT_OUT:
        say(f"  {purpose}")


def _address(scheduler: str | None, cluster: str | None) -> str | None:
    """Return where to execute, if not in this process."""
    if scheduler and cluster:
        raise WrongUse("found --scheduler and --cluster, expected one of them.")
    if cluster and not re.fullmatch(r"local:[1-9]\d*", cluster):
        raise WrongUse(f"found --cluster {cluster}, expected one such as local:4.")
    return scheduler or cluster


@contextmanager
def _engines(dask: str | None, modules: list[str], require_sandbox: bool) -> Iterator:
    """Yield what makes engines, and how many jobs they take at a time."""
    if dask is None:
        from autograder.sealed import template
        from autograder.sealed.engine import Engine

        template.start(modules)
        yield partial(Engine, require_sandbox=require_sandbox), CORES
        return
    try:
        from autograder.cluster.connection import connect
    except ModuleNotFoundError as error:
        raise WrongUse(
            f"found no package {error.name}, expected Dask; install it here and on all "
            "machines: the extra [cluster] of autograder brings it."
        ) from None

    def say(text: str) -> None:
        err.print(text, style="yellow", markup=False, soft_wrap=True)

    with connect(dask, require_sandbox=require_sandbox, say=say) as cluster:
        err.print(f"dashboard: {cluster.dashboard}", soft_wrap=True)
        yield cluster.engine, cluster.threads


def say_isolation(ways: list, course) -> None:
    """Print how many tests of a course of others ran where."""
    from autograder.grading.isolation import NAME

    sealed = sum(way.tests == "sealed" for way in ways)
    out.print(
        f"{sealed} of {len(ways)} test cells run sealed, {len(ways) - sealed} among "
        f"the students' variables; why is in {course.results / NAME}",
        soft_wrap=True,
    )


def _say_settings(course) -> None:
    """Name nbgrader's settings that are not followed."""
    for text in course.remarks:
        say(text, style="yellow")


def _remarks(record: Record) -> list[str]:
    """Return what somebody should know of one submission.

    Not that it is of an earlier release: of that a whole class may be.
    """
    from autograder.intake.repair import is_earlier

    name = f"{record.student}/{record.lesson}"
    repairs = [text for text in record.repairs if not is_earlier(text)]
    found = [f"repaired {name}: {text}" for text in repairs]
    found += [f"tampered {name}: {text}" for text in _together(record.tampering)]
    found += [f"left out {name}: {text}" for text in record.without.values()]
    if record.message:
        found.insert(0, f"{record.status} {name}: {record.message}")
    return found


def _together(texts: list[str]) -> list[str]:
    """Return lines `CELL: what`, one for all cells of which the same is said."""
    cells: dict[str, list[str]] = {}
    for text in texts:
        cell, _, what = text.partition(": ")
        cells.setdefault(what, []).append(cell)
    return [f"{', '.join(of)}: {what}" for what, of in cells.items()]


def _stopped(counts: Counter[str], wanted: int) -> str:
    return (
        f"stopped: {counts.total()} of {wanted} are graded, and recorded; the same "
        "command goes on with the rest"
    )


def _report(counts: Counter[str], remarks: list[str], unchanged: int) -> None:
    """Print what was done, and name everything that somebody should look at."""
    for text in remarks:
        out.print(text, markup=False, soft_wrap=True)
    if counts["errored"]:
        out.print("run the same command again: what errored is tried once more")
    out.print(
        f"{counts['graded']} graded, {counts['unreadable']} unreadable, "
        f"{counts['errored']} errored, {unchanged} unchanged"
    )
    if counts["graded"]:
        out.print("next: autograder show")
