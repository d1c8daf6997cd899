"""The same work comes again: its time, its note and what it replaced stay right."""

from zoneinfo import ZoneInfo

import pytest

from autograder.intake.collect import Collector
from tests.support.downloads import answers, collect, pack
from tests.support.small_course import NAME

BLACKBOARD = "Week 1_ada_attempt_2026-03-01-12-30-00_x.ipynb"
PEOPLE = (("ada", 1), ("bob", 2), ("cy", 3))


@pytest.fixture
def note(classroom):
    """Return a function that reads Ada's time, or writes it as a person does."""
    path = classroom.results / "submitted" / "ada" / NAME / "timestamp.txt"

    def read(text=""):
        if text:
            path.write_text(text)
        return path.read_text() if path.exists() else ""

    return read


@pytest.fixture
def moodle(classroom, notebook, tmp_path):
    """Collect from Moodle without a list; return what collects it again with one."""
    files = [("Ada King_11_assignsubmission_file/x.ipynb", notebook())]
    download = pack(tmp_path / "m.zip", files)
    names = tmp_path / "names.csv"
    names.write_text("id,first_name,last_name,number\nada,Ada,King,11\n")
    collect(classroom, download, roster=names)

    def again(time):
        sheet = tmp_path / "sheet.csv"
        sheet.write_text(
            "Identifier,Full name,Username,Last modified (submission)\n"
            f'Participant 11,Ada King,ada,"{time}"\n'
        )
        return collect(classroom, download, roster=sheet, zone=ZoneInfo("UTC"))

    return again


def test_a_list_that_comes_later_tells_the_time(moodle, note):
    assert note() == ""
    report = moodle("1 March 2026, 1:30 PM")
    assert note() == "2026-03-01 13:30:00 UTC"
    assert report.timed == [f"ada/{NAME}: 2026-03-01 13:30:00 UTC, before: none"]
    assert moodle("1 March 2026, 1:30 PM").timed == []
    moodle("1 March 2026, 2:30 PM")
    assert note() == "2026-03-01 14:30:00 UTC"
    moodle("-")  # a list that says nothing takes nothing away
    assert note() == "2026-03-01 14:30:00 UTC"


def test_what_a_person_wrote_stays_and_is_told(moodle, note):
    note("2026-03-01 09:00:00 UTC")
    report = moodle("1 March 2026, 1:30 PM")
    assert note() == "2026-03-01 09:00:00 UTC"
    (text,) = report.notes
    assert "which somebody wrote and which stays" in text


def test_a_zone_that_was_wrong_can_be_corrected(classroom, notebook, note, tmp_path):
    download = pack(tmp_path / "b.zip", [(BLACKBOARD, notebook())])
    collect(classroom, download, zone=ZoneInfo("UTC"))
    assert note() == "2026-03-01 12:30:00 UTC"
    collect(classroom, download, zone=ZoneInfo("Europe/Berlin"))
    assert note() == "2026-03-01 11:30:00 UTC"


def test_the_last_time_counts_in_whatever_order_downloads_are_read(
    classroom, notebook, note, tmp_path
):
    later = BLACKBOARD.replace("12-30", "15-30")
    first = pack(tmp_path / "1.zip", [(BLACKBOARD, notebook())])
    second = pack(tmp_path / "2.zip", [(later, notebook())])
    for download in (first, second, first):
        collect(classroom, download, zone=ZoneInfo("UTC"))
    assert note() == "2026-03-01 15:30:00 UTC"


def test_canvas_late_is_the_time_of_the_first_download_that_says_so(
    classroom, notebook, tmp_path, monkeypatch
):
    monkeypatch.setenv("TZ", "UTC")
    place = classroom.results / "submitted" / "ada_11" / NAME / "timestamp.txt"
    collect(classroom, pack(tmp_path / "1.zip", [("ada_11_501_x.ipynb", notebook())]))
    files = [("ada_LATE_11_502_x.ipynb", notebook())]
    for day in (3, 5):
        collect(classroom, pack(tmp_path / "2.zip", files, (2026, 3, day, 9, 0, 0)))
    assert place.read_text() == "2026-03-03 09:00:00 UTC"


def test_a_gap_in_what_was_replaced_is_no_end(classroom, notebook, tmp_path):
    def take(number):
        files = [(f"ada_11_{number}_x.ipynb", notebook(str(number)))]
        return collect(classroom, pack(tmp_path / f"{number}.zip", files))

    for number in (501, 502, 503):
        take(number)
    room = classroom.results / "replaced" / "ada_11" / NAME
    (room / "1").rename(tmp_path / "elsewhere")
    take(504)
    assert sorted(path.name for path in room.iterdir()) == ["2", "3"]
    assert answers(classroom) == {("ada_11", NAME): "504"}


def test_what_has_its_place_is_noted_if_somebody_ends_it(
    classroom, notebook, tmp_path, monkeypatch
):
    def files(text):
        return [(f"{w}_{n}_50{n}_x.ipynb", notebook(text)) for w, n in PEOPLE]

    place = Collector._place

    def stop(self, arrival, report):
        if arrival.receipt.student.startswith("cy"):
            raise KeyboardInterrupt
        place(self, arrival, report)

    with monkeypatch.context() as patched:
        patched.setattr(Collector, "_place", stop)
        with pytest.raises(KeyboardInterrupt):
            collect(classroom, pack(tmp_path / "1.zip", files("old")))
    newer = [(name.replace("_50", "_60"), text) for name, text in files("new")]
    report = collect(classroom, pack(tmp_path / "2.zip", newer))
    assert report.left == []
    assert set(answers(classroom).values()) == {"new"}


def test_who_was_removed_comes_back_only_if_asked(classroom, notebook, tmp_path):
    (classroom.results / "removed" / "ada_11").mkdir(parents=True)
    files = [(f"{who}_501_x.ipynb", notebook()) for who in ("ada_11", "bob_12")]
    download = pack(tmp_path / "d.zip", files)
    (told,) = collect(classroom, download).left
    assert "ada_11 was removed from this class" in told
    assert answers(classroom).keys() == {("bob_12", NAME)}
    assert collect(classroom, download, force=True, forced=["bob_12"]).left
    assert collect(classroom, download, force=True, forced=["ada_11"]).left == []
    assert ("ada_11", NAME) in answers(classroom)
