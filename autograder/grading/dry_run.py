"""DryRuns: a lesson's solution is run before the class's answers.

What is found out there holds for the whole class: how the tests run, which pictures
need not be drawn again, and whether the solution passes its own tests.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from autograder.base.errors import ClusterLost, EngineError, LessonImpossible
from autograder.base.files import replacing
from autograder.base.hashing import digest
from autograder.base.source_code import absent_modules
from autograder.base.tempdirs import run_tempdir
from autograder.course.course import Course
from autograder.course.settings import ALL, AUTO, SHARED
from autograder.grading.cache_keys import Keys
from autograder.grading.cell_choice import (
    Tagged,
    differences,
    left_out,
    skipped,
    tagged_cells,
)
from autograder.grading.isolation import (
    Isolation,
    choose,
    isolation_as_set,
    unanswered,
)
from autograder.grading.kernels import Kernel, KernelMissing, kernel_of
from autograder.grading.system_errors import root_of
from autograder.intake.prepare import prepare_solution
from autograder.model.cells import (
    ReferenceCell,
    References,
    is_test,
    name_of,
    test_names,
)
from autograder.model.held_names import held_names
from autograder.model.needed_cells import given_cells
from autograder.sealed import pictures
from autograder.sealed.job import Executed, Job
from autograder.sealed.limits import MOST_MESSAGE

LACKING = (
    "FileNotFoundError",
    "ModuleNotFoundError",
    "NotADirectoryError",
    "PermissionError",
)
"""Errors by which a course's own cell tells that something is not there."""
CONSEQUENCES = ("NameError", *LACKING)


@dataclass(frozen=True)
class DryRun:
    """What is known of one notebook of a lesson before anybody's is graded."""

    shared: frozenset[str] = frozenset()
    """Names of the test cells that run among the student's variables."""
    held: Mapping[str, list[str]] = field(default_factory=dict)
    """What tests get as locked cells define it, by the names of these cells."""
    figures: Path | None = None
    """Pictures that need not be drawn again."""
    given: Counter[str] | None = None
    """The lesson's given cells, of which those run that marks depend on; None: all."""
    tagged: Tagged = frozenset()
    """Cells that the course's tags keep from running."""
    kernel: Kernel | None = None
    """What runs its cells, if they are not Python."""
    problem: str = ""
    """Why it cannot be graded on this computer."""


