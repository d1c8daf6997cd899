"""Needed cells: which cells of a submission marks depend on, and why.

Most of a notebook's time goes into demonstrations: figures, trainings to look at. Given
code that is as it was handed out is left out when nothing that runs needs it. What runs
are tests, answers, constants, and all that a student has changed or added; and given
cells that bind or change what one of these uses, directly or through others.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import inf

from nbformat import NotebookNode

from autograder.base.source_code import MOST_CODE
from autograder.model.cells import Role, is_test, name_of, role_in_notebook
from autograder.model.code_effects import Effects, effects_of, grouped


@dataclass(frozen=True)
class CodeCell:
    """A code cell of a notebook that is to be graded."""

    position: int
    """Among all cells of the notebook, counted from 0."""
    source: str
    is_given: bool
    """Whether it is given code, exactly as it was handed out."""
    is_test: bool = False
    """Whether it is a test that only asks for the notebook's names."""
    name: str = ""


@dataclass(frozen=True)
class Choice:
    """Which cells do not run, and why given ones do."""

    left_out: dict[int, str] = field(default_factory=dict)
    """What of the cells that do not run runs all the same, by position: imports and
    settings, as source."""
    why: dict[int, str] = field(default_factory=dict)
    """What the given cells that run are needed for, by position."""


def code_cells(
    notebook: NotebookNode, given: Counter[str], shared: Collection[str] = ()
) -> list[CodeCell]:
    """Return the code cells of a repaired notebook.

    Parameters
    ----------
    given
        How often each given code cell was handed out, by its source: what stands in
        the notebook more often is a student's copy.
    shared
        Names of the test cells that run among the student's variables.
    """
    cells = [(p, c) for p, c in enumerate(notebook.cells) if c.cell_type == "code"]
    found = Counter(cell.source for _, cell in cells)
    return [
        CodeCell(
            position,
            cell.source,
            role_in_notebook(cell) == Role.GIVEN
            and found[cell.source] <= given[cell.source],
            is_test(cell) and name_of(cell) not in shared,
            name_of(cell) or f"cell {position + 1}",
        )
        for position, cell in cells
    ]


def choose(cells: Sequence[CodeCell]) -> Choice:
    """Choose the given cells that do not run."""
    if sum(len(cell.source) for cell in cells) > MOST_CODE:
        why = "there is too much code to follow"
        return Choice(why={c.position: why for c in cells if c.is_given})
    known = [(cell, effects_of(cell.source)) for cell in cells]
    for cell, effects in known:
        if effects.reaches_all and not cell.is_given:
            why = f"{cell.name} has {effects.reaches_all}, which may reach any name"
            return Choice(why={c.position: why for c in cells if c.is_given})
    return _Search(known).choice()


class _Search:
    """Adds given cells to what runs, until nothing that runs needs another one."""

    def __init__(self, known: Sequence[tuple[CodeCell, Effects]]) -> None:
        self._known = known
        # What tests do with values, they do elsewhere.
        effects = [found for cell, found in known if not cell.is_test]
        self._steady = frozenset().union(*(one.steady for one in effects))
        self._steady -= frozenset().union(*(one.unsteady for one in effects))
        # Functions are handed around, and nothing changes them but their own name.
        alone = self._steady | frozenset().union(*(one.defines for one in effects))
        self._groups = grouped(g - alone for one in effects for g in one.shares)
        self._modules = frozenset().union(*(one.modules for one in effects))
        self._changers = _changers(effects)
        self._when_called = _changed_when_called(effects)
        self._of_tests: set[str] = set()
        """What the tests above define: it is found before what the notebook has."""
        self._last_use: dict[str, tuple[float, str]] = {}
        """By name: where it is used last, and by which cell."""

    def choice(self) -> Choice:
        """Return which cells nothing needs, and why the others run."""
        why: dict[int, str] = {}
        waiting = []
        for cell, effects in self._known:
            always = effects.in_any_case or self._patched(effects)
            if cell.is_given and not always:
                waiting.append((cell, effects))
                if effects.lasting:
                    self._note_uses(cell, effects_of(effects.lasting))
                continue
            if cell.is_given:
                why[cell.position] = always
            self._of_tests |= effects.binds if cell.is_test else set()
            self._note_uses(cell, effects)
        is_settled = False
        while not is_settled:
            is_settled = True
            for cell, effects in list(waiting):
                if needed := self._needed_for(cell, effects):
                    why[cell.position] = needed
                    self._note_uses(cell, effects)
                    waiting.remove((cell, effects))
                    is_settled = False
        return Choice({cell.position: e.lasting for cell, e in waiting}, why)

    def _patched(self, effects: Effects) -> str:
        """Say what of a library a cell changes: that lasts for all of the notebook."""
        patches = [text for names, text in effects.stores if names & self._modules]
        if patches:
            return f"{patches[0]} = …"
        changed = sorted(effects.changes & self._modules)
        return f"changes {changed[0]}" if changed else ""

    def _note_uses(self, cell: CodeCell, effects: Effects) -> None:
        own = self._of_tests if cell.is_test else set()
        later = effects.uses_later - effects.binds
        for names, place in ((effects.uses - own, cell.position), (later - own, inf)):
            for name in names:
                if place > self._last_use.get(name, (-1, ""))[0]:
                    self._last_use[name] = (place, cell.name)

    def _needed_for(self, cell: CodeCell, effects: Effects) -> str:
        """Say what a given cell is needed for; nothing if for nothing."""
        changed = {
            other
            for name in self._changed(effects)
            for other in self._groups.get(name, {name})
        }
        for verb, names in (("sets", effects.binds), ("may change", changed)):
            for name in sorted(names):
                place, user = self._last_use.get(name, (-1, ""))
                if place > cell.position:
                    return f"{verb} {name} for {user}"
        return ""

    def _changed(self, effects: Effects) -> set[str]:
        """Return the names whose values a cell may change, when it runs."""
        found = set(effects.changes)
        for name, given in effects.calls:
            if name in self._changers:
                found |= given
        for name in effects.uses | effects.uses_later:
            found |= self._when_called.get(name, set())
        return found - self._steady


def _changers(effects: Sequence[Effects]) -> frozenset[str]:
    """Return the functions that change what they are given, themselves or by others."""
    found = set().union(*(one.changers for one in effects))
    passes = [pair for one in effects for pair in one.passes]
    while more := {name for name, other in passes if other in found} - found:
        found |= more
    return frozenset(found)


def _changed_when_called(effects: Sequence[Effects]) -> dict[str, set[str]]:
    """Return what functions of the notebook change of its names, by function.

    All that a cell changes counts for each function that it defines.
    """
    found: dict[str, set[str]] = {}
    for one in effects:
        for name in one.defines:
            found.setdefault(name, set()).update(one.changes)
    return found
