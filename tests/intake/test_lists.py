"""Lists of a class are read as spreadsheets and platforms save them."""

import pytest

from autograder.base.errors import WrongUse
from autograder.intake.collect import Collector
from autograder.intake.roster import read_roster
from tests.support.downloads import answers, collect, pack
from tests.support.small_course import NAME

SPELT = "id,last_name,first_name,email\nzoe,Müller,Zoë,z@x.org\nan,Lee,An,a@x.org\n"
SAVED = {
    "blanks": SPELT.replace(",", ", ").encode(),
    "blanks before quotes": SPELT.replace("Müller", '"Müller"')
    .replace(",", ", ")
    .encode(),
    "semicolons": SPELT.replace(",", ";").encode("utf-8-sig"),
    "tabs in UTF-16": SPELT.replace(",", "\t").encode("utf-16"),
    "Windows-1252": SPELT.replace(",", ";").encode("cp1252"),
    "its separator first": b"sep=;\r\n" + SPELT.replace(",", ";").encode(),
    "ends of Windows": SPELT.replace("\n", "\r\n").encode(),
    "ends of old Macs": SPELT.replace("\n", "\r").encode(),
    "empty lines": ("\n" + SPELT.replace("\n", "\n\n") + ",,,\n").encode(),
    "other headings": SPELT.replace(
        "id,last_name,first_name,email", "Login,Nachname,Vorname,E-Mail"
    ).encode(),
    "GitHub Classroom": b'"identifier","github_username","github_id","name"\n'
    b'"zoe","zoecodes","77","Zo\xc3\xab M\xc3\xbcller"\n"an","","","An Lee"\n',
    "Blackboard": (
        '\ufeff"Last Name"\t"First Name"\t"Username"\t"Student ID"\n'
        '"Müller"\t"Zoë"\t"zoe"\t"5"\n"Lee"\t"An"\t"an"\t"6"\n'
    ).encode("utf-16-le"),
    "a title above": f"Course: CS 101\n\nas of,1 March 2026\n{SPELT}".encode(),
    "a title as spreadsheets save it": (
        "The class;;;\n;;;\n" + SPELT.replace(",", ";")
    ).encode("utf-8-sig"),
    "numbers as text": SPELT.replace("zoe", "'0123").encode(),
    "formulas": SPELT.replace("zoe", '="0123"').replace("an,", '"=""an""",').encode(),
    "copied marks": SPELT.replace("zoe", "\u202azoe\u202c")
    .replace("Lee", "Lee\u200b")
    .replace("last_name", "last\u00a0name")
    .encode(),
    "addresses of mail": SPELT.replace("z@x.org", "Zoë M <z@x.org>")
    .replace("a@x.org", "mailto:a@x.org")
    .encode(),
    "Teams": "displayName,userPrincipalName\nZoë Müller,zoe\nAn Lee,an\n".encode(),
    "Brightspace": (
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
        "#5,#zoe,Müller,Zoë,z@x.org,#\n#6,#an,Lee,An,a@x.org,#\n"
    ).encode(),
}


@pytest.mark.parametrize("how", SAVED)
def test_a_list_is_read_however_it_was_saved(how, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes(SAVED[how])
    students = read_roster(path, note=lambda text: None)
    found = [(s.id, s.last_name, s.first_name) for s in students]
    zoe = "0123" if b"0123" in SAVED[how] else "zoe"
    assert found == [(zoe, "Müller", "Zoë"), ("an", "Lee", "An")]
    assert {s.email for s in students} <= {"z@x.org", "a@x.org", "zoe", "an", ""}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a workbook of Excel"),
        (b"\xef\xbb\xbf <html><table><tr><td>id", "a page of the web"),
    ],
)
def test_what_is_no_list_is_named(content, told, tmp_path):
    path = tmp_path / "roster.xls"
    path.write_bytes(content)
    with pytest.raises(WrongUse, match=told):
        read_roster(path)


