"""What students get works by itself, and shows no answer and no hidden test."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from autograder.authoring.build import read_lessons
from autograder.authoring.demo_scenarios import Draft
from autograder.authoring.notebooks import source_bytes
from autograder.base.errors import SourceError, WrongUse
from autograder.cli import app
from autograder.model.catalogue import read_catalogue
from autograder.model.lesson_reader import lesson_path, read_lesson
from autograder.publish import bundle
from autograder.publish.bundle import write_checksums

NAME = "00_warmup"
LESSON = lesson_path(NAME)
pytestmark = pytest.mark.xdist_group("bundle")


@pytest.fixture(scope="module", autouse=True)
def _read_once():
    """Read the lessons' sources once for all tests: it takes seconds."""
    once = cache(lambda *names: read_lessons(list(names) or None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "read_lessons", lambda names: once(*(names or ())))
        yield


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Write the bundle of one lesson with the command; return its path."""
    path = tmp_path_factory.mktemp("bundle") / "students.zip"
    key = path.with_name("key")
    made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    subprocess.run(made, check=True)
    order = ["bundle", str(path), "--lesson", NAME, "--sign", str(key)]
    result = CliRunner().invoke(app, order)
    assert result.exit_code == 0, result.output
    return path


@pytest.mark.patient
def test_the_check_runs_in_an_empty_folder(archive, tmp_path):
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path)
    root = tmp_path / "neuron-by-neuron"
    path = root / "notebooks" / NAME / f"{NAME}.ipynb"
    lesson = read_lesson(LESSON)
    draft = Draft(lesson, read_catalogue(lesson), nbformat.read(path, as_version=4))
    *solved, last = lesson.exercises
    draft.solve(solved)
    nbformat.write(draft.notebook, path)
    places = {"PYTHONPATH": str(root), "PATH": os.environ["PATH"]}
    run = [sys.executable, "-P", "-m", "autograder", "check", str(path), "--hint", "1"]
    found = subprocess.run(
        run,
        cwd=tmp_path,
        env=places | {"HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 1, found.stderr
    passed, visible = re.search(r"(\d+) of (\d+) visible", found.stdout).groups()
    assert int(passed) == int(visible) - 1
    assert f"test_{last}" in found.stdout
    assert "not answered yet" in found.stdout
    assert "Hint 1" in found.stdout
    where = subprocess.check_output(
        [sys.executable, "-P", "-c", "import autograder; print(autograder.__file__)"],
        cwd=tmp_path,
        env=places,
        text=True,
    )
    assert Path(where.strip()).is_relative_to(root)


def test_no_file_of_it_shows_an_answer_or_a_hidden_test(archive):
    regions = {"SOLUTION": set(), "HIDDEN TESTS": set()}
    kept, region = set(), None
    for line in LESSON.read_text("utf-8").splitlines():
        line = line.removeprefix("# ").strip()
        if begins := re.search("### BEGIN (.+)", line):
            region = begins[1]
        elif "### END" in line:
            region = None
        else:
            (regions[region] if region else kept).add(line)
    secret = {line for lines in regions.values() for line in lines} - kept
    secret = {line for line in secret if len(line) >= 20}
    assert len(secret) > 50
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            assert "/source/" not in name
            assert "/mistakes/" not in name
            text = packed.read(name).decode()
            shown = {line for line in secret if line.replace('"', '\\"') in text}
            assert not shown, name


def test_it_holds_what_its_readme_names(archive):
    with zipfile.ZipFile(archive) as packed:
        names = {name.removeprefix("neuron-by-neuron/") for name in packed.namelist()}
        readme = packed.read("neuron-by-neuron/README.md").decode()
    assert {"README.md", "LICENSE", "requirements.lock"} <= names
    assert "-r requirements.lock" in readme
    assert "-m autograder check" in readme
    assert {"autograder/__main__.py", f"notebooks/{NAME}/{NAME}.ipynb"} <= names


@pytest.fixture(scope="module")
def of_a_class(tmp_path_factory):
    """Write the bundle of a class of two NumPy lessons; return README and lock."""
    room = tmp_path_factory.mktemp("class")
    (room / "class.toml").write_text(
        'title = "Networks"\ntime_zone = "UTC"\n[lessons.00]\ntitle = "Week 1"\n'
        "due = 2027-03-01T18:00:00\n[lessons.02]\n"
    )
    path = room / "class.zip"
    result = CliRunner().invoke(app, ["bundle", str(path), "--classroom", str(room)])
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(path) as packed:
        names = {
            Path(name).parent.name for name in packed.namelist() if "ipynb" in name
        }
        assert names == {NAME, "02_activations"}
        inner = ("README.md", "requirements.lock")
        return [packed.read(f"neuron-by-neuron/{name}").decode() for name in inner]


def test_its_readme_names_the_lessons_of_the_class_alone(of_a_class):
    readme, _ = of_a_class
    assert readme.startswith("# Networks\n")
    assert f"| Week 1 | notebooks/{NAME} | 2027-03-01 18:00 UTC |" in readme
    named = set(re.findall(r"notebooks/(\w+)", readme))
    assert named == {NAME, "02_activations"}


def test_its_lock_has_what_these_lessons_need_and_no_more(of_a_class):
    _, lock = of_a_class
    kept = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
    assert {"numpy", "jupyterlab", "nbgrader", "plotnine"} <= kept
    assert not {"tensorflow", "keras", "sphinx", "dask", "pytest"} & kept
    for name in kept:  # pip refuses a list with hashes that lacks anything
        with suppress(PackageNotFoundError):  # of another system
            for needed in map(Requirement, requires(name) or ()):
                if not needed.marker or needed.marker.evaluate({"extra": ""}):
                    other = re.sub(r"[-_.]+", "-", needed.name).lower()
                    assert other in kept, f"{name} needs {other}"


def test_lock_of_a_keras_lesson_has_tensorflow():
    lock = bundle.lock_for({"keras.layers"}).decode()
    assert re.search("^tensorflow==", lock, re.MULTILINE)


def test_the_same_sources_make_the_same_bytes(archive, tmp_path):
    again = tmp_path / "again.zip"
    bundle.write_bundle(again, [NAME])
    assert again.read_bytes() == archive.read_bytes()


@pytest.mark.parametrize("mishap", ["the instructor's notebook", "the sources"])
def test_an_archive_that_shows_answers_is_not_written(mishap, tmp_path, monkeypatch):
    if mishap == "the sources":
        monkeypatch.setattr(bundle, "CODE", ("lessons/*/lesson.py",))
    else:
        monkeypatch.setattr(bundle, "release_bytes", source_bytes)
    with pytest.raises(SourceError, match=f"shows a line of {NAME}/lesson.py"):
        bundle.write_bundle(tmp_path / "b.zip", [NAME])
    assert not list(tmp_path.iterdir())


def test_a_lesson_that_gives_away_another_is_named(tmp_path, monkeypatch):
    other = source_bytes(read_lesson(lesson_path("01_neuron")))
    monkeypatch.setattr(bundle, "release_bytes", lambda _: other)
    notes = bundle.write_bundle(tmp_path / "b.zip", [NAME])
    assert len(notes) == 1
    assert re.search(rf"{NAME} shows \d+ lines of answers of 01_neuron", notes[0])


def test_a_lesson_that_gives_away_another_comes_later(tmp_path, monkeypatch):
    early, late = (read_lesson(lesson_path(name)) for name in ("01_neuron", NAME))
    releases = {early.name: b'{"cells": []}', late.name: source_bytes(early)}
    monkeypatch.setattr(bundle, "read_lessons", lambda _: [early, late])
    monkeypatch.setattr(bundle, "release_bytes", lambda lesson: releases[lesson.name])
    notes = bundle.write_bundle(tmp_path / "b.zip")
    assert len(notes) == 1
    assert f"{NAME} is left out" in notes[0]
    assert f"--lesson {NAME}" in notes[0]
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        found = {Path(name).stem for name in packed.namelist() if ".ipynb" in name}
    assert found == {early.name}


def verify(folder: Path, signer: str) -> bool:
    """Check an archive as docs/releases.md tells students; False if something is off.

    `signer` is what the students know of the key from elsewhere.
    """
    (folder / "signer").write_text(f"instructor {signer}")
    verifies = "ssh-keygen -Y verify -f signer -I instructor -n neuron-by-neuron"
    signed = subprocess.run(
        [*verifies.split(), "-s", "SHA256SUMS.sig"],
        input=(folder / "SHA256SUMS").read_bytes(),
        cwd=folder,
        capture_output=True,
    )
    summed = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=folder, capture_output=True
    )
    return signed.returncode == summed.returncode == 0


@pytest.fixture
def download(archive, tmp_path):
    """Copy the archive, its checksum and the signature, as a student gets them."""
    for name in (archive.name, "SHA256SUMS", "SHA256SUMS.sig"):
        shutil.copy(archive.with_name(name), tmp_path)
    return tmp_path / archive.name


def test_students_can_check_that_it_came_from_their_instructor(archive, download):
    public = archive.with_name("key.pub").read_text()
    assert verify(download.parent, public)
    download.write_bytes(download.read_bytes() + b" ")
    assert not verify(download.parent, public), "the archive was changed"
    write_checksums(download)
    assert not download.with_name("SHA256SUMS.sig").exists()
    shutil.copy(archive.with_name("SHA256SUMS.sig"), download.parent)
    assert not verify(download.parent, public), "its checksum was changed, too"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", download.parent / "own"],
        check=True,
    )
    write_checksums(download, download.parent / "own")
    assert not verify(download.parent, public), "somebody else signed it"
    assert verify(download.parent, (download.parent / "own.pub").read_text())


def test_checksums_of_other_files_stay(download):
    sums = download.with_name("SHA256SUMS")
    other = "0" * 64 + "  another.whl\n"
    sums.write_text(other + sums.read_text())
    download.write_bytes(b"new")
    write_checksums(download)
    assert sums.read_text().count("\n") == 2
    assert other in sums.read_text()


@pytest.mark.parametrize("found", ["nothing", "no key"])
def test_a_key_that_cannot_sign_is_refused_by_name(found, download):
    key = download.with_name("key")
    if found == "no key":
        key.write_text("text")
        with pytest.raises(WrongUse, match=r"key: ssh-keygen does not sign"):
            write_checksums(download, key)
    else:
        order = ["bundle", str(download), "--sign", str(key)]
        refused = CliRunner().invoke(app, order).exception
        assert isinstance(refused, WrongUse)
        assert "found no file" in str(refused)


def test_an_unknown_lesson_is_named(tmp_path):
    with pytest.raises(SourceError, match="no lesson named 77_none"):
        bundle.write_bundle(tmp_path / "b.zip", ["77_none"])
