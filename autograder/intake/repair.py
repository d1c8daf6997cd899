"""Repair: puts right what can be put right in a submitted notebook, and reports it."""

import ast
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache, partial

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.base.source_code import MOST_CODE, meaning_of, tree_of, words_of
from autograder.intake.notebook_reader import LEFT_OUT, NOT_KEPT
from autograder.model.cells import ReferenceCell, name_of, new_cell

MOST_NAMED = 5
MOST_SHOWN = 40
LONGER = 3
"""By so much formatting makes a cell longer, at most."""
EARLIER = "as handed out earlier, replaced by today's"


@dataclass
class Repaired:
    """A submitted notebook that can be graded, and what was done to it."""

    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)
    tampering: list[str] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    """Names of the locked cells that are those of an earlier release."""
    put_back: set[str] = field(default_factory=set)
    """Names of the cells that were not there."""
    handed_in: dict[str, list] = field(default_factory=dict)
    """What came with the submission as the outputs of its code cells, by cell id. Not
    looked at: it can be anything that JSON can say."""


def repair(submitted: NotebookNode, reference: list[ReferenceCell]) -> Repaired:
    """Put a submitted notebook right: every cell that the gradebook knows, once.

    Test cells and other locked cells get their original source; copies lose their
    name; deleted cells come back; a solution whose name got lost is recognised by
    what it defines. What the student wrote is never changed.
    """
    metadata = dict(submitted.metadata)
    left_out, no_pictures = metadata.pop(LEFT_OUT, 0.0), metadata.pop(NOT_KEPT, False)
    repaired = Repaired(new_notebook(metadata=metadata))
    if left_out:
        repaired.repairs.append(
            f"its outputs were not read, since they take {left_out:.0f} MiB; no mark "
            "depends on them"
        )
    if no_pictures:
        repaired.repairs.append(
            "the pictures in its text were not read, since they take too much; look at "
            "the file that was handed in"
        )
    known = {cell.grade_id: cell for cell in reference}
    cells = _without_empty_copies(submitted.cells, known, repaired)
    owners = _owners(cells, known, repaired)
    repaired.notebook.cells = [
        _restored(cell, known[owners[position]], repaired)
        if position in owners
        else new_cell(cell["cell_type"], cell["source"])
        for position, cell in enumerate(cells)
    ]
    if repaired.earlier:
        repaired.repairs.append(f"{_few(repaired.earlier)}: {EARLIER}")
    _keep_pictures(cells, repaired)
    _report_flags(cells, owners, known, repaired)
    made = list(zip(repaired.notebook.cells, cells, strict=True))
    _put_in_order(repaired, reference)
    _restore_missing(repaired, reference, set(owners.values()))
    _number_own_cells(repaired.notebook.cells)
    repaired.handed_in = {
        cell.id: before.outputs for cell, before in made if before.get("outputs")
    }
    return repaired


def is_earlier(repair: str) -> bool:
    """Whether a repair tells of locked cells that were corrected after handing out."""
    return repair.endswith(f": {EARLIER}")


def _without_empty_copies(
    cells: list[NotebookNode], known: dict[str, ReferenceCell], repaired: Repaired
) -> list[NotebookNode]:
    """Leave out copies of an answer's cell that nobody wrote in, if one was written in.

    A copy that stands below would take the answer's place, and nothing is in it.
    """
    copies: dict[str, list[int]] = {}
    for position, cell in enumerate(cells):
        wanted = known.get(cell["metadata"].get("grade_id"))
        if wanted and wanted.solution and not wanted.locked:
            copies.setdefault(wanted.grade_id, []).append(position)
    left_out: set[int] = set()
    for name, positions in copies.items():
        if len(positions) == 1:
            continue
        kind, given = known[name].kind, (known[name].released, *known[name].earlier)
        empty = {p for p in positions if _says_one_of(kind, cells[p].source, given)}
        if empty and len(empty) < len(positions):
            left_out |= empty
            repaired.repairs.append(
                f"{name}: found a copy of it as it was given out, left out"
            )
    return [cell for place, cell in enumerate(cells) if place not in left_out]


