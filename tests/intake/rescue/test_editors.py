"""A solved lesson is the same submission, whichever program saved it.

What is executed and marked is the notebook that comes out of the repair. Where it is
the same, marks are; that the plain one gets all points is what the build checks.
"""

import json
from functools import cache

import pytest
from nbformat.v4 import new_output

from autograder.authoring.notebooks import release_bytes, source_bytes
from autograder.course.course import own_course
from autograder.gradebook.marker import Marker
from autograder.intake.handed_in import cleaned
from autograder.intake.prepare import prepare
from autograder.intake.submissions import Submission
from autograder.model.lesson_reader import lesson_path, read_lesson
from autograder.pages.outputs import Allowance, exhibits
from tests.support.editors import FORMS, saved
from tests.support.small_course import empty_gradebook

LESSONS = ("00_warmup", "01_neuron")
TABLE = {
    "text/plain": "the table",
    "text/html": "<table><tr><td>cell</td></tr></table>",
}
pytestmark = pytest.mark.xdist_group("editors")  # one class for all of them


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("editors")
    (root / "classroom").mkdir()
    (root / "classroom" / "gradebook.db").write_bytes(empty_gradebook())
    for name in LESSONS:
        folder = root / "build" / "source" / name
        folder.mkdir(parents=True)
        source = source_bytes(read_lesson(lesson_path(name)))
        (folder / f"{name}.ipynb").write_bytes(source)
    course = own_course(root / "classroom", root)
    with Marker(course) as marker:
        references = {name: marker.register(name)[name] for name in LESSONS}
    return course, references


@cache
def solved(name):
    """Return the released lesson with its solutions, run, as JSON."""
    lesson = read_lesson(lesson_path(name))
    source = json.loads(source_bytes(lesson))
    answers = {cell["id"]: cell["source"] for cell in source["cells"]}
    notebook = json.loads(release_bytes(lesson))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answers[cell["id"]]
        if cell["cell_type"] == "code":
            cell["outputs"] = [new_output("display_data", data=dict(TABLE))]
    return notebook


def prepared(course, name, content):
    course, references = course
    folder = course.path("submitted", "ada", name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_bytes(content)
    return prepare(course, Submission("ada", name, folder), name, references[name])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LESSONS)
def test_a_solved_lesson_is_the_same_whichever_program_saved_it(name, form, course):
    plain = prepared(course, name, json.dumps(solved(name)).encode())
    found = prepared(course, name, saved(solved(name), FORMS[form]))
    assert found.tampering == []
    assert found.repairs == []
    assert found.notebook == plain.notebook
    shown = cleaned(found.handed_in, 256)
    assert len(shown) == len(plain.handed_in) > 5
    for outputs in shown.values():
        (exhibit,) = exhibits(outputs, Allowance())
        assert "<td>cell</td>" in exhibit.content
