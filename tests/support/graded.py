"""The small course graded: a class in, its records out."""

from autograder.grading.grader import Grader
from autograder.intake.submissions import submissions
from autograder.sealed.engine import Engine
from autograder.sealed.limits import NotebookLimits
from tests.support.small_course import LESSON, make_course

LIMITS = NotebookLimits(cell_cpu_s=1, cell_wall_s=4)


def grade(root, jobs=2, limits=LIMITS, lesson=LESSON, engine=Engine):
    """Grade everything below `root`; return the records by student."""
    course = make_course(root, lesson)
    grader = Grader(course, jobs=jobs, limits=limits, engine=engine)
    return {record.student: record for record in grader.run(submissions(course))}


def points(record) -> dict[str, float]:
    """Return the points of each test."""
    return {cell["grade_id"]: cell["points"] for cell in record.cells}


def statuses(record) -> dict[str, str]:
    """Return the status of each test."""
    return {cell["grade_id"]: cell["status"] for cell in record.cells}
