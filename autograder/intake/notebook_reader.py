"""Reading submitted files, believing nothing of them."""

import json
import os
import re
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.base.errors import UnreadableSubmission
from autograder.base.names import shown
from autograder.intake.platforms.archives import handed_in
from autograder.intake.pruning import LARGEST_MIB, TooMuch, pruned
from autograder.intake.rescue.attachments import Album, taken_out
from autograder.intake.rescue.finder import archives_in, best_named, notebooks_in
from autograder.intake.submissions import LARGEST_FILE_MIB, extras_of
from autograder.model.cells import FLAGS, new_cell

LEFT_OUT = "outputs_left_out_mib"
"""In a notebook's metadata: how many MiB of outputs were not read."""
NOT_KEPT = "attachments_not_kept"
"""In a cell's metadata: why some of its pictures were left out."""
MOST_CELLS = 2_000
MOST_NAMED = 5
LONGEST_INTEGER = 4_000
KINDS = ("code", "markdown", "raw")
BACKUPS = ".ipynb_checkpoints"
MADE_OF_IT = {
    **dict.fromkeys((".py", ".md", ".rmd", ".qmd"), " (a notebook's text alone)"),
    **dict.fromkeys((".html", ".pdf"), " (a page made of a notebook)"),
}
"""What programs make of a notebook, and students hand in instead of it."""
OTHER = "raw"
"""What a cell of a kind that only its editor knows is read as, such as `sql`."""
CONFLICT = re.compile(rb"^[ \t]*<{7}(?:[ \t].*)?\r?$", re.MULTILINE)
"""The line with which git marks what two versions of a file say differently."""
_one_large_at_a_time = Lock()


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
    others = notebooks_in(folder) or archives_in(folder)
    alike = best_named(others, name)
    if len(alike) != 1:
        named = [*(others or extras_of(folder).by_name.values())][:MOST_NAMED]
        found = [_described(path, folder, name) for path in named]
        raise UnreadableSubmission(
            f"found {', '.join(found) or _nothing_in(folder)}, expected "
            f"{expected.name}; ask the student to hand it in."
        )
    where = shown(str(alike[0].relative_to(folder)))
    return alike[0], [f"renamed: {where} was read as {expected.name}"]


def _described(path: Path, folder: Path, name: str) -> str:
    made = MADE_OF_IT.get(path.suffix.lower(), "") if name in path.name else ""
    return shown(str(path.relative_to(folder))) + made


def _nothing_in(folder: Path) -> str:
    has_backup = any(folder.glob(f"{BACKUPS}/*.ipynb"))
    return "no notebook" + f" but Jupyter's backup in {BACKUPS}" * has_backup


def _shown(path: Path) -> str:
    return shown(path.name)


def read_notebook(path: Path, name: str = "") -> NotebookNode:
    """Read a submitted file, believing nothing of it but what its cells say.

    Parameters
    ----------
    name
        Which of several notebooks in an archive is meant.

    Raises
    ------
    UnreadableSubmission
        It is too large, no JSON, or no notebook.
    """
    if path.suffix.lower() == ".zip":
        return _read_archive(path, name)
    size = path.stat().st_size
    if size > LARGEST_FILE_MIB * 2**20:
        raise UnreadableSubmission(
            f"{_shown(path)}: found {size / 2**20:.0f} MiB, expected at most "
            f"{LARGEST_FILE_MIB}; clear all outputs and hand it in again."
        )
    try:
        with _one_large_at_a_time if size > LARGEST_MIB * 2**20 else nullcontext():
            return parse_notebook(path.read_bytes(), _shown(path))
    except OSError as error:
        raise UnreadableSubmission(
            f"{_shown(path)}: {error.strerror}; make it readable, or ask the student "
            "to hand it in again."
        ) from error


def _read_archive(path: Path, wanted: str) -> NotebookNode:
    """Read the one notebook in an archive that was handed in, or the one of a name.

    Raises
    ------
    UnreadableSubmission
        There is not one that can be read.
    """
    name, others, called = _shown(path), [], []
    for item in handed_in(path):
        if item.unusable or not item.name.lower().endswith(".ipynb"):
            continue
        if item.name == f"{wanted}.ipynb":
            called.append(item)
        else:  # the first of several is enough
            others.append(replace(item, content=b"") if others else item)
    found = called or others
    if len(found) != 1:
        many = "several notebooks" if found else "no notebook"
        raise UnreadableSubmission(
            f"{name}: found {many} in it, expected one; unpack it, or ask the student."
        )
    return parse_notebook(found[0].content, f"{name}: {shown(found[0].name)}")


