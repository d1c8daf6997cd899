"""A command starts without what serves notebooks, and misses nothing of it."""

import subprocess
import sys
from importlib import metadata

CODE = """
import sys
from autograder.base.lean_imports import import_lean
import_lean()
import jupytext, nbformat, nbgrader
from nbgrader.api import Gradebook
nbformat.validate(jupytext.reads("# %%\\nx = 1", "py:percent"))
servers = {"jupyter_server", "nbgrader.apps", "nbgrader.server_extensions", "arrow"}
print(nbgrader.__version__, *servers & sys.modules.keys())
"""


def test_packages_do_their_work_and_no_server_is_imported():
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [metadata.version("nbgrader")]
