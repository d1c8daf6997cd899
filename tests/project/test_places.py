"""Where students work: Colab, Binder, a container, and what each of them is given."""

import json
import os
import re
import tomllib
from datetime import date

import yaml

from autograder.authoring.beginnings import beginning
from autograder.base.paths import ROOT
from autograder.model.lesson_reader import lesson_paths, read_lesson

COLAB = tomllib.loads((ROOT / "tests" / "support" / "colab.toml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_colab_has_all_that_lessons_need_in_versions_that_they_allow():
    assert date(2026, 1, 1) < COLAB["date"]
    found = COLAB["versions"]
    for path in lesson_paths():
        names: dict = {}
        source = beginning(read_lesson(path))
        exec(re.search(r"_needed = \{.*?\}", source, re.DOTALL)[0], names)
        assert set(names["_needed"].values()) <= found.keys(), path
    extras = PROJECT["optional-dependencies"]
    for wanted in [*extras["lessons"], *extras["keras"]]:
        name, least = re.match(r"([\w-]+)>=([\d.]+)", wanted).groups()
        if name in found and name != "ipywidgets":  # sliders are optional
            assert _numbers(found[name]) >= _numbers(least), wanted


def test_binder_installs_what_students_get_and_the_command():
    room = ROOT / ".binder"
    listed = (room / "requirements.txt").read_text("utf-8").split()
    assert (room / listed[1]).resolve() == ROOT / "requirements-students.lock"
    assert os.access(room / "postBuild", os.X_OK)
    assert "--editable ." in (room / "postBuild").read_text("utf-8")


def test_a_container_and_each_system_are_set_up_by_the_same_script():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert container["postCreateCommand"] == "python install.py lessons"
    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    job = flow["jobs"]["students"]
    systems = {name.split("-")[0] for name in job["strategy"]["matrix"]["os"]}
    assert systems == {"windows", "macos", "ubuntu"}
    assert any(s.get("run") == "python install.py lessons" for s in job["steps"])


def test_no_file_has_a_name_that_some_system_refuses():
    refused = re.compile(r'[<>:"|?*\\]|[. ]$')
    for path in lesson_paths():
        folder = ROOT / "notebooks" / path.parent.name
        for inner in folder.rglob("*"):
            name = inner.relative_to(ROOT).as_posix()
            assert not refused.search(name), name
            assert len(name) < 120, name


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3])
