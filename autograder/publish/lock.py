"""The lock: which packages, in which versions, some lessons need."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import packages_distributions

from autograder.base.paths import ROOT

PACKAGE = re.compile(r"([a-z0-9][a-z0-9.-]*)==")
NEEDED_BY = re.compile(r"    #(?: via)? +([a-z0-9][a-z0-9.-]*)")
OURS = "autograder"
OF_TENSORFLOW = {"tensorflow", "tensorflow-cpu"}
"""One of them is installed here; which one a student's machine needs, markers say."""
TO_WORK_IN = ("jupyterlab", "ipywidgets")
"""What students open notebooks with, whatever those import."""


def lock_for(modules: Iterable[str], lock: str) -> str:
    """Return the part of `requirements.lock` that a student needs.

    That is what the check needs, what notebooks are opened with, and what they import.

    Parameters
    ----------
    modules
        What the notebooks import, such as `sklearn.datasets`.
    lock
        The whole file, as uv writes it: below each package are those that need it.
    """
    blocks = _blocks(lock)
    needed_by = {name: set(_needed_by(text)) for name, text in blocks.items()}
    asked_for = {name for name, others in needed_by.items() if OURS in others}
    imported = _distributions(modules) & blocks.keys()
    kept = _with_needs(
        _of_the_check() | {*TO_WORK_IN} | imported & asked_for, needed_by
    )
    for name in imported - kept:
        # Keras comes with TensorFlow and cannot do without it, though it needs it not.
        kept |= _with_needs({name} | needed_by[name] & asked_for, needed_by)
    return "".join(text for name, text in blocks.items() if name in kept)


def _with_needs(names: set[str], needed_by: Mapping[str, set[str]]) -> set[str]:
    kept = set(names)
    while more := {name for name, others in needed_by.items() if others & kept} - kept:
        kept |= more
    return kept


def _blocks(lock: str) -> dict[str, str]:
    """Return what the file says of each package; it may stand there twice."""
    found: dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        if begins := PACKAGE.match(line):
            name = begins[1]
        found[name] = found.get(name, "") + line
    return found


def _needed_by(text: str) -> Collection[str]:
    return [found[1] for found in map(NEEDED_BY.match, text.splitlines()) if found]


def _of_the_check() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {re.split(r"[\[>=<!~; ]", one)[0] for one in project["dependencies"]}


def _distributions(modules: Iterable[str]) -> set[str]:
    """Return the packages that modules come from; nothing for Python's own."""
    known = packages_distributions()
    tops = {module.partition(".")[0] for module in modules}
    found = {name for top in tops for name in known.get(top, ())}
    if found & OF_TENSORFLOW:
        found |= OF_TENSORFLOW
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}
