"""What one student packs takes no time, memory or room from those collected with it."""

import pytest

from autograder.base.errors import UnreadableSubmission
from autograder.intake.notebook_reader import read_notebook
from autograder.intake.platforms import allowances, archives
from tests.support.downloads import answers, collect, pack, packed
from tests.support.small_course import NAME

FEW, MANY = 40, 60
"""Entries, where an archive may have `MOST`."""
MOST = 100


def _folder(files):
    return packed([(f"{number}.png", b"") for number in range(files)])


GREEDY = {
    "many archives side by side": [(f"{n}.zip", _folder(FEW)) for n in range(FEW)],
    "archives in each other": [
        *[(f"{n}.png", b"") for n in range(FEW)],
        ("a.zip", packed([("b.zip", _folder(MANY)), ("c.zip", _folder(MANY))])),
    ],
    "many files, then many archives": [
        *[(f"{n}.png", b"") for n in range(MANY)],
        *[(f"{n}.zip", _folder(FEW)) for n in range(FEW)],
    ],
}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Let an archive have few entries, so that tests need no large ones."""
    monkeypatch.setattr(allowances, "MOST_FILES", MOST)


@pytest.mark.parametrize("way", GREEDY)
def test_archives_in_archives_have_as_many_files_as_one(
    way, classroom, notebook, tmp_path
):
    files = [("a_1_102_x.zip", packed(GREEDY[way])), ("h_2_103_x.ipynb", notebook("h"))]
    report = collect(classroom, pack(tmp_path / "d.zip", files))
    assert answers(classroom) == {("h_2", NAME): "h"}
    assert len(report.left) <= MOST
    assert any("expected at most 100" in text for text in report.left)


def test_a_long_list_of_files_is_not_read(classroom, notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(allowances, "LARGEST_LIST", 1_000)
    long = packed([(f"{'n' * 200}{number}.png", b"") for number in range(8)])
    files = [("a_1_102_x.zip", long), ("h_2_103_x.ipynb", notebook("h"))]
    report = collect(classroom, pack(tmp_path / "d.zip", files))
    assert answers(classroom) == {("h_2", NAME): "h"}
    assert [("its files is too long" in text) for text in report.left] == [True]


def test_what_one_archive_unpacks_to_is_no_others_loss(
    classroom, notebook, tmp_path, monkeypatch
):
    monkeypatch.setattr(archives, "LARGEST_TOTAL_MIB", 1)
    monkeypatch.setattr(archives, "LARGEST_HANDED_IN_MIB", 2)
    bomb = packed([(f"{number}.ipynb", bytes(2**19)) for number in range(8)])
    files = [("a_1_102_x.zip", bomb), ("h_2_103_x.ipynb", notebook("h"))]
    report = collect(classroom, pack(tmp_path / "d.zip", files))
    assert answers(classroom) == {("h_2", NAME): "h"}
    assert sum("more than 2 MiB in all" in text for text in report.left) == 4


HANDED_IN = {
    "many files": ([(f"{n}.json", b"{}") for n in range(MOST + 1)], "no notebook"),
    "archives in it": (GREEDY["archives in each other"], "found no cells"),
    "a long list": ([(f"{'n' * 200}{n}.png", b"") for n in range(30)], "no notebook"),
    "one notebook": ([("work/x.ipynb", b'{"cells": []}')], ""),
}


@pytest.mark.parametrize("way", HANDED_IN)
def test_an_archive_in_a_students_folder_is_read_with_the_same_care(
    way, tmp_path, monkeypatch
):
    monkeypatch.setattr(allowances, "LARGEST_LIST", 5_000)
    files, why = HANDED_IN[way]
    path = tmp_path / "all.zip"
    path.write_bytes(packed([*files, *([("x.ipynb", b"{}")] if why else [])]))
    if why:
        with pytest.raises(UnreadableSubmission, match=why):
            read_notebook(path)
    else:
        assert read_notebook(path).cells == []
