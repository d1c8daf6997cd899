"""Downloads of each platform find their students, and nobody takes another's name."""

import json
from datetime import UTC

import pytest

from autograder.base.errors import WrongUse
from autograder.course.course import own_course
from autograder.intake.collect import Collector
from tests.support.downloads import answers, collect, pack, packed
from tests.support.small_course import NAME

ROSTER = (
    "id,first_name,last_name,email\n"
    "ada,Ada Maria,King,ada@x.org\ntim,Tim,Byron,tim@x.org\n"
)
METADATA = b"""---
submission_7:
  :submitters:
  - :name: Ada Maria King
    :sid: '00123'
    :email: ada@x.org
  - :name: Tim Byron
    :sid: ''
    :email: tim@x.org
  :created_at: 2026-03-01 18:00:00.000000000 Z
  :score: 4.0
"""
BOTH = {("ada", NAME): "ada's", ("tim", NAME): "tim's"}
WAYS = {
    "Blackboard": (
        "Week 1_ada_attempt_2026-03-01-20-30-10_x.ipynb",
        "Week 1_tim_attempt_2026-03-01-20-30-11_x.ipynb",
    ),
    "Brightspace": (
        "11-77 - Ada Maria King - Mar 1, 2026 1159 PM/x.ipynb",
        "12-77 - Tim Byron - Mar 1, 2026 1159 PM/x.ipynb",
    ),
    "Brightspace without folders": (
        "11-77 - Ada Maria King - Mar 1, 2026 1159 PM - x.ipynb",
        "12-77 - Tim Byron - Mar 1, 2026 1159 PM - x.ipynb",
    ),
    "ILIAS": (
        "Week 1/Abgaben/King_Ada Maria_ada_301/x.ipynb",
        "Week 1/Abgaben/Byron_Tim_tim_302/x.ipynb",
    ),
    "Google Classroom": ("Ada Maria King - Week 1.ipynb", "Week 1 - Tim Byron.ipynb"),
    "Moodle, in a folder": (
        "Week 1/Ada Maria King_5_assignsubmission_file/x.ipynb",
        "Week 1/Tim Byron_6_assignsubmission_file/x.ipynb",
    ),
}


@pytest.fixture
def roster(tmp_path):
    """Write a list of Ada and Tim; return its path."""
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, "utf-8")
    return path


@pytest.mark.parametrize("way", WAYS)
def test_each_platforms_names_find_the_students_of_the_roster(
    way, classroom, notebook, roster, tmp_path
):
    names = zip(WAYS[way], ("ada's", "tim's"), strict=True)
    files = [(name, notebook(answer)) for name, answer in names]
    files += [("Week 1_ada_attempt_2026-03-01-20-30-10.txt", "")] * ("board" in way)
    report = collect(classroom, pack(tmp_path / "d.zip", files), roster=roster)
    assert report.left == []
    assert answers(classroom) == BOTH


CALLED = {
    "as a classmate's": "y_tim_attempt_2026-02-01-10-00-00_x.ipynb",
    "as one's own, of an earlier time": "y_ada_attempt_2026-02-01-10-00-00_x.ipynb",
    "as a note of Blackboard's": "y_tim_attempt_2026-02-01-10-00-00.txt",
    "as a classmate's of Canvas": "tim_12_109_x.ipynb",
}


@pytest.mark.parametrize("way", CALLED)
@pytest.mark.parametrize(
    "before",
    [
        "Week 1_ada_attempt_2026-03-01-20-30-10_",
        "11-77 - Ada Maria King - Mar 1, 2026 0830 PM - ",
        "kingadamaria_LATE_11_109_",
        "kingadamaria_11_109_",
    ],
)
def test_a_student_gives_files_no_other_sender_or_time(
    before, way, classroom, notebook, roster, tmp_path
):
    file = [(before + CALLED[way], notebook("ada's"))]
    download = pack(tmp_path / "d.zip", file)
    report = collect(classroom, download, roster=roster, zone=UTC)
    assert report.left == []
    assert answers(classroom) == {("ada", NAME): "ada's"}
    time = classroom.path("submitted", "ada", NAME) / "timestamp.txt"
    # Canvas tells no time, but that it was late.
    assert not time.exists() or "2026-02" not in time.read_text("utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "y_tim_attempt_2026-02-01-10-00-00_x.ipynb",
        "12-77 - Tim Byron - Feb 1, 2026 1159 PM - x.ipynb",
        "byrontim_12_109_x.ipynb",
    ],
)
def test_in_google_classroom_nobody_is_named_as_by_another_platform(
    name, classroom, notebook, roster, tmp_path
):
    own = ("Ada Maria King - Week 1.ipynb", notebook("ada's"))
    download = pack(tmp_path / "d.zip", [own, (name, notebook("forged"))])
    report = collect(classroom, download, roster=roster)
    assert answers(classroom) == {("ada", NAME): "ada's"}
    assert "its student chose it" in report.left[0]


