"""Trees are made in one thread at a time, since 3.11 mixes up their depths; imports."""

import ast

import pytest

from autograder.base.paths import PACKAGE
from autograder.base.source_code import imports_named

ONE_THREAD = ("sealed/examiner/", "sealed/student/given", "sealed/student/ipython")
"""What runs in processes that have no other threads."""


def test_nothing_that_threads_share_makes_trees_without_the_lock():
    found = []
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith(ONE_THREAD):
            continue
        tree = ast.parse(path.read_text())
        locked = {
            id(part)
            for node in ast.walk(tree)
            if locks(node)
            for part in ast.walk(node)
        }
        calls = [n for n in ast.walk(tree) if is_parse(n) and id(n) not in locked]
        found += [f"{place}:{call.lineno}" for call in calls]
    assert found == [], "use tree_of of base.source_code"


def is_parse(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "ast.parse"


def locks(node: ast.AST) -> bool:
    items = node.items if isinstance(node, ast.With) else []
    return any(ast.unparse(item.context_expr) == "parsing" for item in items)


@pytest.mark.parametrize(
    ("code", "left_out"),
    [
        ("assert f(1)", "pandas scipy"),
        ("assert f(np.pi)", "pandas scipy"),
        ("assert pd.isna(f(1))", "scipy"),
        ("assert eval('pd').isna(f(1))", "scipy"),
        ("import pandas\nassert f(1)", "scipy"),
        ("assert f(1) == expit(1)", "pandas"),
        ("assert f(1) == scipy.special.expit(1)", "pandas"),
    ],
)
def test_imports_of_packages_that_no_code_names_are_left_out(code, left_out):
    imports = "import numpy as np\nimport pandas as pd\nimport scipy\n"
    imports += "from scipy.special import expit\nfrom matplotlib.pyplot import *"
    found = imports_named(imports, [code], ["pandas", "scipy", "matplotlib"])
    expected = [
        line
        for line in imports.splitlines()
        if not any(name in line for name in left_out.split())
    ]
    assert found.splitlines() == expected
