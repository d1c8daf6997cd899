"""Beside: the files of a submission that are no notebooks of the lesson."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from nbgrader.utils import parse_utc

from autograder.base.tempdirs import workplace
from autograder.gradebook.results import Record
from autograder.intake.submissions import NOTES, TIMESTAMP, by_name


def files_of(folder: Path, source: Path) -> dict[str, Path]:
    """Return what lies beside a submission's notebook: the lesson's, and its own."""
    return by_name(source) | own_files(folder, source)


def own_files(folder: Path, source: Path) -> dict[str, Path]:
    """Return what a student handed in beside the notebook."""
    found = _not_in_the_way(by_name(folder), by_name(source))
    return {name: path for name, path in found.items() if name not in NOTES}


def _not_in_the_way(files: dict[str, Path], own: dict[str, Path]) -> dict[str, Path]:
    """Return a student's files without those that take the place of the lesson's."""
    lessons = {PurePath(name) for name in own}
    folders = {folder for path in lessons for folder in path.parents}
    return {
        name: path
        for name, path in files.items()
        if PurePath(name) not in lessons | folders
        and lessons.isdisjoint(PurePath(name).parents)
    }


@contextmanager
def staged(folder: Path, own: dict[str, Path], record: Record) -> Iterator[Path]:
    """Copy what nbgrader may see of a submission beside its notebooks."""
    with workplace() as staging:
        for name, path in _not_in_the_way(by_name(folder), own).items():
            if name == TIMESTAMP and not _is_a_time(path):
                record.repairs.append(
                    f"{TIMESTAMP}: found no date, expected one as in "
                    "2026-03-01 12:00:00 UTC; it was left out"
                )
                continue
            target = staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        yield staging


def _is_a_time(path: Path) -> bool:
    try:
        parse_utc(path.read_text("utf-8").strip())
    except (ValueError, OverflowError):
        return False
    return True