def test_a_line_is_counted_from_the_top_of_the_file(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("CS 101\n\nid,first_name\nann,Ann\no'brien,Pat\n", "utf-8")
    notes = []
    read_roster(path, note=notes.append)
    assert [note.partition(":")[0] for note in notes] == ["roster.csv, line 5"]


BAD = {
    "odd login": ("o'brien,O'Brien,Pat", 'line 2: found "o\'brien"'),
    "domain": ("UNI\\pat,O'Brien,Pat", "line 2: found 'UNI\\\\pat'"),
    "umlaut": ("jürgen,O'Brien,Pat", "line 2: found 'jürgen'"),
    "a comma too many": ("pat,O'Brien,Pat,PhD", "line 2: found more cells than the 3"),
    "made a float": ("1.23457E+11,O'Brien,Pat", "a spreadsheet has made of a long"),
    "twice": ("Ann,Lee,Ann", "line 3: ann is there twice, in line 2 as Ann"),
}


@pytest.mark.parametrize("what", BAD)
def test_one_bad_line_is_named_and_keeps_nobody_else_out(
    what, classroom, notebook, tmp_path
):
    line, told = BAD[what]
    roster = tmp_path / "roster.csv"
    roster.write_text(f"id,last_name,first_name\n{line}\nann,Lee,Ann\n", "utf-8")
    file = [("leeann_13_3457_x.ipynb", notebook("ann's"))]
    report = collect(classroom, pack(tmp_path / "d.zip", file), roster=roster)
    assert [student.casefold() for student, _ in answers(classroom)] == ["ann"]
    assert len(report.notes) == 1
    assert told in report.notes[0]
    with pytest.raises(WrongUse, match=r"roster\.csv, line"):
        read_roster(roster)  # where nobody would be told, nothing is left out


@pytest.mark.parametrize("login", ["00123", "123", "123.0"])
def test_zeros_that_a_spreadsheet_dropped_are_not_missed(
    login, classroom, notebook, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text(f"Student ID\n{login}\n", "utf-8")
    file = [("W1_00123_attempt_2026-03-01-20-30-10_x.ipynb", notebook("mine"))]
    report = collect(classroom, pack(tmp_path / "d.zip", file), roster=roster)
    assert report.left == []
    assert len(answers(classroom)) == 1


def test_ann_and_her_folder_ann_are_one(classroom, notebook, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,last_name,first_name\nann,Lee,Ann\n", "utf-8")
    classroom.path("submitted", "Ann", NAME).parent.mkdir(parents=True)
    file = [("leeann_13_3457_x.ipynb", notebook("mine"))]
    collect(classroom, pack(tmp_path / "d.zip", file), roster=roster)
    assert answers(classroom) == {("Ann", NAME): "mine"}


def test_an_old_encoding_is_said_with_an_example(classroom, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_bytes(SAVED["Windows-1252"])
    collector = Collector(classroom, roster=roster)
    (note,) = collector.run([tmp_path]).notes
    assert "read as Windows-1252" in note
    assert "'Müller'" in note


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Dienstag, 3. März 2026, 23:58", ""),
        ("Dienstag, 3. Lenzing 2026, 23:58", "Lenzing 2026, 23:58 (day, month or"),
        ("-", ""),
    ],
)
def test_a_time_that_cannot_be_read_is_said(
    written, told, classroom, notebook, tmp_path
):
    roster = tmp_path / "sheet.csv"
    roster.write_text(
        "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,"
        "Zuletzt geändert (Abgabe)\n"
        f'Teilnehmer/in345,Zoë Müller,zoe@x.org,Abgegeben,,"{written}"\n',
        "utf-8",
    )
    file = [("Zoë Müller_345_assignsubmission_file/x.ipynb", notebook("mine"))]
    report = collect(classroom, pack(tmp_path / "d.zip", file), roster=roster)
    assert answers(classroom) == {("zoe@x.org", NAME): "mine"}
    assert report.without_time == (written == "-")
    assert len(report.unread_times) == bool(told)
    assert all(told in text for text in report.unread_times)