def parse_notebook(content: bytes, name: str) -> NotebookNode:
    """Read a submitted file's content, as `read_notebook` does.

    Outputs are dropped where there are too many of them: `LEFT_OUT`.

    Raises
    ------
    UnreadableSubmission
        It is no JSON, or no notebook.
    """
    try:
        content, outputs_mib, has_no_pictures = pruned(content)
        parsed = json.loads(_text(content), parse_int=_integer)
    except TooMuch as error:
        raise UnreadableSubmission(
            f"{name}: found {error}; clear all outputs and hand it in again."
        ) from None
    except (ValueError, RecursionError) as error:
        if content.lstrip().startswith(b"<"):
            raise UnreadableSubmission(
                f"{name}: a page as browsers save it, expected a notebook; in Jupyter "
                "choose File, Download, and hand that file in."
            ) from error
        if conflict := CONFLICT.search(content):
            line = content.count(b"\n", 0, conflict.start()) + 1
            raise UnreadableSubmission(
                f"{name}: two versions of it that git could not merge, the first "
                f"difference in line {line}; take one of them (git checkout --ours or "
                "--theirs), look at it in Jupyter and hand it in again."
            ) from error
        raise UnreadableSubmission(
            f"{name}: not a notebook, its JSON ends or breaks off ({error}); "
            "open it in Jupyter, save it and hand it in again."
        ) from error
    notebook = notebook_from(parsed, name)
    if outputs_mib:
        notebook.metadata[LEFT_OUT] = outputs_mib
    if has_no_pictures:
        notebook.metadata[NOT_KEPT] = True
    return notebook


def _text(content: bytes) -> str:
    """Return what a file says, also if a program of Windows saved it."""
    try:
        text = content.decode(json.detect_encoding(content), "surrogatepass")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    return text.rstrip("\0")  # a disk's block, of which not all was written


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
    notebook, album = new_notebook(), Album()
    for number, cell in enumerate(cells, start=1):
        notebook.cells.append(_plain_cell(cell, number, name, album))
    return notebook


def _plain_cell(cell: object, number: int, name: str, album: Album) -> NotebookNode:
    if not isinstance(cell, dict):
        raise UnreadableSubmission(
            f"{name}, cell {number}: found {str(cell)[:60]!r}, expected a cell."
        )
    kind = str(cell.get("cell_type"))
    if kind == "heading":
        kind = "markdown"
    elif kind not in KINDS:
        kind = OTHER
    source = cell.get("source", cell.get("input"))
    if source is None:
        source = ""
    if isinstance(source, list):
        with suppress(TypeError):  # not all of them are lines
            source = _joined(source)
    if not isinstance(source, str):
        raise UnreadableSubmission(
            f"{name}, cell {number}: its source is a {type(source).__name__}, expected "
            "text."
        )
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    pasted: dict = {}
    if kind != "code":
        source, pasted = taken_out(source)
    noted = NotebookNode()
    plain = new_cell(kind, _encodable(source), noted)
    outputs = cell.get("outputs")
    if kind == "code" and isinstance(outputs, list):
        plain["outputs"] = outputs  # of any form; `handed_in` makes something of them
    if kind != "code":
        attached = cell.get("attachments")
        known = attached if isinstance(attached, dict) else {}
        pictures, problems = album.kept(known | pasted)
        if pictures:
            plain.attachments = NotebookNode(pictures)
        if problems:
            noted[NOT_KEPT] = problems
    if isinstance(grade_id, str):
        flags = {f: _flag(nbgrader[f]) for f in FLAGS if f in nbgrader}
        noted |= {"grade_id": grade_id, "flags": NotebookNode(flags)}
    return plain


def _joined(lines: list[str]) -> str:
    """Join lines as editors do, whether they are written with their ends or not."""
    text = "".join(lines)
    has_ends = any(line.splitlines() != [line] for line in lines[:-1] if line)
    return text if has_ends else "\n".join(lines)


def _flag(value: object) -> object:
    """Return what nbgrader noted; of what it never notes, and may be deep, its kind."""
    is_plain = value is None or isinstance(value, bool | int | float | str)
    return value if is_plain else f"a {type(value).__name__}"


def _encodable(text: str) -> str:
    """Replace lone surrogates, which JSON can spell and no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
