"""Audit of variants: proves a lesson with the constants that other students get.

What the audit proves holds for the constants of the common notebook. Here constants are
drawn for students who do not exist; what depends on them is proved again.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from autograder.audit.audit import audit
from autograder.audit.course_audit import problem_of
from autograder.audit.slicing import exercises_of, uses_constants
from autograder.authoring.build import wrong_scores
from autograder.authoring.notebooks import release_bytes
from autograder.base.source_code import imported_modules
from autograder.course.variants import drawn
from autograder.model.catalogue import Answer
from autograder.model.constants import constants_in, is_marked
from autograder.model.lesson import Lesson
from autograder.sealed.engine import Engine
from autograder.sealed.limits import NotebookLimits

KEY = b"of students who do not exist"


@dataclass
class Outcome:
    """What came of a lesson's variants."""

    different: int
    """Students whose constants differ from each other's."""
    answers: int = 0
    """Answers, solutions among them, to exercises that the constants reach."""
    problems: list[str] = field(default_factory=list)


def prove_variants(
    lesson: Lesson,
    answers: list[Answer],
    *,
    students: int,
    jobs: int,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Grade a lesson with the constants of made-up students.

    For each of them the solution must get full marks and the notebook as it is given
    out none; in exercises that the constants reach, catalogued answers are graded too.

    Parameters
    ----------
    answers
        The lesson's catalogue.
    students
        How many to make up.
    watch
        Called after each catalogued answer with the number of those done, and of all.
    """
    variants = {}
    for number in range(students):
        made = _as_drawn(lesson, f"student {number}")
        variants.setdefault(_constants(made), made)
    outcome = Outcome(len(variants))
    reached = {
        exercise.name
        for exercise in exercises_of(lesson)
        if uses_constants(
            exercise, [a.code for a in answers if a.exercise == exercise.name]
        )
    }
    touched = [
        replace(exercise, lesson=f"{lesson.name} with {constants}")
        for constants, made in variants.items()
        for exercise in exercises_of(made)
        if exercise.name in reached
    ]
    outcome.problems += _of_notebooks(lesson, variants, jobs)
    if touched:
        verdicts = audit(
            touched, answers, {}, jobs=jobs, with_mutants=False, watch=watch
        )
        outcome.answers = len(verdicts)
        outcome.problems += [problem_of(v) for v in verdicts if v.is_problem]
    return outcome


def has_constants(lesson: Lesson) -> bool:
    """Whether a lesson has constants that may be each student's own."""
    return any(c.kind == "code" and is_marked(c.source) for c in lesson.cells)


def _as_drawn(lesson: Lesson, student: str) -> Lesson:
    """Return a lesson as a student of the made-up class has it."""
    cells = (
        replace(cell, source=drawn(KEY, lesson.name, student, cell.source))
        if cell.kind == "code"
        else cell
        for cell in lesson.cells
    )
    return replace(lesson, cells=tuple(cells))


def _constants(lesson: Lesson) -> str:
    """Return the constants of a lesson as a reader would write them: `u = 3`."""
    return ", ".join(
        f"{constant.name} = {constant.default}"
        for cell in lesson.cells
        if cell.kind == "code"
        for constant in constants_in(cell.source)
    )


def _of_notebooks(lesson: Lesson, variants: dict[str, Lesson], jobs: int) -> list[str]:
    """Grade whole notebooks: solved, and as they are given out."""
    imports = {
        module
        for cell in lesson.cells
        if cell.kind == "code"
        for module in imported_modules(cell.source)
    }
    release = release_bytes(lesson)
    with (
        Engine(sorted(imports), NotebookLimits()) as engine,
        ThreadPoolExecutor(jobs) as slots,
    ):
        run = partial(wrong_scores, engine, release=release)
        found = slots.map(run, variants.values())
        return [
            f"with {constants}: {text}"
            for constants, wrong in zip(variants, found, strict=True)
            for text in wrong
        ]
