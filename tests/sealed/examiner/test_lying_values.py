"""No way of comparing takes a student's word for it: results that lie fail every check.

Each idiom of `idioms.txt` is a test cell, once with honest values, which pass, and once
for each kind of liar, which must not. None of the liars knows what is expected; they
agree with whatever they are compared with, are empty, or pose as something else. All
cells run in one examiner with one student, so that hundreds of them take seconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sealed.engine import Engine
from autograder.sealed.examiner.proxies import Proxy
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits
from autograder.sealed.protocol.interfaces import ABILITIES
from tests.support.sealed.lying_values import HONEST, LIARS, STUDENT

IMPORTS = """
import collections, copy, cmath, decimal, fractions, functools, hashlib, itertools
import json, math, numbers, operator, statistics, unittest
import numpy as np
import pandas as pd
import scipy.io
"""
NO_COMPARISON = {
    "__class__",  # see the idioms that ask for a kind
    "__doc__",
    "__getattr__",  # attributes are the object's own
    "__module__",
    "__slots__",
    "__weakref__",
    "__array_ufunc__",
    "__setattr__",
    "__delattr__",
    "__setitem__",
    "__delitem__",
    "__reduce_ex__",
}
"""Of a proxy, what gives no answer that a check could go by."""
SPECIAL_METHODS = {
    **{
        f"__{side}{name}__": (f"number_{side}{name}",)
        for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
        for side in ("", "r")
    },
    "__matmul__": ("array_matmul", "array_matmul_difference"),
    "__rmatmul__": ("array_matmul_from_the_left",),
    "__neg__": ("number_neg",),
    "__pos__": ("number_pos",),
    "__abs__": ("number_abs", "number_abs_plain"),
    "__call__": ("copied_call",),
    "__next__": ("list_next",),
    "__iter__": ("list_length_and_differences", "list_starred"),
    "__getitem__": ("list_by_index", "dict_item_difference"),
    "__len__": ("list_length_and_items", "set_in_"),
    "__float__": ("conversion_float", "math_isclose_of_difference"),
    "__int__": ("conversion_int", "count_is"),
    "__index__": ("count_index", "count_slice"),
    "__complex__": ("conversion_complex",),
    "__array_function__": ("array_allclose", "array_norm", "array_equal_all"),
    "__array__": ("array_asarray_of_difference", "array_norm"),
    "__instancecheck__": ("equality_isinstance",),
    "__repr__": ("conversion_repr",),
    "__str__": ("conversion_str",),
    "__format__": ("conversion_f_string_spec",),
    "__bool__": ("conversion_falsy", "flag_truth"),
    "__lt__": ("equality_between",),
    "__le__": ("equality_chained",),
    "__gt__": ("number_not_above",),
    "__ge__": ("set_superset",),
    "__eq__": ("equality_equal", "equality_dunder_eq"),
    "__ne__": ("equality_not_unequal",),
    "__hash__": ("equality_hash", "equality_in_set"),
    "__copy__": ("copied_copy",),
    "__deepcopy__": ("copied_deepcopy",),
}
"""Idioms that go through each special method of a proxy."""


@dataclass(frozen=True)
class Idiom:
    """One way to compare."""

    kind: str
    """Kind of the value, a key of `HONEST`."""
    code: str
    spares: frozenset[str]
    """Liars that give what it lawfully accepts."""


def read_idioms(path: Path) -> dict[str, Idiom]:
    """Read the table of idioms, by their names."""
    found, prefix, kind = {}, "", ""
    for line in path.read_text("utf-8").splitlines():
        if section := re.fullmatch(r"\[(\w+), (\w+)\]", line):
            prefix, kind = section.groups()
        elif line and not line.startswith("#"):
            head, code = line.split(": ", 1)
            name, *spares = head.split(" !")
            code = code.replace("; ", "\n")
            found[f"{prefix}_{name}"] = Idiom(kind, code, frozenset(spares))
    return found


IDIOMS = read_idioms(Path(__file__).with_name("idioms.txt"))


def _cell(name: str, idiom: Idiom, liar: str) -> dict:
    expected = HONEST[idiom.kind]
    code = f"found = answer({liar!r}, {idiom.kind!r})\nexpected = {expected}\n"
    code += idiom.code
    grade_id = f"test_{name}_{liar}"
    about = {"grade": True, "solution": False, "locked": True, "points": 1}
    metadata = {"nbgrader": {"grade_id": grade_id, **about}}
    return new_code_cell(code, metadata=metadata)


def _cells() -> dict[tuple[str, str], dict]:
    return {
        (name, liar): _cell(name, idiom, liar)
        for name, idiom in IDIOMS.items()
        for liar in [
            "honest",
            *(k for k, kinds in LIARS.items() if idiom.kind in kinds),
        ]
        if liar not in idiom.spares
    }


CELLS = _cells()
LIES = [case for case in CELLS if case[1] != "honest"]


@pytest.fixture(scope="module")
def passed():
    """Return whether each cell passed, and what it said if it did not."""
    notebook = new_notebook(cells=[new_code_cell(STUDENT), *CELLS.values()])
    limits = NotebookLimits(notebook_cpu_s=600, notebook_wall_s=900)
    with Engine(["numpy", "pandas", "scipy.io"], limits) as engine:
        executed = engine.run(Job(notebook, IMPORTS))
    found = {cell["grade_id"]: cell for cell in executed.cells}
    return {case: found[f"test_{case[0]}_{case[1]}"] for case in CELLS}


@pytest.mark.parametrize("name", IDIOMS)
def test_an_honest_value_passes(name, passed):
    assert passed[name, "honest"]["status"] == "passed", passed[name, "honest"]


@pytest.mark.parametrize(("name", "liar"), LIES)
def test_a_lie_fails(name, liar, passed):
    assert passed[name, liar]["points"] == 0.0, IDIOMS[name].code
    assert passed[name, liar]["status"] == "failed", passed[name, liar]


def test_every_special_method_of_a_proxy_is_tried():
    own = {name for name in vars(Proxy) if name.startswith("__")}
    inherited = {"__eq__", "__ne__", "__hash__", "__format__"}
    names = own | set(ABILITIES) | inherited
    assert names - SPECIAL_METHODS.keys() - NO_COMPARISON == set()
    tried = set(chain.from_iterable(SPECIAL_METHODS.values()))
    assert tried <= IDIOMS.keys(), tried - IDIOMS.keys()


def test_there_are_enough_idioms():
    assert len(IDIOMS) >= 200
