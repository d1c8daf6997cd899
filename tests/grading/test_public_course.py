"""A course of somebody else is compared cell by cell with stock nbgrader."""

import pytest
import typer
from typer.testing import CliRunner

from bench.public_course import __main__ as compared
from bench.public_course import differences
from tests.support import other_course
from tests.support.other_course import SOLUTION, cell

TRUTH = "squares(3) == [1, 4, 9]"
"""Stock nbgrader gives its points whatever comes out."""
CELLS = [
    cell(SOLUTION, "squares"),
    cell("assert squares(2) == [1, 4]", "test_squares", 2),
    cell(TRUTH, "test_truth", 3),
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    other_course.make(folder / "theirs", "ps1", CELLS)
    before = sorted(folder.rglob("*"))
    both = compared.graded_by_both(folder / "theirs", folder / "kept", [], 3)
    assert [p for p in before if not p.exists()] == []
    return both


def command(graded, monkeypatch, *arguments: str):
    monkeypatch.setattr(compared, "graded_by_both", lambda *_: graded)
    app = typer.Typer()
    app.command()(compared.main)
    return CliRunner().invoke(app, arguments)


@pytest.mark.kernel
def test_every_cell_of_every_submission_is_compared(graded, monkeypatch):
    result = command(graded, monkeypatch, "theirs")
    assert result.exit_code == 0, result.output
    assert "6 cells:" in result.output
    stock, ours, lessons = graded
    assert len(stock.marks(lessons)) == len(ours.marks(lessons)) == 6
    assert stock.cpu_s > 0


@pytest.mark.kernel
def test_a_difference_that_is_known_is_explained(graded, monkeypatch):
    result = command(graded, monkeypatch, "theirs")
    assert "test_truth spoiled_1: stock 3 of 3, ours 0 of 3" in result.output
    assert "the test ends in False" in result.output


@pytest.mark.kernel
def test_one_that_is_not_ends_in_status_1(graded, monkeypatch):
    monkeypatch.setattr(differences, "WORTHLESS", set())
    result = command(graded, monkeypatch, "theirs")
    assert result.exit_code == 1
    assert "not explained: ps1/problem test_truth" in result.output