def test_blackboard_and_brightspace_tell_the_time(
    classroom, notebook, roster, tmp_path
):
    files = [
        ("W_ada_attempt_2026-03-01-20-30-10_x.ipynb", notebook("older")),
        ("W_ada_attempt_2026-03-02-09-05-00_x.ipynb", notebook("newer")),
        ("12-7 - Tim Byron - Mar 1, 2026 905 AM/x.ipynb", notebook("tim's")),
    ]
    collect(classroom, pack(tmp_path / "d.zip", files), roster=roster, zone=UTC)
    assert answers(classroom)["ada", NAME] == "newer"
    for student, hour in (("ada", "2026-03-02 09:05"), ("tim", "2026-03-01 09:05")):
        time = classroom.path("submitted", student, NAME) / "timestamp.txt"
        assert time.read_text("utf-8").startswith(hour)


@pytest.mark.parametrize("folder", ["", "assignment_9_export/"])
def test_gradescopes_list_says_whose_a_submission_is_also_a_teams(
    folder, classroom, notebook, roster, tmp_path
):
    files = [
        (f"{folder}submission_metadata.yml", METADATA),
        (f"{folder}submission_7/Eve - x.ipynb", notebook("theirs")),
    ]
    report = collect(classroom, pack(tmp_path / "d.zip", files), roster=roster)
    assert report.left == []
    assert answers(classroom) == {("ada", NAME): "theirs", ("tim", NAME): "theirs"}
    time = classroom.path("submitted", "ada", NAME) / "timestamp.txt"
    assert time.read_text("utf-8") == "2026-03-01 18:00:00 UTC"


def test_a_students_own_list_says_nothing(classroom, notebook, roster, tmp_path):
    place = "Tim Byron_6_assignsubmission_file"
    listed = METADATA.replace(b"submission_7", place.encode())
    files = [
        (f"{place}/submission_metadata.yml", listed),
        (f"{place}/submission_7/x.ipynb", notebook("tim's")),
    ]
    collect(classroom, pack(tmp_path / "d.zip", files), roster=roster)
    assert answers(classroom) == {("tim", NAME): "tim's"}


def test_a_name_that_anybody_may_choose_needs_a_roster_and_is_nobodys_twice(
    classroom, notebook, roster, tmp_path
):
    files = [
        ("Ada Maria King - Week 1.ipynb", notebook("ada's")),
        ("Ada Maria King - mine.ipynb", notebook("eve's")),
    ]
    download = pack(tmp_path / "d.zip", files)
    for known, why in ((None, "name one with --roster"), (roster, "found several")):
        report = collect(classroom, download, roster=known)
        assert len([text for text in report.left if why in text]) == 2
        assert not answers(classroom)


def test_moodles_teams_are_in_its_worksheet(classroom, notebook, tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Group,Grade\n"
        "Participant 1,Ada King,ada@x.org,Submitted,Red team,\n"
        "Participant 2,Tim Byron,tim@x.org,Submitted,Red team,\n"
        "Participant 3,Sue Lot,sue@x.org,Submitted,Default group,\n",
        "utf-8",
    )
    files = [
        ("Red team_55_assignsubmission_file/x.ipynb", notebook("red")),
        ("Default group_assignsubmission_file/x.ipynb", notebook("rest")),
        ("Blue team_56_assignsubmission_file/x.ipynb", notebook("blue")),
    ]
    report = collect(classroom, pack(tmp_path / "d.zip", files), roster=sheet)
    assert answers(classroom) == {
        ("ada@x.org", NAME): "red",
        ("tim@x.org", NAME): "red",
        ("sue@x.org", NAME): "rest",
    }
    assert "its column Group has teams" in report.left[0]


