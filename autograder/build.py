"""From a lesson's source to its notebooks: source, release and solution."""

import ast
import difflib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.course import ROOT, configure
from autograder.errors import OutOfDate, SourceError
from autograder.lesson import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_SOLUTION,
    NBGRADER_DEFAULTS,
    Cell,
    Lesson,
    lesson_paths,
    read_lesson,
    without_hidden_tests,
)
from autograder.sealed.engine import Engine, Job
from autograder.sealed.limits import Limits
from autograder.submissions import extra_files, imported_modules, imports_in

DATA = ROOT / "data"
REBUILD = "run `make notebooks` and commit what it changes."
KERNEL = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
WIDGET = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT_S = 120


def build(root: Path = ROOT, names: list[str] | None = None) -> list[str]:
    """Write `build/source/`, `notebooks/` and `solutions/` from the lessons.

    A solution whose cells are unchanged keeps its outputs and is not executed again.

    Returns
    -------
    The names of the lessons that were built.
    """
    lessons = _lessons(names)
    for lesson in lessons:
        _write(root / "build" / "source", lesson, source_bytes(lesson))
        _write(root / "notebooks", lesson, release_bytes(lesson))
        if any(_solution_differences(root, lesson)):
            _write(root / "solutions", lesson, executed_solution(lesson))
    if names is None:
        for path in _strangers(root, lessons):
            shutil.rmtree(path)
    return [lesson.name for lesson in lessons]


def check(root: Path = ROOT) -> list[str]:
    """Compare `notebooks/` and `solutions/` with their source; write nothing.

    Returns
    -------
    The names of the lessons that were compared.

    Raises
    ------
    OutOfDate
        A generated file differs, is missing or has no source; or holds what must
        not be in it.
    """
    lessons = _lessons(None)
    found = [
        f"{path.relative_to(root)}: no lesson of this name; {REBUILD}"
        for path in _strangers(root, lessons)
    ]
    for lesson in lessons:
        found += _release_differences(root, lesson)
        found += _solution_differences(root, lesson)
        found += _wrong_scores(lesson)
    if found:
        raise OutOfDate("\n".join(found))
    return [lesson.name for lesson in lessons]


def data_files(lesson: Lesson) -> dict[str, Path]:
    """Return the files that a lesson reads, by the path it reads them under.

    Its front matter names them: with `data: [songs.csv]` under `jupyter:` the
    project's `data/songs.csv` lies at `data/songs.csv` beside each of the lesson's
    notebooks.

    Raises
    ------
    SourceError
        The project has no file of this name.
    """
    files = {f"data/{name}": DATA / name for name in lesson.data}
    for path in files.values():
        if not path.is_file():
            raise SourceError(
                f"{lesson.path.name}, front matter: found no data/{path.name}; "
                "correct the name or add the file."
            )
    return files


def source_notebook(lesson: Lesson) -> NotebookNode:
    """Return the instructor's notebook: solutions, all tests, full metadata."""
    notebook = new_notebook(metadata=KERNEL)
    notebook.nbformat_minor = 5
    ids: set[str] = set()
    for cell in lesson.cells:
        new = new_code_cell if cell.kind == "code" else new_markdown_cell
        made = new(cell.source, id=_stable_id(cell, ids))
        if cell.nbgrader:
            locked = cell.role == "test" or bool(cell.nbgrader.get("locked"))
            made.metadata["nbgrader"] = (
                NBGRADER_DEFAULTS | cell.nbgrader | {"locked": locked}
            )
        notebook.cells.append(made)
    return notebook


def source_bytes(lesson: Lesson) -> bytes:
    """Return the instructor's notebook as a file."""
    return _file(source_notebook(lesson))


