"""Receipts: `collected.csv` of a class, where each submission came from."""

import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath

from autograder.base.errors import WrongUse
from autograder.base.files import replacing
from autograder.base.names import from_table, in_table
from autograder.intake.platforms.senders import Sender, senders


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
    sent_as: str = ""
    """What the platform called the file, or the folder that it was in."""
    astray: str = ""
    """The lesson whose assignment it was handed in to, if that is another one."""

    @property
    def place(self) -> str:
        """Student and lesson, as its folder is called."""
        return f"{self.student}/{self.lesson}"

    @property
    def sender(self) -> Sender | None:
        """Whom the platform named; None of what older versions collected."""
        found = senders(PurePosixPath(self.sent_as))
        own = [s for s in found if s.platform == self.platform]
        return next((s for s in own if s.file in (0, self.order)), None)


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

    def of(self, student: str, lesson: str) -> Receipt | None:
        """Return what was noted last of a student and a lesson."""
        return self._by_place.get(f"{student}/{lesson}")

    def all(self) -> list[Receipt]:
        """Return all that is noted, by student and lesson."""
        return [receipt for _, receipt in sorted(self._by_place.items())]

    def add(self, receipt: Receipt) -> None:
        """Note a submission, in memory."""
        self._by_place[receipt.place] = receipt

    def write(self) -> None:
        """Write the file, sorted."""
        with replacing(self._path) as file:
            table = csv.DictWriter(file, [field.name for field in fields(Receipt)])
            table.writeheader()
            for receipt in self.all():
                row = asdict(receipt)
                table.writerow({name: in_table(value) for name, value in row.items()})
