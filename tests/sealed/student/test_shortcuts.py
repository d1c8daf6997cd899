"""Shortcuts change nothing that a cell comes to."""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.sealed.student import shell as module
from autograder.sealed.student.shortcuts import CellReader
from tests.support.sealed.shell import Student

ROOT = Path(__file__).parents[3]
BEGINNINGS = ("", "\n", "  \n", "  ", "\f", "# c\n", "\\\n", "'''\n", "if x:\n    ")
SPECIAL = (
    *("%time x", "%%time\nx", "!ls", "!!ls", "?len", "len?", "len??", "len?  "),
    *("len?\\", "(len?)", "len? # c", ",f a b", ";f a b", "/f a", "x = (1,\n!ls)"),
    *(">>> x", "... x", "...", "....: x", "In [1]: x", "[nav] In [2]: x", "[x]"),
    *("a = %time x", "a = !ls", "a =\\\n!ls", "a=!ls", "x = 1; !ls", "x != y"),
    *("f'{x=!r}'", "'what?'", "x % 2", "x /\n/y", "x = 1\r!ls", "x\u2028!ls"),
    *("x\v%time", "\t", " # c", "x = (", "'open", "x = 1"),
)
ENDS = ("", "\n", "\n   \n", "\n'''", "\r\n", "?", "\\")


@pytest.mark.filterwarnings("ignore:`make_tokens_by_line` received:UserWarning")
def test_cells_are_read_as_ipython_reads_them():
    ours, theirs = CellReader(), TransformerManager()
    for parts in product(BEGINNINGS, SPECIAL, ENDS):
        cell = "".join(parts)
        assert ours.transform_cell(cell) == theirs.transform_cell(cell), cell


def test_most_cells_of_the_lessons_are_taken_for_plain_python(monkeypatch):
    monkeypatch.setattr(TransformerManager, "transform_cell", lambda *_: None)
    reader = CellReader()
    read = [
        reader.transform_cell(source)
        for path in (ROOT / "notebooks").glob("0[1-3]*/*.ipynb")
        for cell in json.loads(path.read_text())["cells"]
        if cell["cell_type"] == "code" and (source := "".join(cell["source"]))
    ]
    assert sum(source is not None for source in read) > 0.9 * len(read) > 50


def test_what_a_student_adds_to_the_reading_of_cells_is_used(tmp_path):
    adds = """
def louder(lines):
    return [line.replace("soft", "loud") for line in lines]
get_ipython().input_transformers_cleanup.append(louder)
"""
    _, ran = Student(tmp_path).run(adds, "print('soft')")
    assert ran.text == "loud\n"


COLOURS = """
from pygments.formatters.terminal256 import Terminal256Formatter
for options in ({"style": "monokai"}, {"style": "default"}, {"nobold": 1}) * 2:
    colours = Terminal256Formatter(**options).style_string
    print(sorted(colours.items()))
    colours.clear()
"""
PREPARED = """
from autograder.sealed.student.shortcuts import remember_colours
remember_colours()
"""


def test_colours_are_the_same_when_they_are_remembered():
    here = {"cwd": ROOT, "capture_output": True, "text": True, "check": True}
    found, wanted = (
        subprocess.run([sys.executable, "-c", code], **here).stdout
        for code in (PREPARED + COLOURS, COLOURS)
    )
    assert found == wanted
    assert len(set(wanted.splitlines())) == 3


@pytest.mark.parametrize("fails", ["1 / 0", "def f():\n    g()\nf()", "x = ("])
def test_an_error_in_a_cell_asks_no_module_for_its_file(tmp_path, fails):
    module.warm_up()
    watch = """
import sys, types
asked = []
class Spy(types.ModuleType):
    @property
    def __file__(self):
        asked.append(1)
        return "/nowhere.py"
sys.modules["spy"] = Spy("spy")
"""
    *_, ran = Student(tmp_path).run(watch, fails, "print(len(asked))")
    assert ran.text == "0\n"
