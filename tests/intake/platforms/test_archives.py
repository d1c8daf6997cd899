"""An archive is unpacked with care: what is hostile in it is named and left."""

import os
import stat
import zipfile

import pytest

from autograder.intake.platforms import archives
from tests.support.downloads import answers, collect, pack, packed
from tests.support.small_course import NAME


def test_a_students_own_archive_is_looked_into(classroom, notebook, tmp_path):
    inner = packed([("work/tim_13_114_a.ipynb", notebook("mine")), ("notes.txt", "")])
    report = collect(classroom, pack(tmp_path / "d.zip", [("ada_12_109_w.zip", inner)]))
    assert answers(classroom) == {("ada_12", NAME): "mine"}
    assert len(report.left) == 1
    assert "notes.txt: found no notebook" in report.left[0]


def test_a_students_archive_may_come_from_windows(classroom, notebook, tmp_path):
    inner = packed([("work\\", b""), ("work\\a.ipynb", notebook("mine"))])
    report = collect(classroom, pack(tmp_path / "d.zip", [("ada_12_109_w.zip", inner)]))
    assert answers(classroom) == {("ada_12", NAME): "mine"}
    assert report.left == []


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def strange(name, method):
    entry = zipfile.ZipInfo(name)
    entry.compress_type = method
    return entry


def spoilt(offset):
    """Return an archive of one notebook with a bit changed in its directory."""
    content = bytearray(packed([("x.ipynb", b"{}")]))
    content[content.index(b"PK\1\2") + offset] ^= 1
    return bytes(content)


ONCE = packed([("a.ipynb", b"{}")])
OFTEN = ONCE
for _ in range(archives.MOST_NESTED + 1):
    OFTEN = packed([("a.zip", OFTEN)])
HOSTILE = {
    "path up": ("../../e_1_102_x.ipynb", b"{}", "a path that leads out"),
    "path up inside": ("e_1_102_x/../../../x.ipynb", b"{}", "a path that leads out"),
    "absolute path": ("/tmp/e_1_102_x.ipynb", b"{}", "a path that leads out"),
    "Windows path": ("..\\e_1_102_x.ipynb", b"{}", "a path that leads out"),
    "drive": ("C:e_1_102_x.ipynb", b"{}", "a path that leads out"),
    "link": (link("e_1_102_x.ipynb"), b"/etc/passwd", "found a link"),
    "bomb": ("e_1_102_x.ipynb", bytes(2**22), "times its size"),
    "large": ("e_1_102_x.ipynb", bytes(201 * 2**20), "found 201 MiB"),
    "bomb in an archive": (
        "e_1_102_x.zip",
        packed([("x.ipynb", bytes(2**22))]),
        "times its size",
    ),
    "too many in each other": ("e_1_102_x.zip", OFTEN, "an archive in an archive"),
    "broken archive": ("e_1_102_x.zip", ONCE[:60], "the archive cannot be read"),
    "encrypted": ("e_1_102_x.zip", spoilt(8), "it cannot be unpacked"),
    "wrong sum": ("e_1_102_x.zip", spoilt(16), "it cannot be unpacked"),
    "hungry method": (
        strange("e_1_102_x.ipynb", zipfile.ZIP_LZMA),
        b"{}",
        "compression method 14",
    ),
    "no notebook": ("e_1_102_x.ipynb", b"[1, 2]", "expected a notebook"),
    "broken JSON": ("e_1_102_x.ipynb", b'{"cells": [', "its JSON ends or breaks off"),
    "deep JSON": ("e_1_102_x.ipynb", b"[" * 100_000, "its JSON ends or breaks off"),
    "other file": ("e_1_102_x.exe", b"MZ", "found no notebook"),
    "own sender": ("ada/e_1_102_x.ipynb", b"{}", "a name that tells no student"),
    "no sender": ("work.ipynb", b"{}", "a name that tells no student"),
    "escapes": ("e_\x1b[31m_x.ipynb", b"{}", "a name that tells no student"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_file_is_named_and_holds_nobody_up(
    attack, classroom, notebook, tmp_path
):
    name, content, why = HOSTILE[attack]
    files = [(name, content), ("a_1_102_x.ipynb", notebook("honest"))]
    download = pack(tmp_path / "d.zip", files)
    before = {path for path in tmp_path.rglob("*") if "classroom" not in path.parts}
    report = collect(classroom, download)
    assert answers(classroom) == {("a_1", NAME): "honest"}
    assert len(report.left) == 1
    assert why in report.left[0]
    assert report.left[0].isprintable()
    after = {path for path in tmp_path.rglob("*") if "classroom" not in path.parts}
    assert after == before


def test_an_archive_of_very_many_files_is_refused(classroom, tmp_path):
    many = pack(tmp_path / "many.zip", [(f"a_1_{n}_x", b"") for n in range(1, 10_001)])
    report = collect(classroom, many)
    assert report.left == [
        "many.zip: found 10000 entries, expected at most 5000; unpack it yourself and "
        "collect the folder"
    ]


def test_many_small_bombs_are_one_large_one(classroom, notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_TOTAL_MIB", 1)
    files = [(f"a_1_{n}_x.ipynb", os.urandom(400_000)) for n in range(101, 105)]
    report = collect(classroom, pack(tmp_path / "d.zip", files))
    assert [("more than 1 MiB in all" in text) for text in report.left] == [
        False,
        False,
        True,
        True,
    ]


def test_two_files_of_one_name_are_two_files(classroom, notebook, tmp_path):
    files = [(f"a_1_102_{NAME}.ipynb", notebook(answer)) for answer in "xy"]
    with pytest.warns(UserWarning, match="Duplicate name"):
        download = pack(tmp_path / "d.zip", files)
    report = collect(classroom, download)
    assert answers(classroom) == {("a_1", NAME): "y"}
    assert len(report.not_taken) == 1
