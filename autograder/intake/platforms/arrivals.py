"""Arrivals: notebooks of downloads whose students are known, and which ones count."""

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.intake.platforms.receipts import Receipt
from autograder.intake.platforms.senders import A_TEAM, FOLDER

GIT = "git"
CLASSROOM = "classroom"
LEAST_OF_AN_ASSIGNMENT = 3
"""Notebooks of one lesson, before a download is taken for that lesson's."""
OWN_SHARE = 0.75
"""Of a download's notebooks, for the same."""


@dataclass(frozen=True)
class Arrival:
    """A notebook whose student and lesson are known."""

    receipt: Receipt
    folder: Path
    """A scratch folder that holds it, as it shall be in the class's folder."""
    notebook: str
    """Which of the lesson's notebooks it is; nearly all have only one."""
    is_named: bool
    """Whether it has that name."""
    unread_time: str = ""
    """Whose time cannot be read, and why; nothing if all is well."""

    @property
    def rank(self) -> tuple[bool, bool, int, bool, int, bool]:
        """What decides between several of one student for one lesson."""
        is_git = self.receipt.platform == GIT
        # Anybody may be called as a team is: what is one's own comes first.
        is_own = not self.receipt.platform.endswith(A_TEAM)
        is_real = not self.receipt.astray
        # Who calls an account x-ada has a clone hw1-x-ada, which ends as Ada's does.
        shortness = -len(self.receipt.sent_as) if is_git else 0
        # A clone's files have the date of the clone.
        is_at_home = is_git and self.is_named
        order = self.receipt.order
        return (is_own, is_real, shortness, is_at_home, order, self.is_named)


@dataclass
class CollectReport:
    """What became of every file, in lines for people."""

    placed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    timed: list[str] = field(default_factory=list)
    """In their place already, but handed in at another time than was known."""
    not_taken: list[str] = field(default_factory=list)
    """Of several of one student those that are not the newest."""
    astray: list[str] = field(default_factory=list)
    """Placed or left in their place, but handed in to another lesson's assignment."""
    no_work: int = 0
    """Notebooks of clones, as they were given out or of no lesson asked for."""
    left: list[str] = field(default_factory=list)
    """What has no place: the file, why, and what to do."""
    without_time: int = 0
    """Placed, but when they were handed in is not known."""
    by_name_alone: int = 0
    """Placed, but nothing except a name that students chose says whose they are."""
    unread_times: list[str] = field(default_factory=list)
    """Times that somebody wrote down and that cannot be read: whose, and why."""
    notes: list[str] = field(default_factory=list)
    """What is wrong with the roster, line by line."""


def by_one_platform(found: list[Arrival], report: CollectReport) -> list[Arrival]:
    """Return what a download's platform has named; name what a student has.

    In one of Google Classroom anybody may call a file as other platforms do: with the
    login and the time of somebody's choice. In those of other platforms a folder that
    is called as a person is none of theirs.
    """
    platforms = {_platform_of(arrival) for arrival in found}
    if len(platforms) == 1 or not platforms & {CLASSROOM, FOLDER}:
        return found
    is_classroom, kept = CLASSROOM in platforms, []
    for arrival in found:
        platform = _platform_of(arrival)
        if platform == CLASSROOM or not (is_classroom or platform == FOLDER):
            kept.append(arrival)
            continue
        name = "a person is called" if platform == FOLDER else f"{platform} writes it"
        report.left.append(
            f"{arrival.receipt.origin}: found a name as {name} among those of "
            f"{'Google Classroom' if is_classroom else 'a platform'}, so its student "
            "chose it; see whose it is, and put it in its place by hand"
        )
    return kept


def _platform_of(arrival: Arrival) -> str:
    return arrival.receipt.platform.removesuffix(A_TEAM)


def of_one_person_each(arrivals: list[Arrival], report: CollectReport) -> list[Arrival]:
    """Return what nobody else can have handed in; name the others.

    Google Classroom leaves uploads the names that students gave them, which may be
    somebody else's: of two that say they are one person's, none counts by being newer.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for arrival in arrivals:
        receipt = arrival.receipt
        if receipt.platform == CLASSROOM:
            place = found.setdefault((receipt.student, receipt.lesson), set())
            place.add(receipt.digest)
    kept = []
    for arrival in arrivals:
        receipt = arrival.receipt
        if len(found.get((receipt.student, receipt.lesson), ())) > 1:
            report.left.append(
                f"{receipt.origin}: found several in the name of {receipt.student}, "
                "expected one; see who handed in which, and put it in its place by hand"
            )
        else:
            kept.append(arrival)
    return kept


def with_astray(found: list[Arrival], report: CollectReport) -> list[Arrival]:
    """Return the notebooks of a download, and note which are of another assignment.

    A platform's download is of one assignment: of the lesson that nearly all are of.
    """
    counts = Counter(arrival.receipt.lesson for arrival in found)
    (own, most), *_ = [*counts.most_common(1), ("", 0)]
    if most < LEAST_OF_AN_ASSIGNMENT or most < OWN_SHARE * len(found):
        return found
    sorted_out = []
    for arrival in found:
        receipt = arrival.receipt
        if receipt.lesson != own:
            report.astray.append(
                f"{receipt.origin}: found {receipt.lesson} among notebooks of {own}; "
                f"counts as {receipt.lesson} until one of {receipt.student} comes from "
                "that assignment"
            )
            arrival = replace(arrival, receipt=replace(receipt, astray=own))
        sorted_out.append(arrival)
    return sorted_out


def passed_over(receipt: Receipt, kept: Receipt) -> str:
    """Say why one of several of a student is not the one that counts."""
    if receipt.astray and not kept.astray:
        why = f"was handed in to the assignment of {receipt.astray}, unlike"
    elif receipt.platform.endswith(A_TEAM) and receipt.platform != kept.platform:
        why = "by the name of a team, unlike"
    elif receipt.platform == GIT and len(receipt.sent_as) > len(kept.sent_as):
        why = "of a clone whose name is longer, which may be somebody else's, than"
    elif receipt.order < kept.order:
        why = "older than"
    else:
        why = "of the same date as"
    return f"{receipt.origin}: {why} {kept.origin} of {kept.place}, which counts"
