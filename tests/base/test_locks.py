"""A lesson of a class has one grader at a time; a killed one keeps nobody out."""

import signal
from multiprocessing import get_context

import pytest

from autograder.base.errors import EngineError
from autograder.base.locks import grading_lock


def test_a_lesson_has_one_grader_at_a_time_and_other_lessons_have_others(tmp_path):
    with grading_lock(tmp_path, ["a", "b"]), grading_lock(tmp_path, ["c"]):
        with pytest.raises(EngineError, match="another run grades b of this class"):
            grading_lock(tmp_path, ["b", "d"]).__enter__()
        with grading_lock(tmp_path, ["d"]):  # what was refused holds nothing
            pass
    with grading_lock(tmp_path, ["a", "b", "c"]):
        pass


def test_a_killed_grader_keeps_nobody_out(tmp_path):
    context = get_context("fork")
    ours, theirs = context.Pipe()

    def grade() -> None:
        with grading_lock(tmp_path, ["a"]):
            theirs.send("begun")
            signal.pause()

    grader = context.Process(target=grade)
    grader.start()
    assert ours.recv() == "begun"
    with pytest.raises(EngineError, match="another run grades a of"):
        grading_lock(tmp_path, ["a"]).__enter__()
    grader.kill()
    grader.join()
    with grading_lock(tmp_path, ["a"]):
        pass
