"""The command line: parse, call, print."""

import json
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from autograder.errors import AutograderError, WrongUse
from autograder.sealed.limits import Limits

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help=__doc__,
    pretty_exceptions_show_locals=False,  # a gradebook's address may hold a password
)
out, err = Console(), Console(stderr=True)

CORES = os.cpu_count() or 1

Lessons = Annotated[
    list[str] | None, typer.Argument(help="Lessons, such as 01_neuron; all if none.")
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
WayOfTests = Annotated[
    str | None,
    typer.Option(
        help="With --course: how its tests run, sealed, shared or auto; without it as "
        "autograder.toml says, else auto."
    ),
]
Jobs = Annotated[int, typer.Option(min=1, help="Submissions at a time.")]
CellLimit = Annotated[
    float, typer.Option(help="Computing time of one cell, in seconds.")
]
RequireSandbox = Annotated[
    bool, typer.Option("--require-sandbox", help="Refuse without all its layers.")
]


@app.command()
def build(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Compare only; write nothing.")
    ] = False,
) -> None:
    """Make notebooks/ and solutions/ of the lessons' sources."""
    from autograder import build as builder

    if not check:
        names = builder.build(names=lessons or None)
        out.print(f"built {', '.join(names)}")
        return
    names = builder.check()
    out.print(f"{len(names)} lessons are what their sources generate")


@app.command()
def bundle(
    file: Annotated[Path, typer.Argument(help="The zip archive to write.")] = Path(
        "build/neuron-by-neuron.zip"
    ),
    lessons: Annotated[
        list[str] | None, typer.Option("--lesson", help="Only this lesson.")
    ] = None,
) -> None:
    """Write what students get: lessons, data and their check, without answers."""
    from autograder.bundle import write_bundle

    for note in write_bundle(file, lessons):
        err.print(note, style="yellow", markup=False, soft_wrap=True)
    out.print(str(file), soft_wrap=True)


@app.command()
def collect(
    downloads: Annotated[
        list[Path], typer.Argument(help="From Canvas or Moodle: zip or folder.")
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
) -> None:
    """Put what students handed in into submitted/, from a platform's download."""
    from autograder.collect import Collector

    report = Collector(_course(classroom, None), lesson, roster, force).run(downloads)
    for text in report.placed:
        _say(text)
    for text in report.older:
        _say(f"not taken: {text}")
    for text in report.left:
        _say(f"left: {text}", style="red")
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


@app.command()
def grade(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Submissions at a time; one a core or thread if none"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also what has marks.")
    ] = False,
    cell_limit: CellLimit = Limits.cell_cpu_s,
    tests: WayOfTests = None,
    require_sandbox: RequireSandbox = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Execute on a Dask cluster: tcp://HOST:PORT.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Execute on Dask workers here: local:N.")
    ] = None,
) -> None:
    """Grade all that is new or changed."""
    from autograder.results import Ledger
    from autograder.submissions import Keys, modules_of, submissions

    dask = _address(scheduler, cluster)
    chosen = _course(classroom, course, db, tests)
    limits = Limits(cell_cpu_s=cell_limit)
    wanted = submissions(chosen, lessons or None)
    keys = Keys(chosen, limits)
    before = Ledger(chosen.results / "results.jsonl").records
    todo = [
        s for s in wanted if force or keys.changes(s, before.get((s.student, s.lesson)))
    ]
    records = []
    if todo:
        modules = modules_of(chosen, {s.lesson for s in todo})
        with _engines(dask, modules, require_sandbox) as (engine, slots):
            from autograder.grade import Grader

            grader = Grader(chosen, jobs=jobs or slots, limits=limits, engine=engine)
            with _progress() as progress:
                task = progress.add_task("grading", total=len(todo))
                records = grader.run(todo, done=lambda _: progress.advance(task))
        for note in grader.notes:
            err.print(note, style="red", markup=False, soft_wrap=True)
        if not chosen.is_ours:
            _say_ways(grader.ways, chosen)
    _report(records, len(wanted) - len(todo))
    if any(record.status == "errored" for record in records):
        raise typer.Exit(1)


