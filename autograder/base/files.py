"""Files: what lies in a folder, small plain files only."""

from pathlib import Path

LARGEST_EXTRA_FILE_MIB = 50
MOST_EXTRA_FILES = 200
IGNORED = {".ipynb_checkpoints", "__pycache__"}


def extra_files(folder: Path) -> list[Path]:
    """Return what lies beside a notebook and may be used: small plain files.

    Links are left out, wherever they lead, and names that no text can hold.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        linked = any((folder / part).is_symlink() for part in [inner, *inner.parents])
        if linked or not path.is_file() or IGNORED & set(inner.parts):
            continue
        if not _is_text(str(inner)):
            continue
        small = path.stat().st_size <= LARGEST_EXTRA_FILE_MIB * 2**20
        if path.suffix != ".ipynb" and small:
            found.append(path)
    return found[:MOST_EXTRA_FILES]


def by_name(folder: Path) -> dict[str, Path]:
    """Return the extra files of a folder by their path in it."""
    return {str(path.relative_to(folder)): path for path in extra_files(folder)}


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
