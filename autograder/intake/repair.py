"""The gate: reads a submitted file, puts right what can be put right, reports it."""

import ast
import json
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook

from autograder.base.errors import UnreadableSubmission
from autograder.base.source_code import tree_of
from autograder.model.constants import is_marked
from autograder.model.lesson import without_hidden_tests

LARGEST_FILE_MIB = 20
MOST_CELLS = 2_000
LONGEST_INTEGER = 4_000
MOST_NAMED = 5
MOST_PARSED = 100_000
"""Characters; a parser may take a thousand times as many bytes."""
KINDS = ("code", "markdown", "raw")


@dataclass(frozen=True)
class ReferenceCell:
    """A cell that the gradebook knows, as it is when nobody has touched it."""

    grade_id: str
    kind: str
    """`code` or `markdown`."""
    source: str
    """For tests with hidden tests; for solutions the stub."""
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float

    @property
    def is_test(self) -> bool:
        """Whether the cell decides points by running."""
        return self.grade and not self.solution and self.kind == "code"

    @property
    def is_constants(self) -> bool:
        """Whether the cell has constants that may be each student's own."""
        is_given = self.locked and not self.grade and self.kind == "code"
        return is_given and is_marked(self.source)

    @property
    def released(self) -> str:
        """What students got of the cell."""
        return without_hidden_tests(self.source)

    def node(self, source: str) -> NotebookNode:
        """Return the cell for a notebook, with this source."""
        metadata: dict = {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "grade": self.grade,
            "solution": self.solution,
            "locked": self.locked,
            "task": self.task,
            "checksum": self.checksum,
            "cell_type": self.kind,
        }
        if self.grade or self.task:
            metadata["points"] = self.points
        cell = _new_cell(self.kind, source)
        cell.id = _cell_id(self.grade_id)
        cell.metadata = NotebookNode(deletable=False, nbgrader=NotebookNode(metadata))
        if self.locked:
            cell.metadata["editable"] = False
        return cell


References = dict[str, list[ReferenceCell]]
"""The reference cells of each notebook of a lesson."""


@dataclass
class Gated:
    """A submitted notebook that can be graded, and what was done to it."""

    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)
    tampering: list[str] = field(default_factory=list)


def reference_cells(gradebook: Gradebook, lesson: str, notebook: str) -> list:
    """Return the `ReferenceCell` list of one notebook, in the order of its source."""
    known = gradebook.find_notebook(notebook, lesson)
    graded = {cell.name: cell for cell in known.grade_cells}
    tasks = {cell.name: cell for cell in known.task_cells}
    solutions = {cell.name for cell in known.solution_cells}
    return [
        ReferenceCell(
            grade_id=cell.name,
            kind=cell.cell_type,
            source=cell.source,
            checksum=cell.checksum,
            locked=cell.locked,
            grade=cell.name in graded,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=float((graded | tasks)[cell.name].max_score)
            if cell.name in graded or cell.name in tasks
            else 0.0,
        )
        for cell in known.source_cells
    ]


def find_notebook(folder: Path, name: str) -> tuple[Path, list[str]]:
    """Find the notebook `name` in a submitted folder, whatever it is called.

    Returns
    -------
    Its path, and the repairs that finding it took.

    Raises
    ------
    UnreadableSubmission
        The folder holds no notebook that could be meant.
    """
    if folder.is_symlink():
        raise UnreadableSubmission(
            f"found a link to {os.readlink(folder)!r}, expected a folder of the "
            "student's own; ask the student to hand it in."
        )
    expected = folder / f"{name}.ipynb"
    if expected.is_file() and not expected.is_symlink():
        return expected, []
    others = sorted(
        path
        for path in folder.glob("*.ipynb")
        if path.is_file() and not path.is_symlink()
    )
    alike = [path for path in others if name in path.stem] or others
    if len(alike) != 1:
        found = ", ".join(_shown(path) for path in others) or "no notebook"
        raise UnreadableSubmission(
            f"found {found}, expected {expected.name}; ask the student to hand it in."
        )
    return alike[0], [f"renamed: {_shown(alike[0])} was read as {expected.name}"]


def _shown(path: Path) -> str:
    return shown(path.name)


