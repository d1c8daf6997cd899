"""Each kind of attack that once had an effect is tried in at least three ways."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.attacks.cheats import CHEATS
from tests.attacks.comparing import COMPARING
from tests.attacks.confinement.neighbours import load
from tests.attacks.malformed import MALFORMED

TESTS = Path(__file__).parents[1]
KINDS = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8"))
ATTACKS = {a.name for a in (*CHEATS, *MALFORMED, *COMPARING, *load.attacks)}


@cache
def _defined(path: str) -> set[str]:
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_tried_in_three_ways_that_are_there(kind):
    assert len(set(KINDS[kind])) >= 3
    for name in KINDS[kind]:
        path, _, test = name.rpartition("::")
        assert test in (_defined(path) if path else ATTACKS), name


def test_there_are_all_kinds():
    assert len(KINDS) == 25
