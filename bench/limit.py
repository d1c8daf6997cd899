"""The limit: how long tests and answers take when nothing else is done.

Run as a program: imports what the lessons import, makes one plain IPython shell, and
runs each notebook's tests and answers, with what they need, in a fork, one on each core
at a time. No sandbox, no protocol, no repair, no nbgrader; figures are drawn as a
kernel draws them.
"""

import importlib
import json
import os
import shutil
import sys
import tempfile
import time

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

INLINE = "module://matplotlib_inline.backend_inline"


def seconds_for(notebooks: list[list[str]], cores: int) -> float:
    """Run all notebooks, `cores` at a time; return the seconds by the clock."""
    running = 0
    began = time.perf_counter()
    for cells in notebooks:
        if running == cores:
            os.wait()
            running -= 1
        if os.fork() == 0:
            _run_and_exit(cells)
        running += 1
    for _ in range(running):
        os.wait()
    return time.perf_counter() - began


def warm_shell(modules: list[str]) -> InteractiveShell:
    """Import modules and return a shell that shows figures as a kernel does."""
    for module in modules:
        importlib.import_module(module)
    # As warm as the template of the grader: caches of fonts and of IPython are full.
    importlib.import_module("autograder.sealed.warm")
    shell = InteractiveShell.instance(config=_without_history())
    shell.display_pub = CapturingDisplayPublisher(parent=shell)
    if "matplotlib.pyplot" in sys.modules:
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib(INLINE)
        configure_inline_support(shell, INLINE)
    return shell


def _without_history() -> Config:
    config = Config()
    config.HistoryManager.enabled = False
    return config


def _run_and_exit(cells: list[str]) -> None:
    """Run cells in this process, unheard, and end it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    shell = InteractiveShell.instance()
    for source in cells:
        shell.run_cell(source, store_history=True)
    os._exit(0)


def main() -> None:
    """Read work from standard input as JSON; write the seconds."""
    work = json.load(sys.stdin)
    warm_shell(work["modules"])
    with tempfile.TemporaryDirectory() as folder:
        for lesson in work["lessons"]:  # the data that they read
            shutil.copytree(lesson, folder, dirs_exist_ok=True)
        os.chdir(folder)
        seconds = seconds_for(work["notebooks"], work["cores"])
    sys.stdout.write(f"{seconds}\n")


if __name__ == "__main__":
    main()