def _owners(
    cells: list[NotebookNode], known: dict[str, ReferenceCell], repaired: Repaired
) -> dict[int, str]:
    """Decide which submitted cell stands for which known one: position → grade_id."""
    claims: dict[str, list[int]] = {}
    for position, cell in enumerate(cells):
        grade_id = cell["metadata"].get("grade_id")
        if grade_id in known:
            claims.setdefault(grade_id, []).append(position)
    owners = {}
    for grade_id, positions in claims.items():
        # The last copy counts, as it does for nbgrader and for the notebook's state.
        owners[positions[-1]] = grade_id
        if len(positions) > 1:
            repaired.repairs.append(
                f"{grade_id}: found {len(positions)} cells of this name, the last one "
                "counts; the others run as ordinary cells"
            )
    if len(claims) == len(known):  # no cell without a name can be one of them
        return owners
    lost = []
    is_short = sum(len(cell["source"]) for cell in cells) <= MOST_CODE
    for position, cell in enumerate(cells):
        if position in owners or cell["metadata"].get("grade_id") in known:
            continue
        defines = partial(_defined, is_parsed=is_short)
        same = _says_one_of if is_short else _is_one_of
        grade_id = _recognised(cell, known, set(owners.values()), defines, same)
        if grade_id:
            owners[position] = grade_id
            lost.append(grade_id)
    if lost:
        repaired.repairs.append(
            f"{_few(lost)}: had lost their names ({len(lost)} cells), recognised"
        )
    return owners


def _recognised(
    cell: NotebookNode,
    known: dict[str, ReferenceCell],
    taken: set[str],
    defined: Callable[[str], set[str]],
    same: Callable[[str, str, Collection[str]], bool],
) -> str | None:
    """Name a cell without a name: an unchanged locked cell, or the answer itself.

    An answer in words is told by its first line, which the lesson wrote; one in code by
    its name, or by what its stub defines, or by being the stub still.
    """
    fits = {
        grade_id: wanted
        for grade_id, wanted in known.items()
        if grade_id not in taken and wanted.kind == cell.cell_type
    }
    locked = [wanted for wanted in fits.values() if wanted.locked]
    texts = [(c.grade_id, (c.released, c.source)) for c in locked]
    texts += [(c.grade_id, c.earlier) for c in locked]
    for grade_id, handed_out in texts if cell.source.strip() else ():
        if same(cell.cell_type, cell.source, handed_out):
            return grade_id
    for grade_id, wanted in fits.items():
        if wanted.is_constants and defined(wanted.source) == defined(cell.source):
            return grade_id
        if wanted.solution and wanted.kind == "code":
            asked = defined(wanted.source) or {grade_id}
            if grade_id in defined(cell.source) or asked <= defined(cell.source):
                return grade_id
            if cell.source.strip() == wanted.released.strip() != "":
                return grade_id
        elif wanted.solution and _first_line(cell) == _first_line(wanted) != "":
            return grade_id
    return None


def _first_line(cell: NotebookNode | ReferenceCell) -> str:
    return cell.source.strip().partition("\n")[0].rstrip()


