"""Needed cells, proved: leaving cells out changes no point, status or message.

For each lesson its solution, the notebook as it is handed out, and every catalogued
answer among the solutions of all other exercises are executed twice: with all cells,
and with those that `needed_cells` chooses.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock

import nbformat
from nbformat import NotebookNode

from autograder.audit.diagnosis import normalised
from autograder.authoring.data_files import data_files
from autograder.authoring.notebooks import release_bytes, source_notebook
from autograder.base.hashing import digest, digest_of_code, versions
from autograder.base.paths import PACKAGE, ROOT
from autograder.base.source_code import import_lines, modules_to_load
from autograder.base.tempdirs import run_tempdir
from autograder.model.catalogue import Answer
from autograder.model.cells import Role, name_of, role_in_notebook
from autograder.model.lesson import Lesson
from autograder.model.needed_cells import Choice, choose, code_cells
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits
from autograder.sealed.pictures import write as write_pictures

# A cell's limit is that of a class. The notebook's is not what is compared: an answer
# that never ends uses it up sooner where more cells call it.
LIMITS = NotebookLimits(notebook_cpu_s=3_000, notebook_wall_s=6_000)
KEPT = ROOT / "build" / "needed-audit.jsonl"
RUNS = 3
"""How often a notebook is executed each way before a difference is one."""
NUMBER = re.compile(r"\d[\d.,e+-]*")


@dataclass(frozen=True)
class Difference:
    """A test cell that does not come out the same."""

    lesson: str
    notebook: str
    cell: str
    all_cells: str
    """What came of it when all cells ran."""
    needed_cells: str
    """What came of it when the needed ones ran."""

    def __str__(self) -> str:
        return (
            f"{self.lesson}, {self.notebook}, {self.cell}: with all cells "
            f"{self.all_cells}; with needed cells {self.needed_cells}"
        )


@dataclass
class Comparison:
    """What came of one lesson."""

    lesson: str
    given: int
    """Its given code cells."""
    choice: Choice
    """What is left out of the solution, and why the rest runs."""
    notebooks: int = 0
    everything: int = 0
    """Notebooks that all cells run of, since an answer may reach any name."""
    tests: int = 0
    """Test cells that were compared."""
    differences: list[Difference] = field(default_factory=list)
    varying: list[Difference] = field(default_factory=list)
    """What differs from run to run with all cells too."""


def compare(
    lesson: Lesson,
    answers: list[Answer],
    *,
    jobs: int,
    watch: Callable[[int, int], None] = lambda done, total: None,
    kept: Path = KEPT,
) -> Comparison:
    """Execute a lesson's notebooks with all cells and with those that are needed.

    Parameters
    ----------
    answers
        Of its catalogue, those to try.
    watch
        Called after each notebook with the number of those done, and of all.
    kept
        File of results, which are not looked for again.
    """
    released = _released(lesson)
    notebooks = dict(_notebooks(lesson, released, answers))
    counted = Counter(
        c.source for c in released.cells if role_in_notebook(c) == Role.GIVEN
    )
    cells = code_cells(notebooks["solution"], counted)
    given = sum(cell.is_given for cell in cells)
    comparison = Comparison(lesson.name, given, choose(cells))
    imports = import_lines(c.source for c in lesson.cells if c.kind == "code")
    preload = sorted(modules_to_load(imports))
    with (
        Engine(preload, LIMITS, for_many=True) as engine,
        ThreadPoolExecutor(jobs) as slots,
        run_tempdir() as folder,
    ):
        runs = _Runs(engine, imports, lesson, _Kept(kept), folder / "figures.json")
        pairs = slots.map(partial(_both_ways, runs, counted), notebooks.values())
        for name, found in zip(notebooks, pairs, strict=True):
            comparison.notebooks += 1
            watch(comparison.notebooks, len(notebooks))
            if found is None:
                comparison.everything += 1
                continue
            comparison.tests += len(found[0][0])
            for cell, is_by_chance, *both in _differences(*found):
                place = comparison.varying if is_by_chance else comparison.differences
                place.append(Difference(lesson.name, name, cell, *both))
    return comparison


def sample(answers: list[Answer], most: int) -> list[Answer]:
    """Return some of a lesson's answers, from all over its catalogue."""
    count = min(most, len(answers))
    return [answers[(2 * n + 1) * len(answers) // (2 * count)] for n in range(count)]


def _released(lesson: Lesson) -> NotebookNode:
    return nbformat.reads(release_bytes(lesson).decode(), as_version=4)


def _notebooks(
    lesson: Lesson, released: NotebookNode, answers: list[Answer]
) -> Iterator[tuple[str, NotebookNode]]:
    """Yield notebooks by what they hold; of those that are the same, the first."""
    stubs = {
        name_of(cell): cell.source
        for cell in released.cells
        if role_in_notebook(cell) == Role.SOLUTION
    }
    found = {"solution": {}, "release": stubs}
    for answer in answers:
        name = f"{answer.kind} answer {answer.name} to {answer.exercise}"
        found[name] = {answer.exercise: answer.code}
    seen = set()
    for name, sources in found.items():
        notebook = source_notebook(lesson)
        for cell in notebook.cells:
            cell.source = sources.get(name_of(cell), cell.source)
        content = tuple(cell.source for cell in notebook.cells)
        if content not in seen:
            seen.add(content)
            yield name, notebook


class _Kept:
    """Results by their keys, in a file that grows line by line."""

    def __init__(self, path: Path) -> None:
        self._path, self._writing = path, Lock()
        self._found: dict[str, list] = {}
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                entry = json.loads(line)
                self._found[entry["key"]] = entry["cells"]

    def get(self, key: str) -> list | None:
        return self._found.get(key)

    def add(self, key: str, cells: list) -> None:
        with self._writing:
            self._found[key] = cells
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, "cells": cells}) + "\n")


