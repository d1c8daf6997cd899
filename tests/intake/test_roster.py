"""A roster says when Moodle's students handed in, as far as it is known."""

import time

import pytest

from autograder.intake.roster import read_roster


@pytest.fixture(autouse=True)
def zone(monkeypatch):
    """Put this machine an hour east of Greenwich."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "HERE-1")
        time.tzset()
        yield
    time.tzset()


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
