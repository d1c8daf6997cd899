"""Students' files go into a git repository of their own, and nothing else does."""

import subprocess

import pytest
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.base.paths import ROOT
from autograder.cli import app
from autograder.publish import repository
from autograder.publish.repository import write_repository


def git(folder, *arguments):
    found = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout


@pytest.fixture
def hand_out(monkeypatch, tmp_path):
    """Return a function that hands out some lessons, without reading sources."""
    monkeypatch.setenv("HOME", str(tmp_path))  # nobody has told git who they are
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def run(folder, *lessons, code=("autograder/a.py", "autograder/b.py")):
        files = {name: name.encode() for name in ("README.md", *code)}
        files |= {f"notebooks/{n}/{n}.ipynb": n.encode() for n in lessons}
        chosen = (files, ["a note"])
        monkeypatch.setattr(repository, "chosen_files", lambda *_: chosen)
        return write_repository(folder)

    return run


def test_it_is_made_and_lessons_come_one_after_the_other(hand_out, tmp_path):
    folder = tmp_path / "students"
    said = hand_out(folder, "00_warmup")
    assert said == ["a note", "committed 6 files: 00_warmup"]
    hand_out(folder, "01_neuron", code=("autograder/a.py",))
    listed = git(folder, "ls-files").split()
    assert listed == [
        ".github/workflows/check.yml",
        ".gitignore",
        "README.md",
        "autograder/a.py",
        "notebooks/00_warmup/00_warmup.ipynb",
        "notebooks/01_neuron/01_neuron.ipynb",
    ]
    assert git(folder, "log", "--format=%s").split("\n")[:2] == [
        "01_neuron",
        "00_warmup",
    ]
    assert git(folder, "status", "--porcelain") == ""
    assert hand_out(folder, code=("autograder/a.py",))[-1] == "nothing has changed"


def test_files_of_the_instructors_own_stay_and_ignored_ones_stay_out(
    hand_out, tmp_path
):
    folder = tmp_path / "students"
    hand_out(folder, "00_warmup")
    (folder / "syllabus.md").write_text("mine")
    (folder / ".gitignore").write_text("secret.key\nnotebooks/\n")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "mine")
    (folder / "secret.key").write_text("secret")
    hand_out(folder, "01_neuron")
    listed = git(folder, "ls-files").split()
    assert "syllabus.md" in listed
    assert "secret.key" not in listed
    assert "notebooks/01_neuron/01_neuron.ipynb" in listed


def test_no_work_of_others_is_overwritten(hand_out, tmp_path):
    folder = tmp_path / "students"
    hand_out(folder)
    (folder / "README.md").write_text("mine")
    with pytest.raises(WrongUse, match=r"1 files that are not committed \(README\.md"):
        hand_out(folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").touch()
    with pytest.raises(WrongUse, match="no git repository"):
        hand_out(other)
    own = tmp_path / "course"
    (own / "lessons").mkdir(parents=True)
    for place in (own, ROOT, ROOT.parent):
        with pytest.raises(WrongUse, match="found lessons' sources"):
            hand_out(place)


def test_without_git_it_says_so(hand_out, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WrongUse, match="found no git"):
        hand_out(tmp_path / "students")


def test_the_command_commits(hand_out, tmp_path, monkeypatch):
    folder = tmp_path / "students"
    hand_out(folder)
    result = CliRunner().invoke(app, ["bundle", "--repository", str(folder)])
    assert result.exit_code == 0
    assert "nothing has changed" in result.output
