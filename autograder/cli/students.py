"""Commands for students and self-learners."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import DownloadColumn

from autograder.base.errors import WrongUse
from autograder.cli.options import Repository
from autograder.cli.terminal import err, out, progress_bar, say
from autograder.sealed.limits import NotebookLimits

commands = typer.Typer()
command = partial(commands.command, rich_help_panel="Students and self-learners")


@command(epilog="Example: autograder check 01 --hint 1")
def check(
    notebook: Annotated[
        Path, typer.Argument(help="A lesson's notebook, or the lesson, such as 01.")
    ],
    hint: Annotated[
        int,
        typer.Option(min=0, max=3, help="Show hints up to this level, 1 to 3."),
    ] = 0,
    all_tests: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Hidden tests, too, where the lessons are; names mistakes.",
        ),
    ] = False,
) -> None:
    """Run the visible checks of a notebook, as a student may before handing in."""
    from autograder.cli.own_work import say_points, say_report
    from autograder.publish.self_check import check as check_visible
    from autograder.publish.self_check import notebook_called

    notebook = notebook_called(notebook)
    if all_tests:
        if sys.platform != "linux":
            raise WrongUse(
                f"found {sys.platform}, expected Linux for --all, or the Windows "
                "Subsystem for Linux: hidden tests run in a sandbox; leave out --all."
            )
        from autograder.publish.own_work import check_all

        report, step = check_all(notebook, NotebookLimits())
        say_report(report, hint)
        say_points(report, step)
    else:
        report = check_visible(notebook, NotebookLimits())
        say_report(report, hint)
        out.print(
            f"{report.passed} of {report.visible} visible checks pass; "
            f"{report.hidden} hidden checks run at grading"
        )
        if not report.is_sealed:
            say("There is no sandbox here: the notebook ran as in Jupyter.")
    if report.passed < report.visible:
        raise typer.Exit(1)


@command(epilog="Example: autograder progress")
def progress() -> None:
    """Say how far you have come in each lesson, and what to do next."""
    from autograder.cli.own_work import next_step, table_of
    from autograder.publish.own_work import steps

    found = steps()
    out.print(table_of(found))
    say(next_step(found))


@command(epilog="Example: autograder data fashion-mnist")
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
    from autograder.publish import datasets

    failed = []
    for name in names or datasets.SETS:
        with progress_bar(DownloadColumn()) as progress:
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


@command(epilog="Example: autograder site --to pages")
def site(
    to: Annotated[
        Path | None, typer.Option(help="Folder of the pages; build/site/ if none.")
    ] = None,
    repository: Repository = None,
) -> None:
    """Build the site for self-learners; needs no network."""
    from autograder.base.paths import ROOT
    from autograder.publish.site import build_site

    folder = to or ROOT / "build" / "site"
    build_site(folder, repository)
    if not repository:
        out.print(
            "no --repository was given: lessons have no links to Colab and Binder",
            soft_wrap=True,
        )
    out.print(f"{folder / 'index.html'}", soft_wrap=True)
