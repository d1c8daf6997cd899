"""Collecting: takes a learning platform's downloads into a class's folder.

Nothing is lost: what is replaced goes to `replaced/`, what has marks stays, and all
that has no place is named with the reason.
"""

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from nbformat import NotebookNode

from autograder.base.errors import UnreadableSubmission, WrongUse
from autograder.base.files import replacing
from autograder.base.hashing import digest
from autograder.base.names import from_table, in_table
from autograder.course.course import Course
from autograder.gradebook.results import Ledger
from autograder.intake.archives import Item, Reader
from autograder.intake.notebook_reader import parse_notebook
from autograder.intake.platforms import senders
from autograder.intake.roster import nbgrader_time, read_roster, whose


@dataclass(frozen=True)
class Receipt:
    """Where a submission came from."""

    student: str
    lesson: str
    platform: str
    order: int
    """Larger is newer: Canvas's number of the file, or the seconds of its date."""
    digest: str
    time: str
    """When it was handed in, as nbgrader writes it; nothing if not known."""
    origin: str
    """The download and the file in it."""

    @property
    def place(self) -> str:
        """Student and lesson, as its folder is called."""
        return f"{self.student}/{self.lesson}"


class Receipts:
    """`collected.csv` of a class: the last receipt of each student and lesson.

    Raises
    ------
    WrongUse
        The file is not as it was written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._by_place: dict[str, Receipt] = {}
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                for line, row in enumerate(csv.DictReader(file), start=2):
                    try:
                        told = {name: from_table(value) for name, value in row.items()}
                        self.add(Receipt(**told | {"order": int(row["order"])}))
                    except (AttributeError, KeyError, TypeError, ValueError) as error:
                        raise WrongUse(
                            f"{path}, line {line}: found {error!r}, expected a line "
                            "as `autograder collect` writes it; move the file away."
                        ) from error

    def of(self, receipt: Receipt) -> Receipt | None:
        """Return what was noted before of the same student and lesson."""
        return self._by_place.get(receipt.place)

    def add(self, receipt: Receipt) -> None:
        """Note a submission, in memory."""
        self._by_place[receipt.place] = receipt

    def write(self) -> None:
        """Write the file, sorted."""
        with replacing(self._path) as file:
            table = csv.DictWriter(file, [field.name for field in fields(Receipt)])
            table.writeheader()
            for _, receipt in sorted(self._by_place.items()):
                row = asdict(receipt)
                table.writerow({name: in_table(value) for name, value in row.items()})


@dataclass(frozen=True)
class Arrival:
    """A notebook whose student and lesson are known."""

    receipt: Receipt
    folder: Path
    """A scratch folder that holds it, as it shall be in the class's folder."""
    rank: tuple[int, bool]
    """Decides between several of one student for one lesson: the largest stays."""


@dataclass
class CollectReport:
    """What became of every file, in lines for people."""

    placed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
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
        A CSV file that `roster.read_roster` reads.
    force
        Whether to replace also what has marks or came another way.
    """

    def __init__(
        self,
        course: Course,
        lesson: str | None = None,
        roster: Path | None = None,
        force: bool = False,
    ) -> None:
        self._course = course
        self._known = known_cells(course)
        if lesson and lesson not in self._known:
            raise WrongUse(
                f"found no lesson {lesson}, expected one of {', '.join(self._known)}."
            )
        self._asked = lesson
        self._roster = read_roster(roster) if roster else None
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
        report = CollectReport()
        with tempfile.TemporaryDirectory(
            prefix=".collecting-", dir=self._course.results
        ) as scratch:
            arrivals = list(self._arrivals(downloads, Path(scratch), report))
            newest = {}
            for arrival in sorted(arrivals, key=lambda a: a.rank):
                newest[arrival.receipt.student, arrival.receipt.lesson] = arrival
            for arrival in arrivals:
                receipt = arrival.receipt
                kept = newest[receipt.student, receipt.lesson]
                if arrival is kept:
                    self._place(arrival, report)
                elif receipt.digest != kept.receipt.digest:
                    report.older.append(_older(receipt, kept.receipt))
        self._receipts.write()
        return report

    def _arrivals(
        self, downloads: Iterable[Path], scratch: Path, report: CollectReport
    ) -> Iterator[Arrival]:
        items = (item for path in downloads for item in Reader(path).items())
        for number, item in enumerate(items):
            try:
                if item.unusable:
                    raise UnreadableSubmission(item.unusable)
                yield self._arrival(item, scratch / str(number))
            except UnreadableSubmission as error:
                why = str(error).removeprefix(f"{item.name}: ")
                report.left.append(f"{item.where}: {why}")
            except Exception as error:  # whatever is in it: all others are collected
                report.left.append(f"{item.where}: {error!r}; look into it")

    def _arrival(self, item: Item, folder: Path) -> Arrival:
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
        )
        folder.mkdir()
        (folder / f"{lesson}.ipynb").write_bytes(item.content)
        if time:
            (folder / "timestamp.txt").write_text(time, "utf-8")
        return Arrival(receipt, folder, (order, item.name == f"{lesson}.ipynb"))

    def _lesson_of(self, notebook: NotebookNode, name: str) -> str:
        """Return the lesson whose cells a notebook has, or else that its name names."""
        names = {cell.metadata.get("grade_id") for cell in notebook.cells}
        owners = Counter(id_ for ids in self._known.values() for id_ in ids)
        shared = {
            lesson: sum(owners[id_] == 1 for id_ in ids & names)
            for lesson, ids in self._known.items()
        }
        most = max(shared.values())
        fits = [lesson for lesson, count in shared.items() if count == most > 0]
        fits = fits or [lesson for lesson in self._known if lesson in name]
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
        known = self._receipts.of(receipt)
        is_ours = known and (known.digest, known.platform) == (found, receipt.platform)
        is_graded = (receipt.student, receipt.lesson) in self._graded
        if found == receipt.digest:
            report.unchanged.append(receipt.place)
            self._receipts.add(receipt)
        elif is_ours and known.order >= receipt.order:
            report.older.append(_older(receipt, known))
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
    """Return the names of the cells of each lesson.

    Raises
    ------
    WrongUse
        The lessons are not built.
    """
    known = {}
    for lesson in course.lessons:
        path = course.path("source", ".", lesson) / f"{lesson}.ipynb"
        cells = json.loads(path.read_bytes())["cells"]
        entries = (cell["metadata"].get("nbgrader", {}) for cell in cells)
        known[lesson] = {entry["grade_id"] for entry in entries if entry}
    if not known:
        raise WrongUse("found no lessons; run `autograder build` first.")
    return known


def _older(receipt: Receipt, kept: Receipt) -> str:
    return f"{receipt.origin}: older than {kept.origin} of {receipt.place}"
