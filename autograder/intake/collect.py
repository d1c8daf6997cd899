"""Collecting: takes a learning platform's downloads into a class's folder.

Nothing is lost: what is replaced goes to `replaced/`, what has marks stays, and all
that has no place is named with the reason.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.base.hashing import digest
from autograder.course.course import Course
from autograder.gradebook.people import note_people
from autograder.gradebook.results import Ledger
from autograder.intake.archives import Item, Reader, of_clones
from autograder.intake.notebook_reader import parse_notebook
from autograder.intake.platforms import Receipt, Receipts, Sender, senders
from autograder.intake.roster import (
    nbgrader_time,
    read_roster,
    whose,
    whose_clone,
)

GIT = "git"
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
    is_named: bool
    """Whether it has the lesson's own name."""

    @property
    def rank(self) -> tuple[bool, bool, int, bool]:
        """What decides between several of one student for one lesson."""
        # A clone's files have the date of the clone.
        is_at_home = self.receipt.platform == GIT and self.is_named
        is_real = not self.receipt.astray
        return (is_real, is_at_home, self.receipt.order, self.is_named)


@dataclass
class CollectReport:
    """What became of every file, in lines for people."""

    placed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
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


class Collector:
    """Puts downloads into the folder of one class.

    Parameters
    ----------
    lesson
        The only lesson to take; each notebook's own if not given.
    roster
        A CSV file that `roster.read_roster` reads, else that of `class.toml`; who is
        in it gets into the gradebook, whether they handed in or not.
    force
        Whether to replace also what has marks or came another way.
    is_git
        Whether downloads are clones of git repositories, or folders of them.
    """

    def __init__(
        self,
        course: Course,
        lesson: str | None = None,
        roster: Path | None = None,
        force: bool = False,
        is_git: bool = False,
    ) -> None:
        self._course = course
        self._is_git = is_git
        self._known = known_cells(course)
        if lesson and lesson not in self._known:
            raise WrongUse(
                f"found no lesson {lesson}, expected one of {', '.join(self._known)}."
            )
        self._asked = lesson
        said = course.class_file
        roster = roster or said.roster
        self._roster = read_roster(roster, said.time_zone) if roster else None
        self._force = force
        self._receipts = Receipts(course.results / "collected.csv")
        results = Ledger(course.results / "results.jsonl").records
        self._graded = {k for k, record in results.items() if record.status == "graded"}

    def run(self, downloads: Iterable[Path]) -> CollectReport:
        """Collect downloads, each a folder or a zip archive.

        Raises
        ------
        WrongUse
            A download is neither.
        """
        if self._roster:
            note_people(self._course, self._roster)
        report = CollectReport()
        with tempfile.TemporaryDirectory(
            prefix=".collecting-", dir=self._course.results
        ) as scratch:
            arrivals = []
            for number, download in enumerate(downloads):
                folder = Path(scratch) / str(number)
                folder.mkdir()
                found = list(self._arrivals(download, folder, report))
                is_whole = not (self._asked or self._is_git)
                arrivals += with_astray(found, report) if is_whole else found
            newest = {}
            for arrival in sorted(arrivals, key=lambda a: a.rank):
                newest[arrival.receipt.student, arrival.receipt.lesson] = arrival
            for arrival in arrivals:
                receipt = arrival.receipt
                kept = newest[receipt.student, receipt.lesson]
                if arrival is kept:
                    self._place(arrival, report)
                elif receipt.digest != kept.receipt.digest:
                    report.not_taken.append(_passed_over(receipt, kept.receipt))
        self._receipts.write()
        return report

    def _arrivals(
        self, download: Path, scratch: Path, report: CollectReport
    ) -> Iterator[Arrival]:
        items = of_clones(download) if self._is_git else Reader(download).items()
        for number, item in enumerate(items):
            try:
                if item.unusable:
                    raise UnreadableSubmission(item.unusable)
                if self._is_git and not self._is_work(item):
                    report.no_work += 1
                else:
                    yield self._arrival(item, scratch / str(number))
            except UnreadableSubmission as error:
                why = str(error).removeprefix(f"{item.name}: ")
                report.left.append(f"{item.where}: {why}")
            except Exception as error:  # whatever is in it: all others are collected
                report.left.append(f"{item.where}: {error!r}; look into it")

    def _arrival(self, item: Item, folder: Path) -> Arrival:
        part = item.path.parts[0]
        if self._is_git:
            student, sender = whose_clone(part, self._roster), Sender(GIT, part, "")
        else:
            student, sender = whose(senders(item.path), self._roster)
        lesson = self._lesson_of(parse_notebook(item.content, item.name), item.name)
        order = sender.file or int(item.date)
        # Platforms date files by the download, which of a late one says enough.
        time = student.time or (nbgrader_time(item.date) if sender.late else "")
        receipt = Receipt(
            student=student.id,
            lesson=lesson,
            platform=sender.platform,
            order=order,
            digest=digest(item.content),
            time=time,
            origin=item.where,
            sent_as=part,
        )
        folder.mkdir()
        (folder / f"{lesson}.ipynb").write_bytes(item.content)
        if time:
            (folder / "timestamp.txt").write_text(time, "utf-8")
        return Arrival(receipt, folder, item.name == f"{lesson}.ipynb")

    def _is_work(self, item: Item) -> bool:
        """Whether a notebook of a clone is one of a lesson, and not as given out."""
        notebook = parse_notebook(item.content, item.name)
        fits = self._fitting(notebook, item.name)
        if len(fits) != 1 or self._asked not in (None, fits[0]):
            return False
        path = self._course.path("release", ".", fits[0]) / f"{fits[0]}.ipynb"
        if not path.exists():
            return True
        given = parse_notebook(path.read_bytes(), path.name)
        return [c.source for c in given.cells] != [c.source for c in notebook.cells]

    def _fitting(self, notebook: NotebookNode, name: str) -> list[str]:
        """Return the lessons whose cells a notebook has, or that its name names."""
        names = {cell.metadata.get("grade_id") for cell in notebook.cells}
        owners = Counter(id_ for ids in self._known.values() for id_ in ids)
        shared = {
            lesson: sum(owners[id_] == 1 for id_ in ids & names)
            for lesson, ids in self._known.items()
        }
        most = max(shared.values())
        fits = [lesson for lesson, count in shared.items() if count == most > 0]
        return fits or [lesson for lesson in self._known if lesson in name]

    def _lesson_of(self, notebook: NotebookNode, name: str) -> str:
        """Return the lesson that a notebook is of, or else the one asked for."""
        fits = self._fitting(notebook, name)
        fits = fits or [lesson for lesson in [self._asked] if lesson]
        if len(fits) != 1:
            found = f"cells of {' and '.join(fits)}" if fits else "no cell of a lesson"
            raise UnreadableSubmission(
                f"found {found}, expected a lesson's notebook; look into it, and name "
                "its lesson with --lesson if it is one"
            )
        if self._asked not in (None, fits[0]):
            raise UnreadableSubmission(
                f"found {fits[0]}, expected {self._asked}; collect it without --lesson"
            )
        return fits[0]

    def _place(self, arrival: Arrival, report: CollectReport) -> None:
        """Move a notebook to its place, unless what is there has to stay."""
        receipt = arrival.receipt
        place = self._course.path("submitted", receipt.student, receipt.lesson)
        aside = ""
        if place.exists():
            if self._stays(place, receipt, report):
                return
            aside = f"; what was there is in {self._set_aside(place, receipt)}"
        place.parent.mkdir(parents=True, exist_ok=True)
        arrival.folder.rename(place)
        self._receipts.add(receipt)
        report.placed.append(f"{receipt.place}: {receipt.origin}{aside}")
        report.without_time += not receipt.time

    def _stays(self, place: Path, receipt: Receipt, report: CollectReport) -> bool:
        """Whether what was handed in before stays; the report says why."""
        there = place / f"{receipt.lesson}.ipynb"
        found = digest(there.read_bytes()) if there.is_file() else ""
        known = self._receipts.of(receipt.student, receipt.lesson)
        is_ours = known and (known.digest, known.platform) == (found, receipt.platform)
        is_graded = (receipt.student, receipt.lesson) in self._graded
        is_astray = is_ours and known.astray
        is_behind = receipt.astray and not is_astray
        if found == receipt.digest:
            report.unchanged.append(receipt.place)
            if not (known and is_behind):
                self._receipts.add(receipt)
        elif is_astray and not receipt.astray:
            return False  # what went to another assignment never blocks the real one
        elif is_ours and (is_behind or known.order >= receipt.order):
            report.not_taken.append(_passed_over(receipt, known))
        elif not self._force and (is_graded or not is_ours):
            why = "has marks" if is_graded else "did not come from this platform"
            report.left.append(
                f"{receipt.origin}: {receipt.place} has another submission, which "
                f"{why} and stays; to take this one instead, collect it with --force"
            )
        else:
            return False
        return True

    def _set_aside(self, place: Path, receipt: Receipt) -> str:
        """Move a submission that is replaced to where nothing is; return where."""
        room = self._course.results / "replaced" / receipt.student / receipt.lesson
        room.mkdir(parents=True, exist_ok=True)
        count = 1 + sum(1 for _ in room.iterdir())
        place.rename(room / str(count))
        return f"replaced/{receipt.place}/{count}"


def known_cells(course: Course) -> dict[str, set[str]]:
    """Return the names of the cells of each lesson that has one notebook of its name.

    Raises
    ------
    WrongUse
        The lessons are not built.
    """
    known = {}
    for lesson in course.lessons:
        path = course.path("source", ".", lesson) / f"{lesson}.ipynb"
        if not path.exists():
            continue  # in a course of others, notebooks may have names of their own
        cells = json.loads(path.read_bytes())["cells"]
        entries = (cell["metadata"].get("nbgrader", {}) for cell in cells)
        known[lesson] = {entry["grade_id"] for entry in entries if entry}
    if not known:
        raise WrongUse(
            f"{course.path('source')}: found no lesson, expected LESSON/LESSON.ipynb; "
            "run `autograder build` first."
        )
    return known


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


def _passed_over(receipt: Receipt, kept: Receipt) -> str:
    """Say why one of several of a student is not the one that counts."""
    if receipt.astray and not kept.astray:
        why = f"was handed in to the assignment of {receipt.astray}, unlike"
    elif receipt.order < kept.order:
        why = "older than"
    else:
        why = "of the same date as"
    return f"{receipt.origin}: {why} {kept.origin} of {kept.place}, which counts"
