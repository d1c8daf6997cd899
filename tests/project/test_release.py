"""What a release is made of: a grader without lessons, and an archive with them."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from datetime import date
from email import message_from_string
from pathlib import Path

import pytest

import autograder
from autograder.base import paths
from autograder.base.errors import EngineError
from autograder.base.paths import ROOT
from autograder.base.source_code import import_lines, imported_modules
from autograder.model.lesson_reader import lesson_paths
from autograder.sealed.engine import Engine
from autograder.sealed.limits import NotebookLimits
from tests.support.other_course import SOLUTION, SQUARES, cell, hand_in, make, records
from tests.support.small_course import LESSON, NAME, write_source

NOT_IN_GIT = shutil.ignore_patterns(
    ".*", "build", "classroom", "full", "__pycache__", "*.egg-info"
)
BUILD = "import sys; from setuptools import build_meta as b; b.build_{}(sys.argv[1])"
DISTRIBUTIONS = {"sklearn": "scikit-learn", "keras": "tensorflow", "scipy": ""}
"""Where modules have other names; SciPy comes with scikit-learn."""
ABSENT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
"""
# One build for all of them.
pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.patient]


def run(arguments: list[str], cwd: Path, **places: str) -> subprocess.CompletedProcess:
    """Run Python with nothing of this checkout in its way."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=cwd,
        env=kept | places,
        capture_output=True,
        text=True,
    )


def files(folder: Path) -> set[Path]:
    """Return the files of a folder by their path in it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {p.relative_to(folder) for p in found if "__pycache__" not in p.parts}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Build the source archive, unpack it, and build the wheel of that."""
    room = tmp_path_factory.mktemp("release")
    shutil.copytree(ROOT, room / "checkout", ignore=NOT_IN_GIT)
    made = run(["-c", BUILD.format("sdist"), str(room)], room / "checkout")
    assert made.returncode == 0, made.stderr
    (archive,) = room.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(room, filter="data")
    made = run(["-c", BUILD.format("wheel"), str(room)], _unpacked(room))
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(next(room.glob("*.whl"))) as packed:
        packed.extractall(room / "installed")
    return room


def _unpacked(room: Path) -> Path:
    return next(room.glob("autograder-*/"))


@pytest.fixture(scope="module")
def wheel(release):
    """Return the folder of the unpacked wheel, as if it was installed."""
    return release / "installed"


@pytest.fixture(scope="module")
def slim(wheel, tmp_path_factory):
    """Return where Python finds the wheel, and no package of the extras."""
    names = ["pandas", "matplotlib", "plotnine", "sklearn", "scipy", "tensorflow"]
    folder = tmp_path_factory.mktemp("slim")
    (folder / "sitecustomize.py").write_text(ABSENT.format(names=names))
    return f"{folder}{os.pathsep}{wheel}"


@pytest.fixture(scope="module")
def about(wheel):
    """Return what the wheel says of itself."""
    return message_from_string(next(wheel.glob("*/METADATA")).read_text("utf-8"))


def test_the_version_is_the_same_everywhere(about, wheel, tmp_path):
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version, day = re.search(r"^## (\d.+) \((.+)\)$", changes, re.MULTILINE).groups()
    assert date.fromisoformat(day)
    assert version == autograder.__version__ == about["Version"]
    said = run(["-m", "autograder", "--version"], tmp_path, PYTHONPATH=str(wheel))
    assert said.stdout == f"autograder {version}\n"


def test_the_wheel_holds_the_grader_and_nothing_of_the_lessons(wheel):
    lessons = {"source", "mistakes"}
    package = {p for p in files(ROOT / "autograder") if p.parts[0] not in lessons}
    assert {path.suffix for path in package} == {".py", ".j2", ".css", ".js"}
    assert files(wheel / "autograder") == package
    others = {path.name for path in wheel.iterdir()} - {"autograder"}
    assert others == {f"autograder-{autograder.__version__}.dist-info"}


def test_its_command_is_the_command_line(wheel):
    points = ConfigParser()
    points.read(next(wheel.glob("*/entry_points.txt")))
    assert dict(points["console_scripts"]) == {"autograder": "autograder.__main__:main"}


def test_an_extra_brings_what_the_lessons_import(about):
    wanted = about.get_all("Requires-Dist")
    own = {re.match(r"[\w-]+", line)[0] for line in wanted if "extra" not in line}
    of_lessons = re.compile(r'extra == "(lessons|keras)"')
    extra = {re.match(r"[\w-]+", w)[0] for w in wanted if of_lessons.search(w)}
    assert not {"tensorflow", "plotnine", "scikit-learn", "pandas"} & own
    sources = (path.read_text("utf-8") for path in lesson_paths())
    modules = {m.partition(".")[0] for m in imported_modules(import_lines(sources))}
    packages = {DISTRIBUTIONS.get(m, m) for m in modules - sys.stdlib_module_names}
    assert "tensorflow" in packages
    assert packages - {"", "IPython"} <= own | extra  # nbgrader brings IPython


def test_the_source_archive_is_the_folder_of_the_course(release, wheel):
    source = _unpacked(release)
    for room in ("notebooks", "solutions", "data", "docs", "site", "tests", "bench"):
        assert files(source / room) == files(release / "checkout" / room)
    code = "from autograder.base.paths import LESSONS; print(LESSONS)"
    found = run(["-c", code], source, PYTHONPATH=str(wheel)).stdout.split()
    expected = [str(source / "lessons")]
    assert found == expected, "an installed grader works on the lessons of its folder"
    assert files(source / "lessons") == files(ROOT / "lessons")


@pytest.mark.parametrize("command", ["grade", "build"])
def test_without_lessons_a_command_says_where_they_are_and_makes_nothing(
    command, slim, tmp_path
):
    said = run(["-m", "autograder", command], tmp_path, PYTHONPATH=slim)
    assert said.returncode == 2
    assert "found no lessons" in said.stderr
    assert "tar.gz" in said.stderr
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_lessons_that_student_code_could_read_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LESSONS", Path(sys.prefix) / "lib")
    with pytest.raises(EngineError, match=r"lib: found in a folder of Python"):
        Engine([], NotebookLimits())
    monkeypatch.setattr(paths, "LESSONS", tmp_path)
    Engine([], NotebookLimits())


def test_a_command_names_the_extra_that_it_needs(slim, tmp_path):
    said = run(["-m", "autograder", "report"], tmp_path, PYTHONPATH=slim)
    assert said.returncode == 1
    assert "found no package" in said.stderr
    assert "[report]" in said.stderr


def test_the_grader_alone_collects_with_the_times_of_a_worksheet(slim, tmp_path):
    (tmp_path / "lessons").mkdir()
    write_source(tmp_path, LESSON)
    notebook = tmp_path / "build" / "source" / NAME / f"{NAME}.ipynb"
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as download:
        download.write(notebook, f"Ada King_12_assignsubmission_file_/{NAME}.ipynb")
    (tmp_path / "roster.csv").write_text(
        "Identifier,Full name,Username,Last modified (submission)\n"
        'Participant 12,Ada King,ada,"Sunday, 1 March 2026, 11:59 PM"\n'
    )
    order = ["-m", "autograder", "collect", "moodle.zip", "--roster", "roster.csv"]
    said = run(order, tmp_path, PYTHONPATH=slim, TZ="UTC")
    assert said.returncode == 0, said.stderr
    folder = tmp_path / "classroom" / "submitted" / "ada" / NAME
    assert (folder / f"{NAME}.ipynb").read_bytes() == notebook.read_bytes()
    time = (folder / "timestamp.txt").read_text("utf-8")
    assert time == "2026-03-01 23:59:00 UTC"


def test_the_grader_alone_grades_a_course_of_others(slim, tmp_path):
    hidden = "### BEGIN HIDDEN TESTS\nassert squares(0) == []\n### END HIDDEN TESTS"
    cells = [
        cell("import math"),
        cell(SOLUTION, "squares"),
        cell("assert squares(3) == [1, 4, 9]", "plain", 1),
        cell(hidden, "nothing", 2),
    ]
    make(tmp_path, "ps1", cells)
    hand_in(tmp_path, "ada", "ps1", {"squares": SQUARES})
    hand_in(tmp_path, "eve", "ps1", {"squares": "squares = lambda n: [1, 4, 9]"})
    order = ["-m", "autograder", "grade", "--course", str(tmp_path)]
    said = run(order, tmp_path, PYTHONPATH=slim)
    assert "2 graded, 0 unreadable, 0 errored" in said.stdout, said.stderr
    found = records(tmp_path)
    scores = {who: found[who, "ps1"]["score"] for who in ("ada", "eve")}
    assert scores == {"ada": 3, "eve": 1}
    assert found["ada", "ps1"]["version"] == autograder.__version__
