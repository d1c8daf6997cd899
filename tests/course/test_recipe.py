"""The documentation's recipe for nbgrader's exchange works as it is written."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.base.paths import ROOT
from tests.support.small_course import NAME, make_course, released

RECIPE = re.compile(
    r"^    \.venv/bin/(nbgrader (?:release_assignment|collect) .+)$", re.M
)
ELSEWHERE = "c = get_config()\nc.Exchange.root = {!r}\n"


@pytest.mark.patient
def test_an_environment_that_is_not_activated_is_enough(tmp_path):
    root, exchange = tmp_path / "course", tmp_path / "exchange"
    root.mkdir()
    exchange.mkdir()
    make_course(root)
    (root / "classroom" / "gradebook.db").unlink()
    settings = ELSEWHERE.format(str(exchange))
    (root / "classroom" / "nbgrader_config.py").write_text(settings, "utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    release = root / "notebooks" / NAME / f"{NAME}.ipynb"
    release.parent.mkdir(parents=True)
    content = nbformat.writes(released(root))
    release.write_text(content, "utf-8")
    text = (ROOT / "docs" / "handing-in.md").read_text("utf-8")
    release_it, collect_it = RECIPE.findall(text)
    run(root, release_it)
    sent = exchange / "nn" / "inbound" / f"ada+{NAME}+2026-03-01 12:00:00 UTC"
    sent.mkdir()
    (sent / f"{NAME}.ipynb").write_text(content, "utf-8")
    (sent / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC", "utf-8")
    run(root, collect_it)
    assert (root / "classroom" / "submitted" / "ada" / NAME).is_dir()


def run(folder: Path, command: str) -> None:
    """Run a command of the documentation on our lesson, as a fresh shell does."""
    program, *arguments = shlex.split(command.replace("01_neuron", NAME))
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "course id" not in done.stderr.casefold()
