"""The gradebook: nbgrader's own, in SQLite or PostgreSQL, with one writer at a time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from nbgrader import api
from nbgrader.api import (
    Assignment,
    Course,
    Grade,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import (
    Engine,
    Select,
    case,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from autograder.base.errors import EngineError, WrongUse
from autograder.base.locks import class_lock
from autograder.course.course import Course as OwnCourse
from autograder.course.db_url import named, without_password
from autograder.gradebook.read_once import ReadsOnce

PATIENCE_S = 60
"""How long a writer waits for others; each of them takes a fraction of a second."""
BROKEN = ("malformed", "not a database")
"""What SQLite says of a file that is no gradebook any more."""
LOCKED_UP = ("unable to open database file", "readonly database")
"""What SQLite says of a folder or file that this user may not write."""
LOST = (
    "put a copy of it back, which alone has what people gave; or move it away, and "
    "`autograder grade` writes the marks of tests into a new one"
)
NOT_WRITABLE = (
    "make it and its folder writable, or copy the class to where you may write: marks "
    "are brought up to date before they are shown"
)
LATER = "what has no marks gets them in the next run"
WRITERS = 0x6E6575726F6E
"""The number under which writers wait for each other in a PostgreSQL database."""


class OpenGradebook(ReadsOnce):
    """A gradebook that stays open while nbgrader opens and closes it.

    Parameters
    ----------
    url
        As `db_url.checked` returns it.

    Raises
    ------
    EngineError
        It cannot be opened; what the database says is in the message.
    WrongUse
        There is no driver for PostgreSQL, or an older nbgrader made the tables.
    """

    def __init__(self, url: str, course_id: str) -> None:
        self._url = url
        # For a new gradebook nbgrader starts a program to ask for this.
        api.get_alembic_version = _newest_schema
        try:
            with self._failures_told(), _only_one_makes_it(url):
                _refuse_older_tables(url)
                super().__init__(url, course_id)
                if url.startswith("sqlite"):
                    # A killed run loses nothing that was committed. Nor does a cut of
                    # power: a line of results.jsonl must not outlive its marks. The
                    # second of these writes to the file, and so all that is new in it.
                    self.db.execute(text("PRAGMA synchronous=FULL"))
                    self.db.execute(text("PRAGMA journal_mode=WAL"))
                    self.db.execute(text(f"PRAGMA busy_timeout={PATIENCE_S * 1000}"))
        except ModuleNotFoundError as error:
            raise WrongUse(
                f"{named(url)}: found no module {error.name}, which PostgreSQL needs; "
                'install it: .venv/bin/python -m pip install -e ".[postgresql]".'
            ) from None

    def check_course(self, course_id: str = "", **kwargs: dict) -> Course:
        """Add the course if it is not there, also one without a name.

        Lessons belong to it: PostgreSQL insists on that, where SQLite does not.
        """
        if self.db.get(Course, course_id) is None:
            self.db.add(Course(id=course_id, **kwargs))
            self.db.commit()
        return self.db.get(Course, course_id)

    def scores(self, student: str = "", lesson: str = "") -> dict:
        """Return what it says of each submission, by student and lesson.

        Parameters
        ----------
        student, lesson
            Of one submission alone; of all if not given.

        Returns
        -------
        Of each: `score` (manual marks included), `late_penalty`, `max_score`, and
        `waits_for_a_person`.
        """
        query = _scores()
        if student:
            query = query.where(
                SubmittedAssignment.student_id == student, Assignment.name == lesson
            )
        with self._failures_told():
            self.db.rollback()  # what others wrote meanwhile counts, too
            most = {one.name: float(one.max_score) for one in self.assignments}
            return {
                (student, lesson): {
                    "score": score,
                    "late_penalty": late,
                    "max_score": most[lesson],
                    "waits_for_a_person": bool(waits),
                }
                for student, lesson, score, late, waits in self.db.execute(query)
            }

    def total_of(self, student: str, lesson: str) -> float:
        """Return a mark after its late penalty, as it is being written."""
        self.write()
        query = _scores().where(
            SubmittedAssignment.student_id == student, Assignment.name == lesson
        )
        found = self.db.execute(query).all()
        return sum(max(0.0, score - late) for _, _, score, late, _ in found)

    def points_of_tests(self) -> dict[tuple[str, str], float]:
        """Return what tests gave in each submission, by student and lesson."""
        query = (
            select(
                SubmittedAssignment.student_id,
                Assignment.name,
                func.coalesce(func.sum(Grade.auto_score), 0.0),
            )
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .outerjoin(
                SubmittedNotebook,
                SubmittedNotebook.assignment_id == SubmittedAssignment.id,
            )
            .outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .group_by(SubmittedAssignment.student_id, Assignment.name)
        )
        with self.reading():
            return {
                (student, lesson): float(points)
                for student, lesson, points in self.db.execute(query)
            }

    def due_dates(self) -> dict[tuple[str, str], datetime]:
        """Return when each lesson is due, in UTC and without a zone.

        The student of a key is empty for a whole class, else one with an extension.
        """
        found = {}
        with self.reading():
            for assignment in self.assignments:
                if assignment.duedate:
                    found[assignment.name, ""] = assignment.duedate
            extended = self.db.query(SubmittedAssignment).filter(
                SubmittedAssignment.extension.is_not(None)
            )
            for submission in extended:
                if submission.duedate:
                    found[submission.name, submission.student_id] = submission.duedate
        return found

    def set_due_date(self, lesson: str, due: datetime) -> None:
        """Note when a lesson is due; nbgrader's late penalties go by it, too."""
        with self.one_commit():
            self.find_assignment(lesson).duedate = due

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read what is there now, others' changes too, and hold nobody up after it."""
        with self._failures_told():
            self.db.rollback()
            yield
            self.db.rollback()

    @contextmanager
    def one_commit(self) -> Iterator[None]:
        """Let all that is written become visible together, or not at all.

        Other graders wait meanwhile, so that none of them finds a student missing
        whom another is about to add.
        """
        session = self.db
        with self._failures_told():
            self._wait_for_other_writers()
            commit, session.commit = session.commit, lambda: None
            try:
                yield
            except BaseException:
                session.rollback()
                raise
            else:
                commit()
            finally:
                session.commit = commit

    @contextmanager
    def one_submission(self) -> Iterator[None]:
        """Write the marks of one submission, as `one_commit`.

        No row of it, or from before it, is the session's afterwards: each would be
        looked at again and again.
        """
        with self.one_commit(), self.reading_once():
            self.db.expunge_all()
            yield
            self.write()
            self.db.expunge_all()

    def _wait_for_other_writers(self) -> None:
        self.db.rollback()
        if self._url.startswith("sqlite"):
            self.db.execute(text("BEGIN IMMEDIATE"))
        else:
            _wait_in_line(self.db)

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            said = str(getattr(error, "orig", None) or error)
            said = without_password(" ".join(said.split()), self._url)
            remedies = {BROKEN: LOST, LOCKED_UP: NOT_WRITABLE}
            known = (
                r for signs, r in remedies.items() if any(s in said for s in signs)
            )
            remedy = next(known, LATER)
            raise EngineError(
                f"the gradebook, {named(self._url)}: {said}; {remedy}."
            ) from None

    def close(self) -> None:
        """Keep the connection; opening it took most of nbgrader's time."""

    def really_close(self) -> None:
        """Close the connection."""
        super().close()


class ClassGradebook:
    """The gradebook of one class, open; a context manager.

    It needs none of nbgrader's steps, whose imports take longer than all that it does.
    """

    def __init__(self, course: OwnCourse) -> None:
        self._course = course
        with class_lock(course.results):
            self.gradebook = OpenGradebook(
                course.db_url, course.config.CourseDirectory.get("course_id") or ""
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.really_close()

    def scores(self, student: str = "", lesson: str = "") -> dict:
        """Return what the gradebook says of each submission, or of one alone."""
        return self.gradebook.scores(student, lesson)

    def max_scores(self) -> dict[str, float]:
        """Return the points of each lesson."""
        return {one.name: float(one.max_score) for one in self.gradebook.assignments}

    def students(self) -> set[str]:
        """Return all whom the gradebook knows, whether they handed in or not."""
        return {student.id for student in self.gradebook.students}


@contextmanager
def _only_one_makes_it(url: str) -> Iterator[None]:
    """Keep two graders from making the tables of one PostgreSQL database at once.

    The class's lock does so for SQLite, which would wait for the disk at each table.
    """
    if url.startswith("sqlite"):
        event.listen(Engine, "connect", _wait_for_no_disk)
        try:
            yield
        finally:
            event.remove(Engine, "connect", _wait_for_no_disk)
        return
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            _wait_in_line(connection)
            yield
    finally:
        engine.dispose()


def _wait_for_no_disk(connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _refuse_older_tables(url: str) -> None:
    """Refuse a gradebook of an older nbgrader before anything is written into it.

    Raises
    ------
    WrongUse
        It is one.
    """
    engine = create_engine(url)
    if url.startswith("sqlite") and not Path(engine.url.database or "").is_file():
        return  # to ask a file that is not there would make one
    try:
        there = inspect(engine)
        for table in api.Base.metadata.tables.values():
            if not there.has_table(table.name):
                continue
            found = {column["name"] for column in there.get_columns(table.name)}
            if missing := sorted(set(table.columns.keys()) - found):
                raise WrongUse(
                    f"{named(url)}: found a gradebook of an older nbgrader, without "
                    f"{table.name}.{missing[0]}, expected one of today; run `nbgrader "
                    "db upgrade` in the folder of its nbgrader_config.py, which keeps "
                    "a copy and all marks, then the same command again."
                )
    finally:
        engine.dispose()


def _wait_in_line(connection) -> None:
    """Be the only writer of a PostgreSQL database until the transaction ends."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_S}s'"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITERS})"))


def _scores() -> Select:
    """Return a query for all submissions at once.

    nbgrader's own way asks the database for each of them, each time through all grades.
    """
    of_notebooks = (
        select(
            Grade.notebook_id,
            func.sum(Grade.score).label("score"),
            func.max(case((Grade.needs_manual_grade, 1), else_=0)).label("waits"),
        )
        .group_by(Grade.notebook_id)
        .subquery()
    )
    late = SubmittedNotebook.late_submission_penalty
    return (
        select(
            SubmittedAssignment.student_id,
            Assignment.name,
            func.coalesce(func.sum(of_notebooks.c.score), 0.0),
            func.coalesce(func.sum(late), 0.0),
            func.max(of_notebooks.c.waits),
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .outerjoin(
            SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id
        )
        .outerjoin(of_notebooks, of_notebooks.c.notebook_id == SubmittedNotebook.id)
        .group_by(SubmittedAssignment.student_id, Assignment.name)
    )


def _newest_schema() -> str:
    """Return the version that nbgrader writes into a new gradebook.

    It is the one that no other names as the one before. To import alembic, which knows
    it too, takes longer than all else about a new gradebook.
    """
    folder = Path(api.__file__).parent / "alembic" / "versions"
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    versions, before = (
        set(re.findall(rf"^{name} = '(\w+)'", text, re.MULTILINE))
        for name in ("revision", "down_revision")
    )
    (newest,) = versions - before
    return newest
