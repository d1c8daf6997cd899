"""The pictures of a solution are where no student's code is, and no page shows them."""

import base64
import json
from dataclasses import replace

import pytest

from autograder.course.settings import ALL, AUTO, WhereTestsRun
from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.sealed.engine import Engine
from autograder.sealed.limits import NotebookLimits
from autograder.sealed.pictures import digest_of, named_in, place_of
from autograder.sealed.sandbox.spawn import probe
from tests.support.small_course import hand_in, make_course

pytestmark = pytest.mark.skipif(
    not all(layer.active for layer in probe()),
    reason="without the whole sandbox these attacks could harm this machine",
)
DRAWING = '''# %% [markdown]
# # Draw a curve

# %% nbgrader={"grade_id": "imports", "locked": true}
import matplotlib.pyplot as plt
import numpy as np


# %% nbgrader={"grade_id": "heights", "solution": true}
def heights(x):
    """Return the heights of a hill."""
    ### BEGIN SOLUTION
    return np.exp(-(x**2)) + 0.3 * np.cos(5.0 * x)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_heights_values", "grade": true, "points": 1}
### BEGIN HIDDEN TESTS
assert np.isclose(heights(0.0), 1.3)
### END HIDDEN TESTS

# %%
x = np.linspace(-3, 3, 50)
plt.plot(x, heights(x))
plt.show()
'''
HONEST = "def heights(x):\n    return 0.3 * np.cos(5.0 * x) + np.exp(-(x**2))"
SHOW = """
from IPython.display import Image, display
def show(pictures):
    for picture in pictures:
        display(Image(picture, format="png"))
"""
THIEVES = {
    "asks the garbage collector": """
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "FigureCache":
        for part in getattr(thing._known, "values", lambda: thing._known)():
            show([part if isinstance(part, bytes) else str(part).encode()])
""",
    "looks into the closure": """
from IPython.core import pylabtools
for cell in pylabtools.print_figure.__closure__ or ():
    for value in getattr(cell.cell_contents, "__dict__", {}).values():
        for part in getattr(value, "values", lambda: value or ())():
            show([part if isinstance(part, bytes) else str(part).encode()])
""",
    "looks at all that is in memory": """
import gc
found = set()
for thing in gc.get_objects():
    for part in gc.get_referents(thing):
        if type(part) is bytes and part.startswith(b"\\x89PNG"):
            found.add(part)
show(found)
""",
    "searches its memory": """
import re
found = set()
for line in open("/proc/self/maps"):
    span, rights = line.split()[:2]
    start, end = (int(part, 16) for part in span.split("-"))
    if "rw" not in rights or end - start > 2**28:
        continue
    try:
        with open("/proc/self/mem", "rb", 0) as memory:
            memory.seek(start)
            data = memory.read(end - start)
    except (OSError, ValueError, OverflowError):
        continue
    picture = rb"\\x89PNG\\r\\n\\x1a\\n.{30,200000}?IEND.{4}"
    found |= set(re.findall(picture, data, re.S))
show(list(found)[:15])
""",
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Grade the thieves; return what the solution draws and what they have shown.

    And how much of that each of the solution's runs has drawn.
    """
    root = tmp_path_factory.mktemp("drawn")
    course = make_course(root, DRAWING, "00_drawn")
    course = replace(course, cells=ALL, tests=WhereTestsRun(AUTO))
    hand_in(root, "honest", {"heights": HONEST}, "00_drawn")
    wrong = "def heights(x):\n    return 0 * x"
    for name, code in THIEVES.items():
        path = hand_in(root, name.replace(" ", "_"), {"heights": wrong}, "00_drawn")
        notebook = json.loads(path.read_text("utf-8"))
        cell = {"cell_type": "code", "id": "thief", "metadata": {}, "outputs": []}
        cell |= {"execution_count": None, "source": SHOW + code}
        notebook["cells"].insert(1, cell)
        path.write_text(json.dumps(notebook), "utf-8")
    counts, run = [], Engine.run

    def counting(engine, job):
        executed = run(engine, job)
        if job.records:
            counts.append(len(executed.pictures))
        return executed

    grader = Grader(course, jobs=2, limits=NotebookLimits())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "run", counting)
        grader.run(submissions(course, ["00_drawn"]))
    (kept,) = (course.results / "executed").glob("figures-*.json")
    pictures = list(json.loads(kept.read_text("utf-8")).values())
    shown = {}
    for name in THIEVES:
        folder = course.path("autograded", name.replace(" ", "_"), "00_drawn")
        cells = json.loads((folder / "00_drawn.ipynb").read_text("utf-8"))["cells"]
        shown[name] = json.dumps([c.get("outputs") for c in cells]).replace("\\n", "")
    folder = course.path("autograded", "honest", "00_drawn")
    shown["honest"] = (folder / "00_drawn.ipynb").read_text("utf-8")
    return pictures, shown, counts


@pytest.mark.parametrize("name", THIEVES)
def test_no_picture_of_the_solution_is_where_students_are(name, drawn):
    pictures, shown, _ = drawn
    assert pictures, "the solution has drawn nothing"
    assert [text for text in pictures if text[:400] in shown[name]] == []


def test_who_draws_the_same_is_shown_the_same(drawn):
    pictures, shown, _ = drawn
    assert [text for text in pictures if text[:400] in shown["honest"]] == pictures


def test_a_figure_is_drawn_in_the_first_of_the_solutions_runs(drawn):
    pictures, _, counts = drawn
    assert counts == [len(pictures), 0]


def test_a_fingerprint_is_told_by_who_has_it_alone():
    name = "0" * 64
    place = base64.b64encode(place_of(name)).decode()
    assert named_in(place) == name
    assert name not in digest_of(name)
    for other in (None, 3, "", place[:-8], place * 5, "!", digest_of(name)):
        assert named_in(other) == ""
