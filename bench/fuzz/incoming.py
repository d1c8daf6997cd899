"""Incoming: what students hand in and platforms pack, up to its marks."""

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from random import Random

from autograder.authoring.notebooks import release_bytes
from autograder.base.errors import AutograderError, UnreadableSubmission, WrongUse
from autograder.base.names import can_be_recorded
from autograder.base.paths import ROOT
from autograder.course.class_file import parse_class_file
from autograder.course.course import Course, foreign_course
from autograder.gradebook.marker import Marker
from autograder.grading.grader import Grader
from autograder.intake.collect import Collector
from autograder.intake.prepare import prepare
from autograder.intake.roster import read_roster
from autograder.intake.submissions import Submission, digest_of_work, handed_in
from autograder.model.cells import ReferenceCell
from autograder.sealed.limits import NotebookLimits
from bench.fuzz import folders
from bench.fuzz.mutations import CODE, MARKUP, WORDS, of_archive, of_bytes, of_json
from bench.fuzz.target import Target, Wrong
from bench.made_courses import make_course, part_of, tiny_tasks
from tests.support.platform_files import CANVAS, WORKSHEETS

LESSON = "tiny"
HONEST = "student_0000"
HANDED_IN = (*CODE, *CODE, *MARKUP, *WORDS)
LIMITS = NotebookLimits(
    cell_cpu_s=1,
    notebook_cpu_s=4,
    cell_wall_s=2,
    notebook_wall_s=8,
    memory_mib=256,
    processes=24,
    scratch_mib=16,
    file_size_mib=8,
    output_kib=32,
)


def prepare_once() -> None:
    """Make, before there are processes, what takes seconds and all of them use."""
    _reference()