@app.command("tests")
def where_tests_run(
    course: Annotated[
        Path, typer.Option(help="Any nbgrader course whose tests to try.")
    ],
    lessons: Lessons = None,
    db: Database = None,
    tests: WayOfTests = None,
    compare: Annotated[
        bool,
        typer.Option("--compare", help="Also run what was handed in both ways."),
    ] = False,
    jobs: Jobs = CORES,
) -> None:
    """Say which tests of a course can run sealed, and what that changes."""
    from autograder.comparison import Comparison
    from autograder.submissions import known_lessons, submissions
    from autograder.ways import NAME, write_ways

    chosen = _course(None, course, db, tests)
    wanted = known_lessons(chosen, lessons)
    todo = submissions(chosen, wanted) if compare else []
    comparison = Comparison(chosen, jobs, Limits())
    with _progress() as progress:
        task = progress.add_task("comparing", total=len(todo))
        found = comparison.run(wanted, todo, lambda: progress.advance(task))
    for way in comparison.ways:
        _say(f"{way.tests} {way.lesson}/{way.notebook} {way.cell}: {way.why}")
    if not tests:
        write_ways(chosen.results / NAME, comparison.ways)
    _say_ways(comparison.ways, chosen)
    for text in [*comparison.unread, *map(str, found)]:
        _say(text, style="red")
    if compare:
        out.print(f"{len(found)} marks of {len(todo)} submissions are other ones")


@app.command()
def watch(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
    exchange: Annotated[
        bool, typer.Option("--exchange", help="Collect from nbgrader's exchange, too.")
    ] = False,
    jobs: Jobs = CORES,
    cell_limit: CellLimit = Limits.cell_cpu_s,
    tests: WayOfTests = None,
    require_sandbox: RequireSandbox = False,
) -> None:
    """Grade submissions as they arrive, by the policy in the class's watch.toml."""
    from autograder import policy
    from autograder import watch as watching
    from autograder.grade import Grader
    from autograder.sealed.engine import Engine
    from autograder.submissions import known_lessons

    chosen = _course(classroom, course, db, tests)
    limits = Limits(cell_cpu_s=cell_limit)
    made = watching.Watch(
        chosen,
        known_lessons(chosen, lessons),
        policy.read_policy(chosen.results / policy.FILE, chosen.lessons),
        limits,
        make_grader=lambda: Grader(
            chosen,
            jobs=jobs,
            limits=limits,
            engine=partial(Engine, require_sandbox=require_sandbox),
        ),
        with_exchange=exchange,
        say=_say,
    )
    with watching.stopped_by_signals() as stopping:
        made.run(stopping)


@app.command()
def feedback(
    lessons: Lessons = None,
    classroom: Classroom = None,
    course: CourseFolder = None,
    db: Database = None,
    names_only: Annotated[
        bool,
        typer.Option("--names-only", help="Names of checks only, to hand in again."),
    ] = False,
) -> None:
    """Write a feedback page for each graded submission."""
    from autograder.marks import write_feedback

    chosen = _course(classroom, course, db)
    graded = {path.name for path in chosen.results.glob("autograded/*/*")}
    wanted = sorted(graded & set(lessons or graded))
    # Forked, so that nbgrader is imported once for all of them.
    with ProcessPoolExecutor(CORES, get_context("fork")) as pool:
        shows = "names" if names_only else "all"
        for _ in pool.map(partial(write_feedback, chosen, shows), wanted):
            pass
    pages = sorted(chosen.results.glob("feedback/*/*/*.html"))
    out.print(f"{len(pages)} feedback pages in {chosen.results / 'feedback'}")


@app.command()
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

    path = write_report(_course(classroom, course, db), lessons)
    out.print(f"{path}", soft_wrap=True)


@app.command()
def show(
    classroom: Classroom = None, course: CourseFolder = None, db: Database = None
) -> None:
    """Print the gradebook as a table, and what to look at next."""
    from autograder.addresses import named
    from autograder.results import Ledger

    chosen = _course(classroom, course, db)
    records = Ledger(chosen.results / "results.jsonl").records
    lessons = sorted({lesson for _, lesson in records})
    table = Table("student", *lessons)
    for student in sorted({student for student, _ in records}):
        found = [records.get((student, lesson)) for lesson in lessons]
        table.add_row(student, *(_score(record) for record in found))
    out.print(table)
    if (chosen.results / "expected.csv").exists():
        from autograder.democlass import unexpected

        wrong = unexpected(chosen.results, records)
        for text in wrong:
            err.print(text, style="red", markup=False, soft_wrap=True)
        out.print(f"{len(records) - len(wrong)} of {len(records)} scores are expected")
    for name in ("grades.csv", "results.jsonl", "feedback"):
        out.print(f"{chosen.results / name}", soft_wrap=True)
    out.print(named(chosen.db_url), soft_wrap=True)


