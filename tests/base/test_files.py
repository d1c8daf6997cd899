"""A file that is replaced is the old one or the new one, whatever happens meanwhile."""

import os
import signal
import stat
import subprocess
import sys
import threading

import pytest

from autograder.base.files import replacing

KILLED = """
import os, signal, sys
from pathlib import Path
from autograder.base.files import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write("half of the n")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def grades(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("old", "utf-8")
    return path


def test_the_new_content_is_not_seen_before_it_is_whole(grades):
    with replacing(grades) as file:
        file.write("new")
        file.flush()
        assert grades.read_text("utf-8") == "old"
    assert grades.read_text("utf-8") == "new"
    assert os.listdir(grades.parent) == ["grades.csv"]


def test_a_file_that_was_not_there_is_made(tmp_path):
    with replacing(tmp_path / "made.bin", "wb", is_durable=True) as file:
        file.write(b"\x00new")
    assert (tmp_path / "made.bin").read_bytes() == b"\x00new"


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_fails_in_the_middle_leaves_the_old_content_and_nothing_else(
    grades, error
):
    def write():
        with replacing(grades) as file:
            file.write("half of the n")
            raise error

    with pytest.raises(error):
        write()
    assert grades.read_text("utf-8") == "old"
    assert os.listdir(grades.parent) == ["grades.csv"]


def test_what_is_killed_in_the_middle_leaves_the_old_content(grades):
    done = subprocess.run([sys.executable, "-c", KILLED, grades])
    assert done.returncode == -signal.SIGKILL
    assert grades.read_text("utf-8") == "old"


@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_who_may_read_it_stays(grades, mode):
    grades.chmod(mode)
    with replacing(grades) as file:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == mode, "never wider"
        file.write("new")
    assert stat.S_IMODE(grades.stat().st_mode) == mode


def test_a_new_file_has_the_rights_of_any_other(tmp_path):
    (tmp_path / "any").touch()
    with replacing(tmp_path / "made"):
        pass
    assert (tmp_path / "made").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_text_keeps_the_ends_of_lines_and_is_utf_8(tmp_path):
    with replacing(tmp_path / "table.csv") as file:
        file.write("Zoë\r\nλ\n")
    assert (tmp_path / "table.csv").read_bytes() == "Zoë\r\nλ\n".encode()


def test_two_threads_that_write_the_same_file_do_not_mix(grades):
    both = threading.Barrier(2)

    def write(content):
        with replacing(grades) as file:
            file.write(content)
            both.wait(10)
            file.write(content)
            both.wait(10)

    threads = [threading.Thread(target=write, args=[text]) for text in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert grades.read_text("utf-8") in ("aa", "bb")
