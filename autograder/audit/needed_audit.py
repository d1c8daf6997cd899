"""Needed cells, proved: leaving cells out changes no point, status or message.

For each lesson its solution, the notebook as it is handed out, and every catalogued
answer among the solutions of all other exercises are executed twice: with all cells,
and with those that `needed_cells` chooses.
"""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count
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
from autograder.model.needed_cells import (
    Choice,
    choose,
    code_cells,
    given_cells,
    needed_modules,
)
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
    notebooks: int
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
    counted = given_cells(released)
    cells = code_cells(notebooks["solution"], counted)
    given = sum(cell.is_given for cell in cells)
    comparison = Comparison(lesson.name, given, choose(cells), len(notebooks))
    imports = import_lines(c.source for c in lesson.cells if c.kind == "code")
    pairs = {
        name: _Pair(notebook, left_out)
        for name, notebook in notebooks.items()
        if (left_out := choose(code_cells(notebook, counted)).left_out)
    }
    comparison.everything = len(notebooks) - len(pairs)
    # As marks come about: beside what the cells that run import, and nothing else.
    ways = modules_to_load(imports), needed_modules(notebooks["solution"])
    pending, done = list(pairs.values()), count(1)
    with ThreadPoolExecutor(jobs) as slots, run_tempdir() as folder:
        runs = _Runs(imports, lesson, _Kept(kept), folder / "figures.json")
        for run in range(RUNS):
            for way, modules in enumerate(ways):
                with Engine(sorted(modules), LIMITS, for_many=True) as engine:
                    for _ in slots.map(partial(runs.add, engine, way, run), pending):
                        watch(min(next(done), 2 * len(pairs)), 2 * len(pairs))
            pending = [pair for pair in pending if pair.differs]
            if not pending:
                break
    for name, pair in pairs.items():
        comparison.tests += len(pair.with_all[0])
        for cell, is_by_chance, *both in _differences(pair.with_all, pair.with_needed):
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


@dataclass
class _Pair:
    """A notebook, and what came of its test cells in each run, both ways."""

    notebook: NotebookNode
    left_out: dict[int, str]
    with_all: list[list] = field(default_factory=list)
    with_needed: list[list] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether no two runs, one of each way, came out the same."""
        return any(True for _ in _differences(self.with_all, self.with_needed))


class _Runs:
    """Executes notebooks of one lesson, or remembers what came of them."""

    def __init__(
        self, imports: str, lesson: Lesson, kept: _Kept, figures: Path
    ) -> None:
        self._imports, self._kept = imports, kept
        self._figures, self._drawing = figures, Lock()
        self._solution = source_notebook(lesson)
        self._files = data_files(lesson)
        code = digest_of_code(PACKAGE, ("base", "sealed"))
        files = [path.read_bytes() for path in self._files.values()]
        self._made_with = digest(
            code, *versions(), json.dumps(asdict(LIMITS)), imports, *files
        )

    def add(self, engine: Engine, way: int, run: int, pair: _Pair) -> None:
        """Add what comes of the test cells, in the run of this number.

        Parameters
        ----------
        way
            0 for all cells; 1 for those that are needed.
        """
        notebook = pair.notebook
        left_out = pair.left_out if way else {}
        key = self._key(notebook, left_out, run)
        if (found := self._kept.get(key)) is None:
            figures = None if way else self._pictures(engine)
            job = Job(
                notebook,
                self._imports,
                self._files,
                left_out=left_out,
                figures=figures,
            )
            found = self._kept.get(key) or engine.run(job).cells
            self._kept.add(key, found)
        (pair.with_needed if way else pair.with_all).append(found)

    def _key(self, notebook: NotebookNode, left_out: dict[int, str], run: int) -> str:
        content = [[c.cell_type, c.source, c.metadata] for c in notebook.cells]
        return digest(self._made_with, json.dumps([content, left_out, run]))

    def _pictures(self, engine: Engine) -> Path:
        """Return the file of the solution's pictures, from its first run."""
        with self._drawing:
            if not self._figures.exists():
                job = Job(self._solution, self._imports, self._files, records=True)
                executed = engine.run(job)
                write_pictures(executed.pictures, self._figures)
                self._kept.add(self._key(self._solution, {}, 0), executed.cells)
        return self._figures


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
