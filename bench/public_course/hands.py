"""What is handed in: solved, untouched and spoiled, made of a course's own source."""

import ast
import random
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.audit.mutation import mutants
from autograder.course.course import Course

KINDS = SOLVED, UNTOUCHED, SPOILED = "solved", "untouched", "spoiled"


def hand_in(course: Course, lesson: str, students: int) -> None:
    """Write a class's submissions of one assignment that has been released."""
    release = course.path("release", ".", lesson)
    for number in range(students):
        kind, round_ = KINDS[number % len(KINDS)], number // len(KINDS) + 1
        student = f"{kind}_{round_}"
        folder = course.path("submitted", student, lesson)
        shutil.copytree(release, folder)
        for source in course.notebooks(lesson):
            path = folder / source.name
            if path.exists() and (kind != UNTOUCHED or round_ > 1):
                made = nbformat.read(path, as_version=4)
                if kind != UNTOUCHED:
                    _answer(made, source, student)
                if round_ > 1:  # no two are the same, which would be run once
                    made.cells.insert(0, new_code_cell(f"# {student}"))
                path.write_text(nbformat.writes(made), "utf-8")


def _answer(released: NotebookNode, source: Path, student: str) -> None:
    """Write the source's answers into the released notebook, or broken ones."""
    solved = {
        _name(cell): cell.source for cell in nbformat.read(source, as_version=4).cells
    }
    for cell in released.cells:
        if not cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        right = solved[_name(cell)]
        if student.startswith(SOLVED) or cell.cell_type != "code":
            cell.source = right
        else:
            chance = random.Random(  # noqa: S311  # no secret
                f"{student} {source.name} {_name(cell)}"
            )
            cell.source = chance.choice([right, *_broken(right, cell.source, chance)])


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
