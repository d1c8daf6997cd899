"""Receipts of a class: `collected.csv`, a line a submission that was collected."""

import csv
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.files import replacing


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
    """The receipts of one class, the last one of each student and lesson.

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
                        self.add(Receipt(**row | {"order": int(row["order"])}))
                    except (KeyError, TypeError, ValueError) as error:
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
                table.writerow(asdict(receipt))
