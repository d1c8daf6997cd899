"""What a result depends on: the code that decides marks, and no other."""

import shutil
from pathlib import Path

import pytest

import autograder
from autograder.base.hashing import digest_of_code
from autograder.grading.cache_keys import DECIDES

PACKAGE = Path(autograder.__file__).parent


@pytest.fixture
def package(tmp_path):
    """Copy the engine, to be changed."""
    copy = tmp_path / "autograder"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def now(package: Path) -> str:
    return digest_of_code(package, DECIDES)


@pytest.mark.parametrize(
    "name",
    [
        "sealed/engine.py",
        "sealed/examiner/proxies.py",
        "intake/repair.py",
        "gradebook/marker.py",
    ],
)
def test_a_change_of_what_decides_marks_executes_a_class_again(package, name):
    before = now(package)
    with (package / name).open("a") as file:
        file.write("# changed\n")
    assert now(package) != before


@pytest.mark.parametrize(
    "name",
    ["publish/site.py", "export/plugins.py", "pages/render.py", "cli/grading.py"],
)
def test_a_change_of_what_shows_marks_does_not(package, name):
    before = now(package)
    with (package / name).open("a") as file:
        file.write("# changed\n")
    assert now(package) == before


def test_a_module_that_comes_anew_counts(package):
    before = now(package)
    (package / "sealed" / "another.py").touch()
    assert now(package) != before


@pytest.mark.parametrize("gone", ["intake", "sealed"])
def test_what_is_no_longer_there_is_an_error(package, gone):
    (package / gone).rename(package / "elsewhere")
    with pytest.raises(FileNotFoundError, match=gone):
        now(package)


def test_a_folder_without_modules_is_an_error(package):
    shutil.rmtree(package / "sealed")
    (package / "sealed").mkdir()
    with pytest.raises(FileNotFoundError, match="found no module"):
        now(package)
