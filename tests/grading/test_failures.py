"""Whatever a submission makes the grader's own code raise, it costs that one alone."""

from __future__ import annotations

import ast
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.course import lesson_files
from autograder.course.course import own_course
from autograder.gradebook.marker import Marker
from autograder.grading import cell_choice, grader, worker_pool
from autograder.grading.grader import Grader
from autograder.intake import prepare, several, submissions
from tests.attacks.arena import FULL, LESSON, LIMITS, Arena, solved
from tests.support.passing_engine import PassingEngine

ERRORS = (RecursionError, MemoryError, ValueError, KeyError, UnicodeEncodeError)
STEPS = {
    "digest_of_work": grader,
    "where_tests_ran": grader,
    "prepare_all": grader,
    "prepare": several,
    "left_out": grader,
    "digest": grader,
    "replacing": grader,
    "put_back": grader,
    "files_that_count": grader,
    "by_name": lesson_files,
    "files_beside": grader,
    "find_notebook": prepare,
    "read_notebook": prepare,
    "put_right": prepare,
    "repair": prepare,
    "import_statements": prepare,
    "extras_of": prepare,
    "likely_first": submissions,
    "look_beside": submissions,
    "choose": cell_choice,
    "code_cells": cell_choice,
    "_entry": worker_pool,
}
"""Calls on the way of a submission, by the module that makes them."""


def test_all_steps_are_still_there():
    """A step that was renamed would be broken by nothing, and its test would pass."""
    for name, module in STEPS.items():
        assert hasattr(module, name), f"{module.__name__}.{name}"
        tree = ast.parse(Path(module.__file__).read_text("utf-8"))
        called = {n.func.id for n in ast.walk(tree) if _is_named_call(n)}
        assert name in called, f"{module.__name__} does not call {name}"


def _is_named_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _make(kind: type[Exception]) -> Exception:
    if kind is UnicodeEncodeError:
        return kind("utf-8", "\ud800", 0, 1, "surrogates not allowed")
    return kind("made to fail")


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    """Make a class: one student for each error, and honest ones."""
    made = Arena(tmp_path_factory.mktemp("failures"))
    for kind in ERRORS:
        hand = solved()
        hand.last(f"'{kind.__name__}'")  # else its result would be a classmate's
        made.hand_in(kind.__name__, hand)
    made.hand_in("zoe", solved())
    return made


@pytest.mark.parametrize("step", STEPS)
def test_whatever_a_step_raises_the_run_goes_on(step, arena, monkeypatch):
    """It is raised at each call that is made for a student who is called so."""
    course = own_course(arena.room, arena.root)
    original, module = getattr(STEPS[step], step), STEPS[step]
    kinds = {kind.__name__: kind for kind in ERRORS}
    here = threading.local()

    def failing(*args, **kwargs):
        if kind := kinds.get(getattr(here, "student", "")):
            raise _make(kind)
        return original(*args, **kwargs)

    @contextmanager
    def noting(student):
        here.student = student
        yield
        here.student = ""

    execute, mark = Grader._execute, Grader._mark

    def executing(self, submission, *rest):
        with noting(submission.student):
            return execute(self, submission, *rest)

    def marking(self, finished, *rest):
        with noting(finished.submission.student):
            return mark(self, finished, *rest)

    monkeypatch.setattr(module, step, failing)
    monkeypatch.setattr(Grader, "_execute", executing)
    monkeypatch.setattr(Grader, "_mark", marking)
    for kept in arena.room.glob("executed/*"):
        kept.unlink()
    (arena.room / "results.jsonl").unlink(missing_ok=True)
    made = Grader(course, jobs=1, limits=LIMITS, engine=PassingEngine)
    todo = submissions.submissions(course, [LESSON])
    records = {r.student: r for r in made.run(todo)}
    for name in kinds:
        assert records[name].status == "errored"
        assert name in records[name].message
    assert records["a_classmate"].score == records["zoe"].score == FULL


TWICE = {
    "reading": (prepare, "find_notebook", ValueError),
    "repairing": (prepare, "put_right", RecursionError),
    "executing": (grader, "left_out", MemoryError),
    "marking": (Marker, "mark", KeyError),
}


@pytest.mark.parametrize("step", TWICE)
def test_what_fails_twice_in_the_same_way_is_handed_to_a_person(
    step, tmp_path, monkeypatch
):
    arena = Arena(tmp_path)
    course = own_course(arena.room, arena.root)
    owner, name, kind = TWICE[step]

    def failing(*_, **__):
        raise _make(kind)

    def run():
        made = Grader(course, jobs=1, limits=LIMITS, engine=PassingEngine)
        (record,) = made.run(submissions.submissions(course, [LESSON]))
        return record

    with monkeypatch.context() as broken:
        broken.setattr(owner, name, failing)
        first, second = run(), run()
    assert (first.status, second.status) == ("errored", "unreadable")
    for record in (first, second):
        assert kind.__name__ in record.message
        assert "tell the maintainers" in record.message
        assert record.max_score == FULL + 1
    assert "mark it by hand" in second.message
    assert run().status == "graded"
