"""Collected: what `collect` says of a download, what needs somebody at the end."""

from autograder.cli.terminal import out, say
from autograder.intake.collect import CollectReport

MOST_TIMES = 20
"""Times that cannot be read are named, so many of them."""


def say_collected(report: CollectReport) -> None:
    """Print what became of each file; at the end what has no place, with what to do."""
    for text in report.placed:
        say(text)
    for text in report.timed:
        say(f"handed in at another time {text}")
    for text in report.not_taken:
        say(f"not taken: {text}")
    for text in report.astray:
        say(f"remark: {text}", style="yellow")
    for text in report.notes:
        say(text, style="yellow")
    _say_left(report.left)
    out.print(
        f"{len(report.placed)} placed, {len(report.unchanged)} unchanged, "
        f"{len(report.not_taken)} not taken, {len(report.left)} left"
    )
    if report.no_work:
        say(f"{report.no_work} notebooks are as given out, or of no lesson asked for")
    if report.without_time:
        say(
            f"{report.without_time} without a time of handing in, which the download "
            "does not tell: taken as in time; write timestamp.txt beside what was late"
        )
    if report.by_name_alone:
        say(
            f"{report.by_name_alone} are theirs by their names alone: in Google "
            "Classroom students choose these, and anybody can hand in for somebody who "
            "does not; look there if a mark surprises",
            style="yellow",
        )
    if report.unread_times:
        number, named = len(report.unread_times), report.unread_times[:MOST_TIMES]
        is_one = number == 1
        say(
            f"{number} time{'' if is_one else 's'} could not be read, so nbgrader "
            f"takes {'it' if is_one else 'them'} as in time; write timestamp.txt "
            "beside the notebook, as in 2026-03-01 22:59:00 UTC:",
            style="red",
        )
        for text in named:
            say(f"  {text}", style="red")
        if number > MOST_TIMES:
            say(f"  and {number - MOST_TIMES} more", style="red")


def _say_left(left: list[str]) -> None:
    """Print what has no place, and once for all of a kind what to do about it."""
    kinds: dict[str, list[str]] = {}
    for text in left:
        found, _, todo = text.rpartition("; ")
        kinds.setdefault(todo if found else "", []).append(found or text)
    for todo, found in kinds.items():
        for text in found:
            say(f"left: {text}", style="red")
        if todo:
            say(f"  what to do: {todo}", style="red")
