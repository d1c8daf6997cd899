"""Who is in the roster is known everywhere by name, and missing if nothing came."""

import re

import pytest
from nbgrader.api import Gradebook

from autograder.cli.class_table import class_tables, legend, shown_marks
from autograder.cli.terminal import Terminal
from autograder.course.course import own_course
from autograder.gradebook.marker import Marker, write_feedback
from autograder.gradebook.marks import read_marks
from autograder.gradebook.results import Ledger, Record
from tests.support.downloads import answers, collect, pack
from tests.support.marked import Hand, mark
from tests.support.platform_files import WORKSHEETS
from tests.support.small_course import NAME, RIGHT, make_course

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section
    Points Possible,,,,
"King, Ada",12,s12,al12,A
"Иванова, Ольга",13,s13,oi13,A
"Guðmundsdóttir, Björk\r",14,s14,bg14,A
"Lost, Lou",15,s15,ll15,A
"Student, Test",99,,,A
"""


def students(course):
    with Gradebook(course.db_url) as gradebook:
        return {
            s.id: (s.first_name, s.last_name, s.email, s.lms_user_id)
            for s in gradebook.students
        }


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Collect with a roster of four: one is marked, one unreadable, two are missing."""
    root = tmp_path_factory.mktemp("course")
    course = make_course(root)
    roster = root / "roster.csv"
    roster.write_text(CANVAS, "utf-8")
    collect(course, pack(root / "d.zip", [("x.txt", b"")]), roster=roster)
    mark(course, [Hand("al12", answers=RIGHT)])
    message = "no notebook"
    ledger = Ledger(course.results / "results.jsonl")
    ledger.add(Record("oi13", NAME, "unreadable", max_score=10.0, message=message))
    with Marker(course) as marker:
        marker.mark_zero("oi13", NAME)
    return course


def test_the_gradebook_has_names_and_the_numbers_of_canvas(course):
    assert students(course) == {
        "al12": ("Ada", "King", None, "12"),
        "oi13": ("Ольга", "Иванова", None, "13"),
        "bg14": ("Björk", "Guðmundsdóttir", None, "14"),
        "ll15": ("Lou", "Lost", None, "15"),
    }


def test_show_has_a_row_for_everybody_and_tells_missing_from_unreadable(course):
    records = Ledger(course.results / "results.jsonl").records
    with Marker(course) as marker:
        found = read_marks(course, marker, records.values())
        marks, most = shown_marks(found, [])
        known = sorted(marker.students())
    terminal = Terminal(width=80, record=True)
    for table in class_tables(marks, most, known, 80):
        terminal.print(table)
    text = terminal.export_text()
    assert re.search(r"^oi13\s+x\b", text, re.MULTILINE)
    assert re.search(r"^ll15\s+-", text, re.MULTILINE)
    assert "-  nothing was handed in" in legend(marks, len(known))


def test_the_report_names_who_is_missing_and_not_who_is_unreadable(course):
    from autograder.report.page import write_report

    page = write_report(course).read_text("utf-8")
    absent = re.search(r'<h2 id="absent">.*?</section>', page, re.DOTALL)[0]
    absent = " ".join(absent.split())
    assert f"{NAME}: 2 (Björk Guðmundsdóttir (bg14), Lou Lost (ll15))" in absent
    people = re.search(r'<h2 id="people">.*?</section>', page, re.DOTALL)[0]
    assert "Ольга Иванова (oi13)" in people


def test_the_report_does_not_miss_what_has_no_marks_yet(course):
    from autograder.report.page import write_report

    place = course.path("submitted", "ll15", NAME)
    place.mkdir(parents=True)
    page = write_report(course).read_text("utf-8")
    place.rmdir()
    assert "(ll15)" not in page[page.index('<h2 id="absent">') :]


def test_feedback_greets_its_student_by_name(course):
    write_feedback(course, "all", NAME)
    (page,) = course.results.glob("feedback/al12/*/*.html")
    text = page.read_text("utf-8")
    assert "<strong>Ada King (al12)</strong>" in text
    assert "feedback for Ada King (al12)</title>" in text


@pytest.mark.parametrize("language", WORKSHEETS)
def test_moodles_numbers_of_one_assignment_are_nobodys_id(
    language, classroom, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text(WORKSHEETS[language], "utf-8")
    collect(classroom, pack(tmp_path / "d.zip", []), roster=roster)
    assert students(classroom) == {
        "ada@x.org": ("Ada Maria", "King", "ada@x.org", None),
        "tim@x.org": ("Tim", "Byron", "tim@x.org", None),
    }


def test_who_is_in_the_class_has_no_other_name_in_a_platforms_list(
    classroom, lessons, notebook, tmp_path
):
    """Moodle's worksheet without logins: an address, a name; Tom is another Tom."""
    (classroom.results / "class.toml").write_text('roster = "class.csv"\n')
    (classroom.results / "class.csv").write_text(
        "id,first_name,last_name,email\n"
        "ada,Ada,King,a@x.org\ncy,Cy,Moor,\ntom,Tom,Low,t@x.org\nlou,Lou,Lost,\n"
    )
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Last modified (submission)\n"
        'Participant 1,A. King,A@x.org,"Sunday, 1 March 2026, 1:30 PM"\n'
        'Participant 2,Cy Moor,c@y.org,"Sunday, 1 March 2026, 1:30 PM"\n'
        'Participant 3,Tom Low,low@y.org,"Sunday, 1 March 2026, 1:30 PM"\n'
    )
    names = ["A. King_1", "Cy Moor_2", "Tom Low_3"]
    files = [(f"{n}_assignsubmission_file_/a.ipynb", notebook(n)) for n in names]
    course = own_course(classroom.results, lessons)
    report = collect(course, pack(tmp_path / "d.zip", files), roster=sheet)
    folders = {student for student, _ in answers(course)}
    assert folders == {"ada", "cy", "low@y.org"}
    assert report.without_time == 0
    (note,) = report.notes
    assert "Tom Low (low@y.org), who cannot be told to be in class.csv" in note


def test_what_a_roster_does_not_say_stays_as_it_is(classroom, tmp_path):
    roster = tmp_path / "roster.csv"
    for text in (
        "id,first_name,last_name,email,lms_user_id\nada,Ada,King,a@x.org,12\n",
        "id,first_name,last_name\nada,Augusta Ada,\nbob,,\n",
    ):
        roster.write_text(text, "utf-8")
        collect(classroom, pack(tmp_path / "d.zip", []), roster=roster)
    assert students(classroom) == {
        "ada": ("Augusta Ada", "King", "a@x.org", "12"),
        "bob": (None, None, None, None),
    }
