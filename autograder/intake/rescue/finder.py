"""Finder: which file of a submission is its notebook, whatever programs called it.

Browsers and mail programs change a file's ending, systems its accents, unpacking adds a
folder or two.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from autograder.base.files import walk

NOTEBOOK = ".ipynb"
OTHER_ENDINGS = re.compile(
    r"\.(ipynb[. _-]?(txt|json|download)|json|txt)$", re.IGNORECASE
)
BEGIN = 64
"""Bytes that tell what cannot be a notebook."""
CELLS = re.compile(rb'"cells"\s*:\s*\[')
LARGEST_LOOKED_INTO_MIB = 20
MOST_LOOKED_INTO = 20
MOST_FILES = 2_000


def notebooks_in(folder: Path) -> list[Path]:
    """Return the notebooks of a submission that are files of its own, in order.

    Those that lie deeper count only if there is none on top, and those with another
    ending only if there is no other.
    """
    return next(filter(None, likely_first(folder)), [])


def likely_first(folder: Path) -> Iterator[list[Path]]:
    """Yield the notebooks on top, those that lie deeper, those with another ending."""
    names = sorted(islice(walk(folder), MOST_FILES))
    files = [
        path for path in (folder / name for name in names) if _is_own(path, folder)
    ]
    found = [path for path in files if path.suffix.lower() == NOTEBOOK]
    yield [path for path in found if path.parent == folder]
    yield [path for path in found if path.parent != folder]
    others = [path for path in files if path not in found and _may_have_cells(path)]
    yield [path for path in others[:MOST_LOOKED_INTO] if _has_cells(path)]


def archives_in(folder: Path) -> list[Path]:
    """Return the zip archives on top of a submission."""
    return sorted(p for p in folder.glob("*.[zZ][iI][pP]") if _is_own(p, folder))


def best_named(paths: list[Path], name: str) -> list[Path]:
    """Return those of the best name: the wanted one, one that has it in it, or any."""
    called = {path: _bare(stem_of(path)) for path in paths}
    exact = [path for path, stem in called.items() if stem == _bare(name)]
    alike = [path for path, stem in called.items() if _bare(name) in stem]
    return exact or alike or paths


def stem_of(path: Path) -> str:
    """Return the name of a notebook's file without the endings that it may have."""
    name = OTHER_ENDINGS.sub("", path.name)
    return name[: -len(NOTEBOOK)] if name.lower().endswith(NOTEBOOK) else name


def _bare(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _is_own(path: Path, folder: Path) -> bool:
    """Whether it is a file of the student's, and not what a program left behind."""
    parts = path.relative_to(folder).parts
    if any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return False
    return path.is_file() and not path.is_symlink()


def _may_have_cells(path: Path) -> bool:
    """Whether a file of any name begins as a notebook does, and is not too large."""
    try:
        if path.stat().st_size > LARGEST_LOOKED_INTO_MIB * 2**20:
            return False
        with path.open("rb") as file:
            return file.read(BEGIN).lstrip().startswith(b"{")
    except OSError:
        return False


def _has_cells(path: Path) -> bool:
    try:
        return bool(CELLS.search(path.read_bytes()))
    except OSError:
        return False
