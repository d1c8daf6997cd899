"""Needed cells: which cells of a submission marks depend on, and why.

Most of a notebook's time goes into demonstrations: figures, trainings to look at. Given
code that is as it was handed out is left out when nothing that runs needs it. What runs
are tests, answers, constants, and all that a student has changed or added; and given
statements that bind or change what one of these uses, directly or through others, with
all that stands above them in their cells.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from nbformat import NotebookNode

from autograder.base.source_code import MOST_CODE, import_lines, modules_to_load
from autograder.model.cells import Role, name_of, role_in_notebook
from autograder.model.code_effects import (
    Effects,
    effects_of,
    statements_of,
)
from autograder.model.effect_reader import grouped

EVER = (inf, 0)
NEVER = ((-1, 0), "")


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
    """What of the cells that do not run runs all the same, by position, as source: the
    beginning of those that are not needed to their end; imports and settings. An import
    of a large package that nothing needs is in none of them."""
    why: dict[int, str] = field(default_factory=dict)
    """What the given cells that run, or begin, are needed for, by position."""


def given_cells(solved: NotebookNode) -> Counter[str]:
    """Return how often each given code cell of a lesson is handed out, by its source.

    Parameters
    ----------
    solved
        The lesson's own notebook: given cells are the same in what students get.
    """
    return Counter(
        cell.source for cell in solved.cells if role_in_notebook(cell) == Role.GIVEN
    )


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
    # Attributes of nodes are slow.
    cells = [(p, c) for p, c in enumerate(notebook.cells) if c["cell_type"] == "code"]
    found = Counter(cell["source"] for _, cell in cells)
    return [
        CodeCell(
            position,
            cell["source"],
            role == Role.GIVEN and found[cell["source"]] <= given[cell["source"]],
            role == Role.TEST and name not in shared,
            name or f"cell {position + 1}",
        )
        for position, cell in cells
        for role, name in [(role_in_notebook(cell), name_of(cell))]
    ]


def choose(cells: Sequence[CodeCell]) -> Choice:
    """Choose the given cells that do not run, or not to their end."""
    if sum(len(cell.source) for cell in cells) > MOST_CODE:
        why = "there is too much code to follow"
        return Choice(why={c.position: why for c in cells if c.is_given})
    for cell in cells:
        effects = effects_of(cell.source)
        if effects.reaches_all and not cell.is_given:
            why = f"{cell.name} has {effects.reaches_all}, which may reach any name"
            return Choice(why={c.position: why for c in cells if c.is_given})
    return _Search([piece for cell in cells for piece in _pieces(cell)]).choice(cells)


def needed_modules(solved: NotebookNode) -> set[str]:
    """Return the modules that a lesson loads for what its marks depend on."""
    cells = code_cells(solved, given_cells(solved))
    left_out = choose(cells).left_out
    return modules_to_load(
        import_lines(left_out.get(cell.position, cell.source) for cell in cells)
    )


@dataclass(frozen=True, eq=False)  # each is there once
class _Piece:
    """What runs or does not: a statement of given code; a cell of anything else."""

    cell: CodeCell
    number: int
    """Among the pieces of its cell, counted from 0."""
    effects: Effects
    is_quiet_import: bool = False

    @cached_property
    def place(self) -> tuple[float, int]:
        """Where it stands in the notebook."""
        return self.cell.position, self.number


def _pieces(cell: CodeCell) -> list[_Piece]:
    if not cell.is_given:
        return [_Piece(cell, 0, effects_of(cell.source))]
    statements = statements_of(cell.source)
    return [
        _Piece(cell, n, found.effects, found.is_quiet_import)
        for n, found in enumerate(statements)
    ]


class _Search:
    """Adds given code to what runs, until nothing that runs needs more of it.

    A cell runs from its first line on: where a statement is needed, all above it in its
    cell runs too, since an error there would have ended the cell.
    """

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self._pieces = pieces
        # What tests do with values, they do elsewhere.
        effects = [piece.effects for piece in pieces if not piece.cell.is_test]
        self._steady = frozenset().union(*(one.steady for one in effects))
        self._steady -= frozenset().union(*(one.unsteady for one in effects))
        # Functions are handed around, and nothing changes them but their own name.
        alone = self._steady | frozenset().union(*(one.defines for one in effects))
        self._groups = grouped(g - alone for one in effects for g in one.shares)
        self._modules = frozenset().union(*(one.modules for one in effects))
        self._changers = changers(effects)
        self._when_called = _changed_when_called(effects)
        self._acts = _acting([piece for piece in pieces if not piece.cell.is_test])
        self._of_tests: set[str] = set()
        """What the tests above define: it is found before what the notebook has."""
        self._binds: dict[int, frozenset[str]] = {}
        """What a cell binds, by position."""
        for piece in pieces:
            place = piece.cell.position
            self._binds[place] = (
                self._binds.get(place, frozenset()) | piece.effects.binds
            )
        self._last_use: dict[tuple[str, int | None], tuple[tuple[float, int], str]] = {}
        """By name, and by the cell that is meant if only one is: where it is used last,
        and by which cell."""
        self._known_touched: dict[_Piece, tuple[tuple[str, list[str]], ...]] = {}
        self._running: dict[int, int] = {}
        """How many pieces of given cells run, by position."""
        self._why: dict[int, str] = {}

    def choice(self, cells: Sequence[CodeCell]) -> Choice:
        """Return which cells nothing needs to their end, and why given ones run."""
        waiting = []
        for piece in self._pieces:
            cell, effects = piece.cell, piece.effects
            if cell.is_given:
                waiting.append(piece)
                if always := self._always(effects):
                    self._need(piece, always)
                elif effects.lasting:
                    self._note_uses(piece, effects_of(effects.lasting))
                continue
            self._of_tests |= effects.binds if cell.is_test else set()
            self._note_uses(piece, effects)
        is_settled = False
        while not is_settled:
            is_settled = True
            for piece in reversed(waiting):
                if not self._is_running(piece):
                    needed = self._needed_for(piece)
                    if not needed:
                        continue
                    self._need(piece, needed)
                self._note_uses(piece, piece.effects)
                waiting.remove(piece)
                is_settled = False
        return Choice(self._left_out(cells), self._why)

    def _need(self, piece: _Piece, why: str) -> None:
        position = piece.cell.position
        self._running[position] = max(piece.number + 1, self._running.get(position, 0))
        self._why.setdefault(position, why)

    def _left_out(self, cells: Sequence[CodeCell]) -> dict[int, str]:
        found, packages = {}, self._packages()
        for cell in cells:
            if not cell.is_given:
                continue
            statements = statements_of(cell.source)
            count = self._running.get(cell.position, 0)
            if count == len(statements) > 0:
                continue
            lines, end, runs = cell.source.split("\n"), 0, []
            for number, statement in enumerate(statements):
                own, end = lines[end : statement.end], statement.end
                if statement.is_quiet_import and not (
                    statement.effects.packages & packages
                ):
                    own = [""] * len(own)
                elif number >= count:
                    own = [*filter(None, [statement.effects.lasting])]
                runs += own
            found[cell.position] = "\n".join(runs).rstrip("\n")
        return found

    def _packages(self) -> frozenset[str]:
        """Return the packages of which anything that runs needs a part.

        All that is imported of one counts together: `import scipy` finds more in it
        after `import scipy.special`.
        """
        needed = (
            piece.effects.packages
            for piece in self._pieces
            if self._is_running(piece)
            and (not piece.is_quiet_import or self._needed_for(piece))
        )
        return frozenset().union(*needed)

    def _is_running(self, piece: _Piece) -> bool:
        running = self._running.get(piece.cell.position, 0)
        return not piece.cell.is_given or piece.number < running

    def _always(self, effects: Effects) -> str:
        """Say what code does that lasts for all of the notebook; nothing if nothing."""
        if effects.in_any_case:
            return effects.in_any_case
        if self._acts and (acting := sorted(_mentioned(effects) & self._acts)):
            return f"{acting[0]}(), which does more than names show"
        patches = [text for names, text in effects.stores if names & self._modules]
        if patches:
            return f"{patches[0]} = …"
        changed = sorted(effects.patches & self._modules)
        return f"changes {changed[0]}" if changed else ""

    def _note_uses(self, piece: _Piece, effects: Effects) -> None:
        own = self._of_tests if piece.cell.is_test else set()
        position = piece.cell.position
        for name in effects.uses - own:
            self._note_use(name, None, piece.place, piece.cell)
        for name in effects.uses_later - own:
            # What a cell binds itself, its functions find; of no other cell's.
            where = position if name in self._binds[position] else None
            self._note_use(name, where, EVER, piece.cell)

    def _note_use(
        self, name: str, where: int | None, place: tuple[float, int], cell: CodeCell
    ) -> None:
        if place > self._last_use.get((name, where), NEVER)[0]:
            self._last_use[name, where] = (place, cell.name)

    def _needed_for(self, piece: _Piece) -> str:
        """Say what a piece is needed for; nothing if for nothing."""
        own, here = piece.place, piece.cell.position
        for verb, names in self._touched(piece):
            for name in names:
                place, user = max(
                    self._last_use.get((name, None), NEVER),
                    self._last_use.get((name, here), NEVER),
                )
                if place > own:
                    return f"{verb} {name} for {user}"
        return ""

    def _touched(self, piece: _Piece) -> tuple[tuple[str, list[str]], ...]:
        """Return the names that a piece sets and may change, and how that is said."""
        if piece not in self._known_touched:
            changed = {
                other
                for name in self._changed(piece.effects)
                for other in self._groups.get(name, {name})
            }
            self._known_touched[piece] = (
                ("sets", sorted(piece.effects.binds)),
                ("may change", sorted(changed)),
            )
        return self._known_touched[piece]

    def _changed(self, effects: Effects) -> set[str]:
        """Return the names whose values a cell may change, when it runs."""
        found = set(effects.changes)
        for name, given in effects.calls:
            if name in self._changers:
                found |= given
        for name in effects.mentions | effects.uses_later:
            found |= self._when_called.get(name, set())
        return found - self._steady


def changers(effects: Sequence[Effects]) -> frozenset[str]:
    """Return the functions that change what they are given, themselves or by others."""
    found = set().union(*(one.changers for one in effects))
    passes = [pair for one in effects for pair in one.passes]
    while more := {name for name, other in passes if other in found} - found:
        found |= more
    return frozenset(found)


def _acting(pieces: Sequence[_Piece]) -> frozenset[str]:
    """Return what does something that names do not show, itself or by others.

    A file that an answer writes is not such a thing: tests have their own.
    """
    effects = [piece.effects for piece in pieces]
    found = set().union(
        *(p.effects.acts for p in pieces if p.cell.is_given or not p.effects.writes)
    )
    while found and (
        more := {
            name for one in effects if _reached(one) & found for name in one.defines
        }
        - found
    ):
        found |= more
    return frozenset(found)


def _reached(effects: Effects) -> frozenset[str]:
    """Return what code may call, now or when its functions are called."""
    called = {name for name, _ in effects.calls}
    return effects.mentions | effects.uses_later | called


def _mentioned(effects: Effects) -> frozenset[str]:
    """Return what code may call when it runs; a definition alone calls nothing."""
    return effects.mentions if effects.defines else _reached(effects)


def _changed_when_called(effects: Sequence[Effects]) -> dict[str, set[str]]:
    """Return what functions of the notebook change of its names, by function.

    All that a cell changes counts for each function that it defines.
    """
    found: dict[str, set[str]] = {}
    for one in effects:
        for name in one.defines:
            found.setdefault(name, set()).update(one.changes)
    return found
