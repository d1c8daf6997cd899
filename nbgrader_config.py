"""nbgrader's settings: its steps mapped onto this project's rooms."""

from pathlib import Path

from autograder.course.course import configure, let_programs_be_found

let_programs_be_found()
configure(get_config(), root=Path(__file__).parent)  # noqa: F821  # given by nbgrader
