"""Withdrawal: a student leaves a class, and what is known of her is kept aside."""

import shutil
from pathlib import Path

from autograder.base.locks import grading_lock
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.gradebook.marks import GRADES, read_marks, write_marks
from autograder.gradebook.people import REMOVED
from autograder.gradebook.results import Ledger
from autograder.grading.system_errors import explained
from autograder.intake.submissions import room_of

STEPS = ("submitted", "autograded", "feedback")


def students_of(course: Course) -> set[str]:
    """Return everybody of whom a class has anything."""
    with explained(course), Marker(course) as marker:
        found = marker.students()
    room = room_of(course)
    found |= {path.name for path in room.glob("*") if path.is_dir()}
    records = Ledger(course.results / "results.jsonl").records
    return found | {student for student, _ in records}


def withdraw(course: Course, student: str) -> Path:
    """Take a student out of the gradebook, the results and the tables of a class.

    All that was handed in, graded and shown goes to `removed/`, with her marks and her
    lines of the results. A run that is killed is repeated.

    Parameters
    ----------
    student
        One of `students_of`, never a path.

    Returns
    -------
    The folder that has everything now.

    Raises
    ------
    EngineError
        A run grades this class now, or the gradebook cannot be written.
    """
    ledger = Ledger(course.results / "results.jsonl")
    lessons = {*course.lessons, *(lesson for _, lesson in ledger.records)}
    with (
        explained(course),
        grading_lock(course.results, lessons),
        Marker(course) as marker,
    ):
        room = _new_folder(course.results / REMOVED, student)
        marks = read_marks(course, marker, ledger.records.values())
        own = {key: mark for key, mark in marks.items() if key[0] == student}
        write_marks(room / GRADES, own)
        for step in STEPS:
            folder = course.path(step, student, ".").absolute()
            # With nbgrader's own layout; a link is moved, not what it leads to.
            if folder.is_symlink() or folder.is_dir():
                shutil.move(folder, room / step)
        if student in marker.students():
            marker.gradebook.remove_student(student)
        lines = ledger.remove(student)
        (room / "results.jsonl").write_text("".join(lines), "utf-8")
        read_marks(course, marker, ledger.records.values())
    return room


def _new_folder(room: Path, student: str) -> Path:
    """Make a student's folder; one of another number if she left before."""
    number, folder = 1, room / student
    while folder.exists():
        number += 1
        folder = room / f"{student}.{number}"
    folder.mkdir(parents=True)
    return folder
