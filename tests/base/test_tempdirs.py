"""The folders of killed runs are removed by a later one, and nothing else is."""

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.base.paths import ROOT
from autograder.base.tempdirs import PREFIX, run_tempdir

RUN = """
import sys
from pathlib import Path
from autograder.base.tempdirs import run_tempdir
with run_tempdir() as folder:
    (folder / "scratch").mkdir()
    (folder / "scratch" / "file").write_text("text")
    (folder / "scratch" / "out").symlink_to(sys.argv[1])
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Make a folder for temporary files of this test and its processes."""
    made = tmp_path / "room"
    made.mkdir()
    monkeypatch.setenv("TMPDIR", str(made))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return made


@pytest.fixture
def run(room, tmp_path):
    """Start a run in a process of its own; return it and its folder."""
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "marks").write_text("all of them")
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "precious")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    yield process, Path(process.stdout.readline().strip())
    process.kill()
    process.communicate()


def test_the_folder_of_a_killed_run_is_removed_by_a_later_one(run, room, tmp_path):
    process, folder = run
    with run_tempdir() as own:
        assert sorted(room.iterdir()) == sorted([folder, own]), "it was alive"
    assert list(room.iterdir()) == [folder]
    process.kill()
    process.wait()
    with run_tempdir() as own:
        assert list(room.iterdir()) == [own]
    assert list(room.iterdir()) == []
    assert (tmp_path / "precious" / "marks").exists(), "a link was followed"


def test_a_link_with_the_name_of_such_a_folder_is_left(room, tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    (target / "marks").touch()
    (room / f"{PREFIX}link").symlink_to(target)
    (room / f"{PREFIX}file").touch()
    with run_tempdir():
        assert (target / "marks").exists()
        assert (room / f"{PREFIX}file").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
def test_the_folder_of_another_user_is_left(room):
    theirs = room / f"{PREFIX}theirs"
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)
    with run_tempdir():
        assert theirs.exists()


def test_folders_too_deep_to_be_removed_stop_no_run(room):
    abandoned = room / f"{PREFIX}deep"
    abandoned.mkdir()
    here = os.open(room, os.O_RDONLY)
    os.chdir(abandoned)
    try:
        for _ in range(sys.getrecursionlimit() + 500):
            os.mkdir("d")
            os.chdir("d")
        with run_tempdir() as own:
            assert own.is_dir()
    finally:
        os.fchdir(here)
        os.close(here)
        subprocess.run(["rm", "-rf", abandoned], check=True)


def test_a_folder_that_is_taken_for_abandoned_while_it_is_made_is_made_again(
    room, monkeypatch
):
    made = []
    lock = fcntl.flock

    def late(folder, how):
        if not made:
            made.append(next(room.iterdir()))
            made[0].rmdir()
        lock(folder, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with run_tempdir() as own:
        assert own.is_dir()
        assert own != made[0]
