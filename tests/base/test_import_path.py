"""No module is taken from the folder that a command is started in."""

import os
import subprocess
import sys

import pytest

from autograder.base.import_path import safe_environment, without_working_folder
from autograder.base.paths import PACKAGE


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
