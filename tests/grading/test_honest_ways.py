"""What honest students do otherwise than asked costs no marks and no accusation."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.base.paths import ROOT
from tests.support.small_class import LESSON, RIGHT, SmallClass, cells

pytestmark = pytest.mark.xdist_group("honest_ways")  # one class for all of them

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
OTHER = b64encode(b64decode(PIXEL) + b"a comment").decode()
LARGE = b64encode(b64decode(PIXEL) + b"many points " * 20_000).decode()
SKETCH = (
    "![a sketch](attachment:my%20sketch.png)\n\n![again](attachment:my%20sketch.png)"
)
FOOTER = "Ask in the forum."
BESIDE = '![mine](Skizze%20.png)\n\n<img src="images/other.png" width="300">\n\n'
BESIDE += "![gone](gone.png) ![far](https://example.org/far.png)"
ELSEWHERE = "![a](attachment:my sketch.png) ![b](/content/drive/other.png)"
STUB = RIGHT | {"why": "YOUR ANSWER HERE"}


def change(path, how):
    notebook = nbformat.read(path, as_version=4)
    how(notebook.cells)
    nbformat.write(notebook, path)


def forget_names(handed_in):
    for one in handed_in:
        one.metadata = {}


def attach(handed_in):
    handed_in[4].attachments = {"my sketch.png": {"image/png": PIXEL}}


def lay_pictures(folder):
    """Lay pictures beside a notebook as people do."""
    (folder / "images").mkdir()
    (folder / "skizze .PNG").write_bytes(b64decode(PIXEL))
    (folder / "images" / "other.png").write_bytes(b64decode(OTHER))


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    made = SmallClass(tmp_path_factory.mktemp("class"))
    made.write_lesson(cells()[:5])
    made.settings('c.IncludeHeaderFooter.footer = "source/footer.ipynb"\n')
    footer = new_notebook(cells=[new_markdown_cell(FOOTER)])
    nbformat.write(footer, made.root / "source" / "footer.ipynb")
    path = made.hand_in("picture", RIGHT | {"why": SKETCH})
    change(path, attach)
    path.with_suffix(".html").write_text("a page of the student's own")
    path = made.hand_in("files", RIGHT | {"why": BESIDE})
    lay_pictures(path.parent)
    path = made.hand_in("elsewhere", RIGHT | {"why": ELSEWHERE})
    change(path, attach)
    (path.parent / "other.png").write_bytes(b64decode(OTHER))
    made.hand_in("colab", RIGHT | {"why": f"![a](data:image/png;base64,{LARGE})"})
    path = made.hand_in("below", STUB)
    change(path, lambda found: found.append(new_markdown_cell("Because of that.")))
    path = made.hand_in("footer", STUB)
    change(path, lambda found: found.append(new_markdown_cell(FOOTER)))
    change(made.hand_in("nameless", RIGHT), forget_names)
    path = made.hand_in("copy", RIGHT)
    path.rename(path.with_name(f"{LESSON}-Copy1.ipynb"))
    made.hand_in("copy", {})
    path = made.hand_in("two", RIGHT | {"one": "x = 2"})
    path.rename(path.with_name("draft.ipynb"))
    path = made.hand_in("two", RIGHT)
    shutil.copyfile(path, path.with_name("same.ipynb"))
    path = made.hand_in("download", RIGHT)
    path.rename(path.with_name(f"{LESSON}.ipynb.json"))
    path = made.hand_in("zipped", RIGHT | {"one": "from helper import x"})
    with zipfile.ZipFile(path.with_name("work.zip"), "w") as archive:
        archive.write(path, f"work/{path.name}")
        archive.writestr("work/helper.py", "x = 1")
    path.unlink()
    path = made.hand_in("formatted", RIGHT)
    change(path, lambda found: found[1].update(source="assert (x==1)"))
    made.said = made.run("grade")
    made.run("feedback")
    return made


def page(room, student):
    return (room.root / "feedback" / student / LESSON / f"{LESSON}.html").read_text()


def test_everybody_has_the_points_of_the_tests(room):
    assert set(room.totals().values()) == {6}
    assert "tampered" not in room.said


def test_answers_in_a_notebook_that_was_not_read_are_named_and_copies_are_not(room):
    assert "two/ps1: draft.ipynb: has answers, too, and was not read" in room.said
    assert "same.ipynb" not in room.said


def test_whom_a_person_has_to_look_at(room):
    waiting = {student: room.waiting(student) for student in room.totals()}
    assert waiting.pop("footer") == []
    assert set(map(tuple, waiting.values())) == {("why",)}


def test_a_pasted_picture_is_in_the_graded_notebook_and_once_in_the_page(room):
    path = room.root / "autograded" / "picture" / LESSON / f"{LESSON}.ipynb"
    (why,) = [c for c in json.loads(path.read_text())["cells"] if "attachments" in c]
    assert why["attachments"] == {"my sketch.png": {"image/png": PIXEL}}
    found = page(room, "picture")
    assert found.count(f"data:image/png;base64,{PIXEL}") == 1
    assert "a page of the student's own" not in found


@pytest.mark.patient
def test_a_page_beside_the_notebook_stops_nobodys_as_an_ordinary_user(room):
    """What was handed in becomes read-only in nbgrader, which stops all but root."""
    less = "-dac_override,-dac_read_search"
    drop = ["setpriv", f"--bounding-set={less}", f"--inh-caps={less}"]
    command = [*(drop if os.getuid() == 0 else ()), sys.executable, "-m", "autograder"]
    command += ["feedback", "--course", str(room.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "a page of the student's own" not in page(room, "picture")


def test_pictures_beside_the_notebook_are_in_the_page(room):
    found = page(room, "files")
    assert [found.count(picture) for picture in (PIXEL, OTHER)] == [1, 1]
    assert "why: shows gone.png, which was not handed in" in room.said
    assert "far.png" not in room.said


def test_pictures_that_a_text_names_in_another_way_are_in_the_page(room):
    found = page(room, "elsewhere")
    assert [found.count(picture) for picture in (PIXEL, OTHER)] == [1, 1]


def test_a_picture_in_the_text_itself_is_in_the_page(room):
    assert page(room, "colab").count(LARGE) == 1


def test_an_answer_below_its_cell_is_in_the_page(room):
    assert "Because of that." in page(room, "below")
    assert FOOTER not in page(room, "footer")


def test_another_picture_under_the_same_text_is_looked_at_again(room):
    room.give("why", "picture", 3)
    room.run("grade", "--force", "--student", "picture")
    assert room.waiting("picture") == []
    path = room.root / "submitted" / "picture" / LESSON / f"{LESSON}.ipynb"
    change(path, lambda found: found[4].attachments.clear())
    room.run("grade", "--student", "picture")
    assert room.waiting("picture") == ["why"]
