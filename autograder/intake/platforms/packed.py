"""Packed: what lies beside the notebook in the zip archive that a student handed in."""

from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from autograder.base.files import DEEPEST, LONGEST_PATH, MOST_EXTRA_FILES
from autograder.base.tempdirs import run_tempdir
from autograder.intake.platforms.archives import packed_files


class Packed:
    """The files of an archive, each unpacked under a number until `close` is called.

    Parameters
    ----------
    most_mib
        What they may take together.
    name
        Of the notebook, if there are several.
    """

    def __init__(self, archive: Path, most_mib: int, name: str = "") -> None:
        room = ExitStack()
        folder, left = room.enter_context(run_tempdir()), most_mib * 2**20
        self.close = room.close
        base, kept, is_found = PurePosixPath(), {}, False
        for path, content in packed_files(archive):
            if path.suffix.lower() == ".ipynb":
                base = base if is_found else path.parent
                is_found = is_found or path.stem == name
            elif _can_lie_beside(path) and len(content) <= left:
                left -= len(content)
                kept[path] = folder / str(len(kept))
                kept[path].write_bytes(content)
            if len(kept) == MOST_EXTRA_FILES:
                break
        self.by_name: dict[str, Path] = {
            str(path.relative_to(base)): place
            for path, place in kept.items()
            if path.is_relative_to(base)
        }
        """By their path from the folder of the notebook."""


def _can_lie_beside(path: PurePosixPath) -> bool:
    """Whether a path could be that of a file in a folder that is handed in."""
    try:
        size = len(str(path).encode())
    except UnicodeEncodeError:
        return False
    is_short = size <= LONGEST_PATH and len(path.parts) <= DEEPEST
    return is_short and str(path).isprintable()
