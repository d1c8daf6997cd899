"""Diagnosis: names the mistake of a submission that fails as a catalogued one does."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from autograder.audit.audit import Verdict
from autograder.audit.slicing import Exercise, exercises_of
from autograder.base.hashing import digest
from autograder.model.catalogue import Answer, read_catalogue
from autograder.model.lesson import Lesson
from autograder.model.lesson_reader import lesson_path, read_lesson

FINGERPRINTS = "fingerprints.json"
"""What the last audit saw, in the folder of each lesson."""
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
ADDRESS = re.compile(r"0x[0-9a-f]+")
SCALAR = re.compile(r"np\.\w+\(([^()]*)\)")
SHAPES = re.compile(r"^ValueError.*(\(\d|size \d)")
SAYS_LITTLE = re.compile(
    r"NotImplementedError|timeout|memory|crashed|NotRun|\w+: .*NoneType"
)
"""Errors of code that returns nothing, is stopped, or is not written yet."""
KEPT_DIGITS = 4
NOISE = 1e-12


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with an answer, in the words of the catalogue."""

    exercise: str
    answer: str
    """Name of the catalogued answer that fails in the same way."""
    says: str
    """For the student."""
    hint: int
    """The hint (1 to 3) to open."""


class Known:
    """The catalogued mistakes of one lesson by the way they fail."""

    def __init__(self, recorded: dict, answers: Iterable[Answer]) -> None:
        by_name = {(a.exercise, a.name): a for a in answers}
        self._answers: dict[tuple[str, str], list[Answer]] = {}
        self._tests = {name: frozenset(e["tests"]) for name, e in recorded.items()}
        for exercise, entry in recorded.items():
            prints = [*entry["answers"].items(), *entry.get("crashes", {}).items()]
            for name, found in prints:
                if found and (exercise, name) in by_name:
                    fits = self._answers.setdefault((exercise, found), [])
                    fits.append(by_name[exercise, name])

    @property
    def exercises(self) -> list[str]:
        """The exercises that something is known of."""
        return list(self._tests)

    def diagnose(self, exercise: str, cells: Iterable[dict]) -> Diagnosis | None:
        """Name the mistake, as the function of the same name does."""
        tests = self._tests.get(exercise, ())
        own = [c for c in cells if c["grade_id"] in tests]
        return self.of(exercise, fingerprint(own) or crash_print(own))

    def of(self, exercise: str, found: str | None) -> Diagnosis | None:
        """Name the mistake that has this fingerprint."""
        fits = self._answers.get((exercise, found or ""), [])
        if len({answer.says for answer in fits}) != 1:
            return None
        return Diagnosis(exercise, fits[0].name, fits[0].says, fits[0].hint)

    def diagnoses(self, cells: list[dict]) -> dict[str, Diagnosis]:
        """Name all mistakes, as the function of the same name does."""
        found = {
            exercise: self.diagnose(exercise, cells) for exercise in self.exercises
        }
        return {exercise: named for exercise, named in found.items() if named}


def diagnose(lesson: str, exercise: str, cells: Iterable[dict]) -> Diagnosis | None:
    """Name the mistake in one exercise of a graded submission.

    Silent when unsure: when nothing failed or no catalogued answer fails in exactly
    this way, when several do of which feedback says different things, and when the
    lesson's tests or catalogue have changed since the audit.

    Parameters
    ----------
    cells
        The submission's `cells` as in `results.jsonl`; those of other exercises are
        passed over.
    """
    return _known(lesson).diagnose(exercise, cells)


def diagnoses(lesson: str, cells: Iterable[dict]) -> dict[str, Diagnosis]:
    """Return what can be named of a submission, by exercise, in the lesson's order."""
    return _known(lesson).diagnoses(list(cells))


def fingerprint(cells: Iterable[dict]) -> str | None:
    """Return a digest of how the tests of an exercise fail, or None.

    It is made of the names of the failing tests and of what they say, with numbers
    rounded: tests say what was returned, so two answers have the same fingerprint if
    they return the same wrong values.

    None if nothing fails, or if what fails shows no value: code that crashes or never
    ends, and errors that many mistakes lead to.
    """
    failed = _messages(cells)
    if not any(_shows_values(message) for message in failed.values()):
        return None
    return digest(json.dumps(sorted(failed.items())))


