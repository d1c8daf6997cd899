"""nbgrader's settings: its steps mapped onto this project's rooms."""

from pathlib import Path

from autograder.course.course import configure, let_programs_be_found
from autograder.course.formgrader import show_lessons_of_the_class

let_programs_be_found()
ROOT = Path(__file__).parent
configure(get_config(), root=ROOT)  # noqa: F821  # given by nbgrader
show_lessons_of_the_class(ROOT)
