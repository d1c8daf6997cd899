"""Times: as people write them, and as nbgrader keeps them: in UTC, without a zone."""

import os
from datetime import UTC, datetime, time, tzinfo
from zoneinfo import available_timezones

TIMESTAMP = "timestamp.txt"
"""nbgrader's note, beside a submission, of when it was handed in."""
LAST_SECOND = time(23, 59, 59)
"""Of a day: what is due on it may come as long as it lasts."""


def in_utc(when: datetime, zone: tzinfo | None) -> datetime:
    """Return a time as nbgrader keeps it.

    Parameters
    ----------
    zone
        Whose time it is if it has no offset; the machine's if None.
    """
    if when.tzinfo is None:
        when = when.replace(tzinfo=zone)
    return when.astimezone(UTC).replace(tzinfo=None)


def told(when: datetime | None, zone: tzinfo | None) -> str:
    """Return a time of nbgrader's for people, in a zone; the machine's if None."""
    if when is None:
        return "none"
    here = when.replace(tzinfo=UTC).astimezone(zone)
    return here.strftime("%Y-%m-%d %H:%M %Z").strip()


def zone_here() -> str:
    """Return the name of the machine's time zone, as `class.toml` has it."""
    place = os.environ.get("TZ") or os.path.realpath("/etc/localtime")
    name = place.partition("zoneinfo/")[2] or place
    return name if name in available_timezones() else "UTC"
