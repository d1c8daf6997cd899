"""Times are read in the languages of platforms, and what cannot be read says why."""

import re
import time
from zoneinfo import ZoneInfo

import pytest

from autograder.base.errors import WrongUse
from autograder.intake.platforms.times import UnreadTime, in_utc, zone_called

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "written",
    [
        "Tuesday, 3 March 2026, 11:58 PM",
        "Tuesday, March 3, 2026, 11:58 PM",
        "Dienstag, 3. März 2026, 23:58",
        "Dienstag, 3. März 2026 um 23:58 Uhr",
        "mardi 3 mars 2026, 23:58",
        "mardi 3 mars 2026 à 23h58",
        "martes, 3 de marzo de 2026, 11:58 p. m.",
        "dimarts, 3 de març 2026, 23:58",
        "terça-feira, 3 de março de 2026 às 23:58",
        "martedì, 3 marzo 2026, 23:58",
        "dinsdag, 3 maart 2026, 23:58",
        "tisdag, 3 mars 2026, 23:58",
        "tirsdag den 3. marts 2026, 23.58",
        "tiistai, 3. maaliskuuta 2026, 23.58",
        "wtorek, 3 marca 2026, 23:58",
        "úterý, 3. března 2026, 23.58",
        "2026. március 3., kedd, 23:58",
        "marți, 3 martie 2026, 23:58",
        "Salı, 3 Mart 2026, 23:58",
        "вторник, 3 марта 2026, 23:58",
        "вівторок, 3 березня 2026, 23:58",
        "Τρίτη, 3 Μαρτίου 2026, 11:58 μμ",
        "2026年03月3日(火曜日) 23:58",
        "2026年3月3日 星期二 下午11:58",
        "2026년 3월 3일 오후 11:58",
        "2026-03-03 23:58:00",
        "2026-03-03T22:58:00Z",
        "3.3.2026 23:58",
        "Mar 3, 2026 11:58 PM",
        "Mar 3, 2026 at 11:58pm",
        "3.3.26 23:58",
        "utorok, 3. marca 2026, 23:58",
        "torek, 3. marec 2026, 23:58",
        "utorak, 3. ožujka 2026., 23:58",
        "teisipäev, 3. märts 2026, 23:58",
        "2026 m. kovo 3 d., antradienis, 23:58",
        "вторник, 3 март 2026, 23:58",
        "Selasa, 3 Maret 2026, 23:58",
        "Thứ ba, 3 tháng 3 2026, 11:58 PM",
        "2026-03-03T23:58:00+01:00",
        "2026-03-03T17:58:00.250-05:00",
        "2026-03-03 23:58 UTC+1",
        "3 March 2026 11:58 PM (GMT+01:00)",
    ],
)
def test_one_moment_is_read_in_every_language(written):
    assert in_utc(written, BERLIN) == "2026-03-03 22:58:00 UTC"


@pytest.mark.parametrize("name", ["mai", "mayo", "mei", "maj", "maja", "мая", "May"])
def test_short_months_and_weekdays_are_not_mixed_up(name):
    assert in_utc(f"mar. 5 {name} 2026, 12:00", BERLIN) == "2026-05-05 10:00:00 UTC"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("subota, 3. listopada 2026., 12:00", "2026-10-03 10:00:00 UTC"),
        ("sobota, 3 listopada 2026, 12:00", "2026-11-03 11:00:00 UTC"),
        ("Thứ năm, 5 tháng 3 2026, 12:00", "2026-03-05 11:00:00 UTC"),
        ("1.3.26 12:00", "2026-03-01 11:00:00 UTC"),
        ("неделя, 3 май 2026, 12:00", "2026-05-03 10:00:00 UTC"),
    ],
)
def test_no_month_is_taken_for_another(written, moment):
    assert in_utc(written, BERLIN) == moment


def test_summer_time_counts_on_its_days():
    assert in_utc("29 March 2026, 1:59 AM", BERLIN) == "2026-03-29 00:59:00 UTC"
    assert in_utc("29 March 2026, 3:00 AM", BERLIN) == "2026-03-29 01:00:00 UTC"
    first = "2026-10-25 00:30:00 UTC"
    assert in_utc("25 October 2026, 2:30 AM", BERLIN) == first


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Sunday, 29 March 2026, 2:30 AM", "summer time begins in that hour"),
        ("03/04/2026 10:00", "03 and 04 may both be its month"),
        ("1 March, 11:59 PM", "day, month or year is not in it"),
        ("3. Lenzing 2026, 23:58", "day, month or year is not in it"),
        ("1 March 2026, 11:59 PM EST", "one of several places"),
        ("gestern", "in no form that is known"),
        ("13/03/26 23:58", "13 and 26 may both be its year"),
        ("5 3 2026 23:58", "day, month or year is not in it"),
        ("3 March 2569, 23:58", "still to come"),
    ],
)
def test_what_leaves_its_moment_open_says_why(written, why):
    with pytest.raises(UnreadTime, match=why):
        in_utc(written, BERLIN)


@pytest.mark.parametrize("written", ["", "-", " – "])
def test_no_time_is_none(written):
    assert in_utc(written, BERLIN) == ""


def test_without_a_zone_it_is_this_machines(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "HERE-1")
        time.tzset()
        assert in_utc("1 March 2026, 23:59") == "2026-03-01 22:59:00 UTC"
    time.tzset()


@pytest.mark.parametrize("name", ["Europe/Nowhere", "../../etc/passwd", ""])
def test_a_zone_that_is_none_is_named(name):
    with pytest.raises(WrongUse, match=re.escape(f"no time zone {name}")):
        zone_called(name)
