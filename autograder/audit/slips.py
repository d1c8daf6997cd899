"""Slips: what one exercise costs if another one, which it uses, is wrong.

Right answers to an exercise keep all points where an earlier one fails: its tests lend
a right version of that.
"""

import ast
from collections.abc import Iterator
from dataclasses import replace

from autograder.audit.slicing import Exercise, reached
from autograder.base.source_code import tree_of


def slips(exercise: Exercise, answer: str) -> Iterator[tuple[str, Exercise]]:
    """Yield the exercise after a slip in each earlier one that an answer reaches.

    With the name of that one. Whatever the answer or the tests reach counts, through
    given cells too.
    """
    for cell in reached(exercise, answer):
        spoilt = replace(cell, source=failing(cell.source))
        before = tuple(spoilt if one is cell else one for one in exercise.before)
        yield str(cell.grade_id), replace(exercise, before=before)


def failing(source: str) -> str:
    """Return a solution cell whose functions and methods fail when they are called.

    Nothing is left of a cell without any.
    """
    try:
        tree = tree_of(source)
    except SyntaxError:
        return ""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for function in functions:
        function.body = tree_of('raise NotImplementedError("a slip")').body
    return ast.unparse(tree) if functions else ""
