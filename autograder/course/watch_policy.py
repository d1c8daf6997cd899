"""The policy of a class: tries, which counts, and what feedback shows when."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.base.toml_files import read_toml
from autograder.course.class_file import LAST, objection
from autograder.course.course import Course
from autograder.course.times import in_utc

FILE = "watch.toml"


@dataclass(frozen=True)
class Rules:
    """What holds for one lesson."""

    tries: int | None = None
    """How many different submissions of a student are graded; any number if None."""
    counts: str = LAST
    """Which of a student's tries counts: the last or the best (`class_file.BEST`)."""
    before_due: str = "visible"
    """One of `class_file.SHOWN`; also where no due date is known."""
    after_due: str = "all"
    due: datetime | None = None
    """In UTC, without a zone, as nbgrader keeps it; the gradebook's if None."""


@dataclass(frozen=True)
class Policy:
    """What `watch.toml` says."""

    still_s: float = 3.0
    """For how long a submission must not have changed before it is graded."""
    rules: Rules = field(default_factory=Rules)
    lessons: dict[str, Rules] = field(default_factory=dict)

    def of(self, lesson: str) -> Rules:
        """Return what holds for a lesson."""
        return self.lessons.get(lesson, self.rules)


def policy_of(course: Course) -> Policy:
    """Return what holds in a class: what `class.toml` says, and `watch.toml` beside it.

    Raises
    ------
    WrongUse
        One of them cannot be used, or they say two things of the same.
    """
    path, said_of = course.results / FILE, course.class_file
    policy = read_policy(path, course.lessons)
    lessons = {}
    for lesson in course.lessons:
        rules, terms = policy.of(lesson), said_of.of(lesson)
        for rule in fields(Rules):
            said, here = getattr(terms, rule.name), getattr(rules, rule.name)
            if said is None or said == here:
                continue
            if here != rule.default:
                raise WrongUse(
                    f"{path}: {lesson}: found {rule.name} here and, another one, in "
                    f"{said_of.path}, expected it in one of them; take it out here."
                )
            rules = replace(rules, **{rule.name: said})
        lessons[lesson] = rules
    return replace(policy, lessons=lessons)


def read_policy(path: Path, known: list[str]) -> Policy:
    """Read a policy; one of defaults if there is no such file.

    Raises
    ------
    WrongUse
        An entry cannot be used: the message names it, what was found and expected.
    """
    if not path.exists():
        return Policy()
    table = read_toml(path)
    still_s = table.pop("still_s", Policy.still_s)
    if isinstance(still_s, bool) or not isinstance(still_s, int | float) or still_s < 0:
        raise WrongUse(
            f"{path}: still_s: found {still_s!r}, expected a number of seconds."
        )
    of_lessons = table.pop("lessons", {})
    if not isinstance(of_lessons, dict) or set(of_lessons) - set(known):
        found = of_lessons if not isinstance(of_lessons, dict) else [*of_lessons]
        raise WrongUse(
            f"{path}: lessons: found {found!r}, expected a table [lessons.NAME] for "
            f"some of {', '.join(known)}."
        )
    if "due" in table:
        raise WrongUse(
            f"{path}: due: found it for all lessons, expected it in [lessons.NAME]."
        )
    rules = _read_rules(table, Rules(), f"{path}")
    lessons = {
        name: _read_rules(own, rules, f"{path}: lessons.{name}")
        for name, own in of_lessons.items()
    }
    return Policy(float(still_s), rules, lessons)


def _read_rules(table: object, default: Rules, where: str) -> Rules:
    """Return the rules of a table, with those of `default` where it has none."""
    if not isinstance(table, dict):
        raise WrongUse(f"{where}: found {table!r}, expected a table.")
    names = [entry.name for entry in fields(Rules)]
    for key, value in table.items():
        if key not in names:
            raise WrongUse(
                f"{where}: found {key}, expected one of {', '.join(names)}, still_s "
                "and lessons."
            )
        expected = _objection(key, value)
        if expected:
            raise WrongUse(f"{where}: {key}: found {value!r}, expected {expected}.")
    if "due" in table:
        table = table | {"due": in_utc(table["due"], None)}
    return replace(default, **table)


def _objection(key: str, value: object) -> str:
    """Return what an entry should be, if it is not that."""
    if key == "due":
        is_time = isinstance(value, datetime) and value.tzinfo is not None
        return "" if is_time else "a time with its offset, as 2026-03-01T18:00:00+01:00"
    return objection(key, value)
