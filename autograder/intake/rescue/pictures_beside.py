"""Pictures beside: files that a written answer shows are kept with it, as attachments.

What is written stays as it is: pages find a picture by the name that stands there.
"""

import posixpath
import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from nbformat import NotebookNode

from autograder.base.names import shown
from autograder.base.pictures import encoded
from autograder.base.source_code import words_of
from autograder.intake.rescue.attachments import (
    LARGEST_MIB,
    LARGEST_TOTAL_MIB,
    MOST,
    Album,
)
from autograder.model.cells import Role, name_of, role_in_notebook

MOST_LOOKED_THROUGH = 100_000
"""Characters of a cell."""
SHOWS = re.compile(
    r"!\[[^\]]{0,300}\]\(\s{0,9}(?:<([^>\n]{1,300})>|([^)\s]{1,300}))"
    r"|<img\b[^>]{0,300}?\bsrc\s{0,9}=\s{0,9}"
    r"(?:\"([^\">]{1,300})\"|'([^'>]{1,300})'|([^\"'>\s]{1,300}))",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+:|//|#", re.IGNORECASE)
"""How the address of what is no file begins; a letter alone names a disk."""


def attach_pictures(
    cells: list[NotebookNode], files: Mapping[str, Path], given: Container[str]
) -> Iterator[str]:
    """Attach the pictures that a student's text shows; yield what cannot be shown.

    Parameters
    ----------
    cells
        Those of the repaired notebook; changed in place.
    files
        What lies beside it, by path.
    given
        The words of each cell that was handed out.
    """
    known = {_bare(name): path for name, path in files.items()}
    texts = [c for c in cells if c.cell_type != "code"]
    attached = [p for c in texts for p in c.get("attachments", {}).values()]
    used = sum(len(text) * 3 // 4 for kinds in attached for text in kinds.values())
    album = Album(LARGEST_TOTAL_MIB * 2**20 - used, MOST - len(attached))
    for cell in texts:
        names = list(dict.fromkeys(_shown_in(cell.source)))
        if names and words_of(cell.source) not in given:
            yield from _attach(cell, names, known, album)


def _attach(
    cell: NotebookNode, names: list[str], known: Mapping[str, Path], album: Album
) -> Iterator[str]:
    where = name_of(cell) or "a cell of the student's own"
    for name in names:
        path = _file_called(name, known)
        if path is None:
            if role_in_notebook(cell) == Role.WRITTEN:
                yield f"{where}: shows {shown(name)}, which was not handed in"
            continue
        size = path.stat().st_size / 2**20
        if size > LARGEST_MIB:
            problems = [f"{size:.1f} MiB, expected at most {LARGEST_MIB}"]
        else:
            picture = {name: {"": encoded(path.read_bytes())}}
            found, problems = album.kept(picture)
            if found:
                cell.attachments = cell.get("attachments", NotebookNode()) | found
        for why in problems:
            yield f"{where}: shows {shown(name)}, which is left out: {why}"
        if album.left <= 0:
            return


def _file_called(name: str, known: Mapping[str, Path]) -> Path | None:
    """Return the file of a name, or the only one that is called as its last part.

    On the student's computer, or in Colab, it may lie elsewhere.
    """
    plain = _bare(posixpath.normpath(name.replace("\\", "/")))
    if path := known.get(plain):
        return path
    last = posixpath.basename(plain)
    same = [p for place, p in known.items() if posixpath.basename(place) == last]
    return same[0] if len(same) == 1 else None


def _shown_in(source: str) -> Iterator[str]:
    """Yield the names of the files that a text shows as pictures."""
    for match in SHOWS.finditer(source[:MOST_LOOKED_THROUGH]):
        address = next(filter(None, match.groups()))
        if not ELSEWHERE.match(address):
            yield unquote(address)


def _bare(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
