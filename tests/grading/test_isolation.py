"""Courses of others: their tests run sealed where that gives the same marks."""

import csv
import json
import shutil
import socket
import threading
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from autograder.course.course import foreign_course
from autograder.grading.isolation_checks import needs
from tests.grading.test_stock import marks, nbgrader
from tests.support.small_course import empty_gradebook

pytestmark = pytest.mark.xdist_group("other courses")
TASK = {
    "schema_version": 3,
    "grade_id": "task",
    "grade": False,
    "solution": False,
    "locked": True,
    "task": True,
    "points": 4,
}
STUBS = '{"python": "raise 1", "other": "raise 1", "R": "stop()"}'
PATIENT = (
    "c.ExecutePreprocessor.timeout = 300\nc.ExecutePreprocessor.startup_timeout = 300\n"
)
"""Stock nbgrader's limits go by the clock; ours need not be told."""
SQUARES = "def squares(n):\n    return [i * i for i in range(1, n + 1)]"
SOLUTION = SQUARES.replace("    r", "    ### BEGIN SOLUTION\n    r") + (
    "\n    ### END SOLUTION"
)


def cell(source: str, name: str = "", points: int = 0) -> dict:
    made = new_code_cell(source)
    if name:
        made.metadata["nbgrader"] = {
            "schema_version": 3,
            "grade_id": name,
            "grade": bool(points),
            "solution": not points,
            "locked": bool(points),
            "task": False,
            "points": points,
        }
    return made


def make(root: Path, name: str, cells: list, kernel=("python3", "python")) -> None:
    """Write one assignment of a course of somebody else."""
    folder = root / "source" / name
    folder.mkdir(parents=True)
    spec = {"name": kernel[0], "language": kernel[1], "display_name": kernel[0]}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, folder / "problem.ipynb")
    settings = f"c = get_config()\nc.ClearSolutions.code_stub = {STUBS}\n{PATIENT}"
    (root / "nbgrader_config.py").write_text(settings)
    (root / "gradebook.db").write_bytes(empty_gradebook())


def hand_in(root: Path, student: str, name: str, answers: dict[str, str]) -> None:
    notebook = nbformat.read(root / "source" / name / "problem.ipynb", as_version=4)
    for one in notebook.cells:
        grade_id = one.metadata.get("nbgrader", {}).get("grade_id")
        one.source = answers.get(grade_id, one.source)
    folder = root / "submitted" / student / name
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "problem.ipynb")


