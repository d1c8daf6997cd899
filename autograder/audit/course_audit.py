"""Course audit: the lessons of a course, and the files that keep what comes of it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import nbformat

from autograder.audit import tables
from autograder.audit.audit import Verdict, audit, idle_tests
from autograder.audit.diagnosis import (
    FINGERPRINTS,
    Known,
    fingerprints,
)
from autograder.audit.instructor_notes import instructor_page
from autograder.audit.mutation import read_equivalents
from autograder.audit.slicing import Exercise, exercises_by_place, exercises_of
from autograder.base.errors import OutOfDate, WrongUse
from autograder.base.files import by_name
from autograder.base.paths import ROOT
from autograder.course.course import Course
from autograder.model.catalogue import Answer, read_catalogue
from autograder.model.lesson import Cell, Lesson
from autograder.model.lesson_reader import lesson_path, lesson_paths, read_lesson

Watcher = Callable[[str, int, int], None]
"""Called with a lesson, the number of its answers that are done, and of all."""

NUMBER = re.compile(r"[0-9a-f]{32}|-?\d[\d.e+-]*")


@dataclass
class Proof:
    """What an audit found."""

    rows: list[tables.Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Wrong answers accepted, right ones rejected, slips that cost twice."""
    warnings: list[str] = field(default_factory=list)
    fingerprints: dict[str, dict] = field(default_factory=dict)

    def add(self, verdicts: list[Verdict], answers: list[Answer]) -> None:
        """Add one lesson."""
        name = verdicts[0].trial.exercise.lesson
        self.fingerprints[name] = fingerprints(verdicts, answers)
        known = Known(self.fingerprints[name], answers)
        rows = [tables.row(verdict, _named(known, verdict)) for verdict in verdicts]
        self.rows += rows
        self.problems += [problem_of(v) for v in verdicts if v.is_problem]
        self.warnings += [_survivor(v) for v in verdicts if _is_open(v)]
        self.warnings += [
            f"{name}, {test}: catches nothing that another test does not."
            for test in idle_tests(verdicts)
        ]
        self.warnings += tables.shortfalls(rows)


def prove(
    course: Course, names: list[str], *, jobs: int, with_mutants: bool, watch: Watcher
) -> Proof:
    """Audit the lessons of these names, or all of the course.

    Raises
    ------
    WrongUse
        There is no such lesson, or nothing to audit.
    """
    found = _own_lessons() if course.is_ours else _lessons(course)
    unknown = sorted(set(names) - set(found))
    if unknown or not found:
        raise WrongUse(
            f"found no lesson {', '.join(unknown)}, expected one of "
            f"{', '.join(found) or '(none)'}."
        )
    proof = Proof()
    for name in names or found:
        lesson, exercises = found[name]
        if not exercises:
            proof.warnings.append(f"{name}: found no solution cell with tests.")
            continue
        catalogue, equivalents = _answers_of(course, lesson)
        has_catalogue = course.is_ours or catalogue.exists()
        answers = read_catalogue(lesson, catalogue) if has_catalogue else []
        excused = read_equivalents(equivalents)
        verdicts = audit(
            exercises,
            answers,
            excused,
            jobs=jobs,
            with_mutants=with_mutants,
            watch=partial(watch, name),
        )
        proof.add(verdicts, answers)
    return proof


def keep(proof: Proof, course: Course, check: bool = False) -> list[Path]:
    """Write matrix, summary and fingerprints; lessons not audited keep their part.

    Parameters
    ----------
    check
        Write nothing; compare with what is there.

    Returns
    -------
    The files.

    Raises
    ------
    OutOfDate
        `check` is set and a file is not what the audit would write.
    """
    room = ROOT / "docs" if course.is_ours else course.results
    audited = {row.lesson for row in proof.rows}
    table = room / "audit.csv"
    before = [r for r in tables.read_rows(table) if r.lesson not in audited]
    rows = sorted([*before, *proof.rows], key=lambda row: row.lesson)
    files = {table: tables.csv_text(rows), room / "audit.md": tables.markdown(rows)}
    if course.is_ours:
        for name, found in proof.fingerprints.items():
            path = lesson_path(name).with_name(FINGERPRINTS)
            files[path] = json.dumps(found, indent=1, sort_keys=True) + "\n"
        files |= instructor_pages(rows)
    if check:
        old = [p for p, text in files.items() if not _holds(p, text)]
        if old:
            raise OutOfDate(
                f"{', '.join(path.name for path in old)}: not what the audit finds "
                "now; run `make audit` and commit what it changes."
            )
        return list(files)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return list(files)