def test_nobody_takes_a_place_by_the_name_of_a_team(classroom, notebook, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name,group\nada,Ada King,A\neve,Eve Lot,B\n", "utf-8")
    files = [
        ("Ada King_1_assignsubmission_file/x.ipynb", notebook("ada's")),
        ("A_2_assignsubmission_file/x.ipynb", notebook("eve's, who is called A now")),
    ]
    report = collect(classroom, pack(tmp_path / "d.zip", files), roster=roster)
    assert answers(classroom) == {("ada", NAME): "ada's"}
    assert len(report.not_taken) == 1


@pytest.mark.parametrize("name", ["Participant_34", "Participant 34_9"])
@pytest.mark.parametrize("word", ["Participant ", "Teilnehmer/in"])
def test_a_hidden_name_is_the_worksheets_number(
    name, word, classroom, notebook, tmp_path
):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"ID;Status;Bewertung\n{word}34;x;\n{word}35;x;\n", "utf-8")
    file = (f"{name}_assignsubmission_file/x.ipynb", notebook("mine"))
    report = collect(classroom, pack(tmp_path / "d.zip", [file]), roster=sheet)
    assert report.left == []
    ((student, _),) = answers(classroom)
    assert student == f"{word.strip().replace('/', '-')}_34"


def test_text_typed_into_moodle_is_named(classroom, notebook, tmp_path):
    name = "Ada_5_assignsubmission_{}/{}"
    files = [
        (name.format("file", "x.ipynb"), notebook("mine")),
        (name.format("onlinetext", "onlinetext.html"), b"<p>Please read this</p>"),
    ]
    report = collect(classroom, pack(tmp_path / "d.zip", files))
    assert answers(classroom) == {("Ada_5", NAME): "mine"}
    assert "text that was typed into the platform" in report.left[0]


@pytest.mark.parametrize(
    "ending", [".ipynb.txt", ".ipynb.json", ".json", ".IPYNB", ".txt", ""]
)
def test_a_notebook_is_one_whatever_its_ending(ending, classroom, notebook, tmp_path):
    files = [
        (f"kingada_12_345_{NAME}{ending}", b"\xef\xbb\xbf" + notebook("mine")),
        ("byrontim_13_346_notes.txt", b"see above"),
        ("byrontim_13_347_work.7z", b"7z"),
    ]
    report = collect(classroom, pack(tmp_path / "d.zip", files))
    assert answers(classroom) == {("kingada_12", NAME): "mine"}
    notes, archive = report.left
    assert "notes.txt: found no notebook" in notes
    assert "found an archive of another kind" in archive


def test_archives_in_archives_are_looked_into(classroom, notebook, tmp_path):
    inner = packed([("a/b.zip", packed([("c.ipynb", notebook("deep"))]))])
    collect(classroom, pack(tmp_path / "d.zip", [("ada_12_109_w.zip", inner)]))
    assert answers(classroom) == {("ada_12", NAME): "deep"}


def test_canvas_hides_names_behind_letters(classroom, notebook, tmp_path):
    files = [("LATE_anon_aB3dE_345_x.ipynb", notebook("mine"))]
    collect(classroom, pack(tmp_path / "d.zip", files))
    assert answers(classroom) == {("anon_aB3dE", NAME): "mine"}


@pytest.fixture
def patterned(lessons, classroom):
    """Return a function that gives the class a pattern of its own."""

    def make(pattern):
        path = classroom.results / "nbgrader_config.py"
        text = json.dumps(pattern)
        path.write_text(f"c.FileNameCollectorPlugin.named_regexp = {text}\n")
        return own_course(classroom.results, lessons)

    return make


def test_the_courses_own_pattern_alone_tells(patterned, notebook, tmp_path):
    course = patterned(
        r".*_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>.*)"
    )
    files = [
        ("ps1_hacker_attempt_2016-01-30-20-30-10_x.ipynb", notebook("mine")),
        ("kingada_12_345_x.ipynb", notebook("of another platform")),
    ]
    report = collect(course, pack(tmp_path / "d.zip", files))
    assert answers(course) == {("hacker", NAME): "mine"}
    assert "named_regexp does not fit" in report.left[0]
    time = course.path("submitted", "hacker", NAME) / "timestamp.txt"
    assert time.read_text("utf-8").startswith("2016-01-3")


@pytest.mark.parametrize("pattern", ["(", "(?P<login>.*)"])
def test_a_pattern_that_is_none_is_named_before_anything_is_done(patterned, pattern):
    with pytest.raises(WrongUse, match="named_regexp"):
        Collector(patterned(pattern))
