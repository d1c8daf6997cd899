"""From the value of a test cell, or what it raised, to points and a message."""

from __future__ import annotations

from dataclasses import dataclass

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


def number_or_text(shown: object) -> object:
    """Return the value of a test from what the notebook shows of it."""
    if shown == "False":
        return False
    try:
        return float(str(shown))
    except ValueError:
        return shown


def outcome(status: str, points: float, message: str = "") -> dict:
    """Return what became of a cell, but for its outputs and its time."""
    return {"status": status, "points": points, "message": message}