def instructor_pages(rows: list[tables.Row]) -> dict[Path, str]:
    """Return the pages for instructors of all lessons by their place."""
    pages = {}
    for path in lesson_paths():
        lesson = read_lesson(path)
        own = [row for row in rows if row.lesson == lesson.name]
        page = ROOT / "docs" / "instructors" / f"{lesson.name}.md"
        pages[page] = instructor_page(lesson, read_catalogue(lesson), own)
    return pages


def _holds(path: Path, text: str) -> bool:
    """Whether a file says the same, but for what a clock or a missing seed decides.

    A slow answer takes other milliseconds in each audit, and one that draws without a
    seed draws other numbers. The words of tests quote them, and fingerprints are made
    of the words. What every answer came to, and what is counted, has to be the same.
    """
    if not path.exists():
        return False
    kept = path.read_text("utf-8")
    if path.name == "audit.csv":
        return _lasting(kept) == _lasting(text)
    if path.name == "audit.md":
        return kept == text
    return NUMBER.sub("#", kept) == NUMBER.sub("#", text)


def _lasting(table: str) -> list[tables.Row]:
    return [
        replace(row, says=NUMBER.sub("#", row.says)) for row in tables.rows_of(table)
    ]


def _answers_of(course: Course, lesson: Lesson) -> tuple[Path, Path]:
    """Return the files of a lesson's catalogue and of its excused mutants."""
    if course.is_ours:
        folder = lesson.path.parent
        return folder / "mistakes.py", folder / "equivalents.toml"
    folder = course.results / "mistakes"
    return folder / f"{lesson.name}.py", folder / "equivalent" / f"{lesson.name}.toml"


def _own_lessons() -> dict[str, tuple[Lesson, list[Exercise]]]:
    lessons = [read_lesson(path) for path in lesson_paths()]
    return {lesson.name: (lesson, exercises_of(lesson)) for lesson in lessons}


def _lessons(course: Course) -> dict[str, tuple[Lesson, list[Exercise]]]:
    """Read the source notebooks of any nbgrader course; keys are assignments."""
    found = {}
    for name in course.lessons:
        folder = course.path("source", ".", name)
        files = by_name(folder)
        for path in sorted(folder.glob("*.ipynb")):
            lesson = _lesson(path)
            key = name if path.stem == name else f"{name}/{path.stem}"
            found[key] = lesson, exercises_by_place(lesson, files)
    return found


def _lesson(path: Path) -> Lesson:
    notebook = nbformat.read(path, as_version=4)
    cells = tuple(
        Cell(number, c.cell_type, c.source, dict(c.metadata.get("nbgrader", {})))
        for number, c in enumerate(notebook.cells, start=1)
    )
    return Lesson(path.with_suffix(".py"), cells)


def _named(known: Known, verdict: Verdict) -> str:
    if verdict.trial.kind not in ("wrong", "mutant"):
        return ""
    found = known.diagnose(verdict.trial.exercise.name, verdict.cells)
    return found.answer if found else ""


def _is_open(verdict: Verdict) -> bool:
    return verdict.outcome == "SURVIVED" and not verdict.is_problem


def _survivor(verdict: Verdict) -> str:
    trial = verdict.trial
    return (
        f"{trial.exercise.lesson}, {trial.exercise.name}: this mutant keeps all "
        f"points:\n{trial.name}"
    )


def problem_of(verdict: Verdict) -> str:
    """Say how the tests failed at what they are for."""
    trial = verdict.trial
    where = f"{trial.exercise.lesson}, {trial.exercise.name}: "
    if verdict.outcome == "REJECTED":
        return (
            f"{where}the right answer {trial.name} keeps {verdict.points:g} of "
            f"{trial.exercise.points:g} points; {verdict.catchers[0]} says: "
            f"{verdict.message}"
        )
    if verdict.outcome == "TWICE":
        return (
            f"{where}{trial.name} keeps {verdict.points:g} of "
            f"{trial.exercise.points:g} points: one slip costs twice; lend a right "
            f"version in {verdict.catchers[0]}, which says: {verdict.message}"
        )
    if verdict.outcome == "SILENT":
        return f"{where}nothing tells the guess {trial.name} what it overlooked."
    return f"{where}the wrong answer {trial.name} keeps all points."
