"""Misplaced: notebooks that lie where no run looks for them, named for a person."""

import os
import re
import shlex
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from autograder.base.names import shown
from autograder.course.class_file import FILE
from autograder.course.course import Course
from autograder.intake.platforms.archives import NOTEBOOKS
from autograder.intake.submissions import cannot_be_looked_at, room_of, why_closed

MOST_NAMED = 20
OF_JUPYTEXT = re.compile(rb"^(# |)jupyter:\s*$|^# %%", re.MULTILINE)
TEXTS = (".md", ".py", ".rmd", ".qmd", ".r", ".jl")
HEAD = 4_096
"""Bytes of a text that tell whose it is."""


def misplaced(course: Course) -> list[str]:
    """Return a sentence for each notebook that is in no student's folder of a lesson.

    And for each lesson that has none, and for folders that look like one student's. Not
    every one of a class that lies elsewhere altogether: `MOST_NAMED`, and a number.
    """
    texts = [] if course.is_ours else [*_texts(course)]
    if not course.has_usual_folders:
        return texts
    room, left_out = room_of(course), set(course.left_out)
    found = [*_misplaced(room, set(course.lessons), left_out), *_twins(room)]
    more = len(found) - MOST_NAMED
    rest = [f"{more} more are in wrong places"] if more > 0 else []
    return [*texts, *_left_out(room, left_out), *found[:MOST_NAMED], *rest]


def _texts(course: Course) -> Iterator[str]:
    """Name lessons that have no notebook, but what jupytext makes one of."""
    for _, lesson, folder in sorted(course.folders("source", ".")):
        if not folder.is_dir() or any(folder.glob("*.ipynb")):
            continue
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in TEXTS and path.is_file():
                with path.open("rb") as file:
                    head = file.read(HEAD)
                if OF_JUPYTEXT.search(head):
                    where = path.relative_to(course.root)
                    yield (
                        f"{lesson}: found {path.name} alone, expected a notebook; "
                        f"`jupytext --to ipynb {shlex.quote(str(where))}` makes it"
                    )


def _left_out(room: Path, lessons: set[str]) -> Iterator[str]:
    """Say once of each lesson that is not in this class whose work is there."""
    for lesson in sorted(lessons):
        students = [path.parent.name for path in sorted(room.glob(f"*/{lesson}"))]
        if not students:
            continue
        names = ", ".join(map(shown, students[:MOST_NAMED]))
        if len(students) > MOST_NAMED:
            names += f" and {len(students) - MOST_NAMED} more"
        yield (
            f"{lesson} of {names}: found no such lesson in {FILE}; to have it graded, "
            f"add [lessons.{lesson}] there"
        )


def _misplaced(room: Path, lessons: set[str], left_out: set[str]) -> Iterator[str]:
    for place in sorted(room.glob("*")):
        try:
            yield from _of_one(place, lessons, left_out)
        except Exception as error:  # whatever one folder makes our code raise
            yield f"{shown(place.name)}: {cannot_be_looked_at(error)}"


def _of_one(place: Path, lessons: set[str], left_out: set[str]) -> Iterator[str]:
    right = "expected <student>/<lesson>/<lesson>.ipynb"
    of = f" in {FILE}" if left_out else ""
    if _is_notebook(place):
        yield f"{shown(place.name)}: found beside the students' folders, {right}"
    if not os.path.isdir(place):
        return
    if closed := why_closed(place):
        yield f"{shown(place.name)}: {closed}"
        return
    for inner in sorted(place.glob("*")):
        name = shown(f"{place.name}/{inner.name}")
        if inner.name in lessons | left_out:
            continue
        if _is_notebook(inner):
            yield f"{name}: found beside the lessons' folders, {right}"
        elif os.path.isdir(inner) and any(inner.glob("*.ipynb")):
            near = _near(inner.name, lessons)
            yield f"{name}: found no lesson{of} of this name, expected {near}"


def _twins(room: Path) -> Iterator[str]:
    """Yield what is called the same but for capitals, or how accents are written."""
    called: dict[str, list[str]] = {}
    for place in sorted(room.glob("*/")):
        name = unicodedata.normalize("NFKC", place.name).casefold()
        called.setdefault(name, []).append(place.name)
    for names in called.values():
        if len(names) > 1:
            told = ", ".join(map(ascii, names))
            yield (
                f"{told}: found several folders that look like one student's, expected "
                "one; both get marks: move the work into one, and remove the other "
                "(autograder class remove)"
            )


def _is_notebook(path: Path) -> bool:
    return path.name.lower().endswith((*NOTEBOOKS[:3], ".zip")) and os.path.isfile(path)


def _near(name: str, lessons: set[str]) -> str:
    """Return the lesson that a folder's name means; all lessons if it is not clear."""

    def bare(text: str) -> str:
        same = unicodedata.normalize("NFKC", text).casefold()
        return "".join(c for c in same if c.isalnum())

    if not lessons:
        return "a notebook of it in the course's source"
    alike = [lesson for lesson in sorted(lessons) if bare(lesson) == bare(name)]
    if alike:
        return f"{alike[0]}; rename the folder"
    return f"one of {', '.join(sorted(lessons))}; rename the folder, or move it away"
