"""A fresh clone of the project, as somebody has it who has just set it up."""

import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.base.paths import ROOT


def fresh_clone(folder: Path) -> Path:
    """Clone the project into a folder and lend it this environment; return the clone.

    Skips the test where make would set up this very environment anew, for the clone.
    """
    needs = [*ROOT.glob("*.lock"), ROOT / "pyproject.toml"]
    ready = ROOT / ".venv" / ".lessons"
    if not ready.exists() or any(
        ready.stat().st_mtime < n.stat().st_mtime for n in needs
    ):
        pytest.skip("NOT TESTED: found no environment that make has just set up")
    clone = folder / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    (clone / ".venv").symlink_to(ROOT / ".venv")
    for path in needs:
        shutil.copy2(path, clone)  # older than what is set up
    return clone
