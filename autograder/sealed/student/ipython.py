"""IPython as a kernel sets it up, without the kernel."""

from __future__ import annotations

import ast
import builtins
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import CodeType

from comm.base_comm import BaseComm
from IPython.core.autocall import ZMQExitAutocall
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.page import as_hook
from traitlets import Bool, Instance, Type, default
from traitlets.config import Config

from autograder.sealed.student.compiled_cells import code_of, file_of, tree_of_leaves
from autograder.sealed.student.interrupts import held_back, let_in
from autograder.sealed.student.shortcuts import CellReader, note_cell, remember_colours
from autograder.sealed.student.streams import Outlet, plain

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


class ExitRefusedError(RuntimeError):
    """A cell called `exit()` or `quit()`, which would end a real kernel."""


class _CellCompiler(CachingCompiler):
    """Name cells as ipykernel does.

    The name is seen in warnings and decides how tracebacks are written: over
    `<ipython-input-...>`, its own kind of name, IPython takes ten times longer.
    """

    known = b""
    """The next cell, if it is compiled already; see `compiled_cells`."""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        name = file_of(raw_code, os.getpid())
        note_cell(name)
        return name

    def ast_parse(
        self, source: str, filename: str = "<unknown>", symbol: str = "exec"
    ) -> ast.AST:
        known, self.known = self.known, b""
        tree = tree_of_leaves(known, filename) if known else None
        return tree or super().ast_parse(source, filename, symbol)

    def __call__(
        self, source: object, filename: str, symbol: str, **options: object
    ) -> CodeType:
        known = code_of(source)
        return known or super().__call__(source, filename, symbol, **options)


class _Results(DisplayHook):
    """Show the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """Write nothing: the number travels with the output."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        self.shell.outlet.send(
            {
                "output_type": "execute_result",
                "execution_count": self.prompt_count,
                "data": plain(format_dict),
                "metadata": plain(md_dict or {}),
            }
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Displays(DisplayPublisher):
    """Show what `display()` and `clear_output()` are asked for."""

    def publish(
        self,
        data: dict,
        metadata: dict | None = None,
        *,
        transient: dict | None = None,
        update: bool = False,
        **ignored: object,
    ) -> None:
        self._validate_data(data, metadata)
        output = {
            "output_type": "update_display_data" if update else "display_data",
            "data": plain(data),
            "metadata": plain(metadata or {}),
        }
        if transient:
            output["transient"] = plain(transient)
        self.shell.outlet.send(output)

    def clear_output(self, wait: bool = False) -> None:
        if not self.shell.widget_is_open:
            self.shell.outlet.send({"output_type": "clear_output", "wait": bool(wait)})


