"""Files are told apart by their senders, and senders by a roster."""

import re
import time

import pytest

from autograder.base.errors import WrongUse
from autograder.intake.collect import Collector
from autograder.intake.roster import read_roster
from tests.support.downloads import answers, collect, pack
from tests.support.small_course import NAME

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
        (b"id\n\xff\0\n", "name a CSV file in UTF-8"),
        (
            b"PK\3\4 of a spreadsheet",
            "found a workbook of Excel or Numbers",
        ),
        (b"", "found nothing in it"),
    ],
)
def test_a_roster_that_cannot_be_used_is_named(text, named, classroom, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_bytes(text if type(text) is bytes else text.encode())
    with pytest.raises(WrongUse, match=re.escape(named)):
        Collector(classroom, roster=roster)


@pytest.fixture
def zone(monkeypatch):
    """Put this machine an hour east of Greenwich."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "HERE-1")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sunday, 1 March 2026, 11:59 PM", "2026-03-01 22:59:00 UTC"),
        ("1 March 2026, 23:59", "2026-03-01 22:59:00 UTC"),
        ("2026-03-01T23:59:00Z", "2026-03-01 23:59:00 UTC"),
        ("", ""),
        ("-", ""),
        ("12", ""),  # no day: it would be one of this month
        ("11:59 PM", ""),
        ("1 March, 11:59 PM", ""),
        ("1 March 2026, 11:59 PM EST", ""),  # whose EST, it does not say
        ("Sonntag, 1. Maerz 2026", ""),
        ("99999999999999999999", ""),
        ("1/1/1 00:00 -99:00", ""),
    ],
)
def test_a_time_is_taken_if_it_says_its_day_and_else_is_not_known(
    written, expected, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Identifier,Username,Last modified (submission)\n"
        f'Participant 12,ada,"{written}"\n'
    )
    (ada,) = read_roster(roster)
    assert (ada.id, ada.number, ada.time) == ("ada", "12", expected)