def command(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert not result.exception or isinstance(result.exception, SystemExit), (
        result.output
    )
    return result.output


def records(root: Path) -> dict:
    lines = (root / "results.jsonl").read_text("utf-8").splitlines()
    found = map(json.loads, lines)
    return {(record["student"], record["lesson"]): record for record in found}


def points(record: dict) -> dict[str, float]:
    return {cell["grade_id"]: cell["points"] for cell in record["cells"]}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a graded course; one of its tests needs a helper, one the variables."""
    root = tmp_path_factory.mktemp("course")
    cells = [
        cell("from helpers import triple\nlog = []"),
        cell(SOLUTION, "squares"),
        cell("assert squares(3) == [1, 4, 9]\nassert triple(2) == 6", "plain", 1),
        cell("def last(n):\n    return squares(n)[-1]\nassert last(3) == 9", "help", 1),
        cell("kept = squares\ndel squares\nsquares = kept\nlast(4)", "deletes", 1),
        cell("log.append(1)", "appends", 1),
        cell("### BEGIN HIDDEN TESTS\nassert log == [1]\n### END HIDDEN TESTS", "h", 2),
    ]
    make(root, "ps1", cells)
    (root / "source" / "ps1" / "helpers.py").write_text("def triple(x): return 3 * x")
    hand_in(root, "ada", "ps1", {"squares": SQUARES})
    hand_in(root, "eve", "ps1", {"squares": "def squares(n):\n    return [1, 4, 9]"})
    assert "2 graded, 0 unreadable, 0 errored" in command(
        "grade", "--course", str(root), "--jobs", "1"
    )
    return root


def test_a_test_that_needs_the_students_variables_gets_them_and_others_do_not(course):
    with (course / "tests.csv").open(newline="") as file:
        rows = {row["cell"]: (row["tests"], row["why"]) for row in csv.DictReader(file)}
    assert {name: tests for name, (tests, _) in rows.items()} == {
        "plain": "sealed",
        "help": "shared",
        "deletes": "shared",
        "appends": "shared",
        "h": "shared",
    }
    assert rows["help"][1] == "prepares something for deletes"
    assert "squares" in rows["deletes"][1]
    assert "instead of 2 of 2 points: AssertionError" in rows["h"][1]


def test_marks_are_those_of_stock_nbgrader_and_results_say_where_tests_ran(course):
    found = records(course)
    ada, eve = found["ada", "ps1"], found["eve", "ps1"]
    assert points(ada) == {"plain": 1, "help": 1, "deletes": 1, "appends": 1, "h": 2}
    assert points(eve) == points(ada)
    assert ada["tests"] == "mixed"
    assert ada["shared"] == ["help", "deletes", "appends", "h"]


def test_feedback_and_report_say_where_tests_ran(course):
    command("feedback", "--course", str(course))
    page = next(course.glob("feedback/ada/ps1/*.html")).read_text("utf-8")
    assert "4 of 5 checks ran among your notebook's own variables" in page
    command("report", "--course", str(course))
    report = (course / "report.html").read_text("utf-8")
    assert "<li>ps1: appends, deletes, h, help</li>" in report


def test_what_sealed_running_would_change_is_listed(course):
    before = (course / "tests.csv").read_bytes()
    said = command("tests", "--course", str(course), "--compare", "--tests", "sealed")
    assert "ada/ps1/problem h: 0 points, 2 among the student's variables" in said
    assert "eve/ps1/problem h: 0 points" in said
    assert "deletes: 0 points, 1 among the student's variables: NameError" in said
    assert "4 marks of 2 submissions are other ones" in said
    assert (course / "tests.csv").read_bytes() == before


WRONG_SETTINGS = {
    'tests = "sealde"': "tests: found 'sealde', expected one of sealed, shared, auto",
    'test = "auto"': "found the key test, expected one of lessons, tests",
    '[lessons]\nps9 = "auto"': "found the key lessons.ps9, expected one of lessons.ps1",
    "[lessons]\nps1 = 3": "lessons.ps1: found 3, expected one of sealed, shared, auto",
    "lessons = 1": "lessons: found 1, expected a table",
    "tests = auto": "line 1, column 9",
}


@pytest.mark.parametrize("text", WRONG_SETTINGS)
def test_a_wrong_setting_is_named_with_what_was_expected(text, tmp_path):
    make(tmp_path, "ps1", [cell("1", "test", 1)])
    (tmp_path / "autograder.toml").write_text(text)
    with pytest.raises(WrongUse) as caught:
        foreign_course(tmp_path)
    assert "autograder.toml" in str(caught.value)
    assert WRONG_SETTINGS[text] in str(caught.value)


def test_a_lesson_may_be_set_otherwise_than_its_course(tmp_path):
    make(tmp_path, "ps1", [cell("1", "test", 1)])
    assert foreign_course(tmp_path).tests.of("ps1") == "auto"
    settings = 'tests = "shared"\n[lessons]\nps1 = "sealed"\n'
    (tmp_path / "autograder.toml").write_text(settings)
    tests = foreign_course(tmp_path).tests
    assert (tests.of("ps1"), tests.of("ps2")) == ("sealed", "shared")


AUTOTESTS = """
python3:
  setup: "import math"
  hash: 'hash({{snippet}})'
  dispatch: "type({{snippet}})"
  normalize: "str({{snippet}})"
  check: "assert {{snippet}} == '{{value}}', '{{message}}'"
  success: "math"
  templates:
    default: [{test: "{{snippet}}", fail: "not the solution"}]
"""
PICTURE = b"\x89PNG"


def test_an_assignment_of_two_notebooks_with_a_picture_an_autotest_and_a_task(tmp_path):
    make(
        tmp_path,
        "ps1",
        [
            new_markdown_cell("![a dot](dot.png)"),
            cell(SOLUTION, "squares"),
            cell("### AUTOTEST squares(2)", "auto", 2),
            cell("assert open('dot.png', 'rb').read(4) == b'\\x89PNG'", "picture", 1),
        ],
    )
    task = new_markdown_cell("Draw a dot.")
    task.metadata["nbgrader"] = TASK
    source = tmp_path / "source" / "ps1"
    nbformat.write(new_notebook(cells=[task]), source / "second.ipynb")
    (source / "dot.png").write_bytes(PICTURE)
    (tmp_path / "autotests.yml").write_text(AUTOTESTS)
    hand_in(tmp_path, "ada", "ps1", {"squares": SQUARES})
    hand_in(tmp_path, "bob", "ps1", {"squares": "def squares(n):\n    return [1, 3]"})
    for student in ("ada", "bob"):
        shutil.copy(source / "second.ipynb", tmp_path / "submitted" / student / "ps1")
    said = command("grade", "--course", str(tmp_path), "--jobs", "1")
    assert "2 graded, 0 unreadable, 0 errored" in said
    found = records(tmp_path)
    right, wrong = (points(found[student, "ps1"]) for student in ("ada", "bob"))
    assert right == {"auto": 2, "picture": 1}
    assert wrong == {"auto": 0, "picture": 1}
    with (tmp_path / "grades.csv").open(newline="") as file:
        assert {row["waits_for_a_person"] for row in csv.DictReader(file)} == {"True"}
    assert (tmp_path / "autograded" / "ada" / "ps1" / "dot.png").exists()
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("task", "second", "ps1", "ada").manual_score = 4
        gradebook.db.commit()
        assert gradebook.find_submission("ps1", "ada").score == 7


SIGNS = {
    "%timeit squares(3)": "only a notebook can run the line '%timeit squares(3)'",
    "rate = 5": "sets or deletes rate, which the notebook has, too",
    "del squares": "sets or deletes squares, which the notebook has, too",
    "def f():\n    global rate\n    rate = 1": "sets or deletes rate",
    "np.dot = None": "changes np.dot",
    "table['a'] += 1": "changes table['a']",
    "'x' in globals()": "uses globals",
    "from unittest.mock import patch": "uses unittest.mock",
    "np.random.seed(3)": "calls np.random.seed(3)",
    "mine['a'] = squares(3)": "",
    "import numpy as np\nassert [rate for rate in squares(3)]": "",
}


@pytest.mark.parametrize("source", SIGNS)
def test_signs_that_no_rehearsal_shows_are_read_off_the_source(source):
    found = needs(source, frozenset({"rate", "squares", "table"}), frozenset({"mine"}))
    assert found.startswith(SIGNS[source])
    assert bool(found) == bool(SIGNS[source])


@pytest.fixture(scope="module")
def languages(tmp_path_factory):
    """Return a graded course of two other languages, of which one is not installed.

    The installed one looks to this project like any other; its cells are Python.
    """
    root = tmp_path_factory.mktemp("languages")
    kernel = root / "jupyter" / "kernels" / "other"
    kernel.mkdir(parents=True)
    argv = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Other", "language": "other"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    tests = [
        cell("assert squares(2) == [1, 4]", "two", 1),
        cell("len(squares(1)) / 2", "half", 1),
    ]
    for name, known_as in {"ps1": ("other", "other"), "ps2": ("nowhere", "R")}.items():
        make(root, name, [cell(SOLUTION, "squares"), *tests], known_as)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        caught = []
        threading.Thread(target=_note_visits, args=(listener, caught)).start()
        port = listener.getsockname()[1]
        calls = f"import socket\nsocket.create_connection(('127.0.0.1', {port}))"
        hand_in(root, "ada", "ps1", {"squares": f"{SQUARES}\n{calls}"})
        hand_in(root, "ada", "ps2", {"squares": SQUARES})
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("JUPYTER_PATH", str(root / "jupyter"))
            said = command("grade", "--course", str(root), "--jobs", "2")
        listener.shutdown(socket.SHUT_RDWR)
    found = records(root)
    graded = root / "autograded" / "ada" / "ps1" / "problem.ipynb"
    found["ada", "ps1"]["shown"] = graded.read_text("utf-8")
    return found, said, caught


def _note_visits(listener: socket.socket, caught: list) -> None:
    try:
        while True:
            caught.append(listener.accept())
    except OSError:
        return


@pytest.mark.slow
def test_a_notebook_of_another_language_is_graded_by_its_own_kernel(languages):
    found, _, _ = languages
    assert points(found["ada", "ps1"]) == {"two": 1, "half": 0.5}
    assert found["ada", "ps1"]["tests"] == "shared"


@pytest.mark.slow
def test_another_kernel_reaches_nobody_outside_its_sandbox(languages):
    found, _, caught = languages
    assert caught == []
    assert "ConnectionRefusedError" in found["ada", "ps1"]["shown"]


@pytest.mark.slow
def test_a_notebook_whose_kernel_is_missing_waits_for_it_and_is_not_scored(languages):
    found, said, _ = languages
    assert found["ada", "ps2"]["status"] == "errored"
    assert "asks for the kernel 'nowhere' (R), which is not installed here" in said
    assert "1 errored" in said


IN_R = {
    "right": "stopifnot(squares(3) == c(1, 4, 9))",
    "wrong": "stopifnot(squares(5)[5] == 25)",
    "warns": "stopifnot(squares(2)[2] == 4)",
    "shows": "squares(1) / 2",
}
R_ANSWER = """squares <- function(n) {
  if (n == 2) warning("two is odd")
  if (n == 5) 0 else sapply(1:n, function(i) i^2)
}"""


@pytest.mark.slow
@pytest.mark.skipif(
    "ir" not in KernelSpecManager().find_kernel_specs(),
    reason="no R kernel is installed (Debian: apt-get install r-cran-irkernel)",
)
def test_a_notebook_in_r_gets_the_marks_that_stock_nbgrader_gives(tmp_path):
    stock, ours = tmp_path / "stock", tmp_path / "ours"
    solution = (
        "squares <- function(n) {\n### BEGIN SOLUTION\n(1:n)^2\n### END SOLUTION\n}"
    )
    tests = [cell(source, name, 2) for name, source in IN_R.items()]
    make(stock, "ps1", [cell(solution, "squares"), *tests], ("ir", "R"))
    hand_in(stock, "ada", "ps1", {"squares": R_ANSWER})
    shutil.copytree(stock, ours)
    nbgrader("generate_assignment", "ps1", folder=stock)
    nbgrader("autograde", "ps1", folder=stock)
    command("grade", "--course", str(ours), "--jobs", "1")
    found = points(records(ours)["ada", "ps1"])
    assert found == {"right": 2, "wrong": 0, "warns": 0, "shows": 2}
    assert marks(ours, "ps1") == marks(stock, "ps1")
