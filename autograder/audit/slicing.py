"""Slicing: the smallest notebook in which one exercise can be graded by itself."""

import ast
import symtable
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.authoring.notebooks import KERNEL
from autograder.base.source_code import tree_of
from autograder.model.cells import BEGIN_HIDDEN, without_hidden_tests
from autograder.model.constants import is_marked
from autograder.model.lesson import Cell, Lesson

VISIBLE = ":visible"
"""Ends the name of a test cell's copy that holds its visible part alone."""


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson, with all that its tests and answers may need."""

    lesson: str
    name: str
    """The grade_id of its solution cell."""
    before: tuple[Cell, ...]
    """The lesson's code cells above the solution cell."""
    solution: Cell
    tests: tuple[Cell, ...]
    imports: str
    """The lesson's import statements, for the tests."""
    files: Mapping[str, Path]
    """Data files of the lesson by relative path."""

    @property
    def points(self) -> float:
        """What a right answer gets."""
        return sum(cell.points for cell in self.tests)


def exercises_of(lesson: Lesson) -> list[Exercise]:
    """Return the exercises of a lesson that names its tests after them."""
    return [
        _exercise(lesson, cell, tuple(lesson.tests_of(str(cell.grade_id))))
        for cell in lesson.cells
        if cell.role == "solution"
    ]


def exercises_by_place(lesson: Lesson, files: Mapping[str, Path]) -> list[Exercise]:
    """Return the exercises of any nbgrader notebook, and the files it reads.

    An exercise is a solution cell and the test cells between it and the next one.
    """
    found, tests = [], []
    for cell in reversed(lesson.cells):
        if cell.role == "test":
            tests.insert(0, cell)
        elif cell.role == "solution":
            if tests:
                found.insert(0, _exercise(lesson, cell, tuple(tests), files))
            tests = []
    return found


def _exercise(
    lesson: Lesson,
    solution: Cell,
    tests: tuple[Cell, ...],
    files: Mapping[str, Path] | None = None,
) -> Exercise:
    before = [c for c in lesson.cells if c.number < solution.number]
    return Exercise(
        lesson.name,
        str(solution.grade_id),
        tuple(cell for cell in before if cell.kind == "code"),
        solution,
        tests,
        "\n".join(dict.fromkeys(_imports(lesson))),
        files or {},
    )


def excerpt(exercise: Exercise, answer: str, whole: bool = False) -> NotebookNode:
    """Return a notebook with one answer, what it needs, and its tests.

    Of the cells above, only the statements stay that bind a name which the answer or
    its tests use, and those that these need in turn: no figure is drawn, no training
    runs whose result nobody asks for. After the tests, copies with their visible part
    alone tell what a student would have seen.

    Parameters
    ----------
    whole
        Keep every cell above as it is.
    """
    notebook = new_notebook(metadata=KERNEL)
    above = [cell for cell in exercise.before if whole or cell.role != "test"]
    if whole:
        notebook.cells = [_code(cell.source, cell) for cell in above]
    else:
        users = [answer, *(test.source for test in exercise.tests)]
        notebook.cells = _needed(above, users)
    notebook.cells.append(_code(answer, exercise.solution))
    notebook.cells += [_code(test.source, test) for test in exercise.tests]
    notebook.cells += [
        _code(without_hidden_tests(test.source), test, VISIBLE)
        for test in exercise.tests
        if BEGIN_HIDDEN in test.source
    ]
    return notebook


def reached(exercise: Exercise, answer: str) -> list[Cell]:
    """Return the earlier exercises that an answer or its tests use, also indirectly."""
    above = [cell for cell in exercise.before if cell.role != "test"]
    users = [answer, *(test.source for test in exercise.tests)]
    kept = set().union(*(_scope(c.source)[0] for c in _needed(above, users)))
    return [c for c in above if c.role == "solution" and _scope(c.source)[0] & kept]


def uses_constants(exercise: Exercise, answers: Iterable[str]) -> bool:
    """Whether answers to an exercise, or its tests, need a student's own constants."""
    above = [cell for cell in exercise.before if cell.role != "test"]
    users = [exercise.solution.source, *answers, *(t.source for t in exercise.tests)]
    return any(is_marked(cell.source) for cell in _needed(above, users))


def _code(source: str, like: Cell | None = None, suffix: str = "") -> NotebookNode:
    cell = new_code_cell(source)
    if like is not None and like.nbgrader:
        name = f"{like.grade_id}{suffix}"
        cell.metadata["nbgrader"] = like.nbgrader | {"grade_id": name}
    return cell


def _needed(cells: list[Cell], users: list[str]) -> list[NotebookNode]:
    """Return what is left of cells when only what `users` need is kept.

    Cells with constants of a student's own stay whole: tests ask the examiner for them.
    """
    names = {name for source in users for name in _scope(source)[1]}
    kept: list[NotebookNode] = []
    for cell in reversed(cells):
        try:
            body = tree_of(cell.source).body
        except SyntaxError:
            kept.insert(0, _code(cell.source))  # a magic, perhaps
            continue
        if is_marked(cell.source):
            bound, used = _scope(cell.source)
            if names & bound:
                names |= used
                kept.insert(0, _code(cell.source, cell))
            continue
        statements: list[str] = []
        for statement in map(ast.unparse, reversed(body)):
            bound, used = _scope(statement)
            if names & bound:
                names |= used
                statements.insert(0, statement)
        if statements:
            kept.insert(0, _code("\n".join(statements)))
    return kept


def _scope(source: str) -> tuple[set[str], set[str]]:
    """Return the notebook's names that a piece of code binds or changes, and uses."""
    try:
        top = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError:
        return set(), set()
    own = {s.get_name(): s for s in top.get_symbols()}
    bound = {n for n, s in own.items() if s.is_assigned() or s.is_imported()}
    used = {n for n, s in own.items() if s.is_referenced() and n not in bound}
    inner = list(top.get_children())
    while inner:
        table = inner.pop()
        used |= {s.get_name() for s in table.get_symbols() if s.is_global()} - bound
        inner.extend(table.get_children())
    return bound | set(_changed(source)), used


def _changed(source: str) -> Iterator[str]:
    """Yield the names whose values a statement changes: x[0] = 1, x.append(1)."""
    for statement in tree_of(source).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            continue
        for node in ast.walk(statement):
            is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
            place = node.value.func if is_call else node
            if isinstance(place, ast.Subscript | ast.Attribute) and (
                is_call or isinstance(place.ctx, ast.Store)
            ):
                yield from _root(place)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _imports(lesson: Lesson) -> Iterator[str]:
    for cell in lesson.cells:
        if cell.kind == "code":
            with suppress(SyntaxError):
                for node in tree_of(cell.source).body:
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        yield ast.unparse(node)