class DryRuns:
    """Tries lessons on their solutions; safe in several threads, one a lesson.

    Parameters
    ----------
    kept
        Folder that keeps what was found out.
    run
        Executes a notebook.
    """

    def __init__(
        self, course: Course, keys: Keys, kept: Path, run: Callable[[Job], Executed]
    ) -> None:
        self._course, self._keys, self._kept, self._run = course, keys, kept, run
        self.notes: list[str] = []
        """What an instructor should know about the lessons themselves."""
        self.isolation: list[Isolation] = []
        """How each test cell runs."""
        self.solved: set[str] = set()
        """Lessons of which somebody has all points: they can be solved here."""

    def of(self, lesson: str, references: References) -> dict[str, DryRun]:
        """Try a lesson; return what is known of each of its notebooks."""
        self._kept.mkdir(parents=True, exist_ok=True)
        source, found = self._course.path("source", ".", lesson), {}
        for name, cells in references.items():
            path = source / f"{name}.ipynb"
            tagged = tagged_cells(path, self._course.skip_tag)
            with run_tempdir() as folder:
                drawn = folder / "drawn.json"
                known = self._notebook(lesson, path, cells, tagged, drawn)
            found[name] = replace(known, tagged=tagged)
        return found

    def _notebook(
        self,
        lesson: str,
        path: Path,
        cells: list[ReferenceCell],
        tagged: Tagged,
        drawn: Path,
    ) -> DryRun:
        name = path.stem
        key = digest(lesson, name, *self._keys.of_lesson(lesson).values())
        ready = prepare_solution(self._course, lesson, name, cells)
        solved = ready.notebook
        try:
            kernel = kernel_of(path, self._course.kernel_name)
        except KernelMissing as missing:
            why = "its kernel is not installed here"
            self.isolation += isolation_as_set(lesson, name, cells, SHARED, why)
            return self._impossible(lesson, solved, str(missing))

        held = held_names(solved)
        tried: dict[frozenset[str], Executed] = {}

        def run(notebook: NotebookNode, shared: frozenset[str], **options: object):
            is_plain = notebook is solved and not options
            if is_plain and shared in tried:  # its cells may take minutes
                return tried[shared]
            of = ready.imports, ready.files, ready.data
            by_tag = skipped(notebook, tagged)
            options["left_out"] = options.get("left_out", {}) | by_tag
            options |= {"ignored": ready.ignored, "records": is_plain}
            if "kernel" not in options:
                options["held"] = held
            if drawn.exists():
                options["figures"] = drawn
            executed = self._run(Job(notebook, *of, shared=shared, **options))
            if is_plain:
                tried[shared] = executed
                if drawn.exists():
                    executed.pictures |= pictures.read(drawn)
                pictures.write(executed.pictures, drawn)
            return executed

        if kernel:
            self.isolation += isolation_as_set(
                lesson, name, cells, SHARED, "its kernel runs it"
            )
            return self._with_kernel(kernel, lesson, name, solved, run)
        absent = absent_modules(ready.imports, path.parent)
        if absent:
            problem = _not_installed(name, absent)
            if self._course.is_ours:
                return self._impossible(lesson, solved, problem)
            # Cells of others may write the module themselves.
            self.notes.append(f"{lesson}: {problem}")
        way = self._course.tests.of(lesson)
        if way == AUTO:
            ways = self._chosen(key, lesson, name, cells, solved, run)
        else:
            ways = isolation_as_set(lesson, name, cells, way, "as set")
        self.isolation += ways
        shared = frozenset(found.cell for found in ways if found.tests == SHARED)
        found = DryRun(shared, held)
        if self._course.cells == ALL:
            return self._drawn(found, key, lesson, name, solved, run)
        if self._course.is_ours:  # shown for the whole catalogue, by the audit
            return replace(found, given=given_cells(solved))
        given = self._shown_to_be_enough(key, lesson, solved, cells, shared, run)
        if given is None:
            return self._drawn(found, key, lesson, name, solved, run)
        return replace(found, given=given)

    def _drawn(
        self,
        found: DryRun,
        key: str,
        lesson: str,
        name: str,
        solved: NotebookNode,
        run: Callable[..., Executed],
    ) -> DryRun:
        """Add the solution's pictures, or what it misses on this computer."""
        try:
            figures = self._pictures(key, lesson, name, solved, found.shared, run)
        except LessonImpossible as lack:
            return self._impossible(lesson, solved, str(lack))
        return replace(found, figures=figures)

    def _with_kernel(
        self,
        kernel: Kernel,
        lesson: str,
        name: str,
        solved: NotebookNode,
        run: Callable[..., Executed],
    ) -> DryRun:
        """Try a notebook of another language; find out if its kernel runs here."""
        tests = test_names(solved)
        try:
            executed = run(solved, tests, kernel=asdict(kernel))
        except EngineError as error:
            problem = f"{name}.ipynb could not be run: {error}"
            return self._impossible(lesson, solved, problem)
        for cell in executed.cells:
            if cell["status"] == "crashed":
                return self._impossible(
                    lesson,
                    solved,
                    f"the kernel {kernel.name!r} of {name}.ipynb does not run the "
                    f"solution inside the sandbox ({cell['message']}); install it, and "
                    "what it loads, for the whole computer and not in a home folder.",
                )
        self._note_lost_points(lesson, name, executed)
        return DryRun(tests, kernel=kernel)

    def _impossible(self, lesson: str, solved: NotebookNode, problem: str) -> DryRun:
        self.notes.append(f"{lesson}: {problem}")
        return DryRun(test_names(solved), problem=problem)

    def _note_lost_points(self, lesson: str, name: str, executed: Executed) -> None:
        lost = [c for c in executed.cells if c["points"] < c["max_points"]]
        first = _first_failure(executed.notebook) if lost else None
        cause = f"; the first cell of it that fails is {first}" if first else ""
        notebook = "" if name == lesson else f"{name}.ipynb: "
        begin = f"{lesson}: {notebook}the solution itself fails"
        self.notes += [f"{begin} {c['grade_id']}: {c['message']}{cause}" for c in lost]

    def _chosen(
        self,
        key: str,
        lesson: str,
        name: str,
        cells: list[ReferenceCell],
        solved: NotebookNode,
        run: Callable[..., Executed],
    ) -> list[Isolation]:
        """Choose how test cells run, or take what was chosen before."""
        kept = self._kept / f"tests-{key}.json"
        if kept.exists():
            return [Isolation(**entry) for entry in json.loads(kept.read_text("utf-8"))]
        try:
            ways = choose(lesson, name, cells, solved, lambda *o: run(*o).cells)
        except EngineError as error:
            why = f"its solution could not be run: {error}"
            return isolation_as_set(lesson, name, cells, SHARED, why)
        with replacing(kept) as file:
            json.dump([asdict(way) for way in ways], file)
        return ways

    def _shown_to_be_enough(
        self,
        key: str,
        lesson: str,
        solved: NotebookNode,
        cells: list[ReferenceCell],
        shared: frozenset[str],
        run: Callable[..., Executed],
    ) -> Counter[str] | None:
        """Return a lesson's given cells if marks are the same without some of them.

        That is tried with its solution and with the notebook without answers.
        """
        kept = self._kept / f"cells-{key}.json"
        given = given_cells(solved)
        if not kept.exists():
            try:
                found = [
                    difference
                    for notebook in (solved, unanswered(solved, cells))
                    for difference in differences(
                        run(notebook, shared).cells,
                        run(
                            notebook, shared, left_out=left_out(notebook, given, shared)
                        ).cells,
                    )
                ]
            except EngineError as error:
                found = [f"its solution could not be run: {error}"]
            with replacing(kept) as file:
                json.dump(found, file)
        found = json.loads(kept.read_text("utf-8"))
        if found:
            self.notes.append(
                f"{lesson}: all cells run, since marks would differ without: {found[0]}"
            )
        return None if found else given

    def check_solution(self, lesson: str, references: References) -> None:
        """Run a lesson's solution once; note what it loses itself."""
        for name, cells in references.items():
            if lesson in self.solved:
                break
            key = digest(lesson, name, *self._keys.of_lesson(lesson).values())
            kept = self._kept / f"solved-{key}.json"
            if kept.exists():
                continue
            try:
                ready = prepare_solution(self._course, lesson, name, cells)
                solved = ready.notebook
                skipped = left_out(solved, given_cells(solved))
                # All as in submissions: what was compiled for these is used again.
                job = ready.job(left_out=skipped, held=held_names(solved))
                executed = self._run(job)
            except ClusterLost:
                raise
            except Exception as error:  # all that was handed in is graded by now
                if root_of(error):
                    raise
                self.notes.append(f"{lesson}: its solution could not be run: {error}")
                continue
            self._note_lost_points(lesson, name, executed)
            if all(c["points"] == c["max_points"] for c in executed.cells):
                with replacing(kept) as file:
                    json.dump([], file)

    def _pictures(
        self,
        key: str,
        lesson: str,
        name: str,
        solved: NotebookNode,
        shared: frozenset[str],
        run: Callable[..., Executed],
    ) -> Path | None:
        """Return the file of the solution's pictures; note what the solution loses."""
        kept = self._kept / f"figures-{key}.json"
        if kept.exists():
            return kept
        try:
            executed = run(solved, shared)
        except EngineError as error:
            self.notes.append(f"{lesson}: its solution could not be run: {error}")
            return None
        if lack := _lack(executed):
            raise LessonImpossible(f"{name}.ipynb: {lack}")
        self._note_lost_points(lesson, name, executed)
        pictures.write(executed.pictures, kept)
        return kept


