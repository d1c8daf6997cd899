"""Collecting: takes a learning platform's downloads into a class's folder.

Nothing is lost: what is replaced goes to `replaced/`, what has marks stays, and all
that has no place is named with the reason.
"""

import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from autograder.base.errors import UnreadableSubmission
from autograder.base.files import replacing
from autograder.base.hashing import digest
from autograder.base.names import shown
from autograder.course.course import Course
from autograder.course.times import TIMESTAMP
from autograder.gradebook.people import REMOVED, note_people, withdrawn
from autograder.gradebook.results import Ledger
from autograder.intake.lesson_cells import LessonCells, Named
from autograder.intake.owners import CloneOwners, Owner, owners
from autograder.intake.platforms.archives import Item, Reader, clones_in, of_clones
from autograder.intake.platforms.arrivals import (
    CLASSROOM,
    GIT,
    Arrival,
    CollectReport,
    by_one_platform,
    of_one_person_each,
    passed_over,
    with_astray,
)
from autograder.intake.platforms.gradescope import LARGEST_MIB, LIST, submitters
from autograder.intake.platforms.origins import Origins
from autograder.intake.platforms.receipts import Receipt, Receipts
from autograder.intake.platforms.senders import (
    Sender,
    is_of_a_platform,
    is_online_text,
)
from autograder.intake.platforms.times import (
    UnreadTime,
    in_utc,
    nbgrader_time,
    seconds_of,
)
from autograder.intake.roster import roster_of

