"""Whatever call of ours fails for a submission, the run goes on, and so do all others.

Nobody lists the calls. All functions of the rooms on the way of a submission are
wrapped; those that are called for a student are found by a first run. In a second one
each of them raises for a student of its own.
"""

from __future__ import annotations

import pkgutil
import sys
import threading
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest
from typer.testing import CliRunner

from autograder.cli import app, grading, outcomes
from autograder.course.course import own_course
from autograder.gradebook.results import Ledger, Record
from autograder.grading.worker_pool import Finished
from autograder.intake.submissions import Submission
from autograder.sealed import engine, template
from tests.attacks.arena import FULL, Arena, solved
from tests.support.passing_engine import PassingEngine

ROOMS = ("course", "gradebook", "grading", "intake", "pages")
"""Those that a submission goes through; `base` and `model` are called by them."""
COMMANDS = ("grade", "feedback")
HANDING_ON = frozenset(
    [
        "Course.has_student",  # who is in the class, by the settings and the name alone
        "setting",
        "_looked_at",  # deal with failures themselves
        "Grader._execute",
        "Grader._mark",
        "Grader._reason",
        "Keys.changes",
        "WorkerPool.begin",
        "Ledger.add",  # no mark without its record: where none is written, work ends
        "Ledger._is_whole",
        "Ledger._state",
        "_line",
    ]
)
"""What ends a run: it hands submissions on, and sees nothing of what is in them."""


class Unforeseen(Exception):
    """What no code of ours expects."""


class Wrapped:
    """All functions of the rooms, each of which can fail for a student of its own."""

    def __init__(self, monkeypatch) -> None:
        self.called: dict[str, set[str]] = {}
        """By student: the functions that were called for nobody else."""
        self.failing: dict[str, str] = {}
        """By student: the function that raises."""
        self._here = threading.local()
        self._made: dict[FunctionType, FunctionType] = {}
        for name in list(_modules()):
            for owner, key, function in list(_functions(name)):
                monkeypatch.setattr(owner, key, self._wrapped(function))

    def _wrapped(self, function: FunctionType) -> FunctionType:
        if function in self._made:
            return self._made[function]
        name = function.__qualname__
        here = self._here

        @wraps(function)
        def call(*args, **kwargs):
            outer = getattr(here, "student", "")
            here.student = outer or _student_in((*args, *kwargs.values()))
            try:
                if here.student:
                    self.called.setdefault(here.student, set()).add(name)
                    if self.failing.get(here.student) == name:
                        raise Unforeseen(name)
                return function(*args, **kwargs)
            finally:
                here.student = outer

        self._made[function] = call
        return call


def _modules():
    for room in ROOMS:
        package = import_module(f"autograder.{room}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(found.name)
    return [name for name in sys.modules if name.startswith("autograder.")]


def _functions(name: str):
    """Yield the functions that a module can name, and the methods of its classes."""
    for key, value in vars(sys.modules[name]).items():
        if _is_ours(value):
            yield sys.modules[name], key, value
        elif isinstance(value, type) and value.__module__ == name:
            for inner, method in vars(value).items():
                if _is_ours(method) and not inner.startswith("__"):
                    yield value, inner, method


def _is_ours(value: object) -> bool:
    rooms = tuple(f"autograder.{room}." for room in ROOMS)
    return isinstance(value, FunctionType) and value.__module__.startswith(rooms)


def _student_in(values: tuple) -> str:
    """Return the student whom one of these values is about, if one is."""
    for value in values:
        if isinstance(value, Submission | Record):
            return value.student
        if isinstance(value, Finished):
            return value.record.student
        text = str(value) if isinstance(value, str | Path) else ""
        for part in text.split("/"):
            if part.startswith("student-"):
                return part
    return ""


def _threads(_jobs: int, _context: object, **options: object) -> ThreadPoolExecutor:
    """Stand in for processes, in which nothing would be noted."""
    return ThreadPoolExecutor(1, **options)


def _what_ends(command: str, order: list[str]) -> str:
    """Return the function whose failure ends a command; nothing if it is not ended."""
    result = CliRunner().invoke(app, [command, *order])
    error = result.exception
    if isinstance(error, SystemExit | None):
        return ""
    while error and not isinstance(error, Unforeseen):
        error = error.__cause__ or error.__context__
    if command == "feedback":  # which says whose pages were not written
        return ""
    assert error, (repr(result.exception), result.output)
    return str(error)


@pytest.mark.patient
def test_whatever_call_fails_for_a_student_costs_that_one_alone(tmp_path, monkeypatch):
    arena = Arena(tmp_path)
    arena.hand_in("student-first", solved())
    course = own_course(arena.room, arena.root)
    monkeypatch.setattr(engine, "Engine", PassingEngine)
    monkeypatch.setattr(template, "start", lambda modules, **_: None)
    for module in (grading, outcomes):
        monkeypatch.setattr(module, "course_of", lambda *_, **__: course)
    monkeypatch.setattr(futures, "ProcessPoolExecutor", _threads)
    wrapped = Wrapped(monkeypatch)
    order = ["--classroom", str(arena.room)]
    for command in COMMANDS:
        result = CliRunner().invoke(app, [command, *order])
        assert result.exit_code == 0, (result.output, result.exception)
    steps = sorted(wrapped.called["student-first"])
    assert len(steps) > 100, steps
    for number, step in enumerate(steps):
        hand = solved()
        hand.last(str(number))  # else its result would be a classmate's
        wrapped.failing[f"student-{number:03}"] = step
        arena.hand_in(f"student-{number:03}", hand)
    ended = set()
    for command in COMMANDS:
        while step := _what_ends(command, order):
            ended.add(step)
            wrapped.failing = {s: f for s, f in wrapped.failing.items() if f != step}
    assert ended <= HANDING_ON, " ".join(sorted(ended - HANDING_ON))
    records = Ledger(course.results / "results.jsonl").records
    told = {student: records[key] for key in records for student in [key[0]]}
    assert told["a_classmate"].score == told["student-first"].score == FULL
    pages = {path.parts[-3] for path in arena.room.glob("feedback/*/*/*.html")}
    assert {"a_classmate", "student-first"} <= pages
    for student, step in wrapped.failing.items():
        record = told[student]
        if record.status in ("errored", "unreadable"):
            assert "Unforeseen" in record.message, record.message
            assert step in record.message, record.message
        else:
            assert (record.status, record.score) == ("graded", FULL), (step, record)
