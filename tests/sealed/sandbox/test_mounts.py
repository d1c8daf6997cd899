"""Files: student code reaches what it may read, and its scratch folder."""

import multiprocessing.synchronize
import os
import subprocess
from pathlib import Path

import pytest

from autograder.sealed.sandbox import layers
from autograder.sealed.sandbox.spawn import default_readable
from tests.support.sealed.sandbox import LINUX_ONLY, NO_LANDLOCK, NO_NAMESPACES, failure

pytestmark = LINUX_ONLY


@pytest.mark.parametrize(
    ("refused", "layer", "error"),
    [
        ((), layers.MOUNT, "ENOENT"),
        (NO_LANDLOCK, layers.MOUNT, "ENOENT"),
        (NO_NAMESPACES, layers.LANDLOCK, "EACCES"),
    ],
    ids=["all layers", "mount namespace", "landlock"],
)
def test_a_file_outside_can_be_neither_read_nor_written(
    grader, secret, refused, layer, error
):
    def work():
        new = secret.parent / "new"
        above_the_root = f"/..{secret}"
        return [
            failure(open, secret),
            failure(open, above_the_root),
            failure(open, new, "w"),
        ]

    read, read_from_above, write = grader.ask(work, need=[layer], refused=refused)
    assert read == read_from_above == error
    assert write in ("ENOENT", "EACCES")
    assert not (secret.parent / "new").exists()


@pytest.mark.parametrize("refused", [(), NO_NAMESPACES], ids=["all", "landlock"])
def test_a_link_in_scratch_leads_nowhere(grader, secret, refused):
    (grader.scratch / "link").symlink_to(secret)

    def work():
        return [failure(open, "link"), failure(open, "link", "w")]

    errors = grader.ask(work, need=[layers.LANDLOCK], refused=refused)
    assert set(errors) <= {"ENOENT", "EACCES"}
    assert secret.read_text() == "10 points"


def test_scratch_and_what_lies_in_it_can_be_written(grader):
    (grader.scratch / "data").mkdir()
    (grader.scratch / "data" / "given.csv").write_text("1\n")
    for path in (grader.scratch / "data", grader.scratch / "data" / "given.csv"):
        os.chown(path, grader.user, grader.user)

    def work():
        given = Path("data/given.csv")
        given.write_text(given.read_text() + "2\n")
        Path("data/given.csv").rename("moved.csv")
        return Path("moved.csv").read_text()

    assert grader.ask(work) == "1\n2\n"
    assert (grader.scratch / "moved.csv").read_text() == "1\n2\n"


@pytest.mark.parametrize(
    ("refused", "layer", "error"),
    [(NO_LANDLOCK, layers.MOUNT, "EROFS"), (NO_NAMESPACES, layers.LANDLOCK, "EACCES")],
    ids=["mount namespace", "landlock"],
)
def test_readable_folders_cannot_be_written(grader, secret, refused, layer, error):
    def work():
        new = secret.parent / "new"
        return [secret.read_text(), failure(open, secret, "a"), failure(open, new, "w")]

    readable = [*default_readable(), secret.parent]
    found = grader.ask(work, need=[layer], refused=refused, readable=readable)
    assert found == ["10 points", error, error]


def test_a_root_that_fails_half_way_leaves_the_files_as_they_were(grader):
    def work():
        return Path.cwd() == grader.scratch and Path("made").write_text("x") == 1

    assert grader.ask(work, refused=("pivot_root",)) is True
    assert (grader.scratch / "made").exists()


def test_honest_programs_and_semaphores_work(grader):
    def work():
        lock = multiprocessing.get_context("fork").Lock()
        listing = subprocess.run(["ls", "/usr"], capture_output=True, check=True)
        with lock:
            return b"bin" in listing.stdout

    assert grader.ask(work, need=[layers.MOUNT]) is True
