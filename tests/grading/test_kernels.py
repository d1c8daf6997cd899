"""Notebooks of other languages are run by their own kernels, inside the sandbox."""

import json
import shutil
import socket
import threading
from contextlib import nullcontext

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from autograder.grading.kernels import KernelMissing, kernel_of
from tests.support.other_course import (
    SOLUTION,
    SQUARES,
    cell,
    command,
    hand_in,
    make,
    points,
    records,
)
from tests.support.stock_nbgrader import marks, nbgrader

pytestmark = [pytest.mark.kernel, pytest.mark.xdist_group("kernels")]


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


def test_a_notebook_of_another_language_is_graded_by_its_own_kernel(languages):
    found, _, _ = languages
    assert points(found["ada", "ps1"]) == {"two": 1, "half": 0.5}
    assert found["ada", "ps1"]["tests"] == "shared"


def test_another_kernel_reaches_nobody_outside_its_sandbox(languages):
    found, _, caught = languages
    assert caught == []
    assert "ConnectionRefusedError" in found["ada", "ps1"]["shown"]


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


@pytest.mark.parametrize(
    ("metadata", "source", "is_python"),
    [
        ({"kernelspec": None}, "x", True),
        (
            {"kernelspec": {"name": "conda-env-ml-py"}},
            "%time\ndef f():\n    pass",
            True,
        ),
        ({"kernelspec": {"name": "class"}}, "class A:\n    pass", True),
        ({"kernelspec": {"name": "stats"}}, "f <- function(x) { x }", False),
        ({"kernelspec": {"name": "stats"}}, "x <- 3", False),
    ],
)
def test_a_name_that_an_editor_gave_tells_no_language(
    metadata, source, is_python, tmp_path
):
    path = tmp_path / "p.ipynb"
    cells = [{"cell_type": "code", "source": [source]}]
    path.write_text(json.dumps({"metadata": metadata, "cells": cells}))
    with nullcontext() if is_python else pytest.raises(KernelMissing):
        assert kernel_of(path) is None


def test_a_courses_kernel_takes_the_place_of_the_one_that_a_notebook_names(tmp_path):
    metadata = {"kernelspec": {"name": "sagemath", "language": "sage"}}
    path = tmp_path / "p.ipynb"
    path.write_text(json.dumps({"cells": [], "metadata": metadata}))
    with pytest.raises(KernelMissing, match="sagemath"):
        kernel_of(path)
    assert kernel_of(path, "python3") is None
    with pytest.raises(KernelMissing, match="'none-of-that-name'"):
        kernel_of(path, "none-of-that-name")
