"""From the value of a test cell, or what it raised, to points and a message."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from numbers import Real

import numpy as np

from autograder.sealed.examiner.outputs import encodable
from autograder.sealed.examiner.proxies import is_proxy
from autograder.sealed.protocol.pandas_tables import is_index, is_missing, is_table


@dataclass(frozen=True)
class Failure:
    """Why a test failed, as text."""

    name: str
    text: str
    where: str
    """Lines of the student's code, if the error came from there."""
    status: str

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Describe what a test has raised; may run student code."""
        try:
            text = str(error)
        except Exception:  # it holds an object of the student's
            text = "(its message cannot be shown)"
        if isinstance(error, AssertionError) and not text:
            text = "a condition of this test does not hold"
        where = getattr(error, "student_traceback", "")
        status = "memory" if isinstance(error, MemoryError) else "failed"
        return cls(type(error).__name__, encodable(text), where, status)


_SHOWN = re.compile(
    r"np\.(?P<truth>True|False)_"
    r"|np\.(?:float|int|uint|longdouble|longlong|ulonglong)\w*\('?(?P<scalar>[^()']+)'?\)"
    r"|array\((?P<array>[^()\[\],]+)(?:, dtype=\w+)?\)"
    r"|<tf\.Tensor: shape=\(\), .*numpy=(?P<tensor>\S+)>"
    r"|Decimal\('(?P<decimal>[^']+)'\)"
    r"|Fraction\((?P<part>-?\d+), (?P<whole>\d+)\)"
)
"""How a notebook shows a number or a truth of a library."""


_TRUTHS = frozenset(["isclose", "equal", "not_equal", "logical_and", "logical_not"])
_OF_TRUTHS = frozenset(["abs", "max", "mean", "min", "prod", "round", "sum"])


def plain_value(value: object, source: str) -> object:
    """Return the value of a test; a number or truth of a library as Python's own.

    Where a test ends in a score or a truth, it is the student's answer that makes an
    array or a table of it: then the least element counts, and what is no number fails.
    What passes for a number of the student's is none: types decide, no object is asked.

    Parameters
    ----------
    source
        Of the test.
    """
    kind = type(value)
    if kind.__module__.startswith("tensorflow."):
        value = np.asarray(value)
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0:
        value = value.item()
    if issubclass(kind, Decimal):
        return math.nan if value.is_nan() else as_points(value)
    has_many = isinstance(value, np.ndarray) or is_table(value) or is_index(value)
    is_other = is_proxy(value) or is_missing(value) or isinstance(value, complex)
    if (has_many or is_other) and _ends_in_a_score(source):
        return _least(np.asarray(value)) if has_many else math.nan
    return value


def _least(found: np.ndarray) -> bool | float:
    """Return the least element: a truth or a number, else what is no score."""
    if found.dtype.kind == "O":
        items = found.ravel().tolist()
        if not all(isinstance(item, Real) for item in items):
            return math.nan
        found = np.array(items)
    if found.dtype.kind not in "biuf" or not found.size:
        return math.nan
    return found.min().item()


def _ends_in_a_score(source: str) -> bool:
    """Whether a test ends in a comparison, or in a sum of points and the like."""
    body = ast.parse(source).body
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(ast.Module(body, [])):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, []).append(node.value)
    return isinstance(body[-1], ast.Expr) and _counts(body[-1].value, values)


def _counts(node: ast.expr, values: dict[str, list[ast.expr]]) -> bool:
    """Whether an expression is a truth or points, as far as that can be seen in it."""
    if isinstance(node, ast.Compare):
        return True
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    if isinstance(node, ast.Name):
        given = values.pop(node.id, ())  # once is enough
        return any(_counts(value, values) for value in given)
    parts: list[ast.expr] = []
    if isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.UnaryOp):
        parts = [node.operand]
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, ast.List | ast.Tuple):
        parts = node.elts
    elif isinstance(node, ast.ListComp | ast.GeneratorExp):
        parts = [node.elt]
    elif isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in _TRUTHS:
            return True
        parts = node.args if name in _OF_TRUTHS else []
    return any(_counts(part, values) for part in parts)


def as_points(value: Real | Decimal) -> float:
    """Return a number as points; one that is too large for a float as infinite."""
    try:
        return float(value)
    except OverflowError:  # an integer or a fraction of hundreds of digits
        return math.inf if value > 0 else -math.inf


def number_or_text(shown: object) -> object:
    """Return the value of a test from what the notebook shows of it."""
    text = str(shown)
    if found := _SHOWN.fullmatch(text):
        if found["whole"]:
            return float(Fraction(int(found["part"]), int(found["whole"]) or 1))
        text = next(part for part in found.groups() if part is not None)
    if text == "False":
        return False
    try:
        return float(text)
    except ValueError:
        return shown


def outcome(status: str, points: float, message: str = "") -> dict:
    """Return what became of a cell, but for its outputs and its time."""
    return {"status": status, "points": points, "message": message}
