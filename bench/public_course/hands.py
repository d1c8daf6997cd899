"""What is handed in: solved, untouched and spoiled, made of a course's own source."""

import ast
import random
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.audit.mutation import mutants
from autograder.course.course import Course

SOLVED, UNTOUCHED = "solved", "untouched"


def students(spoiled: int) -> list[str]:
    """Return who hands in: as many spoiled ones as wanted, and the other two."""
    return [SOLVED, UNTOUCHED, *(f"spoiled_{n + 1}" for n in range(spoiled))]


def hand_in(course: Course, lesson: str, spoiled: int) -> None:
    """Write everybody's submissions of one assignment that has been released."""
    release = course.path("release", ".", lesson)
    for student in students(spoiled):
        folder = course.path("submitted", student, lesson)
        shutil.copytree(release, folder)
        if student == UNTOUCHED:
            continue
        for source in course.notebooks(lesson):
            path = folder / source.name
            if path.exists():
                answered = _answered(path, source, student)
                path.write_text(nbformat.writes(answered), "utf-8")


def _answered(path: Path, source: Path, student: str) -> NotebookNode:
    """Return the released notebook with the source's answers, or broken ones."""
    released = nbformat.read(path, as_version=4)
    solved = {
        _name(cell): cell.source for cell in nbformat.read(source, as_version=4).cells
    }
    for cell in released.cells:
        if not cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        right = solved[_name(cell)]
        if student == SOLVED or cell.cell_type != "code":
            cell.source = right
        else:
            chance = random.Random(  # noqa: S311  # no secret
                f"{student} {path.name} {_name(cell)}"
            )
            cell.source = chance.choice([right, *_broken(right, cell.source, chance)])
    return released


def _broken(right: str, stub: str, chance: random.Random) -> list[str]:
    """Return the stub, and the answer with one mistake if one can be made."""
    # A changed condition of a loop may never end; how long stock waits is known.
    found = [] if "while" in right else [mutant.code for mutant in mutants(right)]
    mistake = chance.choice(found) if found else _other_numbers(right)
    return [stub] if mistake is None else [stub, mistake]


def _other_numbers(source: str) -> str | None:
    """Return a cell without functions with its last number raised, if it has one."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    numbers = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]
    if not numbers:
        return None
    numbers[-1].value += 1
    return ast.unparse(tree)


def _name(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")
