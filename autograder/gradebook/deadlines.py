"""Deadlines: due dates and extensions of the class's file, in the gradebook.

What people set in the formgrader stays where the file says nothing. What the file has
said before and says no longer is taken back: a note in the class's folder tells it.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from nbgrader.api import (
    Assignment,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import func, select

from autograder.base.files import replacing
from autograder.course.class_file import ClassFile
from autograder.course.course import Course
from autograder.course.times import told
from autograder.gradebook.database import OpenGradebook

NOTE = ".autograder.class.json"
Submitted = tuple[str, str, str]
"""The names of a notebook, its lesson and its student."""


def write_deadlines(course: Course, gradebook: OpenGradebook) -> list[str]:
    """Write what the class's file says of when lessons are due.

    Returns
    -------
    A sentence for each due date and each extension that is another one now.
    """
    said = course.class_file
    before = _noted(course)
    now = {lesson: _as_noted(said, lesson) for lesson in said.lessons}
    if not (before or any(now.values())):
        return []
    found = []
    with gradebook.one_commit():
        for lesson in sorted({*before, *now}):
            of_lesson = now.get(lesson, {}), before.get(lesson, {})
            found += _write(said, gradebook, lesson, *of_lesson)
    with replacing(course.results / NOTE) as file:
        json.dump({name: noted for name, noted in now.items() if noted}, file)
    return found


def extension_of(said: ClassFile, lesson: str, student: str) -> timedelta | None:
    """Return how much longer than the class a student has for a lesson."""
    terms = said.of(lesson)
    until = terms.extensions.get(student)
    return until - terms.due if until and terms.due else None


def late_ones(
    gradebook: OpenGradebook, lessons: Collection[str], students: Collection[str] = ()
) -> list[Submitted]:
    """Return what came late, or has a penalty; without a time, nothing is late.

    Parameters
    ----------
    students
        All if none are given.
    """
    penalty = func.coalesce(SubmittedNotebook.late_submission_penalty, 0.0)
    query = (
        select(
            Notebook.name,
            Assignment.name,
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
            penalty,
        )
        .join(
            SubmittedAssignment,
            SubmittedAssignment.id == SubmittedNotebook.assignment_id,
        )
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(
            Assignment.name.in_(lessons),
            SubmittedAssignment.timestamp.is_not(None),
        )
    )
    found = []
    rows = gradebook.db.execute(query)
    for name, lesson, student, time, extension, due, now in rows:
        if students and student not in students:
            continue
        if extension and due:
            due += extension
        if now or (due and time > due):
            found.append((name, lesson, student))
    return found


def _write(
    said: ClassFile, gradebook: OpenGradebook, lesson: str, now: dict, before: dict
) -> Iterator[str]:
    try:
        assignment = gradebook.find_assignment(lesson)
    except MissingEntry:
        return
    zone = said.time_zone
    if "due" in now or "due" in before:
        due = said.of(lesson).due if "due" in now else None
        if assignment.duedate != due:
            was = told(assignment.duedate, zone)
            yield f"{lesson} is due {told(due, zone)}, before: {was}"
            assignment.duedate = due
    for student in sorted({*now.get("extensions", ()), *before.get("extensions", ())}):
        try:
            submission = gradebook.find_submission(lesson, student)
        except MissingEntry:
            continue  # it gets the extension when it is marked
        longer = extension_of(said, lesson, student)
        if (submission.extension or None) != longer:
            submission.extension = longer
            until = said.of(lesson).extensions.get(student, assignment.duedate)
            yield f"{student} has time for {lesson} until {told(until, zone)}"


def _as_noted(said: ClassFile, lesson: str) -> dict:
    terms = said.of(lesson)
    found: dict[str, object] = {"due": terms.due.isoformat()} if terms.due else {}
    if terms.extensions:
        found["extensions"] = sorted(terms.extensions)
    return found


def _noted(course: Course) -> Mapping[str, dict]:
    try:
        return json.loads((course.results / NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
