"""The page on the architecture is drawn from the code."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.base.paths import ROOT

PACKAGE = ROOT / "autograder"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
STEP = re.compile(
    r"^\d+\. `([a-z_]+(?:\.[a-z_]+)*)\.((?:[A-Z]\w+\.)?\w+)`", re.MULTILINE
)
LAYERS = re.compile(r"^layers = \[\n(.*?)^\]", re.MULTILINE | re.DOTALL)


def rooms() -> dict[str, str]:
    """Return each room of the package, with the first line of its own text."""
    found = {}
    for path in sorted(PACKAGE.rglob("__init__.py")):
        if path.parent != PACKAGE:
            name = path.parent.relative_to(PACKAGE).as_posix()
            text = ast.get_docstring(ast.parse(path.read_text("utf-8")))
            found[name] = text.splitlines()[0]
    return found


def modules(room: str) -> list[str]:
    files = (PACKAGE / room).glob("*.py")
    return sorted(path.stem for path in files if path.stem != "__init__")


def test_each_room_is_there_with_its_sentence_and_its_modules():
    row = re.compile(r"^\| `([\w/]+)/` \| (.+) \| (.+) \|$", re.MULTILINE)
    found = {name: (text, names) for name, text, names in row.findall(PAGE)}
    assert found == {
        name: (text, " ".join(modules(name))) for name, text in rooms().items()
    }


def test_the_floors_are_those_that_lint_holds_the_code_to():
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = [re.findall(r'"(.+)"', block) for block in LAYERS.findall(settings)]
    page = PAGE.split("```")
    drawn = [block.strip().splitlines() for block in page[1::2]]
    for floors in layers:
        assert floors in drawn, f"draw these floors in a block of their own: {floors}"


def _defined(tree: ast.Module) -> set[str]:
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = [n for n in node.body if isinstance(n, ast.FunctionDef)]
            names |= {f"{node.name}.{method.name}" for method in inner}
    return names


@pytest.mark.parametrize(("module", "name"), STEP.findall(PAGE))
def test_each_step_of_a_way_is_in_the_code(module, name):
    path = PACKAGE / f"{module.replace('.', '/')}.py"
    assert path.exists(), f"{module}: there is no such module"
    assert name in _defined(ast.parse(path.read_text("utf-8")))


def test_there_are_three_ways():
    titles = re.findall(r"^## The way of (.+)$", PAGE, re.MULTILINE)
    assert titles == ["a lesson", "a submission", "a test's call"]
    assert len(STEP.findall(PAGE)) >= 15


def test_no_room_is_too_full_and_no_module_too_long():
    own = [path for path in PACKAGE.glob("*") if path.is_file()]
    assert len(own) <= 8, sorted(path.name for path in own)
    for room in rooms():
        assert len(modules(room)) <= 14, room
    for top in ("autograder", "tests", "bench"):
        for path in (ROOT / top).rglob("*.py"):
            if "lessons" not in path.parts and "old_classes" not in path.parts:
                lines = len(path.read_text("utf-8").splitlines())
                assert lines <= 400, f"{path.relative_to(ROOT)}: {lines} lines"


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("model/cells.py", "autograder.grading.grader"),
        ("sealed/examiner/run_test.py", "autograder.sealed.student.shell"),
        ("sealed/student/shell.py", "autograder.sealed.examiner.scoring"),
        ("publish/bundle.py", "autograder.report.page"),
        ("base/locks.py", "autograder.base.tempdirs"),
    ],
)
def test_a_forbidden_import_fails_lint(tmp_path, module, forbidden):
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "autograder", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changed = tmp_path / "autograder" / module
    changed.write_text(changed.read_text("utf-8") + f"\nimport {forbidden}\n")
    if module.startswith("base"):  # a circle takes two
        other = tmp_path / "autograder" / "base" / "tempdirs.py"
        other.write_text(other.read_text("utf-8") + "\nimport autograder.base.locks\n")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout
