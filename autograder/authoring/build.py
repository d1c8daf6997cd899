"""The rooms of notebooks: written from the lessons' sources, and compared with them."""

import difflib
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.beginnings import in_repository, project_of
from autograder.authoring.claims import stale_claims, stale_notes, stale_rows
from autograder.authoring.data_files import data_files
from autograder.authoring.notebooks import (
    executed_solution,
    release_bytes,
    solution_notebook,
    source_notebook,
    write_notebook,
)
from autograder.authoring.sources import update_sources
from autograder.base.errors import OutOfDate, SourceError
from autograder.base.files import extra_files
from autograder.base.paths import ROOT
from autograder.base.source_code import import_lines, modules_to_load
from autograder.model.cells import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_SOLUTION,
    inside_region,
)
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import lesson_paths, read_lesson
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits

REBUILD = "run `make notebooks` and commit what it changes."
TOLD_APART = 20
"""Characters from which on a line of an answer is told from others."""


def build(
    root: Path = ROOT, names: list[str] | None = None, repository: str | None = None
) -> list[str]:
    """Write `build/source/`, `notebooks/` and `solutions/` from the lessons.

    A solution whose cells are unchanged keeps its outputs and is not executed again.

    Parameters
    ----------
    repository
        Address of the project on GitHub, for links to Colab and Binder at the top of
        what students get, and to the data.

    Returns
    -------
    The names of the lessons that were built.

    Raises
    ------
    OutOfDate
        Prose or the README say other points than the tests give; nothing is written.
    """
    project = project_of(repository) if repository else None
    lessons = read_lessons(names)
    if stale := [*_stale(root, lessons)]:
        raise OutOfDate("\n".join(stale))
    update_sources(root, [lesson.name for lesson in lessons])
    with ProcessPoolExecutor() as processes:
        list(processes.map(partial(_build, root, project), lessons))
    if names is None:
        for path in _strangers(root, lessons):
            shutil.rmtree(path)
    return [lesson.name for lesson in lessons]


def _build(root: Path, project: str | None, lesson: Lesson) -> None:
    release = release_bytes(lesson)
    if project:
        release = in_repository(release, lesson, project)
    write_notebook(root / "notebooks", lesson, release)
    if any(_solution_differences(root, lesson)):
        write_notebook(root / "solutions", lesson, executed_solution(lesson))


def _stale(root: Path, lessons: list[Lesson]) -> Iterator[str]:
    """Name what says other points or minutes than the lessons have."""
    for lesson in lessons:
        yield from stale_claims(lesson)
    yield from stale_rows(root / "README.md", lessons)


def check(
    root: Path = ROOT,
    names: list[str] | None = None,
    repository: str | None = None,
) -> list[str]:
    """Compare `notebooks/` and `solutions/` with their source; write nothing.

    Parameters
    ----------
    names
        Lessons; all if not given.
    repository
        The address that they were built with.

    Returns
    -------
    The names of the lessons that were compared.

    Raises
    ------
    OutOfDate
        A generated file differs, is missing or has no source; or holds what must
        not be in it; or a page says other points than the lessons have.
    """
    project = project_of(repository) if repository else None
    lessons = read_lessons(names)
    found = [*_stale(root, lessons)]
    for lesson in lessons:
        page = root / "docs" / "instructors" / f"{lesson.name}.md"
        found += stale_notes(page, lesson)
    found += [
        f"{path.relative_to(root)}: no lesson of this name; {REBUILD}"
        for path in ([] if names else _strangers(root, lessons))
    ]
    # Not in threads: nbgrader changes the process's working directory.
    releases = [release_bytes(lesson) for lesson in lessons]
    for lesson, release in zip(lessons, releases, strict=True):
        expected = in_repository(release, lesson, project) if project else release
        found += _release_differences(root, lesson, expected)
        found += _solution_differences(root, lesson)
    preload = set().union(*(modules_to_load(imports_of(one)) for one in lessons))
    with (
        Engine(sorted(preload), NotebookLimits()) as engine,
        ThreadPoolExecutor(os.cpu_count()) as slots,
    ):
        for wrong in slots.map(partial(wrong_scores, engine), lessons, releases):
            found += wrong
    if found:
        raise OutOfDate("\n".join(found))
    return [lesson.name for lesson in lessons]


def read_lessons(names: list[str] | None) -> list[Lesson]:
    """Read the sources of these lessons, or of all.

    Raises
    ------
    SourceError
        There is no lesson of a name, or one breaks a rule.
    """
    paths = [p for p in lesson_paths() if names is None or p.parent.name in names]
    if names and len(paths) < len(set(names)):
        missing = sorted(set(names) - {p.parent.name for p in paths})
        raise SourceError(f"no lesson named {', '.join(missing)} in lessons/.")
    return [read_lesson(path) for path in paths]


def _strangers(root: Path, lessons: list[Lesson]) -> Iterator[Path]:
    names = {lesson.name for lesson in lessons}
    for room in ("notebooks", "solutions", "build/source"):
        for path in sorted((root / room).glob("*/")):
            if path.name not in names and path.name != ".ipynb_checkpoints":
                yield path


def is_same_lesson(path: Path, lesson: Lesson) -> bool:
    """Whether the file at `path` holds this lesson's solution, outputs aside."""
    if not path.exists():
        return False
    found = nbformat.read(path, as_version=4)
    expected = solution_notebook(lesson)
    return [(c.id, c.cell_type, c.source) for c in found.cells] == [
        (c.id, c.cell_type, c.source) for c in expected.cells
    ]


def _release_differences(root: Path, lesson: Lesson, expected: bytes) -> Iterator[str]:
    path = root / "notebooks" / lesson.name / f"{lesson.name}.ipynb"
    name = path.relative_to(root)
    if not path.exists():
        yield f"{name}: missing; {REBUILD}"
    elif path.read_bytes() != expected:
        changed = difflib.unified_diff(
            path.read_text("utf-8").splitlines(),
            expected.decode().splitlines(),
            f"{name} (committed)",
            f"{name} (from {lesson.file})",
            lineterm="",
            n=1,
        )
        shown = "\n".join(list(changed)[:20])
        yield f"{name}: not what {lesson.file} generates; {REBUILD}\n{shown}"
    yield from _data_differences(path.parent, lesson)
    yield from _leaks(nbformat.reads(expected.decode(), as_version=4), lesson)


def _data_differences(folder: Path, lesson: Lesson) -> Iterator[str]:
    files = extra_files(folder / "data")
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    expected = {n: path.read_bytes() for n, path in data_files(lesson).items()}
    for inner in sorted({*found, *expected}):
        if found.get(inner) != expected.get(inner):
            name = f"{folder.parent.name}/{folder.name}/{inner}"
            yield f"{name}: not what {lesson.file} names; {REBUILD}"


def _leaks(release: NotebookNode, lesson: Lesson) -> Iterator[str]:
    """Yield what students must not get but would."""
    text = "\n".join(cell.source for cell in release.cells)
    for mark in (BEGIN_SOLUTION, BEGIN_HIDDEN):
        if mark in text:
            yield f"{lesson.file}: its release still holds {mark!r}."
    for cell in release.cells:
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"{lesson.file}, {cell.id}: the release has outputs."
    for line in sorted(answer_lines(lesson)):
        if line in text:
            yield f"{lesson.file}: the release shows an answer, {line!r}; reword."


def answer_lines(lesson: Lesson) -> set[str]:
    """Return the lines of solutions that are long enough to be told apart."""
    return {
        line
        for cell in lesson.cells
        for line in inside_region(cell.source, BEGIN_SOLUTION, END_SOLUTION)
        if len(line) >= TOLD_APART
    }


def imports_of(lesson: Lesson) -> str:
    """Return the import statements of a lesson's cells."""
    return import_lines(cell.source for cell in lesson.cells if cell.kind == "code")


def wrong_scores(engine: Engine, lesson: Lesson, release: bytes) -> list[str]:
    """Grade the solution, which must score full marks, and the stubs: nothing.

    Returns
    -------
    What is otherwise.
    """
    solved, stubs = source_notebook(lesson), source_notebook(lesson)
    released = nbformat.reads(release.decode(), as_version=4)
    for cell, stub in zip(stubs.cells, released.cells, strict=True):
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = stub.source
    imports, files = imports_of(lesson), data_files(lesson)
    lost = [
        f"{lesson.file}: its own solution fails {cell['grade_id']} "
        f"({cell['message']}); correct one of them."
        for cell in engine.run(Job(solved, imports, files)).cells
        if cell["points"] < cell["max_points"]
    ]
    given = [
        f"{lesson.file}: {cell['grade_id']} gives {cell['points']:g} points to "
        "an unsolved notebook; make it call the exercise."
        for cell in engine.run(Job(stubs, imports, files)).cells
        if cell["points"]
    ]
    return lost + given


def _solution_differences(root: Path, lesson: Lesson) -> Iterator[str]:
    path = root / "solutions" / lesson.name / f"{lesson.name}.ipynb"
    if not is_same_lesson(path, lesson):
        name = path.relative_to(root)
        yield f"{name}: not what {lesson.file} generates; {REBUILD}"
    yield from _data_differences(path.parent, lesson)
