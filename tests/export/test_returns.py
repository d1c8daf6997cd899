"""Feedback goes back by the names that the platforms know its students by."""

import email
import re
import zipfile
from dataclasses import replace
from email.policy import default

import pytest
from typer.testing import CliRunner

from autograder.base.errors import WrongUse
from autograder.cli import app
from autograder.export.returns import write_returns
from autograder.gradebook.marker import write_feedback
from autograder.gradebook.people import Person, note_people
from autograder.intake.platforms.receipts import Receipts
from tests.support.downloads import OTHER, collect, pack
from tests.support.marked import Hand, mark
from tests.support.small_course import NAME, hand_in, make_course

pytestmark = pytest.mark.xdist_group("returns")  # one class for all of them
FILES = {
    "kingada_12": "kingada_12_345_link.ipynb",
    "byrontim_13": "byrontim_LATE_13_346_my work_7_8.ipynb",
    "Zoe-Ng_12": "Zoë Ng_12_assignsubmission_file_/answers.ipynb",
    "Sue-B_14": "Sue B_14_assignsubmission_file_answers.ipynb",
}


def canvas_reads(name):
    """Return user and file as Canvas does (its `infer_comment_context_from_filename`).

    The first two parts that are numbers; nothing if the last one begins with `link`.
    """
    parts = name.rpartition("/")[2].split("_")
    numbers = [part for part in parts if re.fullmatch(r"\d+", part)][:2]
    return None if parts[-1].startswith("link") else tuple(numbers)


def moodle_reads(path):
    """Return participant, plugin and file as Moodle does (its `importziplib.php`)."""
    parts = path.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdigit() and info[2] == "assignsubmission":
            rest = [info[4] if len(info) == 5 else "", *parts]
            return info[1], info[3], "/".join(filter(None, rest))
    return None


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Collect from both platforms, and mark; one submission was put in by hand."""
    root = tmp_path_factory.mktemp("course")
    course = make_course(root)
    work = hand_in(root, "hand").read_bytes()
    for kind in ("canvas", "moodle"):
        is_canvas = kind == "canvas"
        mine = [n for n in FILES.values() if ("assignsub" not in n) == is_canvas]
        packed = [(n, work + b" " * i) for i, n in enumerate(mine)]
        collect(course, pack(root / f"{kind}.zip", packed), lesson=NAME)
    mark(course, [Hand(student) for student in (*FILES, "hand")])
    note_people(
        course,
        [
            Person("kingada_12", "Ada", "King", "ada@x.org"),
            Person("Zoe-Ng_12", "Zoë", 'Ng, "Z"', "zoe@x.org"),
            Person("hand", "H", "And", "no address"),
            Person("Sue-B_14", "Sue", "B", "sue@x.org\r\nBcc: all@x.org"),
        ],
    )
    write_feedback(course, "all", NAME)
    return course


def packed(course, platform):
    report = write_returns(course, platform, [NAME])
    ((path, count),) = report.written.items()
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert len(found) == count
    return found, report


def page_of(course, student):
    return (course.path("feedback", student, NAME) / f"{NAME}.html").read_bytes()


def test_canvas_knows_whose_each_page_is(course):
    found, report = packed(course, "canvas")
    assert {canvas_reads(name): content for name, content in found.items()} == {
        ("12", "345"): page_of(course, "kingada_12"),
        ("13", "346"): page_of(course, "byrontim_13"),
    }
    assert any("H And (hand)" in text for text in report.left)


def test_moodle_knows_whose_each_page_is(course):
    found, report = packed(course, "moodle")
    assert {moodle_reads(name): content for name, content in found.items()} == {
        ("12", "file", f"{NAME}.html"): page_of(course, "Zoe-Ng_12"),
        ("14", "file", f"{NAME}.html"): page_of(course, "Sue-B_14"),
    }
    assert f"Zoë Ng_12_assignsubmission_file_/{NAME}.html" in found
    assert len(report.left) == 3


def test_nothing_goes_to_an_assignment_that_it_was_not_made_for(course):
    path = course.results / "collected.csv"
    before = path.read_bytes()
    receipts = Receipts(path)
    for student in ("kingada_12", "Zoe-Ng_12"):
        receipts.add(replace(receipts.of(student, NAME), astray=OTHER))
    receipts.write()
    try:
        for platform in ("canvas", "moodle"):
            found, report = packed(course, platform)
            assert not any("_12_" in name for name in found)
            assert any(f"assignment of {OTHER}" in text for text in report.left)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("start", ["..\\\\..\\\\", "/tmp/", "C:", "a\x1b[2J"])
def test_no_page_gets_a_name_that_leads_out_of_the_archive(start, course):
    path = course.results / "collected.csv"
    before = path.read_bytes()
    receipts = Receipts(path)
    own = receipts.of("kingada_12", NAME)
    receipts.add(replace(own, sent_as=start + own.sent_as))
    receipts.write()
    try:
        found, report = packed(course, "canvas")
    finally:
        path.write_bytes(before)
    assert not any("_12_" in name for name in found)
    assert any("kingada" in text or "King" in text for text in report.left)


def test_what_an_older_version_collected_is_asked_for_again(course):
    path = course.results / "collected.csv"
    before = path.read_bytes()
    lines = before.decode().splitlines()
    assert lines[0].endswith(",sent_as,astray")
    old = [line.rsplit(",", 2)[0] for line in lines]
    path.write_text("\n".join(old) + "\n", "utf-8")
    try:
        report = write_returns(course, "canvas", [NAME])
    finally:
        path.write_bytes(before)
    assert not report.written
    assert sum("collect the same download once more" in t for t in report.left) == 2


def test_a_letter_has_its_students_page_and_nobody_elses_address(course):
    found, report = packed(course, "mail")
    assert found.keys() == {"kingada_12.eml", "Zoe-Ng_12.eml"}
    letter = email.message_from_bytes(found["Zoe-Ng_12.eml"], policy=default)
    (to,) = letter["To"].addresses
    assert (to.display_name, to.addr_spec) == ('Zoë Ng, "Z"', "zoe@x.org")
    (page,) = letter.iter_attachments()
    assert page.get_filename() == f"{NAME}.html"
    assert page.get_content().encode() == page_of(course, "Zoe-Ng_12")
    assert len(report.left) == 3


def test_the_command_packs_what_it_writes(course):
    arguments = ["feedback", "--classroom", str(course.results), "--zip"]
    result = CliRunner().invoke(app, [*arguments, "moodle"])
    assert result.exit_code == 0, result.output
    assert (
        f"2 packed in {course.results / f'feedback-moodle-{NAME}.zip'}" in result.output
    )
    assert "left: H And (hand)" in result.output
    with pytest.raises(WrongUse, match="expected canvas, moodle, mail"):
        write_returns(course, "fax", [NAME])
