"""What is forbidden lies in nothing that is readable; the probe finds all layers."""

import os
from pathlib import Path

import pytest

from autograder.base.errors import WrongUse
from autograder.sealed.sandbox.readable import default_readable, exposed
from autograder.sealed.sandbox.spawn import probe, spawn
from tests.support.sealed.sandbox import ALL_LAYERS, LINUX_ONLY, SMALL

pytestmark = LINUX_ONLY


def test_a_forbidden_path_inside_a_readable_one_is_refused(tmp_path):
    lessons = tmp_path / "prefix" / "lessons"
    lessons.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "prefix")
    readable = [tmp_path / "link"]
    assert exposed([lessons, tmp_path], readable) == (lessons,)
    with pytest.raises(WrongUse, match="lessons"):
        spawn(
            print,
            scratch=tmp_path / "scratch",
            readable=readable,
            limits=SMALL,
            keep_fds=(),
            forbidden=[lessons],
        )


def test_temporary_files_where_the_process_has_a_folder_of_its_own_are_refused():
    with pytest.raises(WrongUse, match="set TMPDIR to another folder"):
        spawn(
            lambda: None,
            scratch=Path("/dev/shm/x"),
            readable=[],
            limits=SMALL,
            keep_fds=[],
        )


def test_the_default_readable_paths_leave_the_lessons_and_homes_out():
    project = Path(__file__).parents[3]
    readable = default_readable()
    private = [project / "lessons", Path.home(), Path("/etc/shadow")]
    assert not exposed(private, readable)
    assert exposed([Path(os.__file__)], readable)


def test_the_probe_finds_what_a_student_process_gets():
    found = probe()
    assert {layer.name for layer in found} == ALL_LAYERS
    assert probe() is found
