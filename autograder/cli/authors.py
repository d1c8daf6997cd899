"""Commands for those who write lessons."""

from functools import partial
from typing import Annotated

import typer
from rich.table import Table

from autograder.cli.options import CORES, CourseFolder, Lessons, Repository, course_of
from autograder.cli.terminal import err, out, progress_bar

commands = typer.Typer()
command = partial(commands.command, rich_help_panel="Authors")


@command(epilog="Example: autograder build 02 --check")
def build(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Compare only; write nothing.")
    ] = False,
    repository: Repository = None,
) -> None:
    """Make notebooks/ and solutions/ of the lessons' sources."""
    from autograder.authoring import build as builder
    from autograder.cli.choices import chosen_lessons
    from autograder.model.lesson_reader import lesson_names

    lessons = chosen_lessons(lessons, lesson_names())
    if not check:
        names = builder.build(names=lessons or None, repository=repository)
        out.print(f"built {', '.join(names)}")
        return
    names = builder.check(names=lessons or None, repository=repository)
    out.print(f"{len(names)} lessons are what their sources generate")


@command(epilog="Example: autograder audit 02 --no-mutants")
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
    cells: Annotated[
        bool, typer.Option("--cells", help="Prove instead that cells can be left out.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option(min=0, help="With --cells: so many answers a lesson.")
    ] = None,
) -> None:
    """Prove the tests: grade catalogued answers and automatic mutants."""
    from autograder.cli.choices import chosen_lessons
    from autograder.model.lesson_reader import lesson_names

    if cells:
        _audit_cells(chosen_lessons(lessons, lesson_names()), jobs, sample)
        return
    from autograder.audit.course_audit import keep, prove
    from autograder.audit.tables import HEADINGS, table_lines

    chosen = course_of(None, course)
    lessons = chosen_lessons(
        lessons, lesson_names() if chosen.is_ours else chosen.lessons
    )
    with progress_bar() as progress:
        tasks: dict = {}

        def watch(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=total)
            progress.update(tasks[name], completed=done)

        proof = prove(
            chosen, lessons, jobs=jobs, with_mutants=not no_mutants, watch=watch
        )
    table = Table(*HEADINGS, box=None, padding=(0, 1, 0, 0), pad_edge=False)
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


def _audit_cells(lessons: list[str] | None, jobs: int, most: int | None) -> None:
    """Prove that leaving out cells changes no mark of a catalogued answer."""
    from autograder.audit.needed_audit import compare, sample
    from autograder.authoring.build import read_lessons
    from autograder.model.catalogue import read_catalogue

    found = []
    with progress_bar() as progress:
        for lesson in read_lessons(lessons or None):
            task = progress.add_task(lesson.name, total=None)
            answers = read_catalogue(lesson)
            chosen = answers if most is None else sample(answers, most)

            def watch(done: int, total: int, task=task) -> None:
                progress.update(task, completed=done, total=total)

            found.append(compare(lesson, chosen, jobs=jobs, watch=watch))
    table = Table(
        "lesson",
        "given",
        "left out",
        "notebooks",
        "tests",
        "varying",
        "different",
        box=None,
    )
    for one in found:
        counts = (
            one.given,
            len(one.choice.left_out),
            one.notebooks,
            one.tests,
            len(one.varying),
            len(one.differences),
        )
        table.add_row(one.lesson, *map(str, counts))
    out.print(table)
    for one in found:
        for place, why in one.choice.why.items():
            part = "begins" if place in one.choice.left_out else "runs"
            out.print(
                f"{one.lesson}, cell {place + 1} {part}: {why}",
                markup=False,
                soft_wrap=True,
                highlight=False,
            )
    for difference in (d for one in found for d in one.varying):
        out.print(f"varies: {difference}", markup=False, soft_wrap=True)
    differences = [difference for one in found for difference in one.differences]
    for difference in differences:
        err.print(str(difference), style="red", markup=False, soft_wrap=True)
    if differences:
        raise typer.Exit(1)