class _Failure(NamedTuple):
    """A cell that raised an error."""

    cell: str
    kind: str
    said: str

    def __str__(self) -> str:
        """Return it for an instructor."""
        return f"{self.cell}: {self.kind}: {self.said}"


def _first_failure(notebook: NotebookNode) -> _Failure | None:
    """Return the first cell, no test, that raised an error; its place if unnamed."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in [] if is_test(cell) else cell.get("outputs", []):
            if output.output_type == "error":
                name = name_of(cell) or f"cell {number}"
                return _Failure(name, output.ename, output.evalue[:MOST_MESSAGE])
    return None


def _lack(executed: Executed) -> str:
    """Say what a course's solution misses, where it loses points for that."""
    first = _first_failure(executed.notebook)
    lost = [c["message"] for c in executed.cells if c["points"] < c["max_points"]]
    follows = any(text.startswith(CONSEQUENCES) for text in lost)
    if first is None or first.kind not in LACKING or not follows:
        return ""
    return (
        f"its own solution fails in {first}; put what it reads beside the notebook, or "
        'name its folder in autograder.toml, as in data = ["Data"] (a module: install '
        "it)"
    )


def _not_installed(name: str, absent: list[str]) -> str:
    return (
        f"{name}.ipynb imports {', '.join(absent)}, not installed here; install that "
        "(for lessons of this project, the extras [lessons,keras] of autograder) and "
        "run the same command with --force."
    )