def crash_print(cells: Iterable[dict]) -> str | None:
    """Return a digest of how code crashes in the tests of an exercise, or None.

    It counts less than a fingerprint: only where each catalogued answer that crashes so
    is told the same. None if a test says more than the error, or less: that nothing
    was returned, that code never ends or is not written yet.
    """
    missed = [c for c in cells if c["status"] != "passed"]
    if not missed or not all(map(_is_bare_error, missed)):
        return None
    return digest(json.dumps(["crash", *sorted(_messages(missed).items())]))


def _messages(cells: Iterable[dict]) -> dict[str, str]:
    """Return what the failing tests say, by name."""
    return {
        c["grade_id"]: normalised(c["message"])
        for c in cells
        if c["status"] != "passed"
    }


def normalised(message: str) -> str:
    """Return a message without what differs between runs and ways to write code.

    For example, `returned np.float64(0.30000000000000004)` becomes `returned 0.3`.
    """
    plain = SCALAR.sub(r"\1", ADDRESS.sub("0x", message))
    return " ".join(NUMBER.sub(_rounded, plain).split())


def fingerprints(verdicts: Iterable[Verdict], answers: list[Answer]) -> dict:
    """Return what the audit of one lesson saw of its wrong answers, by exercise."""
    made: dict[str, dict] = {}
    for verdict in verdicts:
        exercise = verdict.trial.exercise
        if exercise.name not in made:
            made[exercise.name] = {
                "made_from": _origin(exercise, answers),
                "tests": [test.grade_id for test in exercise.tests],
                "answers": {},
            }
        if verdict.trial.kind == "wrong":
            name, entry = verdict.trial.name, made[exercise.name]
            entry["answers"][name] = fingerprint(verdict.cells)
            if crash := crash_print(verdict.cells):
                entry.setdefault("crashes", {})[name] = crash
    return made


def stale_exercises(lesson: Lesson, recorded: dict) -> list[str]:
    """Return the exercises whose tests or answers changed since they were recorded."""
    answers = read_catalogue(lesson)
    return [
        exercise.name
        for exercise in exercises_of(lesson)
        if recorded.get(exercise.name, {}).get("made_from")
        != _origin(exercise, answers)
    ]


def read_fingerprints(lesson: Lesson) -> dict:
    """Return what the last audit saw of a lesson, by exercise."""
    file = lesson.path.with_name(FINGERPRINTS)
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


@cache
def _known(name: str) -> Known:
    path = lesson_path(name)
    if not path.exists():  # a course of somebody else
        return Known({}, [])
    lesson = read_lesson(path)
    recorded = read_fingerprints(lesson)
    stale = stale_exercises(lesson, recorded)
    fresh = {e: entry for e, entry in recorded.items() if e not in stale}
    return Known(fresh, read_catalogue(lesson))


def _origin(exercise: Exercise, answers: list[Answer]) -> str:
    """Return a digest of what an exercise's fingerprints depend on."""
    tests = [f"{t.grade_id} {t.points} {t.source}" for t in exercise.tests]
    mistakes = [
        f"{a.name} {a.code}"
        for a in answers
        if (a.kind, a.exercise) == ("wrong", exercise.name)
    ]
    return digest(exercise.solution.source, *tests, *mistakes)


def _shows_values(message: str) -> bool:
    return message.startswith("AssertionError") or bool(SHAPES.match(message))


def _is_bare_error(cell: dict) -> bool:
    """Whether a test failed with an error that shows no value, but not just any."""
    said = cell["message"]
    if cell["status"] != "failed" or not said or SAYS_LITTLE.match(said):
        return False
    return not _shows_values(normalised(said))


def _rounded(match: re.Match) -> str:
    value = float(match[0].replace("−", "-"))
    return f"{0.0 if abs(value) < NOISE else value:.{KEPT_DIGITS}g}"
