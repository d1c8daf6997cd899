"""Python's trees are made in one thread at a time: 3.11 mixes up their depths."""

import ast

from autograder.base.paths import PACKAGE

ONE_THREAD = ("sealed/examiner/", "sealed/student/")
"""What runs in processes that have no other threads."""


def test_nothing_that_threads_share_makes_trees_without_the_lock():
    found = []
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE).as_posix()
        if place == "base/source_code.py" or place.startswith(ONE_THREAD):
            continue
        calls = [n for n in ast.walk(ast.parse(path.read_text())) if is_parse(n)]
        found += [f"{place}:{call.lineno}" for call in calls]
    assert found == [], "use tree_of of base.source_code"


def is_parse(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "ast.parse"
