"""Who runs the examiner, and what student code must not reach."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support.sealed.sandbox import ORDINARY_USER, Grader


@pytest.fixture(params=["root", "ordinary user"])
def grader(request, tmp_path):
    if request.param == "root":
        if os.geteuid() != 0:
            pytest.skip("not root")
        yield Grader(0, tmp_path)
    elif os.geteuid() != 0:
        yield Grader(os.geteuid(), tmp_path)
    else:
        # pytest's own folders are closed to other users.
        scratch = Path(tempfile.mkdtemp(prefix="sandbox-test-"))
        os.chown(scratch, ORDINARY_USER, ORDINARY_USER)
        yield Grader(ORDINARY_USER, scratch)
        shutil.rmtree(scratch)


@pytest.fixture
def secret():
    """Make a file outside that everyone may read and write, in a folder of the kind."""
    folder = Path(tempfile.mkdtemp(prefix="sandbox-secret-"))
    folder.chmod(0o777)
    file = folder / "gradebook.db"
    file.write_text("10 points")
    file.chmod(0o666)
    yield file
    shutil.rmtree(folder)
