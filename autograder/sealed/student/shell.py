"""Run notebook cells in this process with the outputs that a Jupyter kernel gives.

The student process makes one `Shell` after the fork. Outputs leave through `emit`
while a cell runs, as dicts of nbformat 4 (`stream`, `display_data`,
`execute_result`, `error`), ready for JSON. As with a kernel, three things are left to
the receiver:

- consecutive `stream` outputs of one name are pieces of one text: join them;
- an output with a `transient` entry carries its `display_id` there: keep the id, drop
  the entry. `update_display_data` has the same form and is no output of its own: it
  replaces `data` and `metadata` of every earlier output of that id, in any cell;
- `{"output_type": "clear_output", "wait": bool}` empties the cell's outputs, at once
  or, with `wait`, when its next output comes.

What differs from a kernel, on purpose: `input()`, `getpass()` and the installing of
packages are refused; `exit()` is an error of its cell; what runs inside a widget is
shown in the cell; system commands (`!`) write into a pipe, not a terminal, and so
into the `stdout` stream. What is written to the file descriptors 1 and 2 past
`sys.stdout` (by C code, `subprocess.run`, forked processes) is not seen here: whoever
holds their other end reads it.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import importlib
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path

import comm
from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult
from IPython.core.ultratb import AutoFormattedTB

from autograder.sealed.student.ipython import (
    INLINE_BACKEND,
    WidgetComm,
    ZMQInteractiveShell,
    error_output,
    prepare_shell,
    take_shell,
)
from autograder.sealed.student.streams import Outlet, TextStream

_NEEDED_SOON = (
    "application",
    "completer",
    "completerlib",
    "history",
    "logger",
    "magics.execution",
    "oinspect",
    "pylabtools",
)
"""Modules of `IPython.core` that it imports only when a shell is there."""


class Shell:
    """IPython in a freshly forked process, without kernel, ZMQ or threads.

    Parameters
    ----------
    working_folder
        Folder of the notebook; becomes the current directory.
    emit
        Gets each output while the cell runs. It is called only inside `run_cell` and
        `capturing`, and only from the thread that made the shell.

    Notes
    -----
    One a process: the standard streams, `input`, `__main__` and the handler of
    interrupts are replaced for good. Outside `run_cell` and `capturing` interrupts are
    ignored, and a process that a cell forked ends with its cell.
    """

    def __init__(self, working_folder: Path, emit: Callable[[dict], None]) -> None:
        os.chdir(working_folder)
        _look_for_modules_here()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._outlet = Outlet(emit)
        sys.stdin = io.StringIO()
        sys.stdout = TextStream("stdout", 1, self._outlet)
        sys.stderr = TextStream("stderr", 2, self._outlet)
        builtins.input = getpass.getpass = _refuse_input
        comm.create_comm = WidgetComm
        self._shell = take_shell(self._outlet)
        _show_figures_inline(self._shell)

    @property
    def namespace(self) -> dict[str, object]:
        """The notebook's variables, the dict of the module `__main__`."""
        return self._shell.user_ns

    @property
    def execution_count(self) -> int:
        """Number of the cell that ran last; 0 before the first."""
        return self._shell.execution_count - 1

    def run_cell(self, source: str, known: bytes = b"") -> str:
        """Run one cell and return "ok", "error" or "interrupted".

        A cell that shows an `error` output is never "ok".

        Parameters
        ----------
        known
            The same cell as code, if it is compiled already; see `compiled_cells`.
        """
        problems = self._shell.shown_errors
        problems.clear()
        with self._outlet.turn():
            try:
                result = self._finish(self._run(source, known))
                found = result.error_before_exec, result.error_in_exec
                problems += [type(error) for error in found if error is not None]
            except BaseException as error:
                if not problems:
                    lines = traceback.format_exception(error)
                    self._outlet.send(error_output(type(error), error, lines))
                problems.append(type(error))
        if any(issubclass(problem, KeyboardInterrupt) for problem in problems):
            return "interrupted"
        return "error" if problems else "ok"

    @contextmanager
    def capturing(self) -> Iterator[None]:
        """Show what is printed or displayed in the block, as if in a cell.

        Figures that the block opens and does not display are closed unseen: a test
        that calls a plotting function looks at the figure, its reader need not.
        """
        opened_before = _open_figures()
        with self._outlet.turn(), self._shell.builtin_trap:
            try:
                yield
            finally:
                for number in _open_figures() - opened_before:
                    sys.modules["matplotlib.pyplot"].close(number)

    async def _run(self, source: str, known: bytes) -> ExecutionResult:
        shell, transformed, refusal, result = self._shell, source, None, None
        try:
            transformed = shell.transform_cell(source)
        except Exception:  # the student's input transformer, or a syntax error
            refusal = sys.exc_info()
        shell.compile.known = (
            known if self._runs_as_written(source, transformed) else b""
        )
        try:
            result = await shell.run_cell_async(
                source,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=refusal,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _runs_as_written(self, source: str, transformed: str) -> bool:
        """Whether IPython was told nothing that changes what cells are made of."""
        shell = self._shell
        return (
            transformed.removesuffix("\n") == source.removesuffix("\n")
            and not shell.ast_transformers
            and shell.ast_node_interactivity == "last_expr"
            and shell.compile.flags == shell.compiler_class().flags
        )

    def _finish(self, cell: Coroutine) -> ExecutionResult:
        """Run a cell inside an event loop, where a kernel runs every cell."""
        loop = get_asyncio_loop()
        task = loop.create_task(cell)
        try:
            return loop.run_until_complete(task)
        except BaseException:
            # The cell learns where it was stopped, and must not go on in the next.
            task.cancel()
            loop.run_until_complete(asyncio.wait([task], timeout=1))
            raise


def warm_up() -> None:
    """Do what making a shell, its first cell and its first error would wait for.

    For the process that student processes are forked from, before it forks. Starts no
    thread. The inline backend is prepared if pyplot was imported.
    """
    prepare_shell()
    for module in _NEEDED_SOON:
        importlib.import_module(f"IPython.core.{module}")
    importlib.import_module("bdb")  # IPython asks for it when a cell runs
    try:
        raise RuntimeError
    except RuntimeError as error:
        formatter = AutoFormattedTB(mode="Context", theme_name="neutral")
        formatter.structured_traceback(type(error), error, error.__traceback__)
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib.backends.registry import backend_registry

        importlib.import_module("matplotlib_inline.backend_inline")
        backend_registry.is_valid_backend(INLINE_BACKEND)  # reads all entry points


def _look_for_modules_here() -> None:
    """Put the current directory where a kernel has it, after the standard library."""
    if "" not in sys.path:
        folders = [Path(entry).name for entry in sys.path]
        packages = "site-packages"
        sys.path.insert(folders.index(packages) if packages in folders else 0, "")


def _show_figures_inline(shell: ZMQInteractiveShell) -> None:
    """Select the inline backend, also where MPLBACKEND comes too late."""
    if {"matplotlib.pyplot", "matplotlib_inline.backend_inline"} & sys.modules.keys():
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib(INLINE_BACKEND)
        configure_inline_support(shell, INLINE_BACKEND)
    elif "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = INLINE_BACKEND


def _open_figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def _refuse_input(*prompt: object, **options: object) -> None:
    """Stand in for `input` and `getpass.getpass`."""
    raise StdinNotImplementedError(
        "input() is not available while a notebook is graded: "
        "assign the value in the cell"
    )
