"""Each student gets a notebook with constants of their own."""

import difflib

from nbgrader.utils import compute_checksum
from typer.testing import CliRunner

from autograder.cli import app
from autograder.publish.variant_notebooks import hand_out
from tests.support.small_course import NAME
from tests.support.variants_course import (
    cell_of,
    class_of,
    own_notebook,
    own_values,
    released_file,
)

ROSTER = ("ada", "bob", "cy", "dee", "eve", "flo", "gus")


def test_a_students_notebook_is_the_release_but_for_constants(tmp_path):
    course = class_of(tmp_path)
    list(hand_out(course, [], ROSTER))
    common = released_file(course).read_text("utf-8").splitlines()
    for student in ROSTER:
        path = course.results / f"variants/{student}/{NAME}/{NAME}.ipynb"
        own = path.read_text("utf-8").splitlines()
        changed = [
            line[1:].strip()
            for line in difflib.ndiff(common, own)
            if line.startswith("+ ")
        ]
        assert len(own) == len(common)
        places = [line.split()[0] for line in changed]
        assert places == ['"checksum":', '"slope', '"seed']
        cell = cell_of(own_notebook(course, student), "own")
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
    slopes = {own_values(course, student)["slope"] for student in ROSTER}
    assert len(slopes) == len(ROSTER)


def test_the_command_writes_a_roster_and_names_what_it_lacks(tmp_path):
    course = class_of(tmp_path)
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nada\nbob\n")
    folder = str(course.results)
    settings = course.results / "autograder.toml"
    settings.write_text(settings.read_text().replace(NAME, "01_neuron"))
    lacking = CliRunner().invoke(app, ["variants", "--classroom", folder])
    assert "expected the students' names" in str(lacking.exception)
    settings.unlink()
    options = ["variants", "--classroom", folder, "--roster", str(roster)]
    off = CliRunner().invoke(app, options)
    assert "found no lesson under" in str(off.exception)
