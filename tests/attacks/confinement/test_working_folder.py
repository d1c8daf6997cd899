"""No file of the caller's folder, or of the class, is run outside of the sandbox."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest

from autograder.sealed.sandbox import spawn
from tests.attacks.arena import LESSON, Arena

pytestmark = [
    pytest.mark.patient,  # each starts a whole command, or several
    pytest.mark.xdist_group("working folder"),
    pytest.mark.skipif(
        not all(layer.active for layer in spawn.probe()),
        reason="without the sandbox a file beside a notebook runs as it likes",
    ),
]

ROOT = Path(__file__).parents[3]
NOTE = """
import os, sys
with open({note!r}, "a") as file:
    file.write(f"{{__file__}} in {{os.getpid()}} {{sys.argv[:1]}}\\n")
"""
"""What each of them does when it is run: leaves a note outside of every sandbox."""

MODULES = (
    "sklearn",
    "numpy",
    "pandas",
    "typer",
    "nbgrader",
    "socket",
    "json",
    "signal",
    "selectors",
    "multiprocessing",
    "IPython",
    "autograder",
)
"""Modules of libraries, of Python's own and of this project."""
START_UP = ("sitecustomize", "usercustomize", "nbgrader_config")
SETTINGS = ("jupyter_config", "jupyter_nbgrader_config", "ipython_config")
PROGRAM = Path(sys.executable).with_name("autograder")
FOREIGN = 'c = get_config()\nc.CourseDirectory.course_id = "odd"\n'


def planted(folder, note, names=(*MODULES, *START_UP, *SETTINGS)) -> None:
    """Put modules of these names into a folder, each as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.py").write_text(NOTE.format(note=str(note)), "utf-8")


@pytest.fixture
def course(tmp_path):
    """Make a course of others whose lesson imports scikit-learn, among others."""
    arena = Arena(tmp_path / "arena")
    folder = tmp_path / "course"
    shutil.copytree(arena.root / "build" / "source", folder / "source")
    shutil.copytree(arena.room / "submitted", folder / "submitted")
    (folder / "nbgrader_config.py").write_text(FOREIGN, "utf-8")
    path = folder / "source" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (imports,) = [cell for cell in notebook.cells if cell.id == "imports"]
    imports.source += "\nimport pandas as pd\nimport sklearn"
    nbformat.write(notebook, path)
    return folder


def _run(command: list, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.stdout + done.stderr


STARTS = {
    "the program": lambda course: [PROGRAM, "grade", "--course", course],
    "the module": lambda course: [
        sys.executable, "-P", "-m", "autograder", "grade", "--course", course,
    ],
    "the tests of a course": lambda course: [PROGRAM, "tests", "--course", course],
    "the feedback": lambda course: [PROGRAM, "feedback", "--course", course],
    "the report": lambda course: [PROGRAM, "report", "--course", course],
    "the doctor": lambda course: [PROGRAM, "doctor"],
    "the table": lambda course: [PROGRAM, "show", "--course", course],
}  # fmt: skip


@pytest.mark.parametrize("start", STARTS)
def test_no_module_of_the_working_folder_is_imported(start, course, tmp_path):
    here, note = tmp_path / "here", tmp_path / "note"
    planted(here, note)
    _run(STARTS[start](course), here)
    assert not note.exists(), note.read_text()


@pytest.mark.parametrize("module", ["sklearn", "socket", "nbgrader_config"])
def test_no_module_of_this_name_is_imported(module, course, tmp_path):
    here, note = tmp_path / "here", tmp_path / "note"
    planted(here, note, (module,))
    told = _run([PROGRAM, "grade", "--course", course], here)
    assert not note.exists(), note.read_text()
    assert "1 graded" in told


@pytest.mark.parametrize(
    "place",
    [
        f"submitted/a_classmate/{LESSON}",
        "source",
    ],
)
def test_no_module_of_the_class_is_imported_when_called_from_there(
    place, course, tmp_path
):
    note = tmp_path / "note"
    planted(course / place, note)
    _run([PROGRAM, "grade", "--course", course], course / place)
    assert not note.exists(), note.read_text()


def test_no_module_of_a_submission_is_imported_outside_of_its_sandbox(course, tmp_path):
    note = tmp_path / "note"
    planted(course / "submitted" / "a_classmate" / LESSON, note)
    told = _run([PROGRAM, "grade", "--course", course], tmp_path)
    assert not note.exists(), note.read_text()
    assert "1 graded" in told


@pytest.mark.parametrize("module", ["numpy", "sitecustomize"])
def test_a_package_of_the_working_folder_is_not_imported(module, course, tmp_path):
    here, note = tmp_path / "here", tmp_path / "note"
    planted(here / module, note, ("__init__",))
    _run([PROGRAM, "grade", "--course", course], here)
    assert not note.exists(), note.read_text()


@pytest.mark.cluster
def test_workers_of_a_cluster_import_nothing_of_the_working_folder(course, tmp_path):
    pytest.importorskip("distributed")
    here, note = tmp_path / "here", tmp_path / "note"
    planted(here, note)
    _run([PROGRAM, "grade", "--course", course, "--cluster", "local:1"], here)
    assert not note.exists(), note.read_text()


@pytest.mark.patient
def test_a_watch_imports_nothing_of_the_working_folder(course, tmp_path):
    here, note = tmp_path / "here", tmp_path / "note"
    planted(here, note)
    (course / "watch.toml").write_text("still_s = 0\n", "utf-8")
    order = [PROGRAM, "watch", "--course", course]
    with subprocess.Popen(order, cwd=here, stdout=subprocess.PIPE, text=True) as watch:
        told = next((line for line in watch.stdout if "a_classmate" in line), "")
        watch.send_signal(signal.SIGTERM)
    assert "10 of 11" in told
    assert not note.exists(), note.read_text()


def test_figures_do_not_depend_on_settings_of_the_working_folder(course, tmp_path):
    """matplotlib takes `matplotlibrc` from where it is started."""
    code = "import matplotlib; print('LINES', matplotlib.rcParams['lines.linewidth'])"
    here = tmp_path / "here"
    here.mkdir()
    (here / "matplotlibrc").write_text("lines.linewidth: 17\n")
    template = f"""
        from autograder.sealed import template
        import multiprocessing

        def told():
            {code}

        if __name__ == "__main__":
            template.start(["matplotlib"])
            process = multiprocessing.get_context("forkserver").Process(target=told)
            process.start()
            process.join()
            template.stop()
        """
    path = tmp_path / "told.py"
    path.write_text(textwrap.dedent(template), "utf-8")
    told = _run([sys.executable, path], here, PYTHONPATH=str(ROOT))
    assert "LINES" in told, told
    assert "LINES 17" not in told
