"""The audit: grades right and wrong answers to prove what the tests are worth."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from nbformat import NotebookNode

from autograder.audit.mutation import OVERWRITES, mutants, refusing_arrays
from autograder.audit.shortcuts import refusing_arguments, shortcuts, takes_shortcut
from autograder.audit.slicing import VISIBLE, Exercise, excerpt
from autograder.audit.slips import slips
from autograder.audit.spoiling import refusing_results, spoilers, spoils
from autograder.base.errors import SourceError
from autograder.base.source_code import modules_to_load
from autograder.model.catalogue import Answer
from autograder.model.cells import BEGIN_HIDDEN, name_of
from autograder.sealed.engine import Engine
from autograder.sealed.job import Job
from autograder.sealed.limits import NotebookLimits

# Computing time decides; the clock leaves room for a machine that is busy otherwise.
LIMITS = NotebookLimits(
    cell_cpu_s=5.0, notebook_cpu_s=60.0, cell_wall_s=90.0, notebook_wall_s=240.0
)
Equivalents = dict[tuple[str, str], str]
"""The reason of each (exercise, change) of a mutant that is no mistake."""


@dataclass(frozen=True)
class Trial:
    """An answer to put to the test."""

    exercise: Exercise
    kind: str
    """`solution`, `right`, `guess`, `wrong`, `mutant` or `slip`."""
    name: str
    """The answer's name in the catalogue; of a mutant, its change.

    Of a slip, the right answer's name and the earlier exercise that fails.
    """
    code: str


@dataclass(frozen=True)
class Verdict:
    """What became of one answer."""

    trial: Trial
    cells: list[dict]
    """One entry a test cell, as in `results.jsonl`."""
    is_seen: bool
    """Whether the visible checks alone find something."""
    is_told: bool = False
    """Whether hidden tests print something about it."""
    excuse: str = ""
    """Why a mutant that survives is no mistake, or a slip costs points here too."""

    @property
    def points(self) -> float:
        """What the answer keeps."""
        return sum(cell["points"] for cell in self.cells)

    @property
    def is_caught(self) -> bool:
        """Whether it loses points."""
        return self.points < self.trial.exercise.points

    @property
    def catchers(self) -> list[str]:
        """Names of the test cells that take points."""
        return [c["grade_id"] for c in self.cells if c["points"] < c["max_points"]]

    @property
    def message(self) -> str:
        """What the first of these tests said."""
        return next((c["message"] for c in self.cells if c["message"]), "")

    @property
    def outcome(self) -> str:
        """What became of it.

        One of `passed`, `REJECTED`, `SILENT`, `caught`, `ACCEPTED`, `SURVIVED`,
        `excused`, `TWICE`. A guess is to keep its points and to be told what it
        overlooked; a right answer keeps them after a slip in an earlier exercise.
        """
        kind = self.trial.kind
        if kind == "slip" and self.is_caught:
            return "excused" if self.excuse else "TWICE"
        if kind in ("solution", "right", "guess", "slip"):
            if self.is_caught:
                return "REJECTED"
            is_silent = kind == "guess" and not self.is_told
            return "SILENT" if is_silent else "passed"
        if self.is_caught:
            return "caught"
        if kind == "wrong":
            return "ACCEPTED"
        return "excused" if self.excuse else "SURVIVED"

    @property
    def overwrites(self) -> bool:
        """Whether it returns what is right and overwrites what it was given."""
        return self.trial.kind == "mutant" and self.trial.name.endswith(OVERWRITES)

    @property
    def is_problem(self) -> bool:
        """Whether the tests fail at what they are for.

        A mutant that survives is one to look at; one that overwrites its inputs has
        to be caught like a catalogued mistake.
        """
        return self.outcome in ("REJECTED", "SILENT", "ACCEPTED", "TWICE") or (
            self.outcome == "SURVIVED" and self.overwrites
        )


def audit(
    exercises: list[Exercise],
    answers: list[Answer],
    equivalents: Equivalents,
    *,
    jobs: int,
    with_mutants: bool = True,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> list[Verdict]:
    """Grade all answers to the exercises of one lesson, each in its own processes.

    Right ones are graded again for each earlier exercise that they use, with that one
    failing: a slip costs its points once.

    Parameters
    ----------
    answers
        The lesson's catalogue; may be empty.
    equivalents
        Its mutants that are no mistakes.
    watch
        Called after each answer with the number of those done, and of all.

    Returns
    -------
    One verdict an answer, the lesson's own solutions first.
    """
    trials = [t for e in exercises for t in _trials(e, answers, with_mutants)]
    total = len(exercises) + len(trials)
    preload = sorted({m for e in exercises for m in modules_to_load(e.imports)})
    verdicts = []
    with (
        Engine(preload, LIMITS, for_many=True) as engine,
        ThreadPoolExecutor(jobs) as slots,
    ):
        whole = set()
        for verdict, is_whole in slots.map(partial(_solved, engine), exercises):
            verdicts.append(verdict)
            watch(len(verdicts), total)
            if is_whole:
                whole.add(verdict.trial.exercise.name)
        for verdict in slots.map(partial(_judged, engine, equivalents, whole), trials):
            verdicts.append(verdict)
            watch(len(verdicts), total)
    stale = set(equivalents) - {(v.trial.exercise.name, v.trial.name) for v in verdicts}
    if with_mutants and stale:
        raise SourceError(
            "marked as equivalent, but no such mutant exists now; remove:\n"
            + "\n".join(f"{exercise}: {change}" for exercise, change in sorted(stale))
        )
    return verdicts


def _trials(
    exercise: Exercise, answers: list[Answer], with_mutants: bool
) -> Iterator[Trial]:
    for answer in answers:
        if answer.exercise == exercise.name:
            yield Trial(exercise, answer.kind, answer.name, answer.code)
    source = exercise.solution.source
    right = {a.name: a.code for a in answers if _is_right(a, exercise)}
    for name, code in {"solution": source, **right}.items():
        for earlier, spoilt in slips(exercise, code):
            yield Trial(spoilt, "slip", f"{name} without {earlier}", code)
    if with_mutants:
        for mutant in (*mutants(source), *spoilers(source), *shortcuts(source)):
            yield Trial(exercise, "mutant", mutant.change, mutant.code)


def _is_right(answer: Answer, exercise: Exercise) -> bool:
    return (answer.kind, answer.exercise) == ("right", exercise.name)


def _solved(engine: Engine, exercise: Exercise) -> tuple[Verdict, bool]:
    """Grade the solution; say whether that takes all the cells above it."""
    trial = Trial(exercise, "solution", "solution", exercise.solution.source)
    verdict = _grade(engine, {}, set(), trial)
    if not verdict.is_caught:
        return verdict, False
    return _grade(engine, {}, {exercise.name}, trial), True


def _judged(
    engine: Engine, equivalents: Equivalents, whole: set[str], trial: Trial
) -> Verdict:
    """Grade an answer; excuse it where it does nothing that a test could find."""
    verdict = _grade(engine, equivalents, whole, trial)
    if not verdict.is_caught and trial.kind == "mutant":
        code, excuse = _harmless(trial)
        if code and not _grade(engine, {}, whole, replace(trial, code=code)).is_caught:
            return replace(verdict, excuse=excuse)
    return verdict


def _harmless(trial: Trial) -> tuple[str, str]:
    """Return code that fails where a mutant could show, and what it is if none minds.

    No test hands over what it overwrites or looks at, or gets a result that it spoils.
    """
    source, name = trial.exercise.solution.source, trial.name
    if name.endswith(OVERWRITES):
        return refusing_arrays(source), "no test hands over an array"
    if spoils(name):
        return refusing_results(source, name), "it has no such result"
    if takes_shortcut(name):
        return refusing_arguments(source, name)
    return "", ""


def _grade(
    engine: Engine, equivalents: Equivalents, whole: set[str], trial: Trial
) -> Verdict:
    exercise = trial.exercise
    notebook = excerpt(exercise, trial.code, whole=exercise.name in whole)
    executed = engine.run(Job(notebook, exercise.imports, exercise.files))
    decided = {cell["grade_id"]: cell for cell in executed.cells}
    cells = [decided[str(test.grade_id)] for test in exercise.tests]
    said = _printed(executed.notebook)
    return Verdict(
        trial,
        cells,
        is_seen=any(
            decided.get(f"{cell['grade_id']}{VISIBLE}", cell)["status"] != "passed"
            for cell in cells
        ),
        is_told=any(
            said[cell["grade_id"]] != said.get(f"{cell['grade_id']}{VISIBLE}", "")
            for cell in cells
        ),
        excuse=equivalents.get((exercise.name, trial.name), ""),
    )


def _printed(notebook: NotebookNode) -> dict[str, str]:
    """Return what each cell with a name has printed."""
    return {
        name_of(cell): "".join(
            output.text for output in cell.outputs if output.output_type == "stream"
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def idle_tests(verdicts: list[Verdict]) -> list[str]:
    """Return the test cells that catch nothing which another does not.

    A visible test cell is there to tell early what hidden ones take points for: it is
    idle only if it catches nothing at all.
    """
    caught = [set(v.catchers) for v in verdicts if v.trial.kind != "slip"]
    tests = {str(t.grade_id): t for v in verdicts for t in v.trial.exercise.tests}
    alone = {name for names in caught if len(names) == 1 for name in names}
    busy = set().union(*caught)
    return [
        name
        for name, test in tests.items()
        if name not in (alone if BEGIN_HIDDEN in test.source else busy)
    ]
