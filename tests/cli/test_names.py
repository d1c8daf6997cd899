"""Names that students choose, in tables and terminals; and what waits for a person."""

from __future__ import annotations

import csv
import json
import logging
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from traitlets.config import Config

from autograder.course.course import own_course, use_the_engine
from autograder.export.plugins import FORMATS
from autograder.gradebook.marker import Marker
from autograder.sealed.sandbox.spawn import probe
from tests.attacks.arena import LESSON, Arena, Hand, solved

pytestmark = [
    pytest.mark.xdist_group("names"),
    pytest.mark.skipif(
        not all(layer.active for layer in probe()),
        reason="without the whole sandbox these attacks could harm this machine",
    ),
]

FORMULAS = [
    '=cmd|" /C calc"!A0',
    "=1+2",
    "+1+2",
    "-1+2",
    "@SUM(1)",
    "\t=1+2",
    "\r=1+2",
    "\uff1d1+2",
]
"""What spreadsheets take for a formula; the last is a wide sign of equality."""
SEQUENCES = ["\x1b[2J\x1b[31m", "\x1b]0;title\x07", "\x9b31m", "\x08\x08\x08", "\u202e"]
"""What steers a terminal."""


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """Grade a class whose students have names of all these kinds."""
    arena = Arena(tmp_path_factory.mktemp("names"))
    for name in FORMULAS:
        arena.hand_in(name, solved())
    for number, sequence in enumerate(SEQUENCES):
        hand = Hand()
        hand.name = f"home{sequence}work.txt"
        arena.hand_in(f"ann{sequence}lee{number}", hand)
    arena.grade()
    return arena


def _is_harmless(value: str) -> bool:
    return not value.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))


def _values(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return [value for row in csv.reader(file) for value in row if value]


def _sheets(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        names = [n for n in book.namelist() if n.startswith("xl/worksheets/")]
        return "".join(book.read(name).decode() for name in names)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def test_no_line_of_a_log_steers_a_terminal(caplog):
    before = logging.getLogRecordFactory()
    try:
        use_the_engine(Config())  # as for nbgrader's own commands
        logging.getLogger("nbgrader").error("no %s", "ann\x1b[2J\u202elee")
    finally:
        logging.setLogRecordFactory(before)
    assert caplog.messages == ["no ann\\x1b[2J\\u202elee"]


def test_grades_hold_no_formula(classroom):
    values = _values(classroom.room / "grades.csv")
    assert [v for v in values if not (_is_harmless(v) or _is_number(v))] == []


@pytest.mark.parametrize("kind", FORMATS)
def test_exports_hold_no_formula(kind, classroom, tmp_path):
    exporter = FORMATS[kind]()
    exporter.to = str(tmp_path / "table.csv")
    with Marker(own_course(classroom.room, classroom.root)) as marker:
        exporter.export(marker.gradebook)
    if kind == "excel":  # a workbook says itself what is a formula
        assert "<f>" not in _sheets(tmp_path / "table.csv")
        return
    values = _values(tmp_path / "table.csv")
    assert [v for v in values if not (_is_harmless(v) or _is_number(v))] == []


# The command line, on a course of others: it needs no lessons of ours.

SETTINGS = 'c = get_config()\nc.CourseDirectory.course_id = "odd"\n'


def _command(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=300,
    )


@pytest.fixture
def course(tmp_path):
    """Make a course of others of the attacked lesson."""
    arena = Arena(tmp_path / "arena")
    folder = tmp_path / "course"
    shutil.copytree(arena.root / "build" / "source", folder / "source")
    shutil.copytree(arena.room / "submitted", folder / "submitted")
    (folder / "nbgrader_config.py").write_text(SETTINGS, "utf-8")
    return folder


def _hand_in(course: Path, student: str, name: str = f"{LESSON}.ipynb") -> Path:
    place = course / "submitted" / student / LESSON / name
    place.parent.mkdir(parents=True)
    place.write_bytes(solved().content())
    return place


@pytest.mark.patient
def test_nothing_that_is_printed_steers_a_terminal(course):
    for number, sequence in enumerate(SEQUENCES):
        _hand_in(course, f"ann{sequence}lee{number}", f"home{sequence}work.ipynb")
        _hand_in(course, f"bob{sequence}lee{number}", f"home{sequence}work.txt")
    for command in (("grade",), ("show",)):
        done = _command(*command, "--course", course)
        told = (done.stdout + done.stderr).decode("utf-8", "replace")
        found = {c for c in told if c in "\x1b\x07\x08\x9b\u202e"}
        assert found == set(), command


def _task(course: Path, points: float) -> None:
    """Add a manual task of nbgrader's to the lesson's source."""
    path = course / "source" / LESSON / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    about = {"grade": False, "solution": False, "locked": True, "task": True}
    about |= {"points": points, "grade_id": "essay", "schema_version": 3}
    cell = nbformat.v4.new_markdown_cell("Hand in a drawing.", id="essay")
    cell.metadata["nbgrader"] = about
    notebook.cells.append(cell)
    nbformat.write(notebook, path)


@pytest.mark.patient
def test_a_manual_task_counts_in_everything_that_is_told(course):
    points = 0.5
    _task(course, points)
    done = _command("grade", "--course", course)
    assert done.returncode == 0, done.stderr
    lines = (course / "results.jsonl").read_text("utf-8").splitlines()
    (record,) = map(json.loads, lines)
    assert record["max_score"] == 11.0 + points
    assert "essay" in [cell["grade_id"] for cell in record["cells"]]
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert float(row["max_score"]) == 11.0 + points
    assert row["waits_for_a_person"] == "True"
    told = _command("show", "--course", course).stdout.decode()
    assert f"{11.0 + points:g}" in told
