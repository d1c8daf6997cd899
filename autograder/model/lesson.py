"""Lessons as cells: reads a lesson's source and names every mistake in it."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from autograder.base.errors import SourceError
from autograder.base.paths import LESSONS, expect_lessons
from autograder.model.constants import constants_in, is_marked

FILE = "lesson.py"
"""The source in a lesson's folder; a file of another name is a lesson by itself."""
BEGIN_SOLUTION, END_SOLUTION = "BEGIN SOLUTION", "END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"

NBGRADER_DEFAULTS = {
    "schema_version": 3,
    "grade": False,
    "solution": False,
    "locked": False,
    "task": False,
}

# Test cells share the notebook's namespace in a student's own Jupyter and under stock
# nbgrader. A test that bound one of these would make an answer pass that reads the
# variable instead of its argument.
LESSON_NAMES = frozenset(
    [
        "x",
        "y",
        "z",
        "a",
        "w",
        "b",
        "p",
        "h",
        "X",
        "Y",
        "Z",
        "A",
        "W",
        "P",
        "H",
        "weights",
        "bias",
        "params",
        "rng",
    ]
)


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson, as its author wrote it."""

    number: int
    """Position in the file, counted from 1."""
    kind: str
    """`code` or `markdown`."""
    source: str
    nbgrader: dict
    """The short nbgrader metadata; empty for prose and given code."""

    @property
    def grade_id(self) -> str | None:
        """The cell's name in the gradebook."""
        return self.nbgrader.get("grade_id")

    @property
    def points(self) -> float:
        """Points that the cell is worth; 0 when it is not graded."""
        return self.nbgrader.get("points", 0)

    @property
    def role(self) -> str:
        """One of `text`, `given`, `solution`, `test` and `written`."""
        grade, solution = self.nbgrader.get("grade"), self.nbgrader.get("solution")
        if grade and solution:
            return "written"
        if grade:
            return "test"
        if solution:
            return "solution"
        return "text" if self.kind == "markdown" else "given"


@dataclass(frozen=True)
class Lesson:
    """A lesson's source, checked."""

    path: Path
    cells: tuple[Cell, ...]
    data: tuple[str, ...] = ()
    """Names of the files of the project's `data/` that it reads."""

    @property
    def name(self) -> str:
        """The name of the assignment and of its one notebook."""
        return self.path.parent.name if self.path.name == FILE else self.path.stem

    @property
    def file(self) -> str:
        """What messages call the source."""
        is_in_its_folder = self.path.name == FILE
        return f"{self.name}/{FILE}" if is_in_its_folder else self.path.name

    @property
    def title(self) -> str:
        """The lesson's heading."""
        return self.cells[0].source.splitlines()[0].lstrip("# ")

    @property
    def max_score(self) -> float:
        """Points of all graded cells."""
        return sum(cell.points for cell in self.cells)

    @property
    def exercises(self) -> list[str]:
        """Names of the automatically graded exercises, in order."""
        return [str(cell.grade_id) for cell in self.cells if cell.role == "solution"]

    def tests_of(self, exercise: str) -> list[Cell]:
        """Return the test cells of one exercise."""
        return [
            cell
            for cell in self.cells
            if cell.role == "test" and self.exercise_of(cell) == exercise
        ]

    def exercise_of(self, test: Cell) -> str | None:
        """Return the exercise that a test cell belongs to."""
        return exercise_of(str(test.grade_id), self.exercises)


def exercise_of(test: str, exercises: Iterable[str]) -> str | None:
    """Return the exercise that a test cell is named after.

    For example, `test_leaky_relu_slope` belongs to `leaky_relu`, also when there is an
    exercise `leaky`: the longest name that fits is taken.
    """
    name = test.removeprefix("test_")
    fits = [e for e in exercises if name == e or name.startswith(f"{e}_")]
    return max(fits, key=len, default=None)


def lesson_paths(folder: Path = LESSONS) -> list[Path]:
    """Return the sources of all lessons, in the order of the course.

    Raises
    ------
    WrongUse
        There is no such folder.
    """
    expect_lessons(folder)
    return sorted(folder.glob(f"[0-9][0-9]_*/{FILE}"))


def lesson_path(name: str) -> Path:
    """Return where the source of the lesson of this name is, if there is one."""
    return LESSONS / name / FILE


def lesson_names() -> list[str]:
    """Return the names of all lessons, in the order of the course."""
    return [path.parent.name for path in lesson_paths()]


def read_lesson(path: Path) -> Lesson:
    """Read one lesson.

    Raises
    ------
    SourceError
        The file breaks a rule of lessons; the message names file, cell, what was
        found and what to do, one line for each mistake.
    """
    notebook: NotebookNode = jupytext.read(path, fmt="py:percent")
    cells = tuple(
        Cell(
            number, cell.cell_type, cell.source, dict(cell.metadata.get("nbgrader", {}))
        )
        for number, cell in enumerate(notebook.cells, start=1)
    )
    lesson = Lesson(path, cells, tuple(notebook.metadata.get("data", ())))
    mistakes = list(_mistakes(lesson))
    if mistakes:
        raise SourceError("\n".join(f"{lesson.file}, {text}" for text in mistakes))
    return lesson


