"""Sources: instructors' notebooks, always those of the lessons as they are now.

They are not in git. Grading, handing out and collecting go by them, so each command
makes anew what a changed lesson has left behind.
"""

import json
from pathlib import Path

from autograder.base.files import extra_files, replacing
from autograder.base.hashing import digest, digest_of_code
from autograder.base.paths import PACKAGE, ROOT
from autograder.model.lesson_reader import (
    included_in,
    lesson_path,
    lesson_paths,
    read_lesson,
)

MADE_OF = ".made-of.json"
"""Beside the notebooks: by lesson, a digest of all that its notebook was made of."""


def update_sources(root: Path = ROOT, names: list[str] | None = None) -> list[str]:
    """Write what in `root/build/source/` was made of a lesson that has changed since.

    Parameters
    ----------
    names
        Lessons; all if not given.

    Returns
    -------
    The names of these lessons.

    Raises
    ------
    SourceError
        A changed lesson breaks a rule.
    """
    room = root / "build" / "source"
    kept = room / MADE_OF
    before = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    common = [digest_of_code(PACKAGE, ("model", "authoring")), *_stamps(ROOT / "data")]
    now = {
        path.parent.name: digest(path.read_bytes(), *included_in(path), *common)
        for path in lesson_paths()
        if names is None or path.parent.name in names
    }
    changed = [
        name
        for name, made_of in now.items()
        if made_of != before.get(name) or not (room / name / f"{name}.ipynb").exists()
    ]
    if changed:
        from autograder.authoring.notebooks import source_bytes, write_notebook
        from autograder.gradebook.release import locked_cells, note_earlier

        room.mkdir(parents=True, exist_ok=True)
        for name in changed:
            # A class that was never graded may have got what is replaced now.
            folders = room / name, root / "notebooks" / name
            note_earlier(room, name, *map(locked_cells, folders))
            lesson = read_lesson(lesson_path(name))
            write_notebook(room, lesson, source_bytes(lesson))
        with replacing(kept) as file:
            json.dump(before | now, file)
    return changed


def _stamps(folder: Path) -> list[str]:
    """Return what tells that a file which lessons read has changed."""
    found = [(path, path.stat()) for path in sorted(extra_files(folder))]
    return [f"{path} {now.st_size} {now.st_mtime_ns}" for path, now in found]