def shown(name: str) -> str:
    """Return a file's name, harmless to files and terminals whatever is in it."""
    name = name.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def read_notebook(path: Path) -> NotebookNode:
    """Read a submitted file, believing nothing of it but cell kinds and sources.

    Raises
    ------
    UnreadableSubmission
        It is too large, no JSON, or no notebook.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE_MIB * 2**20:
        raise UnreadableSubmission(
            f"{_shown(path)}: found {size / 2**20:.0f} MiB, expected at most "
            f"{LARGEST_FILE_MIB}; clear all outputs and hand it in again."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSubmission(
            f"{_shown(path)}: {error.strerror}; make it readable, or ask the student "
            "to hand it in again."
        ) from error
    return parse_notebook(content, _shown(path))


def parse_notebook(content: bytes, name: str) -> NotebookNode:
    """Read a submitted file's content, as `read_notebook` does.

    Raises
    ------
    UnreadableSubmission
        It is no JSON, or no notebook.
    """
    try:
        parsed = json.loads(content, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        if content.lstrip().startswith(b"<"):
            raise UnreadableSubmission(
                f"{name}: a page as browsers save it, expected a notebook; in Jupyter "
                "choose File, Download, and hand that file in."
            ) from error
        raise UnreadableSubmission(
            f"{name}: not a notebook, its JSON ends or breaks off ({error}); "
            "open it in Jupyter, save it and hand it in again."
        ) from error
    return notebook_from(parsed, name)


def _integer(text: str) -> int:
    """Read an integer; of one too long for Python nothing is needed."""
    return int(text) if len(text) < LONGEST_INTEGER else 0


def notebook_from(content: object, name: str) -> NotebookNode:
    """Rebuild a notebook from parsed JSON of any origin.

    Raises
    ------
    UnreadableSubmission
        The JSON does not describe a notebook.
    """
    if not isinstance(content, dict):
        raise UnreadableSubmission(
            f"{name}: found a JSON {type(content).__name__}, expected a notebook."
        )
    cells = content.get("cells")
    if cells is None and isinstance(content.get("worksheets"), list):
        sheets = [s for s in content["worksheets"] if isinstance(s, dict)]
        cells = [cell for sheet in sheets for cell in sheet.get("cells") or []]
    if not isinstance(cells, list):
        raise UnreadableSubmission(f"{name}: found no cells, expected a notebook.")
    if len(cells) > MOST_CELLS:
        raise UnreadableSubmission(
            f"{name}: found {len(cells)} cells, expected at most {MOST_CELLS}."
        )
    notebook = new_notebook()
    for number, cell in enumerate(cells, start=1):
        notebook.cells.append(_plain_cell(cell, number, name))
    return notebook


def gate(submitted: NotebookNode, reference: list[ReferenceCell]) -> Gated:
    """Put a submitted notebook right: every cell that the gradebook knows, once.

    Test cells and other locked cells get their original source; copies lose their
    name; deleted cells come back; a solution whose name got lost is recognised by
    what it defines. What the student wrote is never changed.
    """
    gated = Gated(new_notebook(metadata=submitted.metadata))
    known = {cell.grade_id: cell for cell in reference}
    owners = _owners(submitted.cells, known, gated)
    for position, cell in enumerate(submitted.cells):
        grade_id = owners.get(position)
        gated.notebook.cells.append(
            _restored(cell, known[grade_id], gated)
            if grade_id
            else _new_cell(cell.cell_type, cell.source)
        )
    _restore_missing(gated, reference, set(owners.values()))
    _number_own_cells(gated.notebook.cells)
    return gated


def _new_cell(kind: str, source: str) -> NotebookNode:
    """Make a cell as nbformat does, which would validate each one for a millisecond."""
    cell = NotebookNode(cell_type=kind, metadata=NotebookNode(), source=source)
    if kind == "code":
        cell |= NotebookNode(execution_count=None, outputs=[])
    return cell


def _plain_cell(cell: object, number: int, name: str) -> NotebookNode:
    kind = str(cell.get("cell_type")) if isinstance(cell, dict) else None
    if kind == "heading":
        kind = "markdown"
    if not isinstance(cell, dict) or kind not in KINDS:
        raise UnreadableSubmission(
            f"{name}, cell {number}: found {str(cell)[:60]!r}, expected a cell."
        )
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise UnreadableSubmission(
            f"{name}, cell {number}: its source is a {type(source).__name__}, expected "
            "text."
        )
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    plain = _new_cell(kind, _encodable(source))
    if isinstance(grade_id, str):
        plain.metadata["grade_id"] = grade_id
    return plain


def _encodable(text: str) -> str:
    """Replace lone surrogates, which JSON can spell and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _owners(
    cells: list[NotebookNode], known: dict[str, ReferenceCell], gated: Gated
) -> dict[int, str]:
    """Decide which submitted cell stands for which known one: position → grade_id."""
    claims: dict[str, list[int]] = {}
    for position, cell in enumerate(cells):
        grade_id = cell.metadata.get("grade_id")
        if grade_id in known:
            claims.setdefault(grade_id, []).append(position)
    owners = {}
    for grade_id, positions in claims.items():
        # The last copy counts, as it does for nbgrader and for the notebook's state.
        owners[positions[-1]] = grade_id
        if len(positions) > 1:
            gated.repairs.append(
                f"{grade_id}: found {len(positions)} cells of this name, the last one "
                "counts; the others run as ordinary cells"
            )
    lost = []
    for position, cell in enumerate(cells):
        if position in owners or cell.metadata.get("grade_id") in known:
            continue
        grade_id = _recognised(cell, known, set(owners.values()))
        if grade_id:
            owners[position] = grade_id
            lost.append(grade_id)
    if lost:
        named = lost if len(lost) <= MOST_NAMED else [lost[0], "…", lost[-1]]
        gated.repairs.append(
            f"{', '.join(named)}: had lost their names ({len(lost)} cells), recognised"
        )
    return owners


