"""The workflow's steps do on this machine what they do on GitHub's."""

import json
import os
import subprocess

import pytest
import yaml

from autograder.authoring.build import read_lessons
from autograder.publish.github import CHECK, WORKFLOW
from autograder.publish.repository import write_repository
from tests.support.image import make_environment

LESSON = "00_warmup"
OTHER = "02_activations"


def steps():
    (job,) = yaml.safe_load(CHECK)["jobs"].values()
    return job["steps"]


def test_it_may_read_and_nothing_else_and_uses_what_github_has():
    read = yaml.safe_load(CHECK)
    assert read["permissions"] == {"contents": "read"}
    assert "push" in read[True]  # YAML 1.1 reads `on` so, GitHub does not
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used == ["actions/checkout@v4", "actions/setup-python@v5"]


@pytest.mark.patient
def test_a_push_shows_what_the_checks_say_of_what_was_begun(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "students"
    write_repository(folder, [LESSON, OTHER])
    assert yaml.safe_load((folder / WORKFLOW).read_text("utf-8"))
    work = folder / "notebooks" / LESSON / f"{LESSON}.ipynb"
    solved = json.loads(work.read_bytes())
    answers = {c.grade_id: c.source for c in read_lessons([LESSON])[0].cells}
    for cell in solved["cells"]:
        entry = cell["metadata"].get("nbgrader", {})
        if entry.get("solution"):
            cell["source"] = answers[entry["grade_id"]]
    programs = make_environment(tmp_path / "venv")

    def push(notebook):
        work.write_text(json.dumps(notebook))
        summary = tmp_path / "summary.md"
        summary.unlink(missing_ok=True)
        environment = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PIP_NO_INDEX": "1",
            "GITHUB_STEP_SUMMARY": str(summary),
        }
        for step in steps():
            if "run" not in step:
                continue
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                break
        return done.returncode, summary.read_text("utf-8")

    status, said = push(solved)
    assert f"## {LESSON}: all pass" in said
    assert f"## {OTHER}: not begun" in said
    assert status == 0
    for cell in solved["cells"]:
        if "".join(cell["source"]).startswith("def one_hot"):
            cell["source"] = "def one_hot(y, n):\n    return '```\\n# not mine'\n"
    status, said = push(solved)
    assert status == 1
    assert f"## {LESSON}: something to do" in said
    assert "\n    test_one_hot_example: " in said
    assert [line for line in said.splitlines() if line.startswith("# ")] == [
        "# What the visible checks say"
    ]
