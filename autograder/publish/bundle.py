"""The bundle: one archive for students, and a signed checksum beside it."""

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.build import (
    TOLD_APART,
    answer_lines,
    imports_of,
    read_lessons,
)
from autograder.authoring.data_files import data_files
from autograder.authoring.notebooks import release_bytes
from autograder.base.errors import SourceError, WrongUse
from autograder.base.paths import PACKAGE, ROOT
from autograder.base.source_code import imported_modules
from autograder.course.class_file import ClassFile
from autograder.course.times import told
from autograder.model.cells import (
    BEGIN_HIDDEN,
    END_HIDDEN,
    inside_region,
    without_hidden_tests,
)
from autograder.model.lesson import Lesson

FOLDER = "neuron-by-neuron"
README, LOCK = "docs/students.md", "requirements.lock"
LISTS = {
    True: "requirements-students.lock",
    False: "requirements-without-tensorflow.lock",
}
"""Which packages students need, by whether a lesson imports what is in `OF_KERAS`."""
OF_KERAS = {"keras", "tensorflow"}
EXAMPLE = "01_neuron"
"""The lesson that the README for students tells of, where it is in the bundle."""
CODE = ("autograder/**/*.py", "autograder/pages/*.*")
"""The package without lessons' sources and catalogues, as a wheel of it has."""
TOLD_APART_IN_CODE = 30
"""`TOLD_APART` where no lesson is: there is much more code to be equal to."""
BY_CHANCE = 3
"""Lines that two lessons may share without one giving the other away."""
OLDEST = (1980, 1, 1, 0, 0, 0)
CHECKSUMS = "SHA256SUMS"
SIGNED_FOR = "neuron-by-neuron"
"""The signature's namespace, so that none made for another purpose is taken for it."""


def write_bundle(
    path: Path, names: list[str] | None = None, said: ClassFile | None = None
) -> list[str]:
    """Write the archive; the same sources give the same bytes.

    Parameters
    ----------
    names
        Lessons; if not given, all of the class that give away no answers of another.
    said
        The file of the class; all lessons are in it if not given.

    Returns
    -------
    Notes for the instructor: lessons that give away the answers of others.

    Raises
    ------
    SourceError
        Something in it would show a hidden test or an answer; nothing is written.
    """
    files, notes = chosen_files(names, said)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whoever writes it
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return notes


