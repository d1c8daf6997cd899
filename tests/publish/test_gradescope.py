"""The archive for Gradescope, in folders as Gradescope has them."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.authoring.sources import update_sources
from autograder.base.errors import WrongUse
from autograder.base.paths import ROOT
from autograder.cli import app
from autograder.gradebook.release import earlier_file, note_earlier
from autograder.model.lesson_reader import INCLUDE
from autograder.publish.gradescope import write_gradescope
from tests.support.image import make_environment

LESSON = "00_warmup"
HARD_CODED = """\
def describe(a):
    return {"shape": (2, 3), "ndim": 2, "dtype": "float64", "size": 6}
"""
METADATA = {
    "id": 1,
    "created_at": "2026-03-01T18:00:00.000000-08:00",
    "assignment": {
        "title": "Warm-up",
        "total_points": "10.0",
        "group_submission": False,
    },
    "users": [{"id": 7, "name": "Ada King", "email": "ada@x.org"}],
    "previous_submissions": [],
    "submission_method": "upload",
}


def test_the_archive_holds_one_lesson_and_is_the_same_each_time(tmp_path):
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    update_sources(names=[LESSON])
    earlier = earlier_file(ROOT / "build" / "source", LESSON)
    note_earlier(earlier.parent, LESSON, {LESSON: []})
    said = write_gradescope(first, LESSON, "hidden")
    write_gradescope(second, LESSON, "hidden")
    assert first.read_bytes() == second.read_bytes()
    assert said[0] == "Autograder Points: 10"
    with zipfile.ZipFile(first) as archive:
        names = archive.namelist()
        for name in ("setup.sh", "run_autograder"):
            mode = archive.getinfo(name).external_attr >> 16
            assert mode & stat.S_IXUSR
            script = archive.read(name)
            subprocess.run(["bash", "-n"], input=script, check=True)
            assert b"\r" not in script
        lock = archive.read("requirements.lock")
    assert b"\nnbgrader==" in lock
    assert b"\ntensorflow==" not in lock
    assert earlier.relative_to(ROOT).as_posix() in names
    lessons = {name.split("/")[1] for name in names if name.startswith("lessons/")}
    assert lessons == {LESSON}


def test_the_command_says_what_to_set(tmp_path):
    path = tmp_path / "g.zip"
    done = CliRunner().invoke(app, ["gradescope", "01", "-o", str(path)])
    assert done.exit_code == 0
    assert "Autograder Points: 17" in done.output
    assert "3 points for the written answers" in done.output
    with zipfile.ZipFile(path) as archive:
        lesson = archive.read("lessons/01_neuron/lesson.py").decode()
        assert {*INCLUDE.findall(lesson)} <= {*archive.namelist()}


def test_only_gradescopes_own_words_say_when_tests_are_shown(tmp_path):
    with pytest.raises(WrongUse, match="after_published"):
        write_gradescope(tmp_path / "g.zip", LESSON, "later")


@pytest.fixture(scope="module")
def base():
    """Build the image as Gradescope does; the packages are there already."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        base.chmod(0o755)  # as /autograder is: other users may enter
        write_gradescope(base / "g.zip", LESSON, "after_published")
        shutil.unpack_archive(base / "g.zip", base / "source")
        make_environment(base / "venv")
        environment = os.environ | {"AUTOGRADER_BASE": folder, "PIP_NO_INDEX": "1"}
        done = subprocess.run(
            ["bash", base / "source" / "setup.sh"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        assert "rlimits" in done.stdout
        yield base


def run(base, files, before=(), **environment):
    """Hand in files; return the results and what instructors see printed."""
    for room in ("submission", "results"):
        shutil.rmtree(base / room, ignore_errors=True)
        (base / room).mkdir()
    (base / "submission_metadata.json").write_text(json.dumps(METADATA))
    for name, content in files.items():
        path = base / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    done = subprocess.run(
        [*before, "bash", base / "source" / "run_autograder"],
        env=os.environ | {"AUTOGRADER_BASE": str(base)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    found = json.loads((base / "results" / "results.json").read_text("utf-8"))
    return found, done.stdout + done.stderr


def notebook(room):
    return (ROOT / room / LESSON / f"{LESSON}.ipynb").read_bytes()


@pytest.mark.patient
def test_a_right_submission_gets_all_points_there(base):
    found, said = run(base, {f"{LESSON}.ipynb": notebook("solutions")})
    assert found["score"] == 10.0, said
    assert {test["status"] for test in found["tests"] if "score" in test} == {"passed"}
    assert "active  rlimits" in said
    shown = {test["visibility"] for test in found["tests"]}
    assert shown == {"visible", "after_published", "hidden"}


CONTAINER = """\
import os, sys
from autograder.sealed.sandbox import seccomp
seccomp.install(("unshare", "mount", "landlock_create_ruleset"), (), allowed=None)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""What an ordinary container refuses, and an old kernel."""
SPY = """\
def describe(a):
    import os
    found = []
    for folder in {folders}:
        try:
            found.append(open(folder).read() if '.' in folder else os.listdir(folder))
        except OSError as error:
            found.append(type(error).__name__)
    raise RuntimeError(str(found))
"""


@pytest.mark.patient
@pytest.mark.skipif(os.geteuid() != 0, reason="Gradescope grades as root")
def test_in_a_container_without_namespaces_the_lesson_is_closed_to_student_code(base):
    content = json.loads(notebook("solutions"))
    folders = [f"{base}/source", f"{base}/source/lessons/{LESSON}"]
    folders += [f"{base}/results", f"{base}/submission_metadata.json"]
    for each in content["cells"]:
        if "".join(each["source"]).startswith("def describe"):
            each["source"] = SPY.format(folders=folders)
    files = {f"{LESSON}.ipynb": json.dumps(content).encode()}
    found, said = run(base, files, before=[sys.executable, "-c", CONTAINER])
    assert "MISSING user namespace" in said
    assert "MISSING landlock" in said
    if "MISSING unprivileged user" in said:
        pytest.skip("Python lies where root alone may enter")
    assert "unprivileged user" in found["extra_data"]["sandbox"]
    assert 0 < found["score"] < 10, said
    told = [t["output"] for t in found["tests"] if "RuntimeError" in t["output"]]
    assert told
    assert all(str(["PermissionError"] * 4) in t for t in told), told


@pytest.mark.patient
def test_a_wrong_one_in_a_repository_gets_its_mistake_named(base):
    content = json.loads(notebook("solutions"))
    for each in content["cells"]:
        source = "".join(each["source"])
        if source.startswith("def describe"):
            line = (
                '    return {"shape": (2, 3), "ndim": 2, "dtype": "float64", "size": 6}'
            )
            each["source"] = f"def describe(a):\n{line}\n"
    place = f"notebooks/{LESSON}/{LESSON}.ipynb"
    files = {place: json.dumps(content).encode(), "README.md": b"my work"}
    found, said = run(base, files)
    assert 0 < found["score"] < 10, said
    (told,) = [t for t in found["tests"] if "Most likely: " in t["output"]]
    assert "those of one array" in told["output"]
    assert told["visibility"] == "after_published"


@pytest.mark.patient
@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"essay.pdf": b"%PDF"}, "found essay.pdf, expected"),
        ({f"{LESSON}.ipynb": b'{"cells": ['}, "JSON ends or breaks off"),
    ],
)
def test_a_broken_or_missing_one_gets_zero_and_a_reason(base, files, why):
    found, said = run(base, files)
    assert found["score"] == 0.0, said
    assert why in found["output"]
    assert "Traceback" not in said


@pytest.mark.patient
def test_the_time_limit_leaves_results_that_say_so(base):
    files = {f"{LESSON}.ipynb": notebook("solutions")}
    found, _ = run(base, files, AUTOGRADER_SECONDS="1")
    assert found["score"] == 0.0
    assert "stopped before it came to an end" in found["output"]
