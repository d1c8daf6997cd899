"""A PostgreSQL server for tests: its own, in a folder of its own, for a moment."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "se/cr@et"
IN_AN_ADDRESS = "se%2Fcr%40et"


@contextmanager
def running_server() -> Iterator[Path]:
    """Start a server; return the folder of its socket.

    Where no server program is installed, the test that asks is skipped.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("initdb") or next(
        (path / "initdb" for path in reversed(programs) if (path / "initdb").exists()),
        None,
    )
    if not found:
        pytest.skip("NO POSTGRESQL SERVER IS INSTALLED (Debian: postgresql)")
    # Not below TMPDIR: a socket's path has at most 107 bytes, and the server's user,
    # who is another one than root, has to get there.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    # The server refuses to run as root.
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    os.chown(folder, user, -1)
    (folder / "password").write_text(PASSWORD)

    def run(program: str, *arguments: str) -> None:
        path = Path(found).resolve().with_name(program)
        subprocess.run(
            [path, "-D", folder / "data", *arguments],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    settings = (
        f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    )
    try:
        run(
            "initdb",
            "--username=grader",
            f"--pwfile={folder / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-sync",
        )
        run("pg_ctl", "start", "--wait", "--silent", "--log=log", f"-o {settings}")
        try:
            yield folder
        finally:
            run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate")
    finally:
        shutil.rmtree(folder)