class _Runs:
    """Executes notebooks of one lesson, or remembers what came of them."""

    def __init__(
        self, engine: Engine, imports: str, lesson: Lesson, kept: _Kept, figures: Path
    ) -> None:
        self._engine, self._imports, self._kept = engine, imports, kept
        self._figures, self._drawing = figures, Lock()
        self._solution = source_notebook(lesson)
        self._files = data_files(lesson)
        code = digest_of_code(PACKAGE, ("base", "sealed"))
        files = [path.read_bytes() for path in self._files.values()]
        self._made_with = digest(
            code, *versions(), json.dumps(asdict(LIMITS)), imports, *files
        )

    def of(self, notebook: NotebookNode, left_out: dict[int, str], run: int) -> list:
        """Return what came of the test cells, in the run of this number."""
        key = self._key(notebook, left_out, run)
        if (found := self._kept.get(key)) is not None:
            return found
        figures = self._pictures()
        if (found := self._kept.get(key)) is None:
            options = {"left_out": left_out, "figures": figures}
            job = Job(notebook, self._imports, self._files, **options)
            found = self._engine.run(job).cells
            self._kept.add(key, found)
        return found

    def _key(self, notebook: NotebookNode, left_out: dict[int, str], run: int) -> str:
        content = [[c.cell_type, c.source, c.metadata] for c in notebook.cells]
        return digest(self._made_with, json.dumps([content, left_out, run]))

    def _pictures(self) -> Path:
        """Return the file of the solution's pictures, from its first run."""
        with self._drawing:
            if not self._figures.exists():
                job = Job(self._solution, self._imports, self._files, records=True)
                executed = self._engine.run(job)
                write_pictures(executed.pictures, self._figures)
                self._kept.add(self._key(self._solution, {}, 0), executed.cells)
        return self._figures


def _both_ways(
    runs: _Runs, released: Counter[str], notebook: NotebookNode
) -> tuple[list, list] | None:
    """Return what came of all runs with all cells, and with those that are needed.

    Nothing if no cell can be left out. Another run follows as long as no two, one of
    each way, come out the same.
    """
    left_out = choose(code_cells(notebook, released)).left_out
    if not left_out:
        return None
    with_all, with_needed = [], []
    for run in range(RUNS):
        with_all.append(runs.of(notebook, {}, run))
        with_needed.append(runs.of(notebook, left_out, run))
        if not any(True for _ in _differences(with_all, with_needed)):
            break
    return with_all, with_needed


def _differences(
    with_all: list, with_needed: list
) -> Iterator[tuple[str, bool, str, str]]:
    """Yield test cells that never came out the same, and whether that is chance.

    It is if their words are the same and the numbers in them are not the same in two
    runs with all cells: times, and what is drawn without a seed.
    """
    for tests in zip(*with_all, *with_needed, strict=True):
        before = [_outcome(test) for test in tests[: len(with_all)]]
        after = [_outcome(test) for test in tests[len(with_all) :]]
        if not set(before) & set(after):
            words = {NUMBER.sub("#", text) for text in before + after}
            is_by_chance = len(words) == 1 and len(set(before)) > 1
            yield tests[0]["grade_id"], is_by_chance, before[0], after[0]


def _outcome(test: dict) -> str:
    """Return what a test cell came to, without what differs between runs."""
    message = normalised(test["message"])
    return f"{test['points']:g} points, {test['status']}" + (
        f" ({message})" if message else ""
    )
