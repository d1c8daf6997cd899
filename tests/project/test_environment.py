"""The three lists of packages say the same, and hold what the course promises."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker

from autograder.base.paths import ROOT

DESIGN_CARD = {
    "numpy",
    "pandas",
    "matplotlib",
    "plotnine",
    "scikit-learn",
    "tensorflow",
    "nbgrader",
    "pytest",
}
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
STUDENTS = "requirements-students.lock"
FIRST = "requirements-without-tensorflow.lock"
README = (ROOT / "README.md").read_text("utf-8")
HEADERS = ".venv/lib/python3.11/site-packages/tensorflow/include"
PLATFORMS = {
    ("linux", "x86_64"): "tensorflow-cpu",
    ("linux", "aarch64"): "tensorflow",
    ("darwin", "arm64"): "tensorflow",
    ("win32", "AMD64"): "tensorflow-cpu",
}


def requirements(lines: list[str]) -> dict[str, str]:
    """Return the versions asked for, by package."""
    split = [re.match(r"([\w.-]+)(?:\[.*\])?([^;]*)", line).groups() for line in lines]
    return {CONDA_NAMES.get(name, name): versions.strip() for name, versions in split}


def project() -> dict[str, str]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = table["optional-dependencies"]
    wanted = [*table["dependencies"], *(p for extra in extras.values() for p in extra)]
    return requirements(wanted)


def conda() -> dict[str, str]:
    file = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *listed, from_pip = file["dependencies"]
    own = [line for line in from_pip["pip"] if line != "-e ."]
    return requirements(listed + own)


def lock(name: str = "requirements.lock") -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))


def test_every_package_of_the_design_card_is_required():
    assert project().keys() >= DESIGN_CARD


def test_conda_users_get_the_same_packages_and_versions():
    expected = project() | {"python": ">=3.11,<3.14"}
    expected.pop("tensorflow-cpu")  # conda chooses the build itself
    found = conda()
    found.pop("pip")
    assert found == expected


def test_the_python_version_is_the_same_everywhere():
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert conda()["python"] == table["requires-python"]


def test_every_requirement_is_locked_at_a_version_that_it_allows():
    locked = lock()
    for name, wanted in project().items():
        least = re.search(r">=([\d.]+)", wanted).group(1)
        found = locked[name]
        assert _numbers(found) >= _numbers(least), f"{name} {found} < {least}"


@pytest.mark.parametrize("name", [path.name for path in ROOT.glob("*.lock")])
def test_every_locked_package_has_hashes_and_no_index_is_named(name):
    text = (ROOT / name).read_text("utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 100
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text


def test_students_get_the_same_versions_and_nothing_that_only_developers_need():
    students, first = lock(STUDENTS), lock(FIRST)
    assert first.items() < students.items() < lock().items()
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = table["optional-dependencies"]
    named = requirements([*extras["lessons"], *table["dependencies"]]).keys()
    assert named <= first.keys()
    assert not {"tensorflow", "tensorflow-cpu", "keras"} & first.keys()
    others = ("site", "postgresql", "cluster", "dev")
    only_here = requirements([p for extra in others for p in extras[extra]])
    for package in ("pyyaml", "beautifulsoup4"):  # Jupyter needs them, too
        only_here.pop(package)
    assert not only_here.keys() & students.keys()


def test_students_get_tensorflow_for_processors_where_there_is_one():
    for name in (STUDENTS, "requirements.lock"):
        text = (ROOT / name).read_text("utf-8")
        entry = r"^(tensorflow(?:-cpu)?)==\S+ ; (.+) \\$"
        where = dict(re.findall(entry, text, re.MULTILINE))
        places = [
            {"sys_platform": system, "platform_machine": machine}
            for system, machine in PLATFORMS
        ]
        found = [
            [package for package, marker in where.items() if Marker(marker).evaluate(p)]
            for p in places
        ]
        assert found == [[package] for package in PLATFORMS.values()]


def set_up(folder: Path, name: str, ends: int = 0) -> subprocess.CompletedProcess:
    """Run the script in a folder, with a uv that only writes down what it is told."""
    shutil.copy(ROOT / "install.py", folder)
    uv = folder / "uv"
    uv.write_text(f'#!/bin/sh\necho "$@" >>told\nmkdir -p {HEADERS}\nexit {ends}\n')
    uv.chmod(0o755)
    return subprocess.run(
        [sys.executable, "install.py", name],
        cwd=folder,
        env=os.environ | {"UV": str(uv)},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", ["lessons", "keras", "all"])
def test_setting_up_installs_a_locked_set_and_says_how_large_it_is(name, tmp_path):
    done = set_up(tmp_path, name)
    assert done.returncode == 0, done.stderr
    (size,) = re.findall(r"(\d\.\d) GB on disk", done.stdout)
    (file,) = re.findall(r"with uv, from (\S+\.lock):", done.stdout)
    measured = re.search(rf"^\| `{name}` \|.+\| ([\d,]+) MB", README, re.M)[1]
    assert size == f"{int(measured.replace(',', '')) / 1000:.1f}"
    assert (ROOT / file).exists()
    venv, packages, own = (tmp_path / "told").read_text("utf-8").splitlines()
    assert venv.startswith("venv")
    assert f"{tmp_path / file} --require-hashes" in packages
    assert own.startswith("pip install")
    assert not (tmp_path / HEADERS).exists()


def test_a_failed_setting_up_is_one(tmp_path):
    done = set_up(tmp_path, "lessons", ends=3)
    assert done.returncode == 1
    assert "Not set up: uv ended with the message above" in done.stderr
    assert "Is there a network" in done.stderr


def test_setting_up_refuses_what_it_does_not_know(tmp_path):
    done = set_up(tmp_path, "everything")
    assert done.returncode == 1
    assert "expected one of lessons, keras, all" in done.stderr
    assert not (tmp_path / "told").exists()


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.14"])
def test_setting_up_says_which_python_it_needs(version):
    as_there = f"""
import runpy, sys
sys.version_info = ({version.replace(".", ", ")}, 0)
sys.argv = ["install.py"]
runpy.run_path("install.py", run_name="__main__")
"""
    order = [sys.executable, "-c", as_there]
    done = subprocess.run(order, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Python {version}, expected one of" in done.stderr
    assert "and Python 3.11 to 3.13" in done.stderr
    assert "make lab PYTHON=python3.11" in done.stderr


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
