"""Several notebooks: each of a lesson's is found and read for itself."""

import unicodedata
from collections import Counter
from contextlib import suppress
from itertools import chain
from pathlib import Path

from autograder.base.errors import UnreadableSubmission
from autograder.base.names import shown
from autograder.course.course import Course
from autograder.intake.notebook_reader import read_notebook
from autograder.intake.prepare import Prepared, prepare
from autograder.intake.rescue.finder import archives_in, likely_first, stem_of
from autograder.intake.submissions import Submission
from autograder.model.cells import References, name_of

MOST_NAMED = 3
MOST_READ = 20
"""Notebooks of names that the lesson does not know."""


def prepare_all(
    course: Course, submission: Submission, references: References
) -> tuple[dict[str, Prepared], dict[str, str]]:
    """Make ready all that can be read of a submission.

    Returns
    -------
    The notebooks by name; and why others are not among them. One that gives no marks
    is not missed.

    Raises
    ------
    UnreadableSubmission
        None can be read; of a lesson of one notebook it says why.
    """
    if len(references) == 1 or submission.problem:
        (name, cells), *_ = references.items()
        return {name: prepare(course, submission, name, cells)}, {}
    ready: dict[str, Prepared] = {}
    without: dict[str, str] = {}
    places, unclear = _places(submission.folder, references)
    for name, cells in references.items():
        try:
            path = _only(name, places[name], unclear)
            ready[name] = prepare(course, submission, name, cells, path)
        except UnreadableSubmission as error:
            without[name] = str(error)
    if not ready:
        raise UnreadableSubmission("; ".join(without.values()))
    for name in [name for name in without if not places[name]]:
        if not any(cell.grade or cell.task for cell in references[name]):
            del without[name]
    return ready, without


def _only(name: str, found: list[Path], unclear: list[Path]) -> Path:
    if len(found) == 1:
        return found[0]
    named = ", ".join(shown(path.name) for path in (found or unclear)[:MOST_NAMED])
    if found:
        why = f": found {named}, expected one of them; ask the student which one counts"
    elif unclear:
        why = f" was not handed in by this name; look into {named}, or ask the student"
    else:
        why = " was not handed in; ask the student for it"
    raise UnreadableSubmission(f"{name}.ipynb{why}.")


def _places(
    folder: Path, references: References
) -> tuple[dict[str, list[Path]], list[Path]]:
    """Return the files of each notebook, and those that are of none of them.

    What lies deeper, has another ending or is packed counts for those alone that are
    not there without.
    """
    places: dict[str, list[Path]] = {name: [] for name in references}
    unclear: list[Path] = []
    if folder.is_symlink():
        return places, unclear
    for paths in likely_first(folder):
        if not all(places.values()):
            found, of_none = _placed(paths, references)
            places = {name: known or found[name] for name, known in places.items()}
            unclear += of_none
    absent = [name for name, known in places.items() if not known]
    for path in archives_in(folder) if absent else ():
        held = [
            name for name in absent if _owner(path, references, packed=name) == name
        ]
        for name in held:
            places[name].append(path)
        unclear += [] if held else [path]
    return places, unclear


def _placed(
    paths: list[Path], references: References
) -> tuple[dict[str, list[Path]], list[Path]]:
    """Return the files of each notebook, by name, else by cells; and the others.

    No file is read in the place of a notebook whose name another one has. A name
    decides nothing where all cells are another notebook's: two may be called as one
    another.
    """
    names = {_bare(name): name for name in references}
    places: dict[str, list[Path]] = {name: [] for name in references}
    others, of_none = [], []
    claimed: dict[str, list[Path]] = {}
    for path in paths:
        called = names.get(_bare(stem_of(path)))
        if called is None:
            others.append(path)
        elif (owner := _owner(path, references, called)) == called:
            places[called].append(path)
        else:
            claimed.setdefault(owner, []).append(path)
    for path in others[:MOST_READ]:
        if owner := _owner(path, references):
            claimed.setdefault(owner, []).append(path)
        else:
            of_none.append(path)
    found = {name: own or claimed.get(name, []) for name, own in places.items()}
    return found, of_none


def _owner(
    path: Path, references: References, called: str = "", packed: str = ""
) -> str:
    """Return the notebook most of whose cells a file has.

    Parameters
    ----------
    called
        The one that its name names: it is that if it has any cell of it, or of none.
    packed
        The name to look for in an archive.
    """
    found: set[str] = set()
    with suppress(UnreadableSubmission):
        found = {name_of(cell) for cell in read_notebook(path, packed).cells}
    known = {n: {cell.grade_id for cell in own} for n, own in references.items()}
    times = Counter(chain.from_iterable(known.values()))
    # What several have in common tells nothing.
    shares = {n: sum(times[i] == 1 for i in ids & found) for n, ids in known.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] and not shares.get(called) else called


def _bare(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