@cache
def _room() -> Path:
    """Make a class whose copies cases are tried in."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    course = make_course(folder / "class", tiny_tasks(), 1)
    with Marker(foreign_course(course, "sealed")) as marker:
        marker.register(LESSON)
    return course


@cache
def _course() -> Course:
    return foreign_course(_room(), "sealed")


@contextmanager
def _class(with_honest: bool = False) -> Iterator[Course]:
    """Lend a class that nothing has happened to."""
    with tempfile.TemporaryDirectory(dir=_room().parent) as scratch:
        folder = part_of(_room(), Path(scratch) / "class", int(with_honest))
        shutil.copy(_room() / "gradebook.db", folder)
        yield foreign_course(folder, "sealed")


@cache
def _reference() -> list[ReferenceCell]:
    with Marker(_course()) as marker:
        return marker.register(LESSON)[LESSON]


@cache
def _notebooks() -> list[bytes]:
    tiny = release_bytes(tiny_tasks()[0].lesson)
    solved = tiny.replace(b"raise NotImplementedError", b"return first + second")
    names = ("00_warmup", "01_neuron")
    lessons = [p for n in names for p in (ROOT / "notebooks" / n).glob("*.ipynb")]
    return [tiny, solved, solved, *(path.read_bytes() for path in sorted(lessons))]


@cache
def _folders() -> list[bytes]:
    tiny, solved, *_ = (one.decode() for one in _notebooks())
    return [
        json.dumps(entries).encode()
        for entries in (
            [("tiny.ipynb", "file", solved)],
            [("Tiny (1).ipynb", "file", solved), ("notes/data.csv", "file", "1,2\n")],
            [("a/b/tiny.ipynb.txt", "file", solved), ("tiny.ipynb", "file", tiny)],
            [("tiny.ipynb", "file", solved), ("timestamp.txt", "file", "2026-03-01")],
        )
    ]


def _of_platforms() -> list[list[str]]:
    return [
        ["kingada_1001_2001_tiny.ipynb", "byrontim_LATE_1002_2002_my.ipynb"],
        [
            "Ada King_3101_assignsubmission_file/tiny.ipynb",
            "Tim Byron_3102_assignsubmission_file/tiny.ipynb",
            "Tim Byron_3102_assignsubmission_onlinetext/onlinetext.html",
        ],
        [
            "tiny_ada_attempt_2026-03-01-12-00-00_tiny.ipynb",
            "tiny_ada_attempt_2026-03-01-12-00-00.txt",
        ],
        ["7-1 - Ada King - 1 March, 2026 1200 PM/tiny.ipynb", "index.html"],
        ["tiny/King_Ada_ada_7/tiny.ipynb", "tiny/Byron_Tim_tim_8/tiny.ipynb"],
        [
            "assignment_1_export/submission_1/tiny.ipynb",
            "assignment_1_export/submission_metadata.yml",
        ],
        [
            "hw-ada/.git/HEAD",
            "hw-ada/tiny.ipynb",
            "hw-tim/.git/HEAD",
            "hw-tim/tiny.ipynb",
        ],
    ]


@cache
def _downloads() -> list[bytes]:
    solved, inner = _notebooks()[1], io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep/tiny.ipynb", solved)
    packed = []
    for names in [*_of_platforms(), ["kingada_1001_2001_tiny.zip"]]:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, _content(name, inner.getvalue()))
        packed.append(held.getvalue())
    return packed


def _content(name: str, packed: bytes) -> bytes:
    if name.endswith((".yml", ".html", ".txt", "HEAD")):
        return (
            b":submission_1:\n  :submitters:\n  - :name: Ada\n    :email: ada@x.org\n"
        )
    return packed if name.endswith(".zip") else _notebooks()[1]


@cache
def _unpacked() -> list[bytes]:
    solved = _notebooks()[1].decode()
    return [
        json.dumps([(name, "file", solved) for name in names]).encode()
        for names in _of_platforms()
    ]


@cache
def _tables() -> list[bytes]:
    return [CANVAS.encode(), *(text.encode() for text in WORKSHEETS.values())]


@cache
def _class_files() -> list[bytes]:
    text = (ROOT / "docs" / "class.md").read_text("utf-8")
    blocks = [part for part in text.split("```")[1::2] if "=" in part]
    parts = text.split("\n\n")
    indented = [
        p.replace("\n    ", "\n") for p in parts if p.startswith("    ") and "=" in p
    ]
    return [part.removeprefix("toml").encode() for part in blocks + indented]


def _as_notebook(content: bytes) -> None:
    _prepared(lambda folder: (folder / "tiny.ipynb").write_bytes(content))


def _as_folder(content: bytes) -> None:
    _prepared(lambda folder: folders.make(folder, content))


def _prepared(make) -> None:
    course = _course()
    with tempfile.TemporaryDirectory(dir=_room().parent) as scratch:
        folder = Path(scratch) / LESSON
        folder.mkdir()
        make(folder)
        submission = Submission("somebody", LESSON, folder)
        digest_of_work(folder)
        with suppress(UnreadableSubmission):
            prepared = prepare(course, submission, LESSON, _reference())
            for path in prepared.files.values():
                path.stat()
            json.dumps(prepared.notebook).encode()
            names = [cell.id for cell in prepared.notebook.cells]
            if not {cell.grade_id for cell in _reference()} <= set(names):
                raise Wrong(f"a cell of the lesson is missing among {names[:20]}")
            if len(names) != len(set(names)):
                raise Wrong(f"two cells have one name: {names[:20]}")


def _collected(download: Path, course: Course, **options: object) -> None:
    before = {path.name for path in course.results.parent.iterdir()}
    with suppress(WrongUse):
        Collector(course, **options).run([download])
    if found := {path.name for path in course.results.parent.iterdir()} - before:
        raise Wrong(f"collecting wrote beside the class: {sorted(found)[:5]}")
    for student, lesson, folder in course.folders("submitted"):
        if not can_be_recorded(student) or lesson != LESSON:
            raise Wrong(f"collected as {student!r}, {lesson!r}")
        if any(path.is_symlink() for path in folder.rglob("*")):
            raise Wrong(f"a link was collected to {folder}")


def _as_archive(content: bytes) -> None:
    with _class() as course:
        download = course.results.parent / "download.zip"
        download.write_bytes(content)
        _collected(download, course)


def _as_download(content: bytes) -> None:
    with _class() as course:
        download = course.results.parent / "download"
        download.mkdir()
        folders.make(download, content)
        is_git = any(path.name == ".git" for path in download.glob("*/.git"))
        _collected(download, course, is_git=is_git)


def _as_table(content: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(content)
        with suppress(WrongUse):
            read_roster(Path(file.name), note=lambda text: None)


def _as_class_file(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    with suppress(WrongUse):
        parse_class_file(Path("class.toml"), text, ["01_neuron", LESSON])


@cache
def _classes() -> list[bytes]:
    tiny, solved, *_ = (one.decode() for one in _notebooks())
    return [json.dumps([solved, tiny, solved, solved]).encode()]


def _several(chance: Random, example: bytes) -> bytes:
    notebooks = [
        of_json(chance, one.encode(), HANDED_IN, steps=3) for one in json.loads(example)
    ]
    return json.dumps([one.decode("utf-8", "replace") for one in notebooks]).encode()


def _as_class(content: bytes) -> None:
    """Grade somebody honest beside others, and write pages for all."""
    with _class(with_honest=True) as course:
        for number, text in enumerate(json.loads(content)):
            folder = course.path("submitted", f"other_{number}", LESSON)
            folder.mkdir(parents=True)
            (folder / "tiny.ipynb").write_text(text, "utf-8")
        path = course.path("submitted", HONEST, LESSON) / "tiny.ipynb"
        path.write_bytes(_notebooks()[1])
        try:
            records = Grader(course, jobs=1, limits=LIMITS).run(
                handed_in(course, [LESSON])
            )
            with Marker(course) as marker:
                marker.write_feedback(LESSON)
        except AutograderError as error:
            raise Wrong(f"the run ended: {error}") from error
        found = {record.student: record for record in records}
        if found[HONEST].score != 1.0:
            raise Wrong(f"an honest student got {found[HONEST]}")
        for record in records:
            if record.status not in ("graded", "unreadable"):
                raise Wrong(f"{record.student} is {record.status}: {record.message}")
            page = course.path("feedback", record.student, LESSON) / "tiny.html"
            if record.status == "graded" and not page.exists():
                raise Wrong(f"{record.student} got no page")


_archives = partial(
    of_archive,
    name_of=folders.spoilt_name,
    content_of=lambda chance, content: of_json(chance, content, HANDED_IN),
)
TARGETS = (
    Target(
        "notebook",
        _notebooks,
        lambda chance, example: of_json(chance, example, HANDED_IN),
        _as_notebook,
    ),
    Target("folder", _folders, folders.spoilt, _as_folder),
    Target("archive", _downloads, _archives, _as_archive),
    Target("download", _unpacked, folders.spoilt, _as_download),
    Target("roster", _tables, of_bytes, _as_table),
    Target("class file", _class_files, of_bytes, _as_class_file),
    Target("class", _classes, _several, _as_class, limit_s=60),
)
