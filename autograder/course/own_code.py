"""A course's own code: its configuration, and what that and its plugins import.

nbgrader runs in a course's folder, where these modules lie. They are found there by
this process alone, and in these blocks alone: no template, examiner or student's
process gets to know that folder, since it is no part of the import path: folders that
this code puts there count in these blocks alone, too.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path


class _Finder(MetaPathFinder):
    """Finds modules in a course's folder, after all that is installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = [str(folder)]
        """Where modules lie: there, and what its code has put on the import path."""
        self.found: set[str] = set()

    def find_spec(
        self, name: str, path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """Find a module; what lies in a package is found by the package itself."""
        if path is not None:
            return None
        spec = PathFinder.find_spec(name, self.places)
        if spec is not None:
            self.found.add(name)
        return spec

    def take(self, entries: list[str], loaded: set[str]) -> None:
        """Note what was put on the import path, and what was loaded from there.

        Parameters
        ----------
        entries
            Relative to the folder or not.
        loaded
            Modules that were not there before.
        """
        places = [str(self.folder / entry) for entry in entries]
        self.places += [place for place in places if place not in self.places]
        for name in loaded:
            path = Path(getattr(sys.modules[name], "__file__", None) or "/")
            place = path.parent.parent if path.stem == "__init__" else path.parent
            if str(place) in places:
                self.found.add(name)


_last: _Finder | None = None


@contextmanager
def own_code_of(folder: Path) -> Iterator[None]:
    """Let modules be imported from a course's folder meanwhile.

    Those of a course before are forgotten: its modules may have the same names.
    """
    global _last  # modules are the whole process's, too
    if _last is None or _last.folder != folder:
        _forget(_last.found if _last else set())
        _last = _Finder(folder)
    importlib.invalidate_caches()
    finder, path, loaded = _last, sys.path[:], {*sys.modules}
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        added = [entry for entry in sys.path if entry not in path]
        finder.take(added, {*sys.modules} - loaded)
        sys.path[:] = path
        sys.meta_path.remove(finder)


def _forget(found: set[str]) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in found]:
        del sys.modules[name]
