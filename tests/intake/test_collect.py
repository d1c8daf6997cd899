"""Downloads of Canvas and Moodle come into the class's folder, and nothing is lost."""

import io
import json
import os
import re
import stat
import zipfile
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from autograder.course.course import own_course
from autograder.gradebook.results import Ledger, Record
from autograder.intake import archives
from autograder.intake.collect import Collector
from autograder.intake.platforms import senders
from tests.support.small_course import LESSON, NAME, write_source

OTHER = "11_other"
FOLDER = re.compile(r"[A-Za-z0-9_-]{1,64}")


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """Make two lessons; return the folder of the course."""
    root = tmp_path_factory.mktemp("course")
    write_source(root, LESSON)
    write_source(root, re.sub(r"double|total|why", r"other_\g<0>", LESSON), OTHER)
    return root


@pytest.fixture
def classroom(lessons, tmp_path):
    return own_course(tmp_path / "classroom", lessons)


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


def pack(path, files, date=(2026, 3, 1, 12, 0, 0)):
    """Write a zip archive of (name, content) pairs; return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date) if type(name) is str else name
            entry.compress_type = entry.compress_type or zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def packed(files):
    held = io.BytesIO()
    return pack(held, files).getvalue()


def collect(course, *downloads, **options):
    return Collector(course, **options).run(downloads)


def answers(course):
    """Return the last cell of each submission, by student and lesson."""
    found = {}
    for path in sorted((course.results / "submitted").glob("*/*/*.ipynb")):
        assert path.stem == path.parent.name
        last = json.loads(path.read_bytes())["cells"][-1]
        found[path.parent.parent.name, path.stem] = last["source"]
    return found


def test_a_canvas_download_is_put_in_its_places(classroom, notebook, tmp_path):
    download = pack(
        tmp_path / "submissions.zip",
        [
            (f"kingada_12_345_{NAME}.ipynb", notebook("ada")),
            (f"byrontim_LATE_13_346_{OTHER}-1.ipynb", notebook("tim", OTHER)),
        ],
    )
    report = collect(classroom, download)
    assert answers(classroom) == {
        ("kingada_12", NAME): "ada",
        ("byrontim_13", OTHER): "tim",
    }
    assert not report.left
    assert report.without_time == 1


def test_only_a_late_file_of_canvas_gets_the_time_of_the_download(
    classroom, notebook, tmp_path, monkeypatch
):
    monkeypatch.setenv("TZ", "UTC")
    files = [("a_1_102_x.ipynb", notebook()), ("b_LATE_2_103_x.ipynb", notebook())]
    collect(classroom, pack(tmp_path / "d.zip", files))
    times = {
        path.parent.parent.name: path.read_text("utf-8")
        for path in classroom.results.glob("submitted/*/*/timestamp.txt")
    }
    assert times.keys() == {"b_2"}
    assert re.fullmatch(r"2026-0[23]-\d\d \d\d:00:00 UTC", times["b_2"])


@pytest.mark.parametrize(
    "name",
    [
        "Ada King_12_assignsubmission_file_/{}.ipynb",
        "Ada King_12_assignsubmission_file/sub/{}.ipynb",
        "Ada King_12_assignsubmission_file_{}.ipynb",
        "Ada King_12_assignsubmission_file_/Tim_13_assignsubmission_file_/{}.ipynb",
        "Ada King_12_assignsubmission_file_/tim_13_114_{}.ipynb",
    ],
)
def test_moodle_names_its_folders_and_students_their_files(
    name, classroom, notebook, tmp_path
):
    download = pack(tmp_path / "d.zip", [(name.format(NAME), notebook("mine"))])
    collect(classroom, download)
    assert answers(classroom) == {("Ada-King_12", NAME): "mine"}


def test_an_unpacked_download_is_the_same_as_the_archive(classroom, notebook, tmp_path):
    folder = tmp_path / "unpacked"
    path = folder / "Ada King_12_assignsubmission_file_" / "work.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(notebook("mine"))
    (folder / "Tim_13_assignsubmission_file_").symlink_to(path.parent)
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._work.ipynb").touch()
    report = collect(classroom, folder)
    assert answers(classroom) == {("Ada-King_12", NAME): "mine"}
    assert len(report.left) == 1
    assert "found a link" in report.left[0]


def test_a_students_own_archive_is_looked_into(classroom, notebook, tmp_path):
    inner = packed([("work/tim_13_114_a.ipynb", notebook("mine")), ("notes.txt", "")])
    report = collect(classroom, pack(tmp_path / "d.zip", [("ada_12_109_w.zip", inner)]))
    assert answers(classroom) == {("ada_12", NAME): "mine"}
    assert len(report.left) == 1
    assert "notes.txt: found no notebook" in report.left[0]


ROSTERS = {
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section\n"
    '    Points Possible,,,,\n"King, Ada",12,,al12,A\n"King, Ada",13,,al13,A\n',
    "moodle": "\ufeffIdentifier,Full name,Email address\n"
    "Participant 12,Ada King,al12\nParticipant 13,Ada King,al13\n",
    "ours": "id;first_name;last_name;number\nal12;Ada;King;12\nal13;Ada;King;13\n",
}


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_roster_tells_people_of_one_name_apart(kind, classroom, notebook, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTERS[kind], "utf-8")
    files = [
        ("Ada King_12_assignsubmission_file_/x.ipynb", notebook("twelve")),
        ("Ada King_13_assignsubmission_file_/x.ipynb", notebook("thirteen")),
        ("Tim King_14_assignsubmission_file_/x.ipynb", notebook("nobody")),
    ]
    report = collect(classroom, pack(tmp_path / "d.zip", files), roster=roster)
    assert answers(classroom) == {("al12", NAME): "twelve", ("al13", NAME): "thirteen"}
    assert len(report.left) == 1
    assert "found nobody called Tim King with the number 14" in report.left[0]


def test_the_roster_of_canvas_fits_its_names(classroom, notebook, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTERS["canvas"], "utf-8")
    file = [("kingada_LATE_12_345_x.ipynb", notebook("twelve"))]
    collect(classroom, pack(tmp_path / "d.zip", file), roster=roster)
    assert answers(classroom) == {("al12", NAME): "twelve"}


def test_names_are_enough_for_a_roster_while_no_two_are_the_same(
    classroom, notebook, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "id,first_name,last_name\nzoe,Zoë,O'Neil-Ng\na1,Li,Bo\na2,Li,Bo\n", "utf-8"
    )
    files = [
        ("oneilngzoe\u0308_1_102_x.ipynb", notebook("zoe")),
        ("boli_3_104_x.ipynb", notebook("which")),
    ]
    report = collect(classroom, pack(tmp_path / "d.zip", files), roster=roster)
    assert answers(classroom) == {("zoe", NAME): "zoe"}
    assert "it can be from a1 or a2" in report.left[0]


def test_nobody_takes_anothers_place_with_a_number_in_their_name(
    classroom, notebook, tmp_path
):
    """Somebody with the number 999 calls themselves ada_12, as if they were Ada."""
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name,number\nada,,12\neve,,999\n", "utf-8")
    file = [("ada_12_999_500_x.ipynb", notebook("eve's"))]
    for known in (None, roster):
        report = collect(classroom, pack(tmp_path / "d.zip", file), roster=known)
        assert not answers(classroom)
        assert "it can be from" in report.left[0]


def test_moodles_worksheet_gives_the_time(classroom, notebook, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Identifier,Full name,Username,Last modified (submission)\n"
        'Participant 12,Ada King,ada,"Sunday, 1 March 2026, 11:59 PM"\n'
        "Participant 13,Tim King,tim,-\n",
        "utf-8",
    )
    names = ["Ada King_12", "Tim King_13"]
    files = [(f"{n}_assignsubmission_file_/a.ipynb", notebook()) for n in names]
    report = collect(classroom, pack(tmp_path / "d.zip", files), roster=roster)
    assert report.without_time == 1
    time = classroom.path("submitted", "ada", NAME) / "timestamp.txt"
    assert re.fullmatch(r"2026-03-0\d \d\d:59:00 UTC", time.read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Name,Grade\nAda,3\n", "expected, among others, Student, ID, SIS Login ID"),
        ("id\n../ada\n", "line 2: found '../ada'"),
        ("id\nada\nada\n", "ada is there twice"),
        (b"id\n\xff\n", "name a CSV file in UTF-8"),
    ],
)
def test_a_roster_that_cannot_be_used_is_named(text, named, classroom, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_bytes(text if type(text) is bytes else text.encode())
    with pytest.raises(WrongUse, match=re.escape(named)):
        Collector(classroom, roster=roster)


def without_names(content):
    content = json.loads(content)
    for cell in content["cells"]:
        cell["metadata"] = {}
    return json.dumps(content).encode()


def test_a_lesson_is_known_by_its_cells_and_else_by_its_name(
    classroom, notebook, tmp_path
):
    files = [
        (f"a_1_102_{OTHER}.ipynb", notebook("cells")),
        (f"b_2_103_{OTHER}-2.ipynb", without_names(notebook("name"))),
        ("c_3_104_mine.ipynb", without_names(notebook("asked for"))),
    ]
    download = pack(tmp_path / "d.zip", files)
    report = collect(classroom, download)
    assert answers(classroom) == {("a_1", NAME): "cells", ("b_2", OTHER): "name"}
    assert "found no cell of a lesson" in report.left[0]
    collect(classroom, download, lesson=NAME)
    assert answers(classroom)["c_3", NAME] == "asked for"


def test_a_notebook_of_another_lesson_is_not_taken_for_the_one_asked_for(
    classroom, notebook, tmp_path
):
    download = pack(
        tmp_path / "d.zip", [(f"a_1_102_{NAME}.ipynb", notebook("", OTHER))]
    )
    report = collect(classroom, download, lesson=NAME)
    assert not answers(classroom)
    assert f"found {OTHER}, expected {NAME}" in report.left[0]
    with pytest.raises(WrongUse, match="found no lesson 7"):
        Collector(classroom, lesson="7")


def test_the_newest_of_several_is_kept_and_the_others_are_named(
    classroom, notebook, tmp_path
):
    files = [(f"a_1_{n}_x.ipynb", notebook(f"{n}")) for n in (120, 1000, 103)]
    report = collect(classroom, pack(tmp_path / "d.zip", files))
    assert answers(classroom) == {("a_1", NAME): "1000"}
    assert len(report.older) == 2
    assert all("older than d.zip: a_1_1000_x.ipynb" in text for text in report.older)


def test_a_later_download_replaces_an_earlier_one_and_keeps_it(
    classroom, notebook, tmp_path
):
    early = pack(tmp_path / "early.zip", [("a_1_120_x.ipynb", notebook("early"))])
    late = pack(tmp_path / "late.zip", [("a_1_1000_x.ipynb", notebook("late"))])
    collect(classroom, early)
    report = collect(classroom, late)
    assert answers(classroom) == {("a_1", NAME): "late"}
    assert f"what was there is in replaced/a_1/{NAME}/1" in report.placed[0]
    kept = classroom.results / "replaced" / "a_1" / NAME / "1" / f"{NAME}.ipynb"
    assert kept.read_bytes() == notebook("early")
    assert len(collect(classroom, early).older) == 1
    assert len(collect(classroom, late).unchanged) == 1
    assert answers(classroom) == {("a_1", NAME): "late"}


@pytest.mark.parametrize("why", ["has marks", "did not come from this platform"])
def test_what_has_marks_or_came_another_way_stays(why, classroom, notebook, tmp_path):
    if why == "has marks":
        first = pack(tmp_path / "first.zip", [("a_1_102_x.ipynb", notebook("first"))])
        collect(classroom, first)
        ledger = Ledger(classroom.results / "results.jsonl")
        ledger.add(Record("a_1", NAME, "graded"))
    else:
        folder = classroom.path("submitted", "a_1", NAME)
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_bytes(notebook("first"))
    second = pack(tmp_path / "second.zip", [("a_1_103_x.ipynb", notebook("second"))])
    report = collect(classroom, second)
    assert why in report.left[0]
    assert answers(classroom) == {("a_1", NAME): "first"}
    collect(classroom, second, force=True)
    assert answers(classroom) == {("a_1", NAME): "second"}
    assert len(list(classroom.results.glob("replaced/a_1/*/1/*.ipynb"))) == 1


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


TWICE = packed([("a.zip", packed([("a.ipynb", b"{}")]))])
HOSTILE = {
    "path up": ("../../e_1_102_x.ipynb", b"{}", "a path that leads out"),
    "path up inside": ("e_1_102_x/../../../x.ipynb", b"{}", "a path that leads out"),
    "absolute path": ("/tmp/e_1_102_x.ipynb", b"{}", "a path that leads out"),
    "Windows path": ("..\\e_1_102_x.ipynb", b"{}", "a path that leads out"),
    "drive": ("C:e_1_102_x.ipynb", b"{}", "a path that leads out"),
    "link": (link("e_1_102_x.ipynb"), b"/etc/passwd", "found a link"),
    "bomb": ("e_1_102_x.ipynb", bytes(2**22), "times its size"),
    "large": ("e_1_102_x.ipynb", bytes(21 * 2**20), "found 21 MiB"),
    "bomb in an archive": (
        "e_1_102_x.zip",
        packed([("x.ipynb", bytes(2**22))]),
        "times its size",
    ),
    "archive in an archive": ("e_1_102_x.zip", TWICE, "an archive in an archive"),
    "broken archive": ("e_1_102_x.zip", TWICE[:60], "the archive cannot be read"),
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
    "own sender": ("ada/e_1_102_x.ipynb", b"{}", "neither Canvas's nor Moodle's"),
    "no sender": ("work.ipynb", b"{}", "neither Canvas's nor Moodle's"),
    "escapes": ("e_\x1b[31m_x.ipynb", b"{}", "neither Canvas's nor Moodle's"),
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
    assert len(report.older) == 1


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80), st.integers(1, 10**17))
def test_any_name_makes_a_folder_of_the_fixed_alphabet(name, number):
    path = PurePosixPath(f"{name}_{number}_assignsubmission_file_", "x.ipynb")
    for sender in senders(path) + senders(
        PurePosixPath(f"{name}_{number}_107_x.ipynb")
    ):
        assert FOLDER.fullmatch(sender.student)


def test_the_command_prints_each_place_and_fails_if_something_is_left(
    classroom, notebook, tmp_path, monkeypatch
):
    monkeypatch.setattr("autograder.cli.instructors.course_of", lambda *_: classroom)

    def run(*files):
        download = pack(tmp_path / "d.zip", files)
        return CliRunner().invoke(app, ["collect", str(download)])

    fine = run(("a_1_102_x.ipynb", notebook()))
    assert fine.exit_code == 0
    assert f"a_1/{NAME}: d.zip: a_1_102_x.ipynb" in fine.output
    assert "1 placed, 0 unchanged, 0 older, 0 left" in fine.output
    assert "1 have no time" in fine.output
    left = run(("a_1_102_x.ipynb", notebook()), ("b.txt", b""))
    assert left.exit_code == 1
    assert "left: d.zip: b.txt: found no notebook" in left.output
    assert "0 placed, 1 unchanged, 0 older, 1 left" in left.output


def test_what_is_no_download_is_named(classroom, tmp_path):
    with pytest.raises(WrongUse, match="found no folder and no zip archive"):
        collect(classroom, tmp_path / "none.zip")


def test_lessons_have_to_be_built_first(tmp_path):
    with pytest.raises(WrongUse, match="autograder build"):
        Collector(own_course(tmp_path / "classroom", tmp_path))
