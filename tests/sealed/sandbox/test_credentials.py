"""Nothing is left of the user and the rights of the grader."""

import os
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

import pytest

from autograder.sealed.sandbox import layers
from tests.support.sealed.sandbox import (
    LINUX_ONLY,
    NO_LANDLOCK,
    NO_NAMESPACES,
    PATIENCE_S,
    Grader,
    failure,
)

pytestmark = LINUX_ONLY


def test_no_user_or_capability_of_the_grader_is_kept(grader):
    def examiner():
        with grader.spawn(partial(time.sleep, PATIENCE_S)) as student:
            text = Path(f"/proc/{student.pid}/status").read_text()
            return dict(line.split(":\t", 1) for line in text.splitlines())

    status = grader.run(examiner)
    expected = str(grader.user or 65534)
    assert status["Uid"].split() == status["Gid"].split() == [expected] * 4
    assert status["Groups"].split() in ([], [expected])
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


def test_roots_files_are_closed_even_without_landlock_and_namespaces(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("not root")
    scratch = Path(tempfile.mkdtemp(prefix="sandbox-test-"))
    grader = Grader(0, scratch)
    try:
        found = grader.ask(
            partial(failure, open, "/etc/shadow"),
            refused=NO_NAMESPACES + NO_LANDLOCK,
            need=[layers.NOBODY],
        )
    finally:
        shutil.rmtree(scratch)
    assert found == "EACCES"