@lru_cache(maxsize=8)
def _defined(source: str, is_parsed: bool) -> set[str]:
    """Return what a cell defines at its top level, as far as it is Python."""
    try:
        if not is_parsed:
            raise ValueError
        body = tree_of(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(re.findall(r"^(?:def|class)\s+(\w+)", source, re.MULTILINE))
    names = {n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names


def _keep_pictures(cells: list[NotebookNode], repaired: Repaired) -> None:
    """Keep what is attached to cells of text, or report why it is not kept."""
    for before, cell in zip(cells, repaired.notebook.cells, strict=True):
        if "attachments" in before and cell["cell_type"] != "code":
            cell.attachments = before.attachments
        where = name_of(cell) or "a cell of the student's own"
        repaired.repairs += [
            f"{where}: left out what is attached to it, {why}; look at the file that "
            "was handed in"
            for why in before["metadata"].get(NOT_KEPT, ())
        ]


def _report_flags(
    cells: list[NotebookNode],
    owners: dict[int, str],
    known: dict[str, ReferenceCell],
    repaired: Repaired,
) -> None:
    """Report what nbgrader noted of cells and is noted otherwise in the submission.

    Not what was handed out like that: a course may note what nbgrader makes nothing of,
    or have changed the points since.
    """
    changed: dict[str, list[str]] = {}
    for position, grade_id in owners.items():
        flags = cells[position]["metadata"].get("flags", {})
        wanted = known[grade_id]
        right = {**wanted.entry, "points": wanted.points}
        given = [pair for noted in wanted.handed_out for pair in noted.items()]
        for flag, found in flags.items():
            if (flag, found) in given:
                continue
            if type(found) not in (bool, int, float, str) or found != right[flag]:
                shown = repr(found)[:MOST_SHOWN]
                text = f"{flag} was {shown} in its metadata, is {right[flag]!r} again"
                changed.setdefault(text, []).append(grade_id)
    repaired.repairs += [f"{_few(names)}: {text}" for text, names in changed.items()]


def _few(names: list[str]) -> str:
    return ", ".join(names if len(names) <= MOST_NAMED else [names[0], "…", names[-1]])


def _restored(
    cell: NotebookNode, wanted: ReferenceCell, repaired: Repaired
) -> NotebookNode:
    if cell["cell_type"] != wanted.kind:
        repaired.repairs.append(
            f"{wanted.grade_id}: was turned into {cell.cell_type}, is "
            f"{wanted.kind} again"
        )
    if not wanted.locked:
        return wanted.node(cell["source"])
    source = cell["source"]
    if not _says_one_of(wanted.kind, source, (wanted.released, wanted.source)):
        _report_other_text(source, wanted, repaired)
    return wanted.node(wanted.source)


def _report_other_text(found: str, wanted: ReferenceCell, repaired: Repaired) -> None:
    """Report a locked cell that is not as it is handed out today."""
    if _says_one_of(wanted.kind, found, wanted.earlier):
        repaired.earlier.append(wanted.grade_id)
        return
    what = "test" if wanted.is_test else "locked cell"
    repaired.tampering.append(
        f"{wanted.grade_id}: the {what} was edited; the original was put back"
    )


def _says_one_of(kind: str, found: str, texts: Collection[str]) -> bool:
    """Whether a locked cell says what one of these texts says.

    Editors change its form by themselves, when they save.
    """
    if found in texts:
        return True
    said = meaning_of if kind == "code" else words_of
    # What is much longer need not be parsed.
    near = (text for text in texts if len(found) < LONGER * len(text) + MOST_SHOWN)
    return any(said(found) == said(text) for text in near)


def _is_one_of(_kind: str, found: str, texts: Collection[str]) -> bool:
    """Whether a cell is one of these texts: where too much code is to be parsed."""
    return found.strip() in {text.strip() for text in texts}


def _put_in_order(repaired: Repaired, reference: list[ReferenceCell]) -> None:
    """Let cells that were handed out run in the order in which they were.

    A test behind cells that were handed out after it would see more than it was written
    for. Cells of the student's own stay where they are.
    """
    rank = {wanted.grade_id: place for place, wanted in enumerate(reference)}
    cells = repaired.notebook.cells
    places = [at for at, cell in enumerate(cells) if "nbgrader" in cell["metadata"]]
    found = [cells[at] for at in places]
    ordered = sorted(found, key=lambda cell: rank[name_of(cell)])
    moved = [
        name_of(new) for old, new in zip(found, ordered, strict=True) if old is not new
    ]
    for at, cell in zip(places, ordered, strict=True):
        cells[at] = cell
    if moved:
        repaired.repairs.append(
            f"{_few(moved)}: were moved ({len(moved)} cells), run in the order in "
            "which they were handed out"
        )


def _restore_missing(
    repaired: Repaired, reference: list[ReferenceCell], present: set[str]
) -> None:
    cells = repaired.notebook.cells
    previous: str | None = None
    for wanted in reference:
        if wanted.grade_id not in present:
            place = 0
            if previous is not None:
                place = 1 + next(
                    i
                    for i, cell in enumerate(cells)
                    if cell.metadata.get("nbgrader", {}).get("grade_id") == previous
                )
            cells.insert(place, wanted.node(wanted.source))
            is_text = wanted.solution and wanted.kind == "markdown"
            look = "; look for its text in other cells" if is_text else ""
            repaired.repairs.append(f"{wanted.grade_id}: was deleted, put back{look}")
            repaired.put_back.add(wanted.grade_id)
        previous = wanted.grade_id


def _number_own_cells(cells: list[NotebookNode]) -> None:
    """Name the cells that are the student's own by where they are now.

    So notebooks that came out the same are the same, whatever was repaired.
    """
    taken = {cell["id"] for cell in cells if "nbgrader" in cell["metadata"]}
    for position, cell in enumerate(cells):
        if "nbgrader" not in cell["metadata"]:
            name = f"student-{position}"
            cell["id"] = f"{name}-copy" if name in taken else name
