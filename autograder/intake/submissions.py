"""What is there to grade: submissions, and what each result depends on."""

import ast
import hashlib
import json
import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.paths import PACKAGE
from autograder.base.source_code import tree_of
from autograder.course.course import Course
from autograder.course.db_url import named
from autograder.gradebook.results import Record
from autograder.sealed.limits import NotebookLimits

LARGEST_EXTRA_FILE_MIB = 50
MOST_EXTRA_FILES = 200
TIMESTAMP = "timestamp.txt"
NOTES = (TIMESTAMP, "submission_secret.txt")
"""nbgrader's notes of handing in; no answer's result depends on them."""
IGNORED = {".ipynb_checkpoints", "__pycache__"}
# A change of one of these can change what a lesson's cells give.
PACKAGES = "numpy scipy pandas matplotlib plotnine scikit-learn tensorflow ipython"
# Rooms of this package that decide marks, each hashed whole. What shows marks (pages,
# reports, exports, the site, the command line) is not among them.
DECIDES = ("base", "model", "sealed", "course", "gradebook", "intake", "grading")


@dataclass(frozen=True)
class Submission:
    """One student's folder for one lesson, not read yet."""

    student: str
    lesson: str
    folder: Path


def submissions(course: Course, lessons: list[str] | None = None) -> list[Submission]:
    """Return all submissions of these lessons (or of all), in a fixed order.

    Raises
    ------
    WrongUse
        A lesson has no source, or there is nothing to grade.
    """
    known = known_lessons(course, lessons)
    found = handed_in(course, known)
    if not found:
        raise WrongUse(
            f"found no submissions in {_room(course)}, expected "
            "<student>/<lesson>/<lesson>.ipynb below it."
        )
    return found


def known_lessons(course: Course, lessons: list[str] | None = None) -> list[str]:
    """Return these lessons, or all if none are given.

    Raises
    ------
    WrongUse
        One of them has no source.
    """
    known = sorted(set(course.lessons))
    unknown = sorted(set(lessons or []) - set(known))
    if unknown or not known:
        raise WrongUse(
            f"found no lesson {', '.join(unknown)}, expected one of "
            f"{', '.join(known) or '(none: run `autograder build` first)'}."
        )
    return lessons or known


def handed_in(course: Course, lessons: list[str]) -> list[Submission]:
    """Return what is there of these lessons now, in a fixed order."""
    found = [
        Submission(folder.parent.name, folder.name, folder)
        for folder in _room(course).glob("*/*/")
        if folder.name in lessons
    ]
    return sorted(found, key=lambda s: (s.lesson, s.student))


def _room(course: Course) -> Path:
    pattern = course.path("submitted", "*", "*")
    return next(p for p in pattern.parents if "*" not in p.name)


class Keys:
    """What the results of one course depend on, part by part."""

    def __init__(self, course: Course, limits: NotebookLimits) -> None:
        self._course = course
        self._limits = limits
        self._of_lessons: dict[str, dict[str, str]] = {}

    def of(self, submission: Submission) -> dict[str, str]:
        """Return a digest of each part that a submission's result depends on."""
        student, lesson = submission.student, submission.lesson
        own = {
            "submission": digest_of_folder(submission.folder),
            "constants": self._course.variants.digest(lesson, student),
        }
        url = self._course.db_url
        own["gradebook"] = "" if url.startswith("sqlite") else digest(named(url))
        return own | self.of_lesson(lesson)

    def of_lesson(self, lesson: str) -> dict[str, str]:
        """Return the parts that all submissions of a lesson share."""
        if lesson not in self._of_lessons:
            self._of_lessons[lesson] = self._of_lesson(lesson)
        return self._of_lessons[lesson]

    def changes(self, submission: Submission, record: Record | None) -> str:
        """Say why a submission has to be executed; nothing if its record holds."""
        if record is None:
            return "new"
        if record.status == "errored":
            return "the grader failed before"
        now = self.of(submission)
        return ", ".join(
            f"{part} changed" for part in now if record.key.get(part, "") != now[part]
        )

    def _of_lesson(self, lesson: str) -> dict[str, str]:
        folder = self._course.path("source", ".", lesson)
        tests = [p.read_bytes() for p in sorted(folder.glob("*.ipynb"))]
        data = [p.read_bytes() for p in extra_files(folder)]
        return {
            "tests": digest(*tests),
            "data": digest(*data),
            "versions": digest(*versions()),
            "limits": digest(
                json.dumps(asdict(self._limits)), self._course.tests.of(lesson)
            ),
            "grader": digest_of_grader(),
        }


