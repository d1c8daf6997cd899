"""A command starts without what it does not need, and misses nothing of it."""

import subprocess
import sys
from importlib import metadata

import pytest

READS = """
import jupytext, nbformat, nbgrader
from nbgrader.api import Gradebook
nbformat.validate(jupytext.reads("# %%\\nx = 1", "py:percent"))
print(nbgrader.__version__)
"""
SETTLES = """
import nbgrader
from autograder.cli import choices, grading
from autograder.gradebook import marks
from autograder.grading import cache_keys, system_errors
from autograder.intake import misplaced, repair, roster, submissions
from autograder.sealed import template
print(nbgrader.__version__)
"""
ENDS = "print(*{names!r} & sys.modules.keys())"
SERVERS = {"jupyter_server", "nbgrader.apps", "nbgrader.server_extensions", "arrow"}
STEPS = {"nbconvert", "nbgrader.converters", "numpy", "IPython.core.interactiveshell"}


@pytest.mark.parametrize(
    ("code", "left_out"),
    [
        pytest.param(READS, SERVERS, id="servers"),
        pytest.param(SETTLES, SERVERS | STEPS, id="steps_where_nothing_is_graded"),
    ],
)
def test_what_is_needed_works_and_the_rest_is_not_imported(code, left_out):
    start = "import sys\nfrom autograder.base.lean_imports import import_lean\n"
    code = f"{start}import_lean()\n{code}{ENDS.format(names=left_out)}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [metadata.version("nbgrader")]