ONLINE_TEXT = (
    "found text that was typed into the platform, expected a notebook; read it: it may "
    "be a word to you"
)


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
    zone
        Of the platform's times that do not say theirs; else that of `class.toml`, else
        this machine's.
    forced
        The only students whom `force` is for; all if none are given.
    """

    def __init__(
        self,
        course: Course,
        lesson: str | None = None,
        roster: Path | None = None,
        force: bool = False,
        is_git: bool = False,
        zone: tzinfo | None = None,
        forced: Collection[str] = (),
    ) -> None:
        self._course = course
        self._is_git = is_git
        self._lessons = LessonCells(course, lesson)
        self._zone = zone = zone or course.class_file.time_zone
        self._notes: list[str] = []
        self._roster = roster_of(course, roster, zone, self._notes.append)
        pattern = course.config.FileNameCollectorPlugin.get("named_regexp")
        self._pattern = pattern if isinstance(pattern, str) else ""
        Origins(self._pattern)  # a wrong one is told before anything is done
        self._force, self._forced = force, forced
        self._receipts = Receipts(course.results / "collected.csv")
        results = Ledger(course.results / "results.jsonl").records
        self._gone = withdrawn(course)
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
        report = CollectReport(notes=self._notes)
        try:
            self._run(downloads, report)
        finally:  # what has its place is noted also if somebody ends it
            self._receipts.write()
        return report

    def _run(self, downloads: Iterable[Path], report: CollectReport) -> None:
        with tempfile.TemporaryDirectory(
            prefix=".collecting-", dir=self._course.results
        ) as scratch:
            arrivals = []
            for number, download in enumerate(downloads):
                folder = Path(scratch) / str(number)
                folder.mkdir()
                found = by_one_platform(
                    list(self._arrivals(download, folder, report)), report
                )
                is_whole = not (self._lessons.asked or self._is_git)
                arrivals += with_astray(found, report) if is_whole else found
            arrivals = of_one_person_each(arrivals, report)
            newest: dict[tuple[str, str], Arrival] = {}
            for arrival in sorted(arrivals, key=lambda a: a.rank):
                newest[arrival.receipt.place, arrival.notebook] = arrival
            chosen: dict[str, list[Arrival]] = {}
            for arrival in arrivals:
                receipt = arrival.receipt
                kept = newest[receipt.place, arrival.notebook]
                if arrival is kept:
                    chosen.setdefault(receipt.place, []).append(arrival)
                elif receipt.digest != kept.receipt.digest:
                    report.not_taken.append(passed_over(receipt, kept.receipt))
            for of_one in chosen.values():
                self._place(self._together(of_one), report)

    def _arrivals(
        self, download: Path, scratch: Path, report: CollectReport
    ) -> Iterator[Arrival]:
        origins: Origins | CloneOwners
        if self._is_git:
            clones = clones_in(download)
            items, origins = of_clones(clones), CloneOwners(clones, self._roster)
        else:
            reader = Reader(download)
            listed = submitters(reader.list_called(LIST, LARGEST_MIB))
            items, origins = reader.items(), Origins(self._pattern, listed)
        for number, item in enumerate(items):
            if is_of_a_platform(item.path, item.wrappers):
                continue
            try:
                if is_online_text(item.path):
                    raise UnreadableSubmission(ONLINE_TEXT)
                if item.unusable:
                    raise UnreadableSubmission(item.unusable)
                if self._is_git and not self._lessons.is_work(item.content, item.name):
                    report.no_work += 1
                    continue
                found = self._owners(item, origins)
                named = self._lessons.notebook_of(item.content, item.name)
                for nth, owner in enumerate(found):
                    place = scratch / f"{number}-{nth}"
                    yield self._arrival(item, named, owner, place)
            except UnreadableSubmission as error:
                why = str(error).removeprefix(f"{item.name}: ")
                report.left.append(f"{item.where}: {why}")
            except Exception as error:  # whatever is in it: all others are collected
                report.left.append(f"{item.where}: {error!r}; look into it")

    def _owners(self, item: Item, origins: Origins | CloneOwners) -> list[Owner]:
        """Return the student whom a file is from, or all of a team."""
        if isinstance(origins, CloneOwners):
            part = item.path.parts[0]
            return [(origins.of(part), Sender(GIT, part))]
        return [
            owner
            for one in origins.of(item.path, item.wrappers)
            for owner in owners(one, self._roster)
        ]

    def _arrival(self, item: Item, named: Named, owner: Owner, folder: Path) -> Arrival:
        student, sender = owner
        lesson, notebook = named
        unread, time = student.unread_time, student.time
        if sender.time and not time:
            try:
                time, unread = in_utc(sender.time, self._zone), ""
            except UnreadTime as why:
                unread = f"{sender.time} ({why})"
        # Platforms date files by the download, which of a late one says enough.
        time = time or (nbgrader_time(item.date) if sender.late else "")
        moment = seconds_of(time) if sender.time and time else item.date
        receipt = Receipt(
            student=student.id,
            lesson=lesson,
            platform=sender.platform,
            order=sender.file or int(moment),
            digest=digest(item.content),
            time=time,
            origin=item.where,
            sent_as=item.path.parts[0],
        )
        folder.mkdir()
        (folder / f"{notebook}.ipynb").write_bytes(item.content)
        if time:
            (folder / TIMESTAMP).write_text(time, "utf-8")
        told = f"{receipt.place}: {unread}" if unread and not time else ""
        is_named = item.name == f"{notebook}.ipynb"
        return Arrival(receipt, folder, notebook, is_named, told)

    def _together(self, arrivals: list[Arrival]) -> Arrival:
        """Return one arrival of all notebooks of a lesson, with those there before."""
        last = max(arrivals, key=lambda arrival: arrival.rank)
        receipt = last.receipt
        if self._lessons.notebooks(receipt.lesson) == 1:
            return last
        for arrival in arrivals:
            if arrival is not last:
                file = arrival.folder / f"{arrival.notebook}.ipynb"
                file.rename(last.folder / file.name)
        there = self._course.path("submitted", receipt.student, receipt.lesson)
        for file in there.glob("*.ipynb"):
            if not (last.folder / file.name).exists():
                shutil.copy(file, last.folder)
        return replace(last, receipt=replace(receipt, digest=_digest_of(last.folder)))

    def _place(self, arrival: Arrival, report: CollectReport) -> None:
        """Move a notebook to its place, unless what is there has to stay."""
        receipt = arrival.receipt
        place = self._course.path("submitted", receipt.student, receipt.lesson)
        aside = ""
        if receipt.student in self._gone and not self._is_forced(receipt.student):
            report.left.append(
                f"{receipt.origin}: {receipt.student} was removed from this class, and "
                f"what there was is in {REMOVED}; to take this all the same, collect "
                f"it with --force --student {receipt.student}"
            )
            return
        if place.exists():
            if self._stays(place, receipt, report):
                return
            aside = f"; what was there is in {self._set_aside(place, receipt)}"
        place.parent.mkdir(parents=True, exist_ok=True)
        arrival.folder.rename(place)
        self._receipts.add(receipt)
        report.placed.append(f"{receipt.place}: {receipt.origin}{aside}")
        if arrival.unread_time:
            report.unread_times.append(arrival.unread_time)
        else:
            report.without_time += not receipt.time
        report.by_name_alone += receipt.platform == CLASSROOM

    def _stays(self, place: Path, receipt: Receipt, report: CollectReport) -> bool:
        """Whether what was handed in before stays; the report says why."""
        found = _digest_of(place)
        known = self._receipts.of(receipt.student, receipt.lesson)
        is_ours = known and (known.digest, known.platform) == (found, receipt.platform)
        is_graded = (receipt.student, receipt.lesson) in self._graded
        is_astray = is_ours and known.astray
        is_behind = receipt.astray and not is_astray
        is_forced = self._is_forced(receipt.student)
        if found == receipt.digest:
            report.unchanged.append(receipt.place)
            if not (known and is_behind):
                self._receipts.add(self._with_time(place, receipt, known, report))
        elif is_astray and not receipt.astray:
            return False  # what went to another assignment never blocks the real one
        elif is_ours and (is_behind or known.order >= receipt.order):
            report.not_taken.append(passed_over(receipt, known))
        elif not is_forced and (is_graded or not is_ours):
            why = "has marks" if is_graded else "did not come from this platform"
            report.left.append(
                f"{receipt.origin}: {receipt.place} has another submission, which "
                f"{why} and stays; to take this one instead, collect it with --force "
                f"--student {receipt.student}"
            )
        else:
            return False
        return True

    def _is_forced(self, student: str) -> bool:
        return self._force and student in (self._forced or [student])

    def _with_time(
        self,
        place: Path,
        receipt: Receipt,
        known: Receipt | None,
        report: CollectReport,
    ) -> Receipt:
        """Return the receipt of what is there already; its time may be another one.

        A list with times came later, the zone was wrong, or the same work was handed in
        again. What a person wrote into `timestamp.txt` stays.
        """
        note = place / TIMESTAMP
        there = note.read_text("utf-8", "replace").strip() if note.is_file() else ""
        was = known.time if known else ""
        is_older = known and receipt.order < known.order
        if is_older and receipt.origin != known.origin:
            return known
        sender = receipt.sender
        is_guess = sender is not None and sender.late and not sender.time
        if not receipt.time or (is_guess and was):
            return replace(receipt, time=was)
        if there not in ("", was, receipt.time):
            report.notes.append(
                f"{receipt.place}: {receipt.origin} says {receipt.time}, and its "
                f"{TIMESTAMP} {shown(there)}, which somebody wrote and which stays"
            )
            return replace(receipt, time=was)
        if there != receipt.time:
            with replacing(note) as file:
                file.write(receipt.time)
            before = there or "none"
            report.timed.append(f"{receipt.place}: {receipt.time}, before: {before}")
        return receipt

    def _set_aside(self, place: Path, receipt: Receipt) -> str:
        """Move a submission that is replaced to where nothing is; return where."""
        room = self._course.results / "replaced" / receipt.student / receipt.lesson
        room.mkdir(parents=True, exist_ok=True)
        taken = [int(one.name) for one in room.iterdir() if one.name.isdecimal()]
        count = 1 + max(taken, default=0)
        place.rename(room / str(count))
        return f"replaced/{receipt.place}/{count}"


def _digest_of(folder: Path) -> str:
    """Return a digest of the notebooks in a submission's folder; nothing of none."""
    files = sorted(path for path in folder.glob("*.ipynb") if path.is_file())
    if len(files) < 2:
        return digest(*(file.read_bytes() for file in files)) if files else ""
    return digest(*(part for file in files for part in (file.name, file.read_bytes())))