def extra_files(folder: Path) -> list[Path]:
    """Return what lies beside a notebook and may be used: small plain files.

    Links are left out, wherever they lead, and names that no text can hold.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        linked = any((folder / part).is_symlink() for part in [inner, *inner.parents])
        if linked or not path.is_file() or IGNORED & set(inner.parts):
            continue
        if not _is_text(str(inner)):
            continue
        small = path.stat().st_size <= LARGEST_EXTRA_FILE_MIB * 2**20
        if path.suffix != ".ipynb" and small:
            found.append(path)
    return found[:MOST_EXTRA_FILES]


def by_name(folder: Path) -> dict[str, Path]:
    """Return the extra files of a folder by their path in it."""
    return {str(path.relative_to(folder)): path for path in extra_files(folder)}


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def digest_of_folder(folder: Path, but: Iterable[str] = ()) -> str:
    """Return a digest of a submission's notebooks and files, `but` some of them."""
    notebooks = [
        p for p in sorted(folder.glob("*.ipynb")) if p.is_file() and not p.is_symlink()
    ]
    parts = []
    for path in [*notebooks, *extra_files(folder)]:
        if str(path.relative_to(folder)) in but:
            continue
        parts += [os.fsencode(path.relative_to(folder)), path.read_bytes()]
    return digest(*parts)


def digest_of_work(folder: Path) -> str:
    """Return a digest of what a student made, whenever it was handed in."""
    return digest_of_folder(folder, but=NOTES)


@cache
def digest_of_grader() -> str:
    """Return a digest of the code that decides marks."""
    return digest_of_code(PACKAGE, DECIDES)


def digest_of_code(package: Path, rooms: Iterable[str]) -> str:
    """Return a digest of the modules of some rooms, by name and content.

    Raises
    ------
    FileNotFoundError
        One of them has no module: what decides marks would no longer be part of what
        they depend on, in silence.
    """
    parts: list[str | bytes] = []
    for room in rooms:
        modules = sorted((package / room).rglob("*.py"))
        if not modules:
            raise FileNotFoundError(
                f"{package / room}: found no module, expected code that decides "
                "marks; name the room that it has moved to."
            )
        for path in modules:
            parts += [str(path.relative_to(package)), path.read_bytes()]
    return digest(*parts)


def import_statements(notebook: Path) -> str:
    """Return the import statements of a notebook's cells, a line each."""
    cells = json.loads(notebook.read_bytes())["cells"]
    return import_lines("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def import_lines(sources: Iterable[str]) -> str:
    """Return the import statements of code cells, a line each, none twice."""
    nodes = [node for source in sources for node in imports_in(source)]
    return "\n".join(dict.fromkeys(map(ast.unparse, nodes)))


def imported_modules(statements: str) -> set[str]:
    """Return the names of the modules that import statements load."""
    modules = set()
    for node in imports_in(statements):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif node.module and not node.level:
            modules.add(node.module)
    return modules


def absent_modules(statements: str, folder: Path) -> list[str]:
    """Return what is imported but neither installed nor in a lesson's folder."""
    names = {module.partition(".")[0] for module in imported_modules(statements)}
    beside = {path.stem for path in folder.iterdir()}
    return sorted(name for name in names - beside if find_spec(name) is None)


def modules_of(course: Course, lessons: Iterable[str]) -> list[str]:
    """Return what lessons import, to be imported once and before them all."""
    modules: set[str] = set()
    for lesson in lessons:
        for path in course.path("source", ".", lesson).glob("*.ipynb"):
            modules |= imported_modules(import_statements(path))
    return sorted(modules)


def imports_in(source: str) -> list[ast.Import | ast.ImportFrom]:
    """Return the import statements of a cell, outside its functions."""
    # Magics and system commands are no Python, and import nothing.
    lines = [s for s in source.splitlines() if not s.lstrip().startswith(("%", "!"))]
    try:
        body = tree_of("\n".join(lines)).body
    except SyntaxError:
        return []
    return [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]


def versions() -> list[str]:
    """Return the versions of Python and of what lessons import."""
    found = [platform.python_version(), platform.machine()]
    for package in PACKAGES.split():
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{package} {metadata.version(package)}")
    return found


def digest(*parts: str | bytes) -> str:
    """Return one digest of several parts, in their order."""
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()[:32]
