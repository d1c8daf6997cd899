"""A submission's notebook is found under whatever name programs gave it."""

import json
import unicodedata
import zipfile

import pytest

from autograder.base.errors import UnreadableSubmission
from autograder.intake.notebook_reader import find_notebook, read_notebook
from autograder.intake.submissions import digest_of_work

CONTENT = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]})
NAME = "01_données"


def read(folder):
    path, repairs = find_notebook(folder, NAME)
    return read_notebook(path, NAME).cells[0].source, repairs


def hand_in(folder, *names, content=CONTENT):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


@pytest.mark.parametrize(
    "name",
    [
        "01_donnees (1).ipynb",
        f"{NAME}.IPYNB",
        f"{NAME}.ipynb.txt",
        f"{NAME}.ipynb.json",
        f"{NAME}.json",
        f"Copy of {NAME}.ipynb",
        f"{NAME}.ipynb.crdownload",
        f"{NAME}.ipynb (1)",
        f"{NAME}.ipynb.1",
        f"{NAME}.ipnyb",
        f"{NAME}_ipynb",
        NAME,
        f"{NAME}/{NAME}/{NAME}.ipynb",
        unicodedata.normalize("NFD", f"{NAME}.ipynb"),
    ],
)
def test_the_only_notebook_can_only_be_the_one(name, tmp_path):
    hand_in(tmp_path, name, f"__MACOSX/._{NAME}.ipynb", f"._{NAME}.ipynb")
    hand_in(tmp_path, "data.json", content='{"rows": []}')
    hand_in(tmp_path, "notes.py", content='cells = {"cells": []}')
    source, repairs = read(tmp_path)
    assert source == "x = 1"
    assert repairs == [f"renamed: {name} was read as {NAME}.ipynb"]
    before = digest_of_work(tmp_path)
    hand_in(tmp_path, name, content=CONTENT.replace("1", "2"))
    assert digest_of_work(tmp_path) != before


def test_the_name_decides_between_several(tmp_path):
    decomposed = unicodedata.normalize("NFD", f"{NAME}.ipynb")
    hand_in(tmp_path, decomposed, f"{NAME}-Copy1.ipynb", "notes.ipynb")
    assert read(tmp_path)[1] == [f"renamed: {decomposed} was read as {NAME}.ipynb"]


def pack(folder, *names):
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for name in names:
            archive.writestr(name, CONTENT)


def test_a_notebook_in_an_archive_is_read(tmp_path):
    pack(tmp_path, "work/anything.ipynb", "work/data.csv", "__MACOSX/._a.ipynb")
    assert read(tmp_path)[0] == "x = 1"


def test_the_name_decides_between_several_in_an_archive(tmp_path):
    pack(tmp_path, "other/other.ipynb", f"ours/{NAME}.ipynb")
    assert read(tmp_path)[0] == "x = 1"


@pytest.mark.parametrize(
    ("files", "packed", "said"),
    [
        (["b.docx", "a.tar.gz"], None, "found a.tar.gz, b.docx, expected"),
        (["x/a.ipynb", "y/a.ipynb"], None, "found x/a.ipynb, y/a.ipynb, expected"),
        ([], ["a.ipynb", "b.ipynb"], "all.zip: found several notebooks"),
        ([], ["a.txt"], "all.zip: found no notebook"),
        (["all.zip"], None, "all.zip: found no notebook"),
        ([], None, "found no notebook, expected"),
    ],
)
def test_what_is_not_clear_is_named(files, packed, said, tmp_path):
    hand_in(tmp_path, *files)
    if packed:
        pack(tmp_path, *packed)
    with pytest.raises(UnreadableSubmission, match=said):
        read(tmp_path)