def _recognised(
    cell: NotebookNode, known: dict[str, ReferenceCell], taken: set[str]
) -> str | None:
    """Name a cell without a name: an unchanged locked cell, or the answer itself.

    An answer in words is told by its first line, which the lesson wrote.
    """
    for grade_id, wanted in known.items():
        if grade_id in taken or wanted.kind != cell.cell_type:
            continue
        if wanted.locked and wanted.released.strip() == cell.source.strip() != "":
            return grade_id
        if wanted.is_constants and _defined(wanted.source) == _defined(cell.source):
            return grade_id
        if wanted.solution and wanted.kind == "code":
            if grade_id in _defined(cell.source):
                return grade_id
        elif wanted.solution and _first_line(cell) == _first_line(wanted) != "":
            return grade_id
    return None


def _first_line(cell: NotebookNode | ReferenceCell) -> str:
    return cell.source.strip().partition("\n")[0].rstrip()


@lru_cache(maxsize=8)
def _defined(source: str) -> set[str]:
    """Return what a cell defines at its top level, as far as it is Python."""
    try:
        if len(source) > MOST_PARSED:
            raise ValueError
        body = tree_of(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(re.findall(r"^(?:def|class)\s+(\w+)", source, re.MULTILINE))
    names = {n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return names


def _restored(cell: NotebookNode, wanted: ReferenceCell, gated: Gated) -> NotebookNode:
    if cell.cell_type != wanted.kind:
        gated.repairs.append(
            f"{wanted.grade_id}: was turned into {cell.cell_type}, is "
            f"{wanted.kind} again"
        )
    if not wanted.locked:
        return wanted.node(cell.source)
    if _squeezed(cell.source) not in (
        _squeezed(wanted.released),
        _squeezed(wanted.source),
    ):
        what = "test" if wanted.is_test else "locked cell"
        gated.tampering.append(
            f"{wanted.grade_id}: the {what} was edited; the original was put back"
        )
    return wanted.node(wanted.source)


def _squeezed(source: str) -> str:
    """Drop what editors change by themselves: line ends and trailing blanks."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _restore_missing(
    gated: Gated, reference: list[ReferenceCell], present: set[str]
) -> None:
    cells = gated.notebook.cells
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
            gated.repairs.append(f"{wanted.grade_id}: was deleted, put back{look}")
        previous = wanted.grade_id


def _number_own_cells(cells: list[NotebookNode]) -> None:
    """Name the cells that are the student's own by where they are now.

    So notebooks that came out the same are the same, whatever was repaired.
    """
    taken = {cell.id for cell in cells if "nbgrader" in cell.metadata}
    for position, cell in enumerate(cells):
        if "nbgrader" not in cell.metadata:
            name = f"student-{position}"
            cell.id = f"{name}-copy" if name in taken else name


def _cell_id(grade_id: str) -> str:
    """Make a valid cell id of a name that another course may have chosen freely."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", grade_id)[:60] or "cell"
