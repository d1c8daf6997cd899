"""No module is taken from a command's folder, and none that it does not need."""

import os
import subprocess
import sys
from importlib import metadata

import pytest

from autograder.base.import_path import safe_environment, without_working_folder
from autograder.base.paths import PACKAGE

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
OWN_RULE = """
import nbgrader
class Late(nbgrader.plugins.BasePlugin): pass
print(nbgrader.__version__, *[n for n in ["__wrapped__"] if hasattr(nbgrader, n)])
"""
GRADES = """
import nbgrader
from autograder.cli import choices, grading
from autograder.grading import grader
print(nbgrader.__version__)
"""
SHOWS = """
import nbgrader
from nbconvert import preprocessors
from nbgrader.converters import Autograde, GenerateFeedback, autograde
from nbgrader.preprocessors import GetGrades
from nbgrader.auth import JupyterHubAuthPlugin
from nbgrader.converters import *
assert GenerateSolution is nbgrader.converters.GenerateSolution
assert autograde.Autograde is Autograde is nbgrader.converters.Autograde
assert GenerateFeedback().exporter_class(preprocessors=[preprocessors.Preprocessor])
print(nbgrader.__version__)
"""
UNPACKS = """
import nbgrader, os, zipfile
from nbgrader.utils import unzip
with zipfile.ZipFile("a.zip", "w") as archive: archive.writestr("notes.txt", "x")
for _ in range(2): unzip("a.zip", ".", create_own_folder=True)
assert os.listdir("a") == ["notes.txt"]
print(nbgrader.__version__)
"""
ENDS = "print(*{names!r} & sys.modules.keys())"
SERVERS = {"jupyter_server", "nbgrader.apps", "nbgrader.server_extensions", "arrow"}
PAGES = {"bleach", "bs4", "mistune", "nbconvert.filters", "nbconvert.exporters.html"}
OTHERS = {"setuptools", "requests", "alembic", "jupytext"}
STEPS = {
    "nbconvert.utils",
    "nbgrader.converters.base",
    "numpy",
    "IPython.core.interactiveshell",
}


def test_the_working_folder_is_left_out_under_all_its_names(tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    names = ["", ".", "lib", str(tmp_path), str(tmp_path / "link"), "/usr/lib/python3"]
    assert without_working_folder(names) == ["/usr/lib/python3", str(PACKAGE.parent)]


def test_this_package_comes_last_where_it_is_in_the_working_folder(monkeypatch):
    monkeypatch.chdir(PACKAGE.parent)
    entries = [str(PACKAGE.parent), "/libraries"]
    assert without_working_folder(entries) == ["/libraries", str(PACKAGE.parent)]


@pytest.mark.parametrize("named", ["", ":/lib", "lib:/lib", ".:/lib"])
def test_an_empty_or_relative_entry_of_pythonpath_is_not_passed_on(named, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", named)
    assert safe_environment().get("PYTHONPATH", "/lib") == "/lib"


@pytest.mark.parametrize("module", ["pathlib", "typer", "numpy"])
def test_the_module_started_as_a_program_takes_nothing_from_there(module, tmp_path):
    path = tmp_path / f"{module}.py"
    path.write_text("raise SystemExit('taken')")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONSAFEPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "--version"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("autograder "), done.stderr


@pytest.mark.parametrize(
    ("code", "left_out"),
    [
        pytest.param(READS, SERVERS, id="servers"),
        pytest.param(OWN_RULE, SERVERS, id="a_rule_of_a_course"),
        pytest.param(GRADES, SERVERS | PAGES | OTHERS, id="pages_where_marks_are_made"),
        pytest.param(SHOWS, SERVERS, id="pages"),
        pytest.param(UNPACKS, SERVERS, id="what_is_called_unpacks"),
        pytest.param(SETTLES, SERVERS | STEPS, id="steps_where_nothing_is_graded"),
    ],
)
def test_what_is_needed_works_and_the_rest_is_not_imported(code, left_out, tmp_path):
    start = "import sys\nfrom autograder.base.import_path import import_lean\n"
    code = f"{start}import_lean()\n{code}{ENDS.format(names=left_out)}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [metadata.version("nbgrader")]


def test_a_computer_without_nbgrader_needs_none():
    code = "import sys; sys.modules['nbgrader'] = None\n"
    code += "from autograder.base.import_path import import_lean; import_lean()\n"
    code += "from nbconvert.exporters import NotebookExporter; print('there')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "there\n"
