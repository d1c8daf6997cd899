"""One notebook alone works, or says in a sentence what it needs."""

import importlib.util
import re
import sys

import nbformat
import pytest

from autograder.authoring.beginnings import beginning, in_repository
from autograder.authoring.notebooks import release_bytes
from autograder.base.paths import ROOT
from autograder.base.source_code import import_lines, imported_modules
from autograder.model.lesson_reader import lesson_names, lesson_path, read_lesson

SONGS = "04_mlp_forward"
PROJECT = "some/one"


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Return what runs a lesson's first lines in an empty folder."""
    monkeypatch.chdir(tmp_path)
    found = importlib.util.find_spec

    def run(lesson, absent=(), **names):
        def find(name):
            return None if name in absent else found(name)

        monkeypatch.setattr(importlib.util, "find_spec", find)
        exec(beginning(read_lesson(lesson_path(lesson))), names)
        return names

    return run


def test_what_is_not_installed_is_named_with_its_one_command(begin):
    with pytest.raises(ModuleNotFoundError) as error:
        begin("03_logistic_regression", absent=("sklearn", "pandas"))
    assert str(error.value) == (
        "this lesson needs pandas scikit-learn; run `%pip install pandas scikit-learn` "
        "in a cell, then this one again"
    )


@pytest.mark.parametrize("lesson", lesson_names())
def test_with_nothing_but_a_kernel_all_that_the_notebook_imports_is_named(
    lesson, begin
):
    path = ROOT / "notebooks" / lesson / f"{lesson}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    lines = import_lines(c.source for c in cells if c.cell_type == "code")
    modules = {name.partition(".")[0] for name in imported_modules(lines)}
    absent = modules - sys.stdlib_module_names - {"IPython", "ipywidgets"}
    assert "numpy" in absent
    with pytest.raises(ModuleNotFoundError) as error:
        begin(lesson, absent=absent)
    command = re.search(r"`%pip install ([^`]+)`", str(error.value))[1]
    packages = {"sklearn": "scikit-learn", "keras": "tensorflow"}
    assert set(command.split()) == {packages.get(name, name) for name in absent}


@pytest.mark.parametrize("lesson", lesson_names())
def test_every_lesson_begins_so_in_a_fold_and_then_with_its_imports(lesson):
    read = read_lesson(lesson_path(lesson))
    path = ROOT / "notebooks" / lesson / f"{lesson}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    folded, in_view = [c for c in cells if c.cell_type == "code"][:2]
    assert folded.metadata.jupyter.source_hidden
    assert folded.source.startswith(f"{beginning(read)}\n\n")
    written = {c.grade_id: c.source for c in read.cells}
    assert (in_view.id, in_view.source) == ("imports", written["imports"])


def test_sliders_are_optional(begin, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    begin("01_neuron", absent=("ipywidgets",))
    from ipywidgets import Image, interact

    assert Image(format="png") is None
    assert interact(w=(0, 1))(len) is len
    assert capsys.readouterr().out.startswith("no sliders here, all else works")


def test_data_that_are_not_there_are_named(begin):
    with pytest.raises(
        FileNotFoundError, match=r"found no data/songs\.csv, which comes"
    ):
        begin(SONGS)


def test_data_come_from_the_repository_and_are_checked(begin, tmp_path, capsys):
    begin(SONGS, REPOSITORY=(ROOT / "notebooks" / SONGS).as_uri() + "/")
    said = capsys.readouterr().out
    assert "songs.csv" in said
    assert "with the checksum that was expected" in said
    original = ROOT / "data" / "songs.csv"
    assert (tmp_path / "data" / "songs.csv").read_bytes() == original.read_bytes()


def test_other_data_than_expected_are_not_kept(begin, tmp_path):
    (tmp_path / "wrong" / "data").mkdir(parents=True)
    (tmp_path / "wrong" / "data" / "songs.csv").write_text("others")
    with pytest.raises(ValueError, match="another file than expected"):
        begin(SONGS, REPOSITORY=(tmp_path / "wrong").as_uri() + "/")
    assert not (tmp_path / "data").exists()


def test_a_release_knows_where_it_is_from(begin):
    lesson = read_lesson(lesson_path(SONGS))
    plain = release_bytes(lesson)
    made = nbformat.reads(in_repository(plain, lesson, PROJECT).decode(), 4)
    before = nbformat.reads(plain.decode(), 4)
    first, place, *rest = made.cells
    assert f"colab.research.google.com/github/{PROJECT}/blob/main/" in first.source
    assert f"mybinder.org/v2/gh/{PROJECT}/main?labpath=" in first.source
    names = {}
    exec(place.source, names)
    assert names["REPOSITORY"].endswith(f"{PROJECT}/main/notebooks/{SONGS}/")
    assert rest == before.cells[1:], "locked cells are the same everywhere"
