"""The import path: no module is taken from the folder that a command is started in.

Anybody may have put a `numpy.py` there: into a class, an exchange, a download.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

from autograder.base.paths import PACKAGE


def safe_environment() -> Mapping[str, str]:
    """Return settings with which a Python that is started takes nothing from there.

    An entry of PYTHONPATH that is empty or relative means that folder as well.
    """
    found = {"PYTHONSAFEPATH": "1"}
    if named := os.environ.get("PYTHONPATH"):
        kept = filter(os.path.isabs, named.split(os.pathsep))
        found["PYTHONPATH"] = os.pathsep.join(kept)
    return found


def without_working_folder(entries: Iterable[str]) -> list[str]:
    """Return an import path without the working folder, and with this package.

    Where this package lies in the working folder, that comes last: nothing there takes
    the place of a library.
    """
    here, ours = os.path.realpath(os.getcwd()), str(PACKAGE.parent)
    kept = [e for e in entries if os.path.isabs(e) and os.path.realpath(e) != here]
    return kept if ours in kept else [*kept, ours]


def leave_working_folder_out() -> None:
    """Take no module from the working folder, here or in what is started from here."""
    os.environ.update(safe_environment())
    sys.path[:] = without_working_folder(sys.path)
