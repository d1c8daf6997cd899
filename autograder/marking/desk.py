"""The desk: one question over a whole class, its marks read and written at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from autograder.base.errors import WrongUse
from autograder.base.hashing import digest
from autograder.base.names import harmless
from autograder.course.course import Course
from autograder.gradebook.marker import Marker
from autograder.gradebook.people import called, people_in
from autograder.marking import rows
from autograder.marking.answers import Answer, Answers
from autograder.marking.questions import Question, read_questions
from autograder.marking.rows import Row

LONGEST_COMMENT = 20_000
"""Characters."""
CHANGED = "somebody has changed it meanwhile, or the student's answer is another one"


@dataclass(frozen=True)
class Sheet:
    """One student's answer to a question, with its marks as they are now."""

    row: Row
    answer: Answer

    @property
    def state(self) -> str:
        """What is another text when the marks or the answer are."""
        return digest(self.row.state, self.answer.state)


@dataclass(frozen=True)
class Saved:
    """What the gradebook has of an answer after somebody wished to write."""

    state: str
    points: float | None
    comment: str
    waits: bool
    why_not: str = ""
    """Why nothing was written; empty if it was."""


class Desk:
    """One lesson of a class, to be marked by a person.

    Raises
    ------
    WrongUse
        Nothing of it is for people to mark, or nothing was graded yet.
    """

    def __init__(self, course: Course, lesson: str, marker: Marker) -> None:
        self.lesson = lesson
        self.title = course.class_file.called(lesson)
        self._gradebook = marker.gradebook
        known = {(row.notebook, row.cell) for row in self._rows()}
        asked = read_questions(course, lesson)
        self.questions = [q for q in asked if (q.notebook, q.name) in known]
        if not asked:
            raise WrongUse(
                f"{lesson}: found no written answer or task, expected one that a "
                "person marks; `autograder show` has a * at marks that wait for one."
            )
        if not self.questions:
            raise WrongUse(
                f"{lesson}: found no graded submission, expected one to mark; run "
                f"`autograder grade {lesson}` first."
            )
        self._answers = Answers(course, lesson, self.questions)
        self._marked: set[str] = set()

    def read_all(self) -> Iterator[int]:
        """Read all answers, so that pages come at once; yield how many are left."""
        sheets = [(row, q) for q in self.questions for row in self._rows(q)]
        for left, (row, question) in enumerate(reversed(sheets)):
            self._answers.of(row.student, question)
            yield len(sheets) - left - 1

    def sheets(self, question: Question) -> list[Sheet]:
        """Return the answers of a class to a question.

        In an order that tells nobody's name, the same each time; last are those who
        wrote nothing.
        """
        found = [
            Sheet(row, self._answers.of(row.student, question))
            for row in self._rows(question)
        ]
        return sorted(
            found,
            key=lambda s: (s.row.is_blank, digest(question.name, s.row.student)),
        )

    def whole(self, name: str) -> Markup | None:
        """Return an answer of any size by the id of its row."""
        row = self._row(name)
        question = self._question_of(row) if row else None
        return self._answers.whole(row.student, question) if question else None

    def names(self, question: Question) -> dict[str, str]:
        """Return what students are called, by the ids of their rows."""
        with self._gradebook.reading():
            people = people_in(self._gradebook)
        own = self._rows(question)
        return {r.id: called(people[r.student]) for r in own if r.student in people}

    def waiting(self) -> Counter:
        """Return how many answers wait, by question, as the gradebook says now."""
        names = {(q.notebook, q.name): q for q in self.questions}
        waits = [(r.notebook, r.cell) for r in self._rows() if r.waits]
        return Counter(names[key].name for key in waits if key in names)

    def save(self, name: str, seen: str, given: Mapping) -> Saved:
        """Write what a person gave, unless that is no longer what it was given for.

        Parameters
        ----------
        name
            The id of the row.
        seen
            The state of the sheet as it was shown.
        given
            `points`, `comment` or both; None for points takes them back.

        Raises
        ------
        WrongUse
            The points are none that the question has, or the comment is too long.
        EngineError
            The gradebook cannot be written to.
        """
        with self._gradebook.one_commit():
            row = rows.row_of(self._gradebook, self.lesson, name)
            question = self._question_of(row) if row else None
            if question is None:
                raise WrongUse(
                    "the gradebook has no such answer any more: the student was "
                    "removed, or the lesson is another one; load the page again."
                )
            sheet = Sheet(row, self._answers.of(row.student, question))
            wanted = _checked(given, question, row)
            if wanted != row:
                if seen != sheet.state:
                    return _saved(sheet, CHANGED)
                rows.write(self._gradebook, wanted)
        if "points" in given:
            self._marked.add(name)
        return _saved(Sheet(wanted, sheet.answer))

    def summary(self) -> str:
        """Return a line on what was marked, and what waits."""
        waiting = self.waiting()
        waits = ", ".join(f"{name} {n}" for name, n in waiting.items())
        waits = f" ({waits})" if waits else ""
        return (
            f"{self.lesson}: answers marked: {len(self._marked)}; "
            f"still waiting: {waiting.total()}{waits}"
        )

    def _rows(self, question: Question | None = None) -> list[Row]:
        cell = (question.notebook, question.name) if question else None
        with self._gradebook.reading():
            return rows.rows_of(self._gradebook, self.lesson, cell)

    def _row(self, name: str) -> Row | None:
        with self._gradebook.reading():
            return rows.row_of(self._gradebook, self.lesson, name)

    def _question_of(self, row: Row) -> Question | None:
        wanted = row.notebook, row.cell
        found = [q for q in self.questions if (q.notebook, q.name) == wanted]
        return found[0] if found else None


def _checked(given: Mapping, question: Question, row: Row) -> Row:
    """Return a row as it will be.

    Raises
    ------
    WrongUse
        It cannot be like that.
    """
    wanted = row
    if "points" in given:
        points = given["points"]
        is_number = isinstance(points, int | float) and not isinstance(points, bool)
        if points is not None and points != row.points:
            if not (is_number and 0 <= points <= question.max_points):
                raise WrongUse(
                    f"found {points!r} points, expected a number from 0 to "
                    f"{question.max_points:g} (more is extra credit, which nbgrader's "
                    "formgrader gives)."
                )
            points = float(points)
        waits = points is None and row.auto_score is None
        wanted = replace(wanted, points=points, waits=waits)
    if "comment" in given and row.comment_id:
        comment = given["comment"]
        if not isinstance(comment, str) or len(comment) > LONGEST_COMMENT:
            raise WrongUse(
                f"found a comment that is no text of at most {LONGEST_COMMENT} "
                "characters, expected one; make it shorter."
            )
        plain = comment.replace("\r\n", "\n").replace("\t", "    ")
        wanted = replace(wanted, comment=harmless(plain))
    return wanted


def _saved(sheet: Sheet, why_not: str = "") -> Saved:
    row = sheet.row
    return Saved(sheet.state, row.points, row.comment, row.waits, why_not)
