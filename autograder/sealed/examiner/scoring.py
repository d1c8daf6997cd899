"""From the value of a test cell, or what it raised, to points and a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from autograder.sealed.examiner.outputs import encodable


@dataclass(frozen=True)
class Failure:
    """Why a test failed, as text."""

    name: str
    text: str
    where: str
    """Lines of the student's code, if the error came from there."""
    status: str

    @classmethod
    def of(cls, error: Exception) -> Failure:
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


def plain_value(value: object) -> object:
    """Return the value of a test; a number or truth of a library as Python's own.

    What passes for a number of the student's is none: types decide, no object is asked.
    """
    kind = type(value)
    if kind.__module__.startswith("tensorflow."):
        value = np.asarray(value)
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0:
        return value.item()
    return float(value) if issubclass(kind, Decimal) else value


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
