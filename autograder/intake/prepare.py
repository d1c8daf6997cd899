"""Making ready: a submitted notebook is found, read, put right, and gets its files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath

from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from autograder.base.errors import UnreadableSubmission
from autograder.base.files import by_name
from autograder.base.source_code import import_statements
from autograder.course.course import Course
from autograder.course.variants import ROOM
from autograder.gradebook.results import Record
from autograder.intake.notebook_reader import find_notebook, read_notebook
from autograder.intake.repair import Repaired, repair
from autograder.intake.submissions import NOTES, TIMESTAMP, Submission, extras_of
from autograder.model.cells import ReferenceCell
from autograder.sealed.job import Job

MOST_NAMED = 3
LONGEST_TIME = 1_000
"""Characters of a time that are read."""
LEFT_OUT = "it was left out"
A_DAY = timedelta(days=1)
"""By so much a clock may be ahead, in a time zone that was not said."""


@dataclass(frozen=True)
class Prepared:
    """One notebook that can be executed, and what was done to it."""

    notebook: NotebookNode
    imports: str
    """The lesson's import statements."""
    files: dict[str, Path]
    """What lies beside it: the lesson's, and the student's own."""
    own_files: dict[str, Path] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)
    tampering: list[str] = field(default_factory=list)
    handed_in: dict[str, list] = field(default_factory=dict)
    """Outputs that came with it, by cell id; see `handed_in`."""

    def job(self, **options: object) -> Job:
        """Return it as a job for the engine, which knows the options."""
        return Job(self.notebook, self.imports, self.files, **options)


def prepare(
    course: Course, submission: Submission, name: str, reference: list[ReferenceCell]
) -> Prepared:
    """Make a submission's notebook of this name ready.

    Raises
    ------
    UnreadableSubmission
        There is no such notebook, or it cannot be read.
    """
    if submission.problem:
        raise UnreadableSubmission(submission.problem)
    path, found = find_notebook(submission.folder, name)
    student, lesson = submission.student, submission.lesson
    repaired = put_right(course, lesson, student, read_notebook(path), reference)
    source = course.path("source", ".", lesson)
    own = _own_files(submission.folder, source)
    return Prepared(
        repaired.notebook,
        import_statements(source / f"{name}.ipynb"),
        by_name(source) | own,
        own,
        found + repaired.repairs,
        repaired.tampering,
        repaired.handed_in,
    )


def prepare_solution(
    course: Course, lesson: str, name: str, reference: list[ReferenceCell]
) -> Prepared:
    """Make a lesson's own notebook ready, with its solutions."""
    source = course.path("source", ".", lesson)
    path = source / f"{name}.ipynb"
    solved = repair(read_notebook(path), reference).notebook
    return Prepared(solved, import_statements(path), by_name(source))


def put_right(
    course: Course,
    lesson: str,
    student: str,
    submitted: NotebookNode,
    reference: list[ReferenceCell],
) -> Repaired:
    """Repair a notebook, which gets the constants that are the student's own."""
    own = course.variants.cells(lesson, student, reference)
    repaired = repair(submitted, own)
    repaired.tampering += _borrowed(course, lesson, student, submitted, reference)
    return repaired


def _own_files(folder: Path, source: Path) -> dict[str, Path]:
    """Return what a student handed in beside the notebook."""
    found = _not_in_the_way(extras_of(folder).by_name, by_name(source))
    return {name: path for name, path in found.items() if name not in NOTES}


def _not_in_the_way(files: dict[str, Path], own: Iterable[str]) -> dict[str, Path]:
    """Return a student's files without those that take the place of the lesson's.

    A folder may take no place of nbgrader's notes either.
    """
    lessons = {PurePath(name) for name in own}
    folders = {folder for path in lessons for folder in path.parents}
    return {
        name: path
        for name, path in files.items()
        if PurePath(name) not in lessons | folders
        and (lessons | _NOTES).isdisjoint(PurePath(name).parents)
    }


_NOTES = {PurePath(name) for name in NOTES}


def files_beside(folder: Path, own: Iterable[str], record: Record) -> dict[str, Path]:
    """Return what nbgrader may see of a submission beside its notebooks.

    What was left out is added to the record's repairs.

    Parameters
    ----------
    own
        The paths of the lesson's files and notebooks, which no student's file may take
        the place of.
    """
    beside = extras_of(folder)
    found = _not_in_the_way(beside.by_name, own)
    if TIMESTAMP in found and (problem := _no_time(found[TIMESTAMP])):
        record.repairs.append(f"{TIMESTAMP}: {problem}")
        if problem.endswith(LEFT_OUT):
            del found[TIMESTAMP]
    record.repairs += [
        f"beside the notebook, left out {count} times: {reason}"
        for reason, count in beside.left_out.items()
    ]
    return found


def _no_time(path: Path) -> str:
    """Say what is wrong with the time of handing in; nothing if nothing is."""
    expected = f"expected one as in 2026-03-01 12:00:00 UTC; {LEFT_OUT}"
    try:
        with path.open(encoding="utf-8") as file:
            found = parse_utc(file.read(LONGEST_TIME).strip())
        is_ahead = found > datetime.now(UTC).replace(tzinfo=None) + A_DAY
    except (ValueError, OverflowError):
        return f"found no date, {expected}"
    if is_ahead:
        return f"found {found:%Y-%m-%d}, which is still to come, expected the past"
    return ""


def _borrowed(
    course: Course,
    lesson: str,
    student: str,
    notebook: NotebookNode,
    reference: list[ReferenceCell],
) -> Iterator[str]:
    """Yield whose constants a submitted notebook has that are not the student's own.

    Parameters
    ----------
    notebook
        As it was handed in.
    reference
        Its cells with the constants of the common notebook.
    """
    if lesson not in course.variants.lessons:
        return

    def words(owner: str, common: str) -> list[str]:
        # Not the text: editors change what is between the words.
        return course.variants.source(lesson, owner, common).split()

    known = {cell.grade_id: cell.source for cell in reference if cell.is_constants}
    others = sorted(path.name for path in (course.results / ROOM).glob("*/"))
    for cell in notebook.cells:
        grade_id, found = cell.metadata.get("grade_id"), cell.source.split()
        common = known.get(grade_id)
        if common is None or found == words(student, common):
            continue
        owners = [owner for owner in others if words(owner, common) == found]
        named = ", ".join(owners[:MOST_NAMED]) + ", …" * (len(owners) > MOST_NAMED)
        if found == common.split():
            named = "the common notebook"
        if named:
            yield f"{grade_id}: its constants are those of {named}"
