"""A course of two lessons, a class of it, and notebooks to hand in."""

import json
import re

import pytest

from autograder.course.course import own_course
from tests.support.downloads import OTHER
from tests.support.small_course import LESSON, NAME, empty_gradebook, write_source


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """Make two lessons; return the folder of the course."""
    root = tmp_path_factory.mktemp("course")
    write_source(root, LESSON)
    write_source(root, re.sub(r"double|total|why", r"other_\g<0>", LESSON), OTHER)
    return root


@pytest.fixture
def classroom(lessons, tmp_path):
    """Return a class of the course, without any submission."""
    course = own_course(tmp_path / "classroom", lessons)
    (course.results / "gradebook.db").write_bytes(empty_gradebook())
    return course


@pytest.fixture
def notebook(lessons):
    """Return a function that gives the bytes of a notebook with an answer in it."""

    def make(answer="1", lesson=NAME):
        path = lessons / "build" / "source" / lesson / f"{lesson}.ipynb"
        content = json.loads(path.read_bytes())
        content["cells"].append(
            {"cell_type": "code", "source": answer, "metadata": {}, "outputs": []}
        )
        return json.dumps(content).encode()

    return make
