"""Downloads of Canvas and Moodle come into the class's folder, and nothing is lost."""

import json
import re

import pytest
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from autograder.course.course import own_course
from autograder.gradebook.results import Ledger, Record
from autograder.intake.collect import Collector
from tests.support.downloads import OTHER, answers, collect, pack
from tests.support.small_course import NAME


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
    assert len(report.not_taken) == 2
    assert all(
        "older than d.zip: a_1_1000_x.ipynb" in text for text in report.not_taken
    )


PAIR = (("a", 1), ("b", 2))


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
    assert len(collect(classroom, early).not_taken) == 1
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


def test_one_student_may_be_replaced_and_nobody_else(classroom, notebook, tmp_path):
    def download(text, number):
        files = [(f"{who}_{n}_{number}_x.ipynb", notebook(text)) for who, n in PAIR]
        return pack(tmp_path / f"{text}.zip", files)

    ledger = Ledger(classroom.results / "results.jsonl")
    collect(classroom, download("first", 102))
    for who, number in PAIR:
        ledger.add(Record(f"{who}_{number}", NAME, "graded"))
    again = download("second", 103)
    report = collect(classroom, again)
    assert "collect it with --force --student a_1" in report.left[0]
    report = collect(classroom, again, force=True, forced=["a_1"])
    assert len(report.left) == 1
    assert answers(classroom) == {("a_1", NAME): "second", ("b_2", NAME): "first"}


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
    assert "1 placed, 0 unchanged, 0 not taken, 0 left" in fine.output
    assert "1 without a time" in fine.output
    left = run(("a_1_102_x.ipynb", notebook()), ("b.txt", b""))
    assert left.exit_code == 1
    assert "left: d.zip: b.txt: found no notebook" in left.output
    assert "0 placed, 1 unchanged, 0 not taken, 1 left" in left.output


def test_what_is_no_download_is_named(classroom, tmp_path):
    with pytest.raises(WrongUse, match="found no folder and no zip archive"):
        collect(classroom, tmp_path / "none.zip")


def test_lessons_have_to_be_built_first(tmp_path):
    with pytest.raises(WrongUse, match="autograder build"):
        Collector(own_course(tmp_path / "classroom", tmp_path))
