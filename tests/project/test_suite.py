"""The tests keep rules of their own: files stand alone, and say why they are slow."""

import re
import tomllib

import pytest

from autograder.base.paths import ROOT

TESTS = ROOT / "tests"
FILES = {str(path.relative_to(TESTS)): path for path in TESTS.rglob("test_*.py")}
ELSEWHERE = {"attacks", "project", "support", "old_classes"}
"""Folders that test no folder of the package, or hold no tests."""


def markers() -> dict[str, str]:
    """Return what each marker means."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = settings["tool"]["pytest"]["ini_options"]["markers"]
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_test_file_is_imported(name):
    # In programs for other processes, too.
    found = re.findall(r"\btests\.(?:\w+\.)*test_\w+", FILES[name].read_text("utf-8"))
    assert found == [], "move what is shared to tests/support/ or a conftest.py"


def test_each_folder_of_tests_is_one_of_the_package():
    rooms = {path.parent.relative_to(TESTS) for path in FILES.values()}
    tested = {room for room in rooms if room.parts[0] not in ELSEWHERE}
    assert [room for room in tested if not (ROOT / "autograder" / room).is_dir()] == []


def test_what_make_test_leaves_out_has_its_reason():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    left_out = re.search(r"^REST := (.+)$", makefile, re.MULTILINE)[1].split(" or ")
    assert left_out == sorted(markers())
    assert all(len(reason.split()) > 4 for reason in markers().values())


def test_every_marker_is_used():
    texts = [path.read_text("utf-8") for path in FILES.values()]
    for name in markers():
        assert any(f"pytest.mark.{name}" in text for text in texts), name