class ZMQInteractiveShell(InteractiveShell):
    """IPython as a kernel sets it up, without the kernel.

    The name is ipykernel's because libraries (rich, pandas) know a notebook by it.
    """

    outlet = Instance(Outlet)
    shown_errors = Instance(list, ())
    widget_is_open = Bool(False)
    compiler_class = Type(_CellCompiler)
    input_transformer_manager = Instance(CellReader, ())
    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)
    exiter = Instance(ZMQExitAutocall)

    @default("exiter")
    def _default_exiter(self) -> ZMQExitAutocall:
        return ZMQExitAutocall(self)

    def init_profile_dir(self, profile_dir: object) -> None:
        """Have no profile folder; a dict stands in for the database kept there."""
        self.db = {}

    def init_virtualenv(self) -> None:
        """Leave `sys.path` as the parent process prepared it."""

    def init_environment(self) -> None:
        """Set what a kernel sets for system commands, and keep pip off the network."""
        os.environ.update(
            MPLBACKEND=INLINE_BACKEND,
            TERM="xterm-color",
            CLICOLOR="1",
            CLICOLOR_FORCE="1",
            FORCE_COLOR="1",
            PAGER="cat",
            GIT_PAGER="cat",
            PIP_NO_INDEX="1",
        )

    def init_hooks(self) -> None:
        """Drop what `name?` shows: a notebook file has no place for the pager."""
        super().init_hooks()
        self.set_hook("show_in_pager", as_hook(lambda *page, **options: None), 99)

    def init_magics(self) -> None:
        """Let the magics that install packages say that they do not."""
        super().init_magics()
        for name in ("pip", "conda", "mamba", "micromamba", "uv"):
            self.register_magic_function(_refuse_to_install, magic_name=name)

    def enable_gui(self, gui: str | None = None) -> None:
        """Ignore a window toolkit: nobody looks at its windows."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str | None, str]:
        """Draw inline, whatever was asked for: only that leaves a picture behind."""
        return super().enable_matplotlib("inline")

    def ask_exit(self) -> None:
        """Refuse to end the process.

        Raises
        ------
        ExitRefusedError
            Always.
        """
        raise ExitRefusedError(
            "exit() and quit() are not available while a notebook is graded: remove "
            "the call. In Jupyter it stops the kernel, and no later cell runs."
        )

    def system(self, cmd: str) -> None:
        """Run a shell command; what it prints is printed here, line by line.

        Raises
        ------
        OSError
            The command asks to stay in the background.
        """
        if cmd.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        with (
            held_back(),  # until there is a process that can be ended
            subprocess.Popen(  # noqa: S602 - the student's own command, sandboxed
                self.var_expand(cmd, depth=1),
                shell=True,
                executable=shutil.which("bash"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as process,
        ):
            try:
                with let_in():
                    for line in process.stdout:
                        sys.stdout.write(line.decode("utf-8", "replace"))
                    process.wait()
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        status = process.returncode
        self.user_ns["_exit_code"] = 128 - status if status > 128 else status
        if self.system_raise_on_error and status:
            raise subprocess.CalledProcessError(status, cmd)

    def _format_exception_for_storage(self, *_: object, **__: object) -> dict:
        """Keep no second traceback, for a history that nobody reads."""
        return {}

    def _showtraceback(self, etype: type, evalue: object, stb: list[str]) -> None:
        self.shown_errors.append(etype)
        self.outlet.send(error_output(etype, evalue, stb))


class WidgetComm(BaseComm):
    """Connect a widget to nobody.

    It poses as its own kernel so that an `Output` widget says when it opens: the
    cell shows what runs inside, but is not cleared for it.
    """

    @property
    def kernel(self) -> WidgetComm:
        """Whom an `Output` widget asks for the request that it serves."""
        return self

    def get_parent(self) -> dict:
        """Return a request that is good enough for a widget."""
        return {"header": {"msg_id": "cell"}}

    def publish_msg(
        self, msg_type: str, data: dict | None = None, *rest: object, **more: object
    ) -> None:
        """Send nothing; note when an `Output` widget opens or closes."""
        state = (data or {}).get("state", {})
        if "msg_id" in state:
            shell = ZMQInteractiveShell.instance()
            shell.widget_is_open = bool(state["msg_id"])


_prepared: list[ZMQInteractiveShell] = []


def prepare_shell() -> None:
    """Make the shell that each fork of this process may take: that is slow.

    What it puts where the whole process finds it is taken away again, since not every
    fork is a student's.
    """
    if _prepared:
        return
    remember_colours()
    main, names = sys.modules["__main__"], set(os.environ)
    known = set(vars(builtins))
    # Any folder that is there: its own would be made in the home of who grades.
    made = ZMQInteractiveShell(config=_configuration(), ipython_dir=os.sep)
    _prepared.append(made)
    made.display_formatter.format("")  # what shows values is made when it first does
    made.transform_cell("0")  # so is what reads cells
    sys.modules["__main__"] = main
    # Names alone: a copy of all values would stay in the memory of each fork.
    for name in set(os.environ) - names:
        del os.environ[name]
    for name in set(vars(builtins)) - known:
        delattr(builtins, name)


def take_shell(outlet: Outlet) -> ZMQInteractiveShell:
    """Make this process, in its current folder, that of a shell; once a process."""
    prepare_shell()
    shell = _prepared.pop()
    shell.outlet = outlet
    shell.ipython_dir = shell.starting_dir = os.getcwd()
    shell.history_manager.dir_hist[:] = [Path.cwd()]
    shell.raw_input_original = builtins.input
    shell.init_environment()
    shell.init_sys_modules()
    shell.init_builtins()
    # As `instance()` does when it makes one.
    InteractiveShell._instance = ZMQInteractiveShell._instance = shell
    return shell


def _configuration() -> Config:
    """Return IPython's options: nothing that is kept on disk or helps typing."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.Completer.use_jedi = False
    return config


def error_output(etype: type, evalue: object, lines: list[str]) -> dict:
    """Return the nbformat output of an exception."""
    try:
        message = str(evalue)
    except Exception:  # an exception class of the student may fail even at this
        message = "<exception str() failed>"
    return plain(
        {
            "output_type": "error",
            "ename": etype.__name__,
            "evalue": message,
            "traceback": lines,
        }
    )


def _refuse_to_install(line: str) -> None:
    """Say that nothing is installed while a notebook is graded."""
    sys.stderr.write(
        f"Nothing was installed ({line}): a graded notebook uses the packages of the "
        "course. Tell your instructor if one is missing.\n"
    )
