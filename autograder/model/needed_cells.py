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

from autograder.model.cells import Role, name_of, role_in_notebook
from autograder.model.code_effects import Effects, effects_of


@dataclass(frozen=True)
class CodeCell:
    """A code cell of a notebook that is to be graded."""

    position: int
    """Among all cells of the notebook, counted from 0."""
    source: str
    is_given: bool
    """Whether it is given code, exactly as it was handed out."""
    name: str = ""


@dataclass(frozen=True)
class Choice:
    """Which cells do not run, and why given ones do."""

    left_out: frozenset[int] = frozenset()
    """Positions of the cells that do not run."""
    why: dict[int, str] = field(default_factory=dict)
    """What the given cells that run are needed for, by position."""


def code_cells(notebook: NotebookNode, given: Counter[str]) -> list[CodeCell]:
    """Return the code cells of a repaired notebook.

    Parameters
    ----------
    given
        How often each given code cell was handed out, by its source: what stands in
        the notebook more often is a student's copy.
    """
    cells = [(p, c) for p, c in enumerate(notebook.cells) if c.cell_type == "code"]
    found = Counter(cell.source for _, cell in cells)
    return [
        CodeCell(
            position,
            cell.source,
            role_in_notebook(cell) == Role.GIVEN
            and found[cell.source] <= given[cell.source],
            name_of(cell) or f"cell {position + 1}",
        )
        for position, cell in cells
    ]


def choose(cells: Sequence[CodeCell]) -> Choice:
    """Choose the given cells that do not run."""
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
        effects = [found for _, found in known]
        self._defined = frozenset().union(*(e.defines for e in effects))
        self._modules = frozenset().union(*(e.imports for e in effects))
        self._groups = _grouped((g for e in effects for g in e.shares), self._modules)
        self._changed_by = self._changed_when_called(effects)
        self._last_use: dict[str, tuple[float, str]] = {}
        """By name: where it is used last, and by which cell."""

    def choice(self) -> Choice:
        """Return which cells nothing needs, and why the others run."""
        why: dict[int, str] = {}
        open_cells = []
        for cell, effects in self._known:
            if not cell.is_given:
                self._note_uses(cell, effects)
            elif effects.in_any_case:
                why[cell.position] = effects.in_any_case
                self._note_uses(cell, effects)
            else:
                open_cells.append((cell, effects))
        is_settled = False
        while not is_settled:
            is_settled = True
            for cell, effects in list(open_cells):
                if needed := self._needed_for(cell, effects):
                    why[cell.position] = needed
                    self._note_uses(cell, effects)
                    open_cells.remove((cell, effects))
                    is_settled = False
        return Choice(frozenset(cell.position for cell, _ in open_cells), why)

    def _note_uses(self, cell: CodeCell, effects: Effects) -> None:
        for names, place in (
            (effects.uses, cell.position),
            (effects.uses_later, inf),
        ):
            for name in names:
                before, _ = self._last_use.get(name, (-1, ""))
                if place > before:
                    self._last_use[name] = (place, cell.name)

    def _needed_for(self, cell: CodeCell, effects: Effects) -> str:
        """Say what a given cell is needed for; nothing if for nothing."""
        for name in sorted(effects.binds):
            place, user = self._last_use.get(name, (-1, ""))
            if place > cell.position:
                return f"sets {name} for {user}"
        for name in sorted(self._changed(effects)):
            for other in sorted(self._groups.get(name, {name})):
                place, user = self._last_use.get(other, (-1, ""))
                if place > cell.position and other not in self._modules:
                    return f"may change {other} for {user}"
        return ""

    def _changed(self, effects: Effects) -> set[str]:
        """Return the names whose values a cell may change."""
        found = set(effects.changes)
        for call in effects.calls:
            if self._is_own(call.roots):
                found |= call.given | (call.roots - self._defined)
        for name in effects.uses | effects.uses_later:
            found |= self._changed_by.get(name, set())
        return found - self._modules

    def _is_own(self, roots: Collection[str]) -> bool:
        """Whether a call may run code of the notebook."""
        return any(self._groups.get(name, {name}) & self._defined for name in roots)

    def _changed_when_called(self, effects: Sequence[Effects]) -> dict[str, set[str]]:
        """Return what functions of the notebook may change, by their names.

        All that a cell changes counts for each function that it defines.
        """
        found: dict[str, set[str]] = {}
        for one in effects:
            # Names of the function's own, such as `self`, are no names of the notebook.
            outside = one.binds | one.uses_later
            for name in one.defines:
                found.setdefault(name, set()).update(one.changes & outside)
        return found


def _grouped(pairs, modules: Collection[str]) -> dict[str, set[str]]:
    """Return, for each name, the names that may stand for the same value."""
    groups: dict[str, set[str]] = {}
    for pair in pairs:
        together: set[str] = set()
        for name in pair:
            if name not in modules:
                together |= groups.get(name, {name})
        for name in together:
            groups[name] = together
    return groups
