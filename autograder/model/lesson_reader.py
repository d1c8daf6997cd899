"""Reading lessons: their sources, with every mistake in one named."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from autograder.base.errors import SourceError
from autograder.base.paths import LESSONS, ROOT, expect_lessons
from autograder.base.source_code import tree_of
from autograder.model.cells import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
    NBGRADER_DEFAULTS,
    Role,
)
from autograder.model.constants import constants_in, is_marked
from autograder.model.lesson import FILE, Cell, Lesson

INCLUDE = re.compile(r"^# include: (\S+)$", re.MULTILINE)
"""A line of a given cell that stands for a module of the project."""

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
    import jupytext  # commands wait for it only where a lesson has changed

    notebook: NotebookNode = jupytext.read(path, fmt="py:percent")
    lines = _lines_of_cells(path, len(notebook.cells))
    cells = tuple(
        Cell(
            number,
            cell.cell_type,
            INCLUDE.sub(_included, cell.source),
            dict(cell.metadata.get("nbgrader", {})),
            lines[number - 1],
        )
        for number, cell in enumerate(notebook.cells, start=1)
    )
    lesson = Lesson(path, cells, tuple(notebook.metadata.get("data", ())))
    mistakes = list(_mistakes(lesson))
    if mistakes:
        raise SourceError("\n".join(f"{lesson.file}, {text}" for text in mistakes))
    return lesson


def _lines_of_cells(path: Path, cells: int) -> list[int]:
    """Return the line that begins each cell; zeros where it is not sure which does."""
    text = path.read_text("utf-8").splitlines()
    found = [n for n, line in enumerate(text, start=1) if line.startswith("# %%")]
    return found if len(found) == cells else [0] * cells


def included_in(path: Path) -> list[bytes]:
    """Return the modules that a lesson's source includes, as they are now."""
    files = [ROOT / name for name in INCLUDE.findall(path.read_text("utf-8"))]
    return [file.read_bytes() for file in files if file.exists()]


def _included(line: re.Match) -> str:
    """Return the module that a line asks for, without the text about it."""
    path = ROOT / line[1]
    if not path.is_file():
        raise SourceError(f"found no {line[1]} to include; correct the path.")
    return path.read_text("utf-8").split('"""', 2)[2].strip()


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
        where += f", line {cell.line}" if cell.line else ""
        for text in _cell_mistakes(cell):
            yield f"{where}: {text}"
        if cell.role == Role.TEST and cell.grade_id and not lesson.exercise_of(cell):
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
        if cell.role != Role.CONSTANTS:
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
    is_graded = cell.role in (Role.TEST, Role.WRITTEN)
    if not is_graded and "points" in cell.nbgrader:
        yield "points on a cell that is not a test; move them to its test cells."
    least = 0 if cell.role == Role.WRITTEN else 1e-9
    if is_graded and not _is_score(cell.nbgrader.get("points"), least):
        allowed = "from 0 on" if cell.role == Role.WRITTEN else "above 0"
        yield f"points are {cell.nbgrader.get('points')!r}; write a number {allowed}."
    flags = [bool(cell.nbgrader.get(flag)) for flag in ("grade", "solution")]
    if cell.kind == "markdown" and any(flags) and not all(flags):
        yield (
            'markdown with only one of "grade" and "solution"; a written answer has '
            "both set to true."
        )
    yield from _region_mistakes(cell)
    if cell.kind == "code":
        yield from _code_mistakes(cell)


def _is_score(points: object, least: float) -> bool:
    return isinstance(points, int | float) and points >= least


def _region_mistakes(cell: Cell) -> Iterator[str]:
    regions = (
        (
            BEGIN_SOLUTION,
            END_SOLUTION,
            (Role.SOLUTION, Role.RECALL, Role.WRITTEN),
            "solution cell",
        ),
        (BEGIN_HIDDEN, END_HIDDEN, (Role.TEST,), "test cell"),
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
        if not marks and home == "solution cell" and cell.role == Role.SOLUTION:
            yield f'solution cell without "{begin}"; mark what students do not get.'


def _code_mistakes(cell: Cell) -> Iterator[str]:
    try:
        tree = tree_of(cell.source)
    except SyntaxError as error:
        line = cell.line + (error.lineno or 1)
        yield f"line {line} is not Python ({error.msg}); correct it."
        return
    if cell.role == Role.TEST:
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