def release_bytes(lesson: Lesson) -> bytes:
    """Return what `nbgrader generate_assignment` makes of the lesson."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        config = Config()
        configure(config, root)
        config.GenerateAssignment.no_database = True
        # The gradebook is filled when a class is graded, not when lessons are built.
        config.GenerateAssignment.preprocessors = [
            p
            for p in GenerateAssignment.preprocessors.default()
            if p.__name__ != "SaveCells"
        ]
        config.CourseDirectory.assignment_id = lesson.name
        _write(root / "build" / "source", lesson, source_bytes(lesson))
        GenerateAssignment(
            config=config, coursedir=CourseDirectory(config=config)
        ).start()
        return (root / "notebooks" / lesson.name / f"{lesson.name}.ipynb").read_bytes()


def solution_notebook(lesson: Lesson) -> NotebookNode:
    """Return the solved notebook, not executed: no hidden test, no marks."""
    notebook = source_notebook(lesson)
    for cell in notebook.cells:
        lines = without_hidden_tests(cell.source).splitlines()
        cell.source = "\n".join(
            line
            for line in lines
            if BEGIN_SOLUTION not in line and END_SOLUTION not in line
        )
        cell.metadata.pop("nbgrader", None)
    return notebook


def executed_solution(lesson: Lesson) -> bytes:
    """Return the solved notebook with its outputs, as a file.

    Raises
    ------
    SourceError
        A cell of the lesson raises.
    """
    notebook = solution_notebook(lesson)
    with tempfile.TemporaryDirectory() as folder:
        put_data(Path(folder), lesson)
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_S,
            allow_errors=True,
            record_timing=False,
            resources={"metadata": {"path": folder}},
            extra_arguments=["--IPKernelApp.log_level=40"],  # errors only
        )
        client.execute()
    # The kernel writes its own version here; the release has none either.
    notebook.metadata = KERNEL
    for number, cell in enumerate(notebook.cells, start=1):
        cell.outputs = [o for o in cell.get("outputs", []) if not _is_widget(o)]
        for output in cell.outputs:
            if output.output_type == "error":
                raise SourceError(
                    f"{lesson.path.name}, cell {number}: the solution raised "
                    f"{output.ename}: {output.evalue}; correct the lesson."
                )
        if cell.cell_type != "code":
            del cell["outputs"]
    return _file(notebook)


def _lessons(names: list[str] | None) -> list[Lesson]:
    paths = [p for p in lesson_paths() if names is None or p.stem in names]
    if names and len(paths) < len(set(names)):
        missing = sorted(set(names) - {p.stem for p in paths})
        raise SourceError(
            f"no lesson named {', '.join(missing)} in autograder/source/."
        )
    return [read_lesson(path) for path in paths]


def _stable_id(cell: Cell, taken: set[str]) -> str:
    """Return an id that changes with nothing but the cell itself."""
    base = cell.grade_id or hashlib.sha256(cell.source.encode()).hexdigest()[:8]
    name, count = base, 1
    while name in taken:
        count += 1
        name = f"{base}-{count}"
    taken.add(name)
    return name


def _file(notebook: NotebookNode) -> bytes:
    return (nbformat.writes(notebook) + "\n").encode()


def _write(room: Path, lesson: Lesson, content: bytes) -> None:
    folder = room / lesson.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{lesson.name}.ipynb").write_bytes(content)
    shutil.rmtree(folder / "data", ignore_errors=True)
    put_data(folder, lesson)


def put_data(folder: Path, lesson: Lesson) -> None:
    """Copy the files that a lesson reads into the folder of its notebook."""
    for inner, path in data_files(lesson).items():
        (folder / inner).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / inner)


def _is_widget(output: NotebookNode) -> bool:
    # A slider without a running notebook is a line of code to its reader.
    return WIDGET in output.get("data", {})


def _strangers(root: Path, lessons: list[Lesson]) -> Iterator[Path]:
    names = {lesson.name for lesson in lessons}
    for room in ("notebooks", "solutions", "build/source"):
        for path in sorted((root / room).glob("*/")):
            if path.name not in names and path.name != ".ipynb_checkpoints":
                yield path


def _is_same_lesson(path: Path, lesson: Lesson) -> bool:
    """Whether the file at `path` holds this lesson's solution, outputs aside."""
    if not path.exists():
        return False
    found = nbformat.read(path, as_version=4)
    expected = solution_notebook(lesson)
    return [(c.id, c.cell_type, c.source) for c in found.cells] == [
        (c.id, c.cell_type, c.source) for c in expected.cells
    ]


