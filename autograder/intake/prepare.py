"""Making ready: a submitted notebook is found, read, put right, and gets its files."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from filecmp import cmp
from pathlib import Path, PurePath
from weakref import finalize

from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.utils import parse_utc

from autograder.base.errors import UnreadableSubmission
from autograder.base.names import shown
from autograder.base.source_code import import_lines, import_statements
from autograder.course.configuration import setting
from autograder.course.course import Course
from autograder.course.given_texts import given_texts
from autograder.course.lesson_files import files_that_count, lesson_files
from autograder.course.times import TIMESTAMP
from autograder.course.variants import ROOM
from autograder.gradebook.release import ReleasedCell, read_release
from autograder.gradebook.results import Record
from autograder.intake.lesson_cells import Named, known_cells
from autograder.intake.notebook_reader import find_notebook, read_notebook
from autograder.intake.platforms.packed import Packed
from autograder.intake.repair import Repaired, repair
from autograder.intake.rescue.answers_beside import (
    has_answers,
    is_as_given,
    note_answers_beside,
)
from autograder.intake.rescue.finder import notebooks_in
from autograder.intake.rescue.pictures_beside import attach_pictures
from autograder.intake.submissions import (
    MOST_BESIDE_MIB,
    NOTES,
    Submission,
    extras_of,
)
from autograder.model.cells import ReferenceCell, name_of, new_cell
from autograder.sealed.job import Job

MOST_NAMED = 3
MOST_READ = 10
"""Notebooks in one folder, to find the one with answers."""
LONGEST_TIME = 1_000
"""Characters of a time that are read."""
LEFT_OUT = "it was left out"
ARCHIVE = ".zip"
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
    data: dict[str, str] = field(default_factory=dict)
    """Folders that it may read; see `Job`."""
    ignored: str = ""
    """What tests may write to standard error; see `Job`."""
    own_files: dict[str, Path] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)
    tampering: list[str] = field(default_factory=list)
    handed_in: dict[str, list] = field(default_factory=dict)
    """Outputs that came with it, by cell id; see `handed_in`."""

    def job(self, **options: object) -> Job:
        """Return it as a job for the engine, which knows the options."""
        of = self.notebook, self.imports, self.files, self.data
        return Job(*of, ignored=self.ignored, **options)


def prepare(
    course: Course,
    submission: Submission,
    name: str,
    reference: list[ReferenceCell],
    place: Path | None = None,
) -> Prepared:
    """Make a submission's notebook of this name ready.

    Parameters
    ----------
    place
        The file that it is read from; looked for if not given.

    Raises
    ------
    UnreadableSubmission
        There is no such notebook, or it cannot be read.
    """
    if submission.problem:
        raise UnreadableSubmission(submission.problem)
    path, found = (place, []) if place else find_notebook(submission.folder, name)
    if place and place.name != f"{name}.ipynb":
        found = [f"renamed: {shown(place.name)} was read as {name}.ipynb"]
    student, lesson = submission.student, submission.lesson
    source = course.path("source", ".", lesson)
    notebook = read_notebook(path, name)
    if others := _answered_elsewhere(path, source, reference):
        named = ", ".join(shown(other.name) for other in others[:MOST_NAMED])
        if not is_as_given(notebook, reference):
            found.append(f"{named}: has answers, too, and was not read")
        elif len(others) > 1:
            raise UnreadableSubmission(
                f"{name}.ipynb is as it was given out, and found answers in {named}, "
                "expected one notebook; ask the student which one counts."
            )
        else:
            found = [f"{name}.ipynb is as it was given out: {named} was read"]
            notebook = read_notebook(others[0])
    _expect_of_this_lesson(course, lesson, path, notebook, reference)
    repaired = put_right(course, lesson, student, notebook, reference)
    given = files_that_count(course, lesson)
    own = _own_files(submission.folder, given)
    if path.parent != submission.folder:
        own |= _own_files(path.parent, given)
    packed = None
    if path.suffix.lower() == ARCHIVE:
        packed = Packed(path, MOST_BESIDE_MIB, name)
        own |= _not_in_the_way(packed.by_name, given)
    texts = given_texts(course.config, course.root, source)
    cells = repaired.notebook.cells
    repaired.repairs += attach_pictures(cells, given | own, texts)
    ready = Prepared(
        repaired.notebook,
        imports_of(course, lesson, name),
        given | own,
        data_of(course),
        ignored_by(course),
        own,
        found + repaired.repairs,
        repaired.tampering,
        repaired.handed_in,
    )
    if packed:
        finalize(ready, packed.close)
    return ready


def prepare_solution(
    course: Course, lesson: str, name: str, reference: list[ReferenceCell]
) -> Prepared:
    """Make a lesson's own notebook ready, with its solutions."""
    source = course.path("source", ".", lesson)
    path = source / f"{name}.ipynb"
    released = read_release(course, lesson).get(name, [])
    solved = repair(_answered(read_notebook(path), released), reference).notebook
    files = lesson_files(course, lesson)
    imports = imports_of(course, lesson, name)
    return Prepared(solved, imports, files, data_of(course), ignored_by(course))


