"""Scores: a class as tables, student by lesson and student by exercise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.gradebook.marks import Key, Mark
from autograder.marking.rows import Row
from autograder.model.cells import ReferenceCell
from autograder.model.lesson import exercise_of


@dataclass
class Points:
    """What a student has in one exercise."""

    score: float = 0.0
    waits: bool = False


@dataclass
class LessonScores:
    """One lesson of a class."""

    lesson: str
    most: dict[str, float]
    """The points of each exercise, in the lesson's order."""
    points: dict[str, dict[str, Points]] = field(default_factory=dict)
    """By student and exercise."""
    unmarked: dict[str, float] = field(default_factory=dict)
    """How many points of each student a person has still to give or refuse."""


def lesson_scores(
    lesson: str,
    rows: Iterable[Row],
    cells: Mapping[str, ReferenceCell],
    exercises: Iterable[str],
) -> LessonScores:
    """Return what students have in the exercises of a lesson.

    Parameters
    ----------
    rows
        Of the lesson, as the gradebook has them.
    cells
        Of the lesson as it was given out, by name and in order.
    exercises
        Names of the exercises that tests decide; the others are answers in words.
    """
    names = {
        name: exercise_of(name, exercises) or name
        for name, cell in cells.items()
        if cell.grade or cell.task
    }
    found = LessonScores(lesson, {})
    for name, exercise in names.items():
        most = found.most.get(exercise, 0.0)
        found.most[exercise] = most + cells[name].points
    for row in rows:
        if row.cell not in names:
            continue
        own = found.points.setdefault(row.student, {})
        points = own.setdefault(names[row.cell], Points())
        points.score += row.score
        points.waits = points.waits or row.waits
        if row.waits:
            left = found.unmarked.get(row.student, 0.0)
            found.unmarked[row.student] = left + cells[row.cell].points
    return found


@dataclass(frozen=True)
class Means:
    """What a class has in one lesson, as shares of what can be had."""

    submissions: int
    all_points: float
    """Mean in which what is not marked yet counts as 0."""
    marked_points: float
    """Mean of what is marked."""
    waiting: int
    """Submissions of which something is not marked yet."""


def means(scores: LessonScores, marks: Mapping[Key, Mark]) -> Means | None:
    """Return the means of a lesson; None if nothing of it counts."""
    counted = [
        (student, mark)
        for (student, lesson), mark in marks.items()
        if lesson == scores.lesson and mark.status != "errored" and mark.max_score
    ]
    if not counted:
        return None
    left = {s: m.max_score - scores.unmarked.get(s, 0.0) for s, m in counted}
    shares = [m.total / m.max_score for _, m in counted]
    of_marked = [m.total / left[s] for s, m in counted if left[s] > 0]
    return Means(
        len(counted),
        sum(shares) / len(shares),
        sum(of_marked) / len(of_marked) if of_marked else 0.0,
        sum(mark.waits_for_a_person for _, mark in counted),
    )