def _release_differences(root: Path, lesson: Lesson) -> Iterator[str]:
    path = root / "notebooks" / lesson.name / f"{lesson.name}.ipynb"
    name = path.relative_to(root)
    expected = release_bytes(lesson)
    if not path.exists():
        yield f"{name}: missing; {REBUILD}"
    elif path.read_bytes() != expected:
        changed = difflib.unified_diff(
            path.read_text("utf-8").splitlines(),
            expected.decode().splitlines(),
            f"{name} (committed)",
            f"{name} (from {lesson.path.name})",
            lineterm="",
            n=1,
        )
        shown = "\n".join(list(changed)[:20])
        yield f"{name}: not what {lesson.path.name} generates; {REBUILD}\n{shown}"
    yield from _data_differences(path.parent, lesson)
    yield from _leaks(nbformat.reads(expected.decode(), as_version=4), lesson)


def _data_differences(folder: Path, lesson: Lesson) -> Iterator[str]:
    files = extra_files(folder / "data")
    found = {f"data/{path.name}": path.read_bytes() for path in files}
    expected = {n: path.read_bytes() for n, path in data_files(lesson).items()}
    for inner in sorted({*found, *expected}):
        if found.get(inner) != expected.get(inner):
            name = f"{folder.parent.name}/{folder.name}/{inner}"
            yield f"{name}: not what {lesson.path.name} names; {REBUILD}"


def _leaks(release: NotebookNode, lesson: Lesson) -> Iterator[str]:
    """Yield what students must not get but would."""
    text = "\n".join(cell.source for cell in release.cells)
    for mark in (BEGIN_SOLUTION, BEGIN_HIDDEN):
        if mark in text:
            yield f"{lesson.path.name}: its release still holds {mark!r}."
    for cell in release.cells:
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"{lesson.path.name}, {cell.id}: the release has outputs."
    for line in sorted(_answer_lines(lesson)):
        if line in text:
            yield f"{lesson.path.name}: the release shows an answer, {line!r}; reword."


def _answer_lines(lesson: Lesson) -> set[str]:
    """Return the lines of solutions that are long enough to be told apart."""
    lines, inside = set(), False
    for line in "\n".join(c.source for c in lesson.cells).splitlines():
        inside = BEGIN_SOLUTION in line or (inside and END_SOLUTION not in line)
        if inside and BEGIN_SOLUTION not in line and len(line.strip()) >= 20:
            lines.add(line.strip())
    return lines


def _wrong_scores(lesson: Lesson) -> Iterator[str]:
    """Grade the solution, which must score full marks, and the stubs: nothing."""
    solved, stubs = source_notebook(lesson), source_notebook(lesson)
    released = nbformat.reads(release_bytes(lesson).decode(), as_version=4)
    for cell, stub in zip(stubs.cells, released.cells, strict=True):
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = stub.source
    imports = "\n".join(
        ast.unparse(node)
        for c in lesson.cells
        if c.kind == "code"
        for node in imports_in(c.source)
    )
    files = data_files(lesson)
    with Engine(sorted(imported_modules(imports)), Limits()) as engine:
        for cell in engine.run(Job(solved, imports, files)).cells:
            if cell["points"] < cell["max_points"]:
                yield (
                    f"{lesson.path.name}: its own solution fails {cell['grade_id']} "
                    f"({cell['message']}); correct one of them."
                )
        for cell in engine.run(Job(stubs, imports, files)).cells:
            if cell["points"]:
                yield (
                    f"{lesson.path.name}: {cell['grade_id']} gives "
                    f"{cell['points']:g} points to an unsolved notebook; make it "
                    "call the exercise."
                )


def _solution_differences(root: Path, lesson: Lesson) -> Iterator[str]:
    path = root / "solutions" / lesson.name / f"{lesson.name}.ipynb"
    if not _is_same_lesson(path, lesson):
        name = path.relative_to(root)
        yield f"{name}: not what {lesson.path.name} generates; {REBUILD}"
    yield from _data_differences(path.parent, lesson)