def ignored_by(course: Course) -> str:
    """Return the pattern of warnings that cost no test its points, if one is set."""
    is_set = setting(course.config, "enabled", False, "IgnorePattern")
    return str(setting(course.config, "pattern", "", "IgnorePattern")) if is_set else ""


def data_of(course: Course) -> dict[str, str]:
    """Return the folders of data that a course's notebooks may read."""
    return {name: str(place) for name, place in course.data.items()}


def imports_of(course: Course, lesson: str, name: str) -> str:
    """Return the import statements of a lesson's notebook, as tests need them."""
    own = import_statements(course.path("source", ".", lesson) / f"{name}.ipynb")
    if course.is_ours:
        return own
    # A course's own steps may have put cells above it.
    released = read_release(course, lesson).get(name, [])
    return import_lines([*(c.source for c in released if c.kind == "code"), own])


def _answered(own: NotebookNode, released: list[ReleasedCell]) -> NotebookNode:
    """Return a lesson's notebook as students got it, but with all answers.

    A course's steps may have put cells above, below and between its own.
    """
    if not released:
        return own
    named = {name_of(cell): cell.source for cell in own.cells}
    answers = {name: source for name, source in named.items() if name}
    made = new_notebook()
    for cell in released:
        source = answers.get(cell.grade_id, cell.source)
        made.cells.append(new_cell(cell.kind, source))
        if cell.grade_id:
            made.cells[-1].metadata["grade_id"] = cell.grade_id
    return made


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
    source = course.path("source", ".", lesson)
    given = given_texts(course.config, course.root, source)
    cells, put_back = repaired.notebook.cells, repaired.put_back
    repaired.repairs += note_answers_beside(cells, own, put_back, given)
    return repaired


def _expect_of_this_lesson(
    course: Course,
    lesson: str,
    path: Path,
    notebook: NotebookNode,
    reference: list[ReferenceCell],
) -> None:
    """Refuse another lesson's notebook, of which all cells would count as deleted."""
    found = {name_of(cell) for cell in notebook.cells} - {""}
    others = found - {cell.grade_id for cell in reference}
    if not others or found & {c.grade_id for c in reference if c.grade or c.task}:
        return
    known: dict[Named, set[str]] = {}
    with suppress(ValueError, LookupError, TypeError):  # somebody may be writing them
        known = known_cells(course)
    for (other, _), names in known.items():
        if other != lesson and len(others & names) > len(others) / 2:
            raise UnreadableSubmission(
                f"{shown(path.name)}: found the notebook of {other}, expected that of "
                f"{lesson}; ask the student to hand it in."
            )


def _answered_elsewhere(
    path: Path, source: Path, reference: list[ReferenceCell]
) -> list[Path]:
    """Return the notebooks with answers beside the one that was found, but copies."""
    lessons = {p.stem for p in source.glob("*.ipynb")} | {path.stem}
    others = [p for p in notebooks_in(path.parent) if p.stem not in lessons]
    found = []
    for other in others[:MOST_READ]:
        with suppress(UnreadableSubmission, OSError):
            is_copy = cmp(path, other, shallow=False)
            if not is_copy and has_answers(read_notebook(other), reference):
                found.append(other)
    return found


def _own_files(folder: Path, given: Collection[str]) -> dict[str, Path]:
    """Return what a student handed in beside the notebook."""
    found = _not_in_the_way(extras_of(folder, given).by_name, given)
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


def files_beside(folder: Path, own: Collection[str], record: Record) -> dict[str, Path]:
    """Return what nbgrader may see of a submission beside its notebooks.

    What was left out is added to the record's repairs.

    Parameters
    ----------
    own
        The paths of the lesson's files and notebooks, which no student's file may take
        the place of.
    """
    beside = extras_of(folder, own)
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