@app.command()
def export(
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
    from autograder.export import FORMATS
    from autograder.marks import Marker

    if kind not in FORMATS:
        raise WrongUse(f"found --format {kind}, expected one of {', '.join(FORMATS)}.")
    chosen = _course(classroom, course, db)
    exporter = FORMATS[kind]()
    path = to or chosen.results / exporter.file
    exporter.to = str(path)
    with Marker(chosen) as marker:
        exporter.export(marker.gradebook)
        waiting = sum(row["waits_for_a_person"] for row in marker.scores().values())
    out.print(f"{path}", soft_wrap=True)
    if waiting:
        out.print(f"{waiting} submissions wait for marks of written answers")


@app.command()
def demo_class(
    folder: Annotated[Path, typer.Argument(help="Folder of the class to make.")],
    lessons: Annotated[
        list[str] | None, typer.Option("--lesson", help="Only this lesson.")
    ] = None,
) -> None:
    """Make a small class to try everything on."""
    from autograder.democlass import make_class

    expected = make_class(folder, lessons)
    out.print(f"{len(expected)} submissions in {folder / 'submitted'}")


@app.command()
def audit(
    lessons: Lessons = None,
    course: CourseFolder = None,
    jobs: Annotated[int, typer.Option(min=1, help="Answers at a time.")] = CORES,
    no_mutants: Annotated[
        bool, typer.Option("--no-mutants", help="Without mutants; writes no files.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Compare with the files; write nothing.")
    ] = False,
) -> None:
    """Prove the tests: grade catalogued answers and automatic mutants."""
    from autograder.matrix import HEADINGS, table_lines
    from autograder.proof import keep, prove

    chosen = _course(None, course)
    with _progress() as progress:
        tasks: dict = {}

        def watch(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=total)
            progress.update(tasks[name], completed=done)

        proof = prove(
            chosen, lessons or [], jobs=jobs, with_mutants=not no_mutants, watch=watch
        )
    table = Table(*HEADINGS, box=None)
    table.columns[0].no_wrap = True
    for line in table_lines(proof.rows):
        table.add_row(*line)
    out.print(table)
    for text in proof.warnings:
        out.print(text, markup=False, soft_wrap=True, highlight=False)
    for text in proof.problems:
        err.print(text, style="red", markup=False, soft_wrap=True)
    for path in [] if no_mutants else keep(proof, chosen, check):
        out.print(str(path), soft_wrap=True)
    if proof.problems:
        raise typer.Exit(1)


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="A lesson's notebook.")],
    hint: Annotated[
        int,
        typer.Option(min=0, max=3, help="Show hints up to this level, 1 to 3."),
    ] = 0,
) -> None:
    """Run the visible checks of a notebook, as a student may before handing in."""
    from autograder.check import check as check_notebook

    report = check_notebook(notebook, Limits())
    for exercise in report.exercises:
        for text in exercise.failures:
            _say(text, style="red")
        if exercise.failures:
            shown = [t for level, t in exercise.hints.items() if level <= hint]
            for text in shown:
                _say(text)
            if len(shown) < len(exercise.hints):
                _say(f"{exercise.exercise} has a hint: --hint {len(shown) + 1}")
    out.print(
        f"{report.passed} of {report.visible} visible checks pass; "
        f"{report.hidden} hidden checks run at grading"
    )
    if report.passed < report.visible:
        raise typer.Exit(1)


@app.command()
def data(
    names: Annotated[
        list[str] | None, typer.Argument(help="Such as fashion-mnist; all if none.")
    ] = None,
    mirror: Annotated[
        str | None,
        typer.Option(envvar="NEURON_MIRROR", help="Where <name>/<file> are instead."),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="Folder to copy from, offline.")
    ] = None,
) -> None:
    """Get the full data sets behind the lessons' small ones."""
    from autograder import datasets

    failed = []
    for name in names or datasets.SETS:
        with _progress(DownloadColumn()) as progress:
            tasks: dict = {}

            def watch(file, done, total, progress=progress, tasks=tasks) -> None:
                if file not in tasks:
                    tasks[file] = progress.add_task(file)
                progress.update(tasks[file], completed=done, total=total)

            try:
                origins = datasets.fetch(name, mirror, source, watch)
            except datasets.MissingData as error:
                text = str(error)
                err.print(text, style="red", markup=False, soft_wrap=True)
                failed.append(name)
                continue
        told = "from " + ", ".join(origins) if origins else "was there already"
        place = datasets.home() / name
        out.print(f"{name}: {told}, in {place}", markup=False, soft_wrap=True)
    if failed:
        raise datasets.MissingData(
            f"missing: {', '.join(failed)}; {datasets.how_to_get(*failed)}"
        )


