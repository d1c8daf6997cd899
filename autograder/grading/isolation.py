"""Isolation of tests: which test cells of a course can run sealed, and why not.

A lesson set to `auto` is tried: its solution and the notebook without answers run
once as stock nbgrader runs them, and again with as many test cells sealed as can be. A
test cell stays sealed if all marks are the same.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from nbformat import NotebookNode

from autograder.base.files import replacing
from autograder.base.locks import class_lock
from autograder.course.settings import SEALED, SHARED
from autograder.grading.isolation_checks import bound, needs, provided, read
from autograder.model.cells import ReferenceCell, References, test_names

NAME = "tests.csv"
LONGEST_REASON = 300
Run = Callable[[NotebookNode, frozenset[str]], list[dict]]
"""Executes a notebook with these tests shared; returns an entry a test cell."""


@dataclass(frozen=True)
class Isolation:
    """How one test cell runs, and why: a row of `tests.csv`."""

    lesson: str
    notebook: str
    cell: str
    points: float
    tests: str
    """`sealed` or `shared`."""
    why: str


def isolation_as_set(
    lesson: str, notebook: str, cells: list[ReferenceCell], way: str, why: str
) -> list[Isolation]:
    """Return the ways of a notebook whose tests all run alike."""
    return [
        Isolation(lesson, notebook, cell.grade_id, cell.points, way, why)
        for cell in cells
        if cell.is_test
    ]


def choose(
    lesson: str, name: str, cells: list[ReferenceCell], solved: NotebookNode, run: Run
) -> list[Isolation]:
    """Decide for each test cell of a notebook whether it can run sealed.

    Parameters
    ----------
    solved
        The course's own solution, repaired.

    Raises
    ------
    EngineError
        The solution could not be run.
    """
    why = _Choice(cells, solved, run).why
    return [
        Isolation(
            lesson,
            name,
            cell.grade_id,
            cell.points,
            SHARED if cell.grade_id in why else SEALED,
            why.get(cell.grade_id, "gives the same marks sealed")[:LONGEST_REASON],
        )
        for cell in cells
        if cell.is_test
    ]


class _Choice:
    """The test cells of one notebook that have to run shared, with the reasons."""

    def __init__(
        self, cells: list[ReferenceCell], solved: NotebookNode, run: Run
    ) -> None:
        tests = {cell.grade_id: cell.source for cell in cells if cell.is_test}
        self._tests, self._run = tests, run
        self._notebooks = {
            "the solution": solved,
            "the notebook without answers": unanswered(solved, cells),
        }
        given = frozenset[str]().union(*map(bound, _not_tests(solved)))
        set_by_tests = frozenset[str]().union(*map(bound, tests.values()))
        self.why = {
            name: reason
            for name, source in tests.items()
            if (reason := needs(source, given, set_by_tests))
        }
        if len(self.why) < len(tests):
            self._try()

    def _try(self) -> None:
        stock = self._entries(frozenset(self._tests))
        for name, entry in stock["the solution"].items():
            if entry["points"] < entry["max_points"]:
                self.why.setdefault(name, "the solution itself loses points in it")
        while len(self.why) < len(self._tests):
            found = {}
            for what, entries in self._entries(frozenset(self.why)).items():
                for name, entry in entries.items():
                    if entry["points"] != stock[what][name]["points"]:
                        found.setdefault(name, _told(what, entry, stock[what][name]))
            added = self._not_sealed(found)
            if not added:
                break
            self.why |= added

    def _entries(self, shared: frozenset[str]) -> dict[str, dict[str, dict]]:
        """Return what comes of each test in each notebook; both run at a time."""
        with ThreadPoolExecutor() as pool:
            found = pool.map(lambda n: self._run(n, shared), self._notebooks.values())
            return {
                what: {entry["grade_id"]: entry for entry in entries}
                for what, entries in zip(self._notebooks, found, strict=True)
            }

    def _not_sealed(self, differing: dict[str, str]) -> dict[str, str]:
        """Return which sealed cells are to blame for marks that differ, and why."""
        own = {n: told for n, told in differing.items() if n not in self.why}
        if own:
            return own
        names = list(self._tests)
        for name in differing:
            above = [n for n in names[: names.index(name)] if n not in self.why]
            wanted = read(self._tests[name])
            setting = [n for n in above if provided(self._tests[n]) & wanted]
            touching = [n for n in above if read(self._tests[n]) & wanted]
            if helping := setting or touching or above:
                return dict.fromkeys(helping, f"prepares something for {name}")
        return {}


def _told(what: str, sealed: dict, shared: dict) -> str:
    message = sealed["message"] or "no error"
    return (
        f"sealed, {what} gets {sealed['points']:g} instead of {shared['points']:g} of "
        f"{sealed['max_points']:g} points: {message}"
    )


def unanswered(solved: NotebookNode, cells: list[ReferenceCell]) -> NotebookNode:
    """Return a lesson's notebook as it was before anybody wrote an answer."""
    stubs = {cell.grade_id: cell.source for cell in cells if cell.solution}
    notebook = deepcopy(solved)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = stubs.get(name, cell.source)
    return notebook


def _not_tests(notebook: NotebookNode) -> list[str]:
    tests = test_names(notebook)
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.metadata.get("nbgrader", {}).get("grade_id") not in tests
    ]


def where_tests_ran(
    references: References, shared: Mapping[str, frozenset[str]]
) -> tuple[str, list[str]]:
    """Return where a submission's tests run, and the names of those that are shared.

    Parameters
    ----------
    shared
        The names of each notebook's test cells that are.
    """
    tests = [
        (n, c.grade_id) for n, cells in references.items() for c in cells if c.is_test
    ]
    found = [cell for name, cell in tests if cell in shared[name]]
    if not found:
        return SEALED, []
    return SHARED if len(found) == len(tests) else "mixed", found


def write_isolation(path: Path, ways: Iterable[Isolation]) -> None:
    """Write `tests.csv`; what it says of other lessons stays."""
    fresh = list(ways)
    lessons = {way.lesson for way in fresh}
    with class_lock(path.parent):  # other lessons' ways may come at the same time
        kept = [way for way in read_isolation(path) if way.lesson not in lessons]
        rows = sorted(kept + fresh, key=lambda way: way.lesson)
        with replacing(path) as file:
            table = csv.DictWriter(file, [field.name for field in fields(Isolation)])
            table.writeheader()
            table.writerows(map(asdict, rows))


def read_isolation(path: Path) -> list[Isolation]:
    """Read `tests.csv`; nothing if there is none, or if it is something else."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return [Isolation(**row | {"points": float(row["points"])}) for row in rows]
    except (KeyError, TypeError, ValueError):
        return []
