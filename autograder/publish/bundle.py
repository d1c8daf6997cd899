"""The bundle: what students get, in one archive that works without this project."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.build import read_lessons
from autograder.authoring.notebooks import data_files, release_bytes
from autograder.base.errors import SourceError
from autograder.base.paths import PACKAGE, ROOT
from autograder.model.cells import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
    inside_region,
    without_hidden_tests,
)
from autograder.model.lesson import Lesson

FOLDER = "neuron-by-neuron"
FILES = {
    "README.md": "docs/students.md",
    "LICENSE": "LICENSE",
    "requirements.lock": "requirements.lock",
}
"""What is copied as it is, by its name in the bundle."""
CODE = ("autograder/**/*.py", "autograder/pages/*.*")
"""The package without lessons' sources and catalogues, as a wheel of it has."""
TOLD_APART = 20
"""Characters from which on a line of an answer is told from others."""
TOLD_APART_IN_CODE = 30
"""The same where no lesson is: there is much more code to be equal to."""
BY_CHANCE = 3
"""Lines that two lessons may share without one giving the other away."""
OLDEST = (1980, 1, 1, 0, 0, 0)


def write_bundle(path: Path, names: list[str] | None = None) -> list[str]:
    """Write the archive; the same sources give the same bytes.

    Parameters
    ----------
    names
        Lessons; if not given, all that give away no answers of another.

    Returns
    -------
    Notes for the instructor: lessons that give away the answers of others.

    Raises
    ------
    SourceError
        Something in it would show a hidden test or an answer; nothing is written.
    """
    lessons = read_lessons(None)
    chosen = read_lessons(names) if names else lessons
    files = bundle_files(chosen)
    spoilers = list(_spoilers(files, lessons))
    if not names:
        early = tuple(f"notebooks/{spoiler.lesson}/" for spoiler in spoilers)
        files = {name: files[name] for name in files if not name.startswith(early)}
    shown = [text for lesson in lessons for text in _leaks(files, lesson)]
    if shown:
        raise SourceError("\n".join(shown))
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whoever writes it
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return [spoiler.told(is_held_back=not names) for spoiler in spoilers]


def bundle_files(lessons: Iterable[Lesson]) -> dict[str, bytes]:
    """Return the files of the bundle, by their path in it."""
    files = {name: (ROOT / source).read_bytes() for name, source in FILES.items()}
    for pattern in CODE:
        for path in PACKAGE.parent.glob(pattern):
            files[path.relative_to(PACKAGE.parent).as_posix()] = path.read_bytes()
    for lesson in lessons:
        files[_notebook(lesson)] = release_bytes(lesson)
        for inner, path in data_files(lesson).items():
            files[f"notebooks/{lesson.name}/{inner}"] = path.read_bytes()
    return files


def _leaks(files: dict[str, bytes], lesson: Lesson) -> Iterator[str]:
    """Name each line of an answer or a hidden test that students would get.

    Other lessons' notebooks are left out: what they share is no mistake of the bundle.
    """
    secret = _secret_lines(lesson)
    in_code = {line for line in secret if len(line) >= TOLD_APART_IN_CODE}
    for name, content in files.items():
        is_own = name == _notebook(lesson)
        if is_own or not name.endswith(".ipynb"):
            for line in sorted(_lines(name, content) & (secret if is_own else in_code)):
                yield f"{name} shows a line of {lesson.file}, {line!r}; reword it."


@dataclass(frozen=True)
class _Spoiler:
    lesson: str
    """The lesson whose notebook gives answers away."""
    of: str
    """The lesson whose answers they are."""
    lines: int

    def told(self, is_held_back: bool) -> str:
        does = "is left out: it shows" if is_held_back else "shows"
        how = f", with --lesson {self.lesson}" if is_held_back else ""
        return (
            f"{self.lesson} {does} {self.lines} lines of answers of {self.of}; hand it "
            f"out when that is in{how}."
        )


def _spoilers(files: dict[str, bytes], lessons: Iterable[Lesson]) -> Iterator[_Spoiler]:
    """Find lessons in the bundle that give away the answers of another lesson."""
    for lesson in lessons:
        answers = _answer_lines(lesson)
        for name, content in files.items():
            if name.endswith(".ipynb") and name != _notebook(lesson):
                count = len(answers & _lines(name, content))
                if count > BY_CHANCE:
                    yield _Spoiler(Path(name).stem, lesson.name, count)


def _secret_lines(lesson: Lesson) -> set[str]:
    """Return lines of answers, and lines that stand in hidden tests only."""
    hidden, visible = set(), set()
    for cell in lesson.cells:
        hidden |= {*inside_region(cell.source, BEGIN_HIDDEN, END_HIDDEN)}
        visible |= _stripped(without_hidden_tests(cell.source))
    told_apart = {line for line in hidden - visible if len(line) >= TOLD_APART}
    return _answer_lines(lesson) | told_apart


def _answer_lines(lesson: Lesson) -> set[str]:
    return {
        line
        for cell in lesson.cells
        for line in inside_region(cell.source, BEGIN_SOLUTION, END_SOLUTION)
        if len(line) >= TOLD_APART
    }


def _lines(name: str, content: bytes) -> set[str]:
    text = content.decode("utf-8", "replace")
    if name.endswith(".ipynb"):
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
    return _stripped(text)


def _stripped(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines()}


def _notebook(lesson: Lesson) -> str:
    return f"notebooks/{lesson.name}/{lesson.name}.ipynb"
