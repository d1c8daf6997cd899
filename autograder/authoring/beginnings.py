"""Beginnings: what a released notebook says before anything in it can fail.

A notebook travels alone: into Colab, into an editor, into an empty folder. The first
lines of its folded cell `checking`, the first that runs, name the packages that are not
installed and the one command that brings them, do without sliders where there is
nothing to draw them, and fetch the lesson's data, or say where they are.
"""

import hashlib
import re
import sys
from urllib.parse import quote

import nbformat
from nbformat.v4 import new_code_cell

from autograder.authoring.data_files import data_files
from autograder.base.errors import WrongUse
from autograder.base.source_code import import_lines, imported_modules
from autograder.model.lesson import Lesson

FIRST = "checking"
"""The grade_id of the cell that runs first in each lesson."""
PACKAGES = {"sklearn": "scikit-learn", "keras": "tensorflow"}
"""Where what is installed has another name than what is imported."""
SLIDERS = "ipywidgets"
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
ABOUT = "# You need not read this: it says which packages are missing, if any."
NEEDED = """\
_needed = {needed}
_absent = " ".join(_needed[name] for name in _needed if not find_spec(name))
if _absent:
    raise ModuleNotFoundError(
        f"this lesson needs {{_absent}}; run `%pip install {{_absent}}` in a cell, "
        "then this one again"
    )"""
WITHOUT_SLIDERS = """\
if not find_spec("ipywidgets"):
    print("no sliders here, all else works; they need `%pip install ipywidgets`")
    sys.modules["ipywidgets"] = SimpleNamespace(
        Image=lambda **_: None, interact=lambda **_: lambda drawn: drawn
    )"""
FETCHED = """\
for _name, _sum in {sums}.items():
    if Path(_name).exists():
        continue
    if "REPOSITORY" not in globals():
        raise FileNotFoundError(
            f"found no {{_name}}, which comes in one folder with this notebook: put "
            "that folder's data/ beside it again, then run this cell again"
        )
    print(f"fetching {{REPOSITORY}}{{_name}}")
    _content = urlopen(REPOSITORY + _name).read()
    if sha256(_content).hexdigest() != _sum:
        raise ValueError(f"{{_name}}: what came is another file than expected")
    Path(_name).parent.mkdir(parents=True, exist_ok=True)
    Path(_name).write_bytes(_content)
    print(f"{{len(_content):,}} bytes, with the checksum that was expected")"""


def beginning(lesson: Lesson) -> str:
    """Return the lines that run before all others of a lesson."""
    statements = import_lines(c.source for c in lesson.cells if c.kind == "code")
    modules = {module.partition(".")[0] for module in imported_modules(statements)}
    outside = sorted(modules - sys.stdlib_module_names - {SLIDERS, "IPython"})
    by_package = {PACKAGES.get(module, module): module for module in outside}
    needed = {module: package for package, module in by_package.items()}
    imports, parts = ["from importlib.util import find_spec"], []
    parts.append(NEEDED.format(needed=_table(needed)))
    if SLIDERS in modules:
        imports += ["import sys", "from types import SimpleNamespace"]
        parts.append(WITHOUT_SLIDERS)
    if lesson.data:
        imports += ["from hashlib import sha256", "from pathlib import Path"]
        imports += ["from urllib.request import urlopen"]
        sums = {
            name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name, path in data_files(lesson).items()
            if path.suffix  # a licence is not read
        }
        parts.append(FETCHED.format(sums=_table(sums)))
    imports.sort(key=lambda line: line.startswith("from"))
    return "\n".join([ABOUT, *imports, "", *parts])


def _table(entries: dict[str, str]) -> str:
    rows = "".join(f'    "{key}": "{value}",\n' for key, value in entries.items())
    return f"{{\n{rows}}}"


def project_of(repository: str) -> str:
    """Return the owner and name of a project from its address.

    Raises
    ------
    WrongUse
        The address is none of a repository on GitHub.
    """
    match = GITHUB.fullmatch(repository)
    if not match:
        raise WrongUse(
            f"found the repository {repository!r}, expected an address such as "
            "https://github.com/<owner>/<name>."
        )
    return match[1]


def links(lesson: Lesson, project: str) -> list[str]:
    """Return where a lesson of a project can be worked on without installing it."""
    notebook = f"notebooks/{lesson.name}/{lesson.name}.ipynb"
    colab = "https://colab.research.google.com/github"
    place = f"{project}/main?labpath={quote(notebook, safe='')}"
    return [
        f"[Open in Colab]({colab}/{project}/blob/main/{notebook})",
        f"[Open in Binder](https://mybinder.org/v2/gh/{place})",
    ]


def in_repository(release: bytes, lesson: Lesson, project: str) -> bytes:
    """Return a release that knows where it is from: links, and where its data are.

    The address is in a cell of its own, so that locked cells are the same everywhere.
    """
    notebook = nbformat.reads(release.decode(), as_version=4)
    notebook.cells[0].source += f"\n\n{' · '.join(links(lesson, project))}"
    if lesson.data:
        raw = "https://raw.githubusercontent.com"
        address = f"{raw}/{project}/main/notebooks/{lesson.name}/"
        told = f'# Where the data of this lesson are.\nREPOSITORY = "{address}"'
        notebook.cells.insert(1, new_code_cell(told, id="repository"))
    return (nbformat.writes(notebook) + "\n").encode()