def without_region(source: str, begin: str, end: str) -> str:
    """Drop the lines from each `begin` to its `end`, both included."""
    kept, inside = [], False
    for line in source.splitlines():
        if begin in line:
            inside = True
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def inside_region(source: str, begin: str, end: str) -> list[str]:
    """Return the lines between each `begin` and its `end`."""
    found, inside = [], False
    for line in source.splitlines():
        if begin in line:
            inside = True
        elif end in line:
            inside = False
        elif inside:
            found.append(line.strip())
    return found


def without_hidden_tests(source: str) -> str:
    """Return what a student sees of a test cell."""
    return without_region(source, BEGIN_HIDDEN, END_HIDDEN)


def _mistakes(lesson: Lesson) -> Iterator[str]:
    if not lesson.cells or not lesson.cells[0].source.startswith("# "):
        yield "cell 1: found no title; begin the lesson with `# Title` in markdown."
        return
    seen: dict[str, int] = {}
    for cell in lesson.cells:
        where = f"cell {cell.number}"
        if cell.grade_id:
            where += f" ({cell.grade_id})"
            if cell.grade_id in seen:
                yield (
                    f"{where}: duplicate grade_id, first used in cell "
                    f"{seen[cell.grade_id]}; give one of them another name."
                )
            seen.setdefault(cell.grade_id, cell.number)
        for text in _cell_mistakes(cell):
            yield f"{where}: {text}"
        if cell.role == "test" and cell.grade_id and not lesson.exercise_of(cell):
            yield (
                f"{where}: test of no exercise; name it test_<exercise>_<what> after "
                f"the grade_id of a solution cell ({', '.join(lesson.exercises)})."
            )
    yield from _mark_mistakes(lesson)
    for exercise in lesson.exercises:
        if not lesson.tests_of(exercise):
            yield (
                f"cell {seen.get(exercise, '?')} ({exercise}): exercise without tests; "
                f"add a test cell with the grade_id test_{exercise}_<what>."
            )


def _mark_mistakes(lesson: Lesson) -> Iterator[str]:
    """Yield what is wrong with constants that are marked as each student's own."""
    seen: dict[str, int] = {}
    for cell in lesson.cells:
        where = f"cell {cell.number}"
        if cell.kind != "code" or not is_marked(cell.source):
            continue
        if cell.role != "given" or not cell.nbgrader.get("locked"):
            yield (
                f'{where}: "# yours:" outside a locked cell, where students may change '
                'it; move it into a given cell with a grade_id and "locked": true.'
            )
        try:
            constants = constants_in(cell.source)
        except SourceError as error:
            yield f"{where}, {error}"
            continue
        for name in (constant.name for constant in constants):
            if name in seen:
                yield (
                    f"{where}: {name} is marked in cell {seen[name]} already and would "
                    "be drawn the same; choose another name."
                )
            seen.setdefault(name, cell.number)


def _cell_mistakes(cell: Cell) -> Iterator[str]:
    if cell.nbgrader and not cell.grade_id:
        yield f"missing grade_id in {cell.nbgrader}; every nbgrader cell needs a name."
    unknown = set(cell.nbgrader) - {*NBGRADER_DEFAULTS, "grade_id", "points"}
    if unknown:
        yield f"unknown nbgrader metadata {sorted(unknown)}; remove it."
    if cell.role not in ("test", "written") and "points" in cell.nbgrader:
        yield "points on a cell that is not a test; move them to its test cells."
    if cell.role in ("test", "written") and not _is_score(cell.nbgrader.get("points")):
        yield f"points are {cell.nbgrader.get('points')!r}; write a number above 0."
    if cell.kind == "markdown" and cell.role in ("test", "solution"):
        yield (
            'markdown with only one of "grade" and "solution"; a written answer has '
            "both set to true."
        )
    yield from _region_mistakes(cell)
    if cell.kind == "code":
        yield from _code_mistakes(cell)


def _is_score(points: object) -> bool:
    return isinstance(points, int | float) and points > 0


def _region_mistakes(cell: Cell) -> Iterator[str]:
    regions = (
        (BEGIN_SOLUTION, END_SOLUTION, ("solution", "written"), "solution cell"),
        (BEGIN_HIDDEN, END_HIDDEN, ("test",), "test cell"),
    )
    for begin, end, roles, home in regions:
        marks = re.findall(f"{begin}|{end}", cell.source)
        if marks != [begin, end] * (len(marks) // 2):
            yield (
                f"unbalanced region, found {' then '.join(marks)}; write one "
                f'"{begin}" and then one "{end}" for each region.'
            )
        if marks and cell.role not in roles:
            yield f'"### {begin}" outside a {home}; move it or mark the cell as one.'
        if not marks and home == "solution cell" and cell.role == "solution":
            yield f'solution cell without "{begin}"; mark what students do not get.'


def _code_mistakes(cell: Cell) -> Iterator[str]:
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        yield f"line {error.lineno} is not Python ({error.msg}); correct it."
        return
    if cell.role == "test":
        taken = sorted(_top_level_names(tree) & LESSON_NAMES)
        if taken:
            yield (
                f"the test binds {', '.join(taken)}, names that notebooks use; rename "
                "them, or an answer that reads the variable instead of its argument "
                "passes."
            )


def _top_level_names(tree: ast.Module) -> set[str]:
    """Return names that the cell's own statements bind in the notebook."""
    names, pending = set(), list(ast.iter_child_nodes(tree))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        scopes = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
        comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        if not isinstance(node, scopes + comprehensions):
            pending.extend(ast.iter_child_nodes(node))
    return names
