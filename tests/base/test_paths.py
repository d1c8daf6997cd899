"""Which folder's lessons a command works on, and which ones nobody may read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.base import paths
from autograder.base.errors import EngineError
from autograder.base.paths import ROOT
from tests.support.small_course import LESSON, NAME, RIGHT

ELSEWHERE = {**os.environ, "PYTHONPATH": str(ROOT)}


def autograder(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "autograder", *arguments],
        cwd=folder,
        env=ELSEWHERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_lessons_of_this_folder_are_no_ones_to_read():
    assert paths.secret_rooms() == [ROOT / "lessons"]


def test_a_checkout_without_lessons_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "LESSONS", tmp_path / "moved")
    with pytest.raises(EngineError, match="found no lessons"):
        paths.secret_rooms()


@pytest.mark.patient
def test_another_folder_with_lessons_is_a_course_of_its_own(tmp_path):
    lesson = tmp_path / "lessons" / NAME / "lesson.py"
    lesson.parent.mkdir(parents=True)
    lesson.write_text(LESSON, "utf-8")
    assert autograder(tmp_path, "build") == f"built {NAME}\n"
    handed_in = tmp_path / "classroom" / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    handed_in.parent.mkdir(parents=True)
    released = tmp_path / "notebooks" / NAME / f"{NAME}.ipynb"
    answered = released.read_text("utf-8").replace(
        '    \\"\\"\\"Return 2x.\\"\\"\\"\\n",\n    "    raise NotImplementedError',
        f"    {RIGHT['double'].splitlines()[1]}",
    )
    handed_in.write_text(answered, "utf-8")
    autograder(tmp_path, "grade")
    grades = (tmp_path / "classroom" / "grades.csv").read_text("utf-8")
    assert f"ada,{NAME},graded,3" in grades
    autograder(ROOT, "grade", "--course", str(tmp_path), "--force")
    assert (tmp_path / "classroom" / "grades.csv").read_text("utf-8") == grades
