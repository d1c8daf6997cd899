"""A scheduler is asked for by its address; Dask is loaded only then."""

import subprocess
import sys

import pytest

from autograder.base.errors import WrongUse
from autograder.base.paths import ROOT
from autograder.cluster import connection
from autograder.cluster.connection import connect


def test_without_a_scheduler_the_address_is_named(monkeypatch):
    monkeypatch.setattr(connection, "CONNECT_S", 0.5)
    with (
        pytest.raises(WrongUse, match=r"tcp://127\.0\.0\.1:1: found no Dask scheduler"),
        connect("tcp://127.0.0.1:1"),
    ):
        pass


def test_dask_is_loaded_only_when_it_is_asked_for():
    code = (
        "import sys\n"
        "sys.modules['rfc3987_syntax'] = None  # as in main; slow\n"
        "import autograder.cli, autograder.sealed.engine\n"
        "import autograder.intake.submissions\n"
        "assert not {'dask', 'distributed'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
