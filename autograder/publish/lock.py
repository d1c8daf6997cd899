"""The lock: what lessons need of `requirements.lock`, versions and hashes as there."""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions

from autograder.base.paths import ROOT
from autograder.base.source_code import imported_modules
from autograder.model.lesson import Lesson

LOCK = "requirements.lock"
ENTRY = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
WANTED_BY = re.compile(r"^    # +(?:via +)?([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)


def lock_of(lessons: Iterable[Lesson]) -> bytes:
    """Return the entries of all that the grader and these lessons need."""
    text = (ROOT / LOCK).read_text("utf-8")
    entries = [entry for entry in ENTRY.split(text) if NAME.match(entry)]
    wanted = _of_the_grader() | _imported(lessons)
    while True:
        kept = [e for e in entries if _name(e) in wanted or _parents(e) & wanted]
        names = {_name(entry) for entry in kept}
        if names <= wanted:
            return "".join(kept).encode()
        wanted |= names


def _of_the_grader() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {_name(line) for line in project["dependencies"]}


def _imported(lessons: Iterable[Lesson]) -> set[str]:
    code = (c.source for one in lessons for c in one.cells if c.kind == "code")
    modules = {
        name.partition(".")[0] for text in code for name in imported_modules(text)
    }
    known = packages_distributions()
    return {_plain(package) for name in modules for package in known.get(name, ())}


def _parents(entry: str) -> set[str]:
    """Return the packages that an entry is there for, as the lock notes it."""
    return {_plain(name) for name in WANTED_BY.findall(entry)} - {"via", "autograder"}


def _name(line: str) -> str:
    return _plain(NAME.match(line)[0])


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
