"""What the engine's processes share: a template, and pictures drawn before."""

import base64
import importlib.util
import json
import os

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sealed import pictures, template
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.launch import examine
from autograder.sealed.limits import NotebookLimits


def test_the_template_loads_what_its_forks_run():
    for name in (*template.FIRST, *template.LAST, *template.FOR_MANY):
        assert importlib.util.find_spec(name), f"{name}: the template would skip it"
    assert examine.__module__ in template.FIRST


@pytest.mark.parametrize("for_many", [False, True])
def test_a_few_do_not_wait_for_what_warms_the_template_for_many(
    for_many, kept_template, monkeypatch
):
    reading, telling = os.pipe()
    monkeypatch.setattr(template, "_telling", [telling])
    monkeypatch.setattr(template, "begin", lambda: None)
    kept_template(["colorsys"], for_many=for_many)
    with open(reading) as told:
        loaded = json.load(told)
    assert loaded[:2] == ["colorsys", *template.LAST]
    assert loaded[2:] == (template.FOR_MANY if for_many else [])


def test_a_picture_that_is_known_is_shown_and_not_drawn(tmp_path):
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    drawing = new_notebook(cells=[new_code_cell(code, id="one")])
    with Engine(["matplotlib.pyplot"], NotebookLimits()) as engine:
        drawn = engine.run(Job(drawing, "", records=True)).pictures
        (name,) = drawn
        known = base64.b64encode(b"another picture").decode()
        pictures.write({name: known}, tmp_path / "figures.json")
        job = Job(drawing, "", figures=tmp_path / "figures.json")
        (output,) = engine.run(job).notebook.cells[0].outputs
    assert base64.b64decode(drawn[name]).startswith(b"\x89PNG")
    assert output.data["image/png"].strip() == known
