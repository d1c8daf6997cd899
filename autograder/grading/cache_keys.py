"""Cache keys: what the result of a submission depends on, part by part."""

import json
from dataclasses import asdict
from functools import cache
from threading import Lock

from autograder.base.errors import WrongUse
from autograder.base.hashing import digest, digest_of_code, versions
from autograder.base.paths import PACKAGE
from autograder.course.class_file import BEST
from autograder.course.configuration import setting
from autograder.course.course import Course
from autograder.course.db_url import named
from autograder.course.lesson_files import lesson_files
from autograder.course.watch_policy import policy_of
from autograder.gradebook.results import Record
from autograder.intake.submissions import Submission, digest_of_folder
from autograder.sealed.limits import NotebookLimits

# Rooms of this package that decide marks, each hashed whole. What shows marks (pages,
# reports, exports, the site, the command line) is not among them.
DECIDES = ("base", "model", "sealed", "course", "gradebook", "intake", "grading")


WITHOUT_EXECUTION = {
    "AssignLatePenalties",
    "CourseDirectory",
    "Exchange",
    "ExchangeSubmit",
    "GenerateFeedback",
    "LateSubmissionPlugin",
    "ZipCollectApp",
}
"""Settings of nbgrader that change with no execution's result."""


class Keys:
    """What the results of one course depend on, part by part."""

    def __init__(self, course: Course, limits: NotebookLimits) -> None:
        self._course = course
        self._limits = limits
        self._policy = policy_of(course)
        self._of_lessons: dict[str, dict[str, str]] = {}
        self._reading = Lock()

    def of(self, submission: Submission) -> dict[str, str]:
        """Return a digest of each part that a submission's result depends on."""
        student, lesson = submission.student, submission.lesson
        own = {
            "submission": digest_of_folder(submission.folder),
            "constants": self._course.variants.digest(lesson, student),
        }
        url = self._course.db_url
        own["gradebook"] = "" if url.startswith("sqlite") else digest(named(url))
        return own | self.of_lesson(lesson)

    def of_lesson(self, lesson: str) -> dict[str, str]:
        """Return the parts that all submissions of a lesson share."""
        with self._reading:  # all readers of a class ask for it at the same moment
            if lesson not in self._of_lessons:
                self._of_lessons[lesson] = self._of_lesson(lesson)
            return self._of_lessons[lesson]

    def best_counts(self, lesson: str) -> bool:
        """Whether a student's best try counts; else it is the last."""
        return self._policy.of(lesson).counts == BEST

    def changes(self, submission: Submission, record: Record | None) -> str:
        """Say why a submission has to be executed; nothing if its record holds."""
        if record is None:
            return "new"
        if record.status == "errored":
            return "the grader failed before"
        has_fewer = record.status == "graded" and record.earlier_counts
        if has_fewer and not self.best_counts(submission.lesson):
            return "the last try counts now"
        try:
            now = self.of(submission)
        except WrongUse:  # of the class's own settings: they concern everybody
            raise
        except Exception as error:  # its folder may change, or go, at any time
            return f"it could not be read ({type(error).__name__})"
        return ", ".join(
            f"{part} changed" for part in now if record.key.get(part, "") != now[part]
        )

    def _of_lesson(self, lesson: str) -> dict[str, str]:
        tests = self._course.notebooks(lesson)
        data = lesson_files(self._course, lesson).values()
        return {
            "tests": digest(*tests),
            "data": digest(*data),
            "versions": digest(*versions()),
            "limits": digest(
                json.dumps(asdict(self._limits)), self._course.tests.of(lesson)
            ),
            "grader": digest_of_grader(),
            "cells": self._course.cells,
            "settings": _settings(self._course),
        }


def _settings(course: Course) -> str:
    """Return what changes with a course's settings of how notebooks are made and run.

    Not those of folders, dates and pages, on which no execution depends.
    """
    if course.is_ours:
        return ""
    chosen = {n: s for n, s in course.config.items() if n not in WITHOUT_EXECUTION}
    told = json.dumps(chosen, sort_keys=True, default=_by_name)
    paths = [
        course.root / str(setting(course.config, name, "", "IncludeHeaderFooter"))
        for name in ("header", "footer")
    ]
    if "preprocessors" in told:
        paths += sorted(course.root.glob("*.py"))
    data = repr(sorted(course.data.items()))
    return digest(told, data, *(path for path in paths if path.is_file()))


def _by_name(value: object) -> str:
    """Return what stands for a class, a function or an object in a digest."""
    return getattr(value, "__qualname__", type(value).__qualname__)


@cache
def digest_of_grader() -> str:
    """Return a digest of the code that decides marks."""
    return digest_of_code(PACKAGE, DECIDES)
