"""A student process begins with a clean slate."""

import json
import os
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from tests.support.sealed.sandbox import LINUX_ONLY, SMALL, read_all

pytestmark = LINUX_ONLY


def test_inherited_files_are_closed_but_the_kept_ones(grader, secret):
    def work():
        return sorted(map(int, os.listdir("/proc/self/fd")))

    kept = os.open(os.devnull, os.O_RDONLY)
    descriptor = os.open(secret, os.O_RDONLY)
    beyond_its_limit = os.dup2(descriptor, 4 * SMALL.open_files)
    try:
        found = grader.ask(work, keep_fds=[kept])
    finally:
        for opened in (kept, descriptor, beyond_its_limit):
            os.close(opened)
    assert {0, 1, 2, kept} <= set(found)
    # One more is the folder being listed, one is the pipe of the answer.
    assert len(found) == 6, found


def test_standard_input_is_empty(grader):
    def main(told):
        os.write(told, json.dumps(os.read(0, 10).decode()).encode())

    def examiner():
        reading, writing = os.pipe()
        os.write(writing, b"typed")
        os.dup2(reading, 0)
        answer, told = os.pipe()
        with grader.spawn(partial(main, told), keep_fds=[told]):
            os.close(told)
            return read_all(answer).decode()

    assert grader.run(examiner) == '""'


def test_the_environment_is_scrubbed(grader, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    def work():
        at_start = Path("/proc/self/environ").read_bytes().strip(b"\0")
        shell = subprocess.run(["/usr/bin/env"], capture_output=True, check=True)
        return [dict(os.environ), at_start.decode(), shell.stdout.decode()]

    assert Path("/proc/self/environ").read_bytes().strip(b"\0")
    environment, at_start, childs = grader.ask(work)
    assert environment["HOME"] == str(grader.scratch)
    assert environment["OMP_NUM_THREADS"] == "1"
    assert environment["USER"] == environment["LOGNAME"] == "nobody"
    folders = {name for name, value in environment.items() if name.endswith("DIR")}
    for name in folders | {"KERAS_HOME", "XDG_CACHE_HOME"}:
        assert Path(environment[name]).is_relative_to(grader.scratch), name
    assert at_start == ""
    for text in (*environment, *environment.values(), childs):
        assert "SECRET" not in text
        assert "hunter2" not in text


def test_working_and_temporary_folders_are_in_scratch(grader):
    def work():
        with tempfile.NamedTemporaryFile() as file:
            return [os.getcwd(), file.name, os.umask(0)]

    folder, file, umask = grader.ask(work)
    assert folder == str(grader.scratch)
    assert file.startswith(folder)
    assert umask == 0o077


def test_output_goes_where_it_is_sent(grader):
    def main():
        os.write(1, b"out ")
        subprocess.run("echo err >&2", shell=True, check=True)

    def examiner():
        reading, writing = os.pipe()
        with grader.spawn(main, output=writing) as student:
            os.close(writing)
            student.wait()
            return read_all(reading).decode()

    assert grader.run(examiner) == "out err\n"


def test_other_children_of_the_examiner_stay_outside_its_namespaces(grader):
    def namespace(name):
        return os.readlink(f"/proc/self/ns/{name}")

    def examiner():
        outside = [namespace("pid"), namespace("mnt")]
        with grader.spawn(lambda: None):
            seen = "readlink /proc/self/ns/pid /proc/self/ns/mnt"
            later = subprocess.run(
                seen.split(), capture_output=True, text=True, check=True
            )
        return later.stdout.split() == outside

    assert grader.run(examiner)