@app.command()
def site(
    to: Annotated[
        Path | None, typer.Option(help="Folder of the pages; build/site/ if none.")
    ] = None,
    repository: Annotated[
        str | None,
        typer.Option(
            envvar="NEURON_REPOSITORY", help="Its address on GitHub, for Colab, Binder."
        ),
    ] = None,
) -> None:
    """Build the site for self-learners; needs no network."""
    from autograder.course import ROOT
    from autograder.website import build_site

    folder = to or ROOT / "build" / "site"
    build_site(folder, repository)
    if not repository:
        out.print(
            "no --repository was given: lessons have no links to Colab and Binder",
            soft_wrap=True,
        )
    out.print(f"{folder / 'index.html'}", soft_wrap=True)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show versions and the layers of the sandbox, with what to do about gaps."""
    from autograder.sealed import sandbox
    from autograder.submissions import versions

    layers = sandbox.probe()
    if as_json:
        print_json = {layer.name: layer.active for layer in layers}
        out.print_json(json.dumps({"versions": versions(), "sandbox": print_json}))
        return
    for version in versions():
        out.print(version)
    for layer in layers:
        out.print(f"{'active ' if layer.active else 'MISSING'} {layer.name}")
        if not layer.active:
            out.print(f"        {layer.detail}")


def main() -> None:
    """Run the command; errors are one message, and exit status 2."""
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore", module="nbgrader")  # about its own future
    # Else nbformat's jsonschema builds the grammar of internationalised web addresses,
    # which no notebook's schema asks for: two seconds of each start.
    sys.modules.setdefault("rfc3987_syntax", None)
    try:
        app()
    except AutograderError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise SystemExit(2 if isinstance(error, WrongUse) else 1) from None
    except OSError as error:
        from autograder.faults import refusal, root_of  # slow to import

        cause = root_of(error)
        if cause is None:
            raise
        told = refusal(cause, Path.cwd())
        err.print(told, style="red", markup=False, soft_wrap=True)
        raise SystemExit(1) from None


def _course(
    classroom: Path | None,
    course: Path | None,
    db: str | None = None,
    tests: str | None = None,
):
    from autograder.course import foreign_course, own_course
    from autograder.settings import way_of

    if classroom and course:
        raise WrongUse("found --classroom and --course, expected one of them.")
    if tests and not course:
        raise WrongUse("found --tests, expected --course beside it: ours run sealed.")
    if tests:
        way_of("--tests", tests)
    chosen = foreign_course(course, tests) if course else own_course(classroom)
    return chosen.with_gradebook(db) if db else chosen


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

        # The template imports what the lessons need while this process imports
        # nbgrader; with nothing to do, nobody waits for either.
        template.start(modules)
        yield partial(Engine, require_sandbox=require_sandbox), CORES
        return
    try:
        from autograder.cluster.connection import connect
    except ModuleNotFoundError as error:
        raise WrongUse(
            f"found no package {error.name}, expected Dask; install it here and on all "
            "machines with `pip install '.[cluster]'`."
        ) from None

    def say(text: str) -> None:
        err.print(text, style="yellow", markup=False, soft_wrap=True)

    with connect(dask, require_sandbox=require_sandbox, say=say) as cluster:
        err.print(f"dashboard: {cluster.dashboard}", soft_wrap=True)
        yield cluster.engine, cluster.threads


def _progress(count: ProgressColumn | None = None) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        count or MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=err,
    )


def _say_ways(ways: list, course) -> None:
    """Print how many tests of a course of others ran where."""
    from autograder.ways import NAME

    sealed = sum(way.tests == "sealed" for way in ways)
    out.print(
        f"{sealed} of {len(ways)} test cells run sealed, {len(ways) - sealed} among "
        f"the students' variables; why is in {course.results / NAME}",
        soft_wrap=True,
    )


def _report(records: list, unchanged: int) -> None:
    """Print what was done, and name everything that somebody should look at."""
    for record in records:
        name = f"{record.student}/{record.lesson}"
        if record.status != "graded":
            out.print(
                f"{record.status} {name}: {record.message}",
                markup=False,
                soft_wrap=True,
            )
        for text in record.repairs:
            out.print(f"repaired {name}: {text}", markup=False, soft_wrap=True)
        for text in record.tampering:
            out.print(f"tampered {name}: {text}", markup=False, soft_wrap=True)
    counts = {s: sum(r.status == s for r in records) for s in ("graded", "unreadable")}
    errored = len(records) - sum(counts.values())
    if errored:
        out.print("run the same command again: what errored is tried once more")
    out.print(
        f"{counts['graded']} graded, {counts['unreadable']} unreadable, "
        f"{errored} errored, {unchanged} unchanged"
    )


def _say(text: str, style: str | None = None) -> None:
    """Print text of any origin: no markup, nothing that steers a terminal."""
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    out.print(plain, style=style, markup=False, highlight=False, soft_wrap=True)


def _score(record) -> str:
    if record is None:
        return ""
    if record.status != "graded":
        return record.status
    waits = " + written" if record.needs_a_person else ""
    return f"{record.score:g} / {record.max_score:g}{waits}"
