"""Notebooks as editors, converters and accidents leave them have their points."""

import json

import nbformat
import pytest

from tests.support.small_class import LESSON, RIGHT, SmallClass

pytestmark = pytest.mark.xdist_group("odd_notebooks")  # one class for all of them
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
RELEASED = {"one": STUB, "two": STUB, "why": "YOUR ANSWER HERE"}
PULLED = f"{LESSON}__20221104104101.ipynb"
"""How nbgitpuller renames a student's work before it brings the original again."""


def displays(data: dict):
    """Have the first cell display something."""
    shown = {"output_type": "display_data", "metadata": {}, "data": data}
    return lambda found: found["cells"][0].update(outputs=[shown])


def in_metadata(**entries):
    """Have the notebook's metadata say something."""
    return lambda found: found["metadata"].update(entries)


def first(source: str):
    """Have a cell of the student's own stand first."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return lambda found: found["cells"].insert(0, cell | {"source": source})


def last(**entries):
    """Have a cell of the student's own stand last."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return lambda found: found["cells"].append(cell | {"source": "1"} | entries)


def as_colab(found: dict) -> None:
    """Have no ids, the oldest minor version and texts in lists."""
    found["nbformat_minor"] = 0
    for cell in found["cells"]:
        del cell["id"]
    displays({"image/jpeg": ["aaaa\n"], "text/plain": ["x"]})(found)


def with_lines_of_windows(found: dict) -> None:
    """Have each line end as on Windows."""
    for cell in found["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")


FORMS = {
    "widgets without state": in_metadata(widgets={STATE: {"version_major": 2}}),
    "widgets of old": in_metadata(widgets={"state": {}, "version": "1.2.0"}),
    "a view of nothing": displays({VIEW: {"model_id": "a"}, "text/plain": "Slider"}),
    "no number": displays({"application/json": {"loss": float("nan")}}),
    "colab": as_colab,
    "text with outputs": lambda found: found["cells"][4].update(outputs=[]),
    "no minor version": lambda found: found.pop("nbformat_minor"),
    "a version to come": lambda found: found.update(nbformat=5, nbformat_minor=0),
    "no metadata": lambda found: found.update(metadata=None),
    "no outputs": lambda found: found["cells"][0].update(outputs=None),
    "a cell without text": last(source=None),
    "a cell without metadata": last(metadata=None),
    "windows": with_lines_of_windows,
}
CELLS = {
    "installs": "%pip install -q otter-grader\n!pip install surprise",
    "asks colab": "from google.colab import files\nfiles.upload()",
    "forgets": "%reset -f",
    "leaves": "exit()",
    "leaves at once": "import sys; sys.exit(0)",
    "awaits": "import asyncio\nawait asyncio.sleep(0)",
    "asks": "len?",
    "asks secretly": "from getpass import getpass\ngetpass()",
    "loads": "%load_ext autoreload\n%autoreload 2\n%load_ext nb_black",
    "never ends": "import threading, time\ndef loop():\n    while True:\n"
    "        time.sleep(0.05)\nthreading.Thread(target=loop).start()",
    "starts": "import subprocess\nleft = subprocess.Popen(['sleep', '1000'])",
    "prints elsewhere": "import sys\nsys.stdout = open('log.txt', 'w')",
    "prints nowhere": "import sys\nsys.stdout.close()",
    "is strict": "import warnings\nwarnings.filterwarnings('error')",
    "goes away": "import os\nos.chdir('/')",
    "goes nowhere": "%cd /content/drive/MyDrive",
    "debugs": "import pdb; pdb.set_trace()",
    "breaks": "breakpoint()",
    "is a console's": ">>> z = 1\n>>> z\n1",
    "has odd blanks": "z\u00a0= 1",
    "queries": "%%sql\nselect 1",
    "hears nothing": "get_ipython().set_custom_exc((Exception,), lambda *_: None)",
}
BYTES = {
    "marked": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "wide": lambda text: text.encode("utf-16"),
    "of one byte": lambda text: text.replace("Because", "\u00dcber").encode("latin-1"),
}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Have somebody hand in each of them, right."""
    made = SmallClass(tmp_path_factory.mktemp("odd") / "course")
    for name, change in (FORMS | {k: first(v) for k, v in CELLS.items()}).items():
        path = made.hand_in(name, RIGHT)
        notebook = json.loads(path.read_text())
        change(notebook)
        path.write_text(json.dumps(notebook))
    for name, written in BYTES.items():
        path = made.hand_in(name, RIGHT)
        path.write_bytes(written(path.read_text()))
    path = made.hand_in("older", RIGHT)
    old = nbformat.convert(nbformat.read(path, 4), 3)
    path.write_text(nbformat.writes(old, version=3))
    path = made.hand_in("pulled", RIGHT)
    path.rename(path.with_name(PULLED))
    made.hand_in("pulled", RELEASED)
    made.said = made.run("grade")
    made.run("feedback")
    return made


def test_each_has_all_points_and_nobody_is_accused(room):
    assert len(room.totals()) == len(FORMS) + len(CELLS) + len(BYTES) + 2
    assert {who: total for who, total in room.totals().items() if total != 6} == {}
    assert "tampered" not in room.said
    assert "errored " not in room.said.replace("0 errored", "")


def test_each_has_a_page(room):
    pages = list((room.root / "feedback").rglob("*.html"))
    assert len(pages) == len(room.totals())
