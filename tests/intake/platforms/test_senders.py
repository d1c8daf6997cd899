"""Names of files say who handed in, as each platform writes them."""

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake.platforms.senders import senders
from tests.support.downloads import answers, collect, pack
from tests.support.small_course import NAME


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


@pytest.mark.parametrize(
    "name",
    [
        "King, Ada(aking)/Submission attachment(s)/{}.ipynb",
        "Week 1/King, Ada(aking)/Submission attachment(s)/{}.ipynb",
        "King, Ada - 12345/Revision 2 - On Time/{}.ipynb",
        "Submitted files/Ada King/Week 1/Version 2/{}.ipynb",
        "aking/{}.ipynb",
        "Team 3/{}.ipynb",
    ],
)
def test_folders_called_as_people_are_theirs_if_a_list_has_them(
    name, classroom, notebook, tmp_path
):
    roster = tmp_path / "roster.csv"
    columns = "id,last_name,first_name,number,group"
    roster.write_text(f"{columns}\naking,King,Ada,12345,Team 3\nbo,Lee,Bo,,\n")
    download = pack(tmp_path / "d.zip", [(name.format(NAME), notebook("mine"))])
    assert "--roster" in collect(classroom, download).left[0]
    collect(classroom, download, roster=roster)
    assert answers(classroom) == {("aking", NAME): "mine"}


@pytest.mark.parametrize("platform", ["leebo_13_114_x.ipynb", "Bo Lee - Week 1.ipynb"])
def test_among_files_of_a_platform_a_folder_is_nobodys(
    platform, classroom, notebook, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,last_name,first_name\naking,King,Ada\nbo,Lee,Bo\n")
    files = [(platform, notebook("mine")), ("aking/x.ipynb", notebook("not hers"))]
    report = collect(classroom, pack(tmp_path / "d.zip", files), roster=roster)
    assert answers(classroom) == {("bo", NAME): "mine"}
    assert "aking/x.ipynb: found a name as a person is called" in report.left[0]


FOLDER = re.compile(r"[A-Za-z0-9_-]{1,64}")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80), st.integers(1, 10**17))
def test_any_name_makes_a_folder_of_the_fixed_alphabet(name, number):
    path = PurePosixPath(f"{name}_{number}_assignsubmission_file_", "x.ipynb")
    for sender in senders(path) + senders(
        PurePosixPath(f"{name}_{number}_107_x.ipynb")
    ):
        assert FOLDER.fullmatch(sender.student)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Björk Guðmundsdóttir", "Bjork-Gudmundsdottir_7"),
        ("Ольга Иванова", "Olga-Ivanova_7"),
        ("王小明", "WangXiaoMing_7"),
        ("Łukasz Groß", "Lukasz-Gross_7"),
        ("Zoë O'Neil", "Zoe-O-Neil_7"),  # as it was before names were transliterated
        ("\u200b…", "student_7"),
    ],
)
def test_a_folder_tells_whose_it_is_in_any_script(name, folder):
    (sender,) = senders(PurePosixPath(f"{name}_7_assignsubmission_file_", "x.ipynb"))
    assert sender.student == folder
