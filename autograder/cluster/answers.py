"""Answers: what a worker sends back, believed as far as it fits the job it was given.

A worker is another machine. What it says is looked at like anything from outside: an
answer of the wrong shape, of another notebook, or with points that the job does not
have is an error of the grader: no mark comes of it, and the next run tries again.
"""

from __future__ import annotations

import json
import math

import nbformat

from autograder.base.errors import EngineError
from autograder.model.cells import Role, entry_of, role_in_notebook
from autograder.sealed.job import Executed, Job
from autograder.sealed.limits import LEFT_OUT

_STATUSES = frozenset(
    ["passed", "partial", "failed", "timeout", "memory", "crashed", LEFT_OUT]
)
_LISTS_OF = {"sandbox": str, "slowest": dict, "cells": dict}
_OF_A_RESULT = ("grade_id", "points", "max_points", "status", "message")


def read_answer(answer: object, job: Job) -> Executed:
    """Return what a worker says it has executed.

    Raises
    ------
    EngineError
        It is not an answer to this job: the message says what was found and expected.
    """
    try:
        content = json.loads(_of(bytes, answer, "the answer"))
        executed = Executed(**_of(dict, content, "the answer"))
        for name, kind in _LISTS_OF.items():
            for entry in _of(list, getattr(executed, name), name):
                _of(kind, entry, f"an entry of {name}")
        for name, picture in _of(dict, executed.pictures, "pictures").items():
            _of(str, picture, f"the picture {name[:40]}")
        for entry in executed.slowest:
            _of(str, entry.get("cell"), "a slow cell")
            _number(entry.get("seconds"), "its seconds")
        _expect_results(executed.cells, job)
        executed.notebook = nbformat.from_dict(_of(dict, executed.notebook, "notebook"))
        _expect_notebook(executed, job)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise EngineError(
            f"a worker sent no answer to its job: {str(error)[:300]}; is the same "
            "version of everything installed there (docs/cluster.md)?"
        ) from error
    return executed


def _expect_results(results: list[dict], job: Job) -> None:
    """Insist on one result for each test cell of the job, with points it can have."""
    tests = [
        entry_of(cell)
        for cell in job.notebook.cells
        if cell.cell_type == "code" and role_in_notebook(cell) == Role.TEST
    ]
    names = [entry["grade_id"] for entry in tests]
    found = [result.get("grade_id") for result in results]
    if found != names:
        raise ValueError(f"found results of {found!r:.100}, expected {names!r:.100}")
    for result, entry in zip(results, tests, strict=True):
        name, most = entry["grade_id"], float(entry.get("points") or 0)
        if set(result) != set(_OF_A_RESULT):
            raise ValueError(f"{name}: found {sorted(result)!r:.100} of a result")
        points = _number(result["points"], f"{name}: points")
        if not 0 <= points <= most or _number(result["max_points"], name) != most:
            raise ValueError(f"{name}: found {points!r:.20} points of {most:g}")
        if result["status"] not in _STATUSES:
            raise ValueError(f"{name}: found the status {result['status']!r:.40}")
        _of(str, result["message"], f"{name}: message")


def _expect_notebook(executed: Executed, job: Job) -> None:
    """Insist on the job's own notebook, with outputs added."""
    ours, theirs = job.notebook.cells, executed.notebook.cells
    if [(c.cell_type, c.source) for c in ours] != [
        (c.cell_type, c.source) for c in theirs
    ]:
        raise ValueError("found another notebook than the job's")
    if [entry_of(c) for c in ours] != [entry_of(c) for c in theirs]:
        raise ValueError("found other metadata of nbgrader than the job's")
    for cell in theirs:
        for output in _of(list, cell.get("outputs", []), "outputs"):
            _of(str, output.get("output_type"), "the type of an output")


def _of(kind: type, value: object, what: str) -> object:
    if type(value) is not kind:
        found, expected = type(value).__name__, kind.__name__
        raise TypeError(f"{what}: found a {found}, expected a {expected}")
    return value


def _number(value: object, what: str) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise TypeError(f"{what}: found {value!r:.40}, expected a number")
    return value
