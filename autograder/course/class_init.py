"""A first `class.toml`: with what is known, and examples of all that it can say."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.base.errors import WrongUse
from autograder.course.class_file import FILE, ClassFile, parse_class_file

HEAD = """\
# What holds in this class: docs/class.md has all keys. Lines with # say nothing;
# each line may go, and without this file all lessons are in the class.

{title}
time_zone = {zone:24} # of the times below
{roster}

# penalty = 10                       # percent of a lesson's points for each day late;
#                                    # "zero": late work has no points; "none"
# tries = 5                          # different submissions that `watch` grades
# counts = "best"                    # the try with most points; or "last"
# before_due = "visible"             # what feedback of `watch` shows until then:
# after_due = "all"                  # "nothing", "names", "visible" or "all"
"""
LESSON = """
[lessons.{name}]
# title = "Week {number}"                  # on students' pages; its column in Canvas
{due}
# [lessons.{name}.extensions]
# ada = {later}         # until then, by the name of the student's folder
"""
EXAMPLE = "2027-03-01T18:00:00"


@dataclass(frozen=True)
class Beginning:
    """What is known of a class when its file is made."""

    zone: str
    title: str = ""
    roster: Path | None = None
    lessons: Sequence[str] = ()
    due: Mapping[str, str] = field(default_factory=dict)
    """Times by lesson, as TOML has them."""


def write_class_file(folder: Path, known: Sequence[str], begin: Beginning) -> ClassFile:
    """Write the file of a new class; return what it says.

    Parameters
    ----------
    known
        The lessons that there are.

    Raises
    ------
    WrongUse
        There is one, or what it would say means nothing; then none is written.
    """
    path = folder / FILE
    if path.exists():
        raise WrongUse(f"{path}: found it there, expected none; edit it instead.")
    roster = '# roster = "students.csv"'
    if begin.roster:
        place = os.path.relpath(begin.roster.resolve(), folder.resolve())
        roster = f"roster = {json.dumps(Path(place).as_posix(), ensure_ascii=False)}"
    title = '# title = "Neural networks"'
    if begin.title:
        title = f"title = {json.dumps(begin.title, ensure_ascii=False)}"
    parts = [HEAD.format(title=title, zone=json.dumps(begin.zone), roster=roster)]
    for number, name in enumerate(begin.lessons, start=1):
        due = begin.due.get(name)
        line = f"due = {due}" if due else f"# due = {EXAMPLE}"
        later = EXAMPLE.replace("-01T", "-03T")
        parts.append(LESSON.format(name=name, number=number, due=line, later=later))
    text = "".join(parts)
    said = parse_class_file(path, text, known)
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return said
