"""The command line: parse, call, print."""

import atexit
import gc
import logging
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperOption

from autograder import __version__
from autograder.base.errors import AutograderError, WrongUse
from autograder.base.import_path import import_lean, leave_working_folder_out
from autograder.base.names import HarmlessLogRecord
from autograder.base.paths import PACKAGE
from autograder.cli import (
    authors,
    class_members,
    grading,
    instructors,
    marking,
    outcomes,
    students,
)
from autograder.cli.terminal import err, out

_told = TyperOption.display_type_rich
# An option that takes no value has none to name; typer writes <bool> beside it.
TyperOption.display_type_rich = lambda option, ctx: (
    None if option.is_flag else _told(option, ctx)
)
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    # No frames: they hide the last line, and a gradebook's address may hold a password.
    pretty_exceptions_enable=False,
)
for audience in (
    students,  # in the order of a week, which is that of the help
    class_members,
    instructors,
    grading,
    marking,
    outcomes,
    authors,
):
    app.add_typer(audience.commands)

GARBAGE_AT = 50_000
"""Objects that are made before garbage is looked for. Python's own 700 would have all
that commands import looked through over and over, for a tenth of a class's time."""
EXTRAS = {
    "pandas": "report",
    "matplotlib": "report",
    "plotnine": "report",
    "sklearn": "report",
    "pooch": "lessons",
    "myst_parser": "site",
    "sphinx": "site",
}
"""What commands import that the grader itself does without, and what brings it."""


def _say_version(is_asked_for: bool) -> None:
    if is_asked_for:
        out.print(f"autograder {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Say which version this is.",
            is_eager=True,
            callback=_say_version,
        ),
    ] = False,
) -> None:
    """Neuron by Neuron: lessons, their proof, and a grader that can be trusted."""


def main() -> None:
    """Run the command; errors are one message, and exit status 2."""
    try:
        leave_working_folder_out()
    except FileNotFoundError:
        told = "found no working folder, it was deleted; `cd` to one that is there."
        err.print(told, style="red", markup=False, soft_wrap=True)
        raise SystemExit(2) from None
    logging.disable(logging.WARNING)
    logging.setLogRecordFactory(HarmlessLogRecord)
    warnings.filterwarnings("ignore", module="nbgrader")  # about its own future
    import_lean()
    gc.set_threshold(GARBAGE_AT)
    # Python would look all of it through for garbage once more, in a third of a second.
    atexit.register(gc.freeze)
    try:
        app()
    except AutograderError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise SystemExit(2 if isinstance(error, WrongUse) else 1) from None
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        todo = (
            "`make dev` sets up all that commands need"
            if (PACKAGE.parent / "Makefile").is_file()
            else f"install what the extra [{extra}] of autograder lists, as in "
            f"`pip install 'autograder-VERSION-py3-none-any.whl[{extra}]'`"
        )
        told = f"found no package {error.name}, which this command needs; {todo}."
        err.print(told, style="red", markup=False, soft_wrap=True)
        raise SystemExit(1) from None
    except OSError as error:
        from autograder.grading.system_errors import refusal, root_of  # slow to import

        cause = root_of(error)
        if cause is None and not _is_of_an_argument(error.filename):
            raise
        told = (
            refusal(cause, Path.cwd())
            if cause
            else f"{error.filename}: {error.strerror}; look for a mistake in the path."
        )
        err.print(told, style="red", markup=False, soft_wrap=True)
        raise SystemExit(1 if cause else 2) from None


def _is_of_an_argument(name: object) -> bool:
    """Whether a file is one that the command was given, or lies above or below it."""
    if not isinstance(name, str | Path):
        return False
    path = Path(name).absolute()
    given = [Path(text).absolute() for text in sys.argv[1:]]
    return any(path.is_relative_to(g) or g.is_relative_to(path) for g in given)