def lessons_in(path: Path) -> list[str]:
    """Return the lessons of an archive that `write_bundle` wrote."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    return [Path(name).stem for name in names if name.endswith(".ipynb")]


def chosen_files(
    names: list[str] | None,
    said: ClassFile | None = None,
    there: Collection[str] = (),
) -> tuple[dict[str, bytes], list[str]]:
    """Return the bundle's files by their path in it, and notes; as `write_bundle`.

    Parameters
    ----------
    there
        Lessons that students have already: README and lock are of them, too.
    """
    said = said or ClassFile()
    lessons = read_lessons(None)
    of_class = [lesson for lesson in lessons if said.has(lesson.name)]
    chosen = read_lessons(names) if names else of_class
    files = bundle_files(chosen)
    spoilers = list(_spoilers(files, of_class))
    if not names:
        early = {spoiler.lesson for spoiler in spoilers}
        chosen = [lesson for lesson in chosen if lesson.name not in early]
        begin = tuple(f"notebooks/{name}/" for name in early)
        files = {name: files[name] for name in files if not name.startswith(begin)}
    handed_out = {lesson.name for lesson in chosen} | {*there}
    students = [lesson for lesson in lessons if lesson.name in handed_out]
    files["README.md"] = _readme(students, said).encode()
    imports = set().union(*(imported_modules(imports_of(one)) for one in students))
    files[LOCK] = lock_for(imports)
    shown = [text for lesson in lessons for text in _leaks(files, lesson)]
    if shown:
        raise SourceError("\n".join(shown))
    return files, [spoiler.told(is_held_back=not names) for spoiler in spoilers]


def bundle_files(lessons: Iterable[Lesson]) -> dict[str, bytes]:
    """Return the files of the bundle but README and lock, by their path in it."""
    files = {"LICENSE": (ROOT / "LICENSE").read_bytes()}
    for pattern in CODE:
        for path in PACKAGE.parent.glob(pattern):
            files[path.relative_to(PACKAGE.parent).as_posix()] = path.read_bytes()
    for lesson in lessons:
        files[_notebook(lesson)] = release_bytes(lesson)
        for inner, path in data_files(lesson).items():
            files[f"notebooks/{lesson.name}/{inner}"] = path.read_bytes()
    return files


def lock_for(modules: Iterable[str]) -> bytes:
    """Return the list of packages, with their hashes, for lessons that import these."""
    tops = {module.partition(".")[0] for module in modules}
    return (ROOT / LISTS[bool(tops & OF_KERAS)]).read_bytes()


def _readme(lessons: list[Lesson], said: ClassFile) -> str:
    """Return the README for students: of these lessons, as the class calls them."""
    text = (ROOT / README).read_text("utf-8")
    names = [lesson.name for lesson in lessons]
    if EXAMPLE not in names:
        text = text.replace(EXAMPLE, names[0])
    if said.title:
        _, rest = text.split("\n", 1)
        text = f"# {said.title}\n{rest}"
    rows = [_row(lesson, said) for lesson in lessons]
    if not any(due for *_, due in rows):
        rows = [row[:2] for row in rows]
    head = ("lesson", "folder", "due")[: len(rows[0])]
    table = [head, ["---"] * len(head), *rows]
    lines = "".join(f"| {' | '.join(row)} |\n" for row in table)
    return text.replace("## Once\n", f"## Lessons\n\n{lines}\n## Once\n", 1)


def _row(lesson: Lesson, said: ClassFile) -> tuple[str, str, str]:
    terms = said.of(lesson.name)
    due = told(terms.due, said.time_zone) if terms.due else ""
    title = (terms.title or lesson.title).replace("|", "\\|")
    return title, f"notebooks/{lesson.name}", due


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
        answers = answer_lines(lesson)
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
    return answer_lines(lesson) | told_apart


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


def write_checksums(path: Path, key: Path | None = None) -> list[Path]:
    """Write the checksum of a file beside it, as `sha256sum --check` reads it.

    Lines of other files in `SHA256SUMS` stay; a signature that fits no longer goes.

    Parameters
    ----------
    key
        An SSH key to sign with: the private one, or the public one of an agent's.

    Returns
    -------
    What was written.

    Raises
    ------
    WrongUse
        The key cannot be used, or OpenSSH is not installed.
    """
    checksums = path.with_name(CHECKSUMS)
    listed = checksums.read_text("utf-8").splitlines() if checksums.exists() else []
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = [line for line in listed if line[66:] != path.name]
    lines = sorted([*kept, f"{digest}  {path.name}"], key=lambda line: line[66:])
    checksums.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    signature = checksums.with_name(f"{CHECKSUMS}.sig")
    signature.unlink(missing_ok=True)
    if key is None:
        return [checksums]
    signature.write_bytes(_signed(checksums.read_bytes(), key))
    return [checksums, signature]


def _signed(content: bytes, key: Path) -> bytes:
    command = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(key), "-n", SIGNED_FOR]
    try:
        made = subprocess.run(command, input=content, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise WrongUse(
            "found no ssh-keygen, expected OpenSSH 8.1 or newer to sign with; install "
            "it (Debian: openssh-client), or leave out --sign."
        ) from error
    if made.returncode:
        said = " ".join(made.stderr.decode("utf-8", "replace").split())
        raise WrongUse(
            f"{key}: ssh-keygen does not sign with it ({said}), expected an SSH key; "
            "make one with `ssh-keygen -t ed25519 -f KEY`."
        )
    return made.stdout
