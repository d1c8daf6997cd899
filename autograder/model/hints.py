"""Hints: the exercises of a notebook, with the hints before each."""

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.base.source_code import tree_of
from autograder.model.cells import is_named_as_a_test, name_of

HINT = re.compile(
    r"<details><summary>Hint (\d): (.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL
)
STUB = "raise NotImplementedError"
UNANSWERED = "not answered yet"


@dataclass
class Checked:
    """What checks found of one exercise."""

    exercise: str
    hints: dict[int, str] = field(default_factory=dict)
    """The lesson's hints by level, in Markdown."""
    is_answered: bool = True
    passed: int = 0
    failures: list[str] = field(default_factory=list)
    """What each failing check says."""
    mistake: str = ""
    """What is wrong, if it is a mistake that is known."""
    hint: int = 0
    """The hint to open for it; 0 if none is known."""


def exercises_in(notebook: NotebookNode) -> list[Checked]:
    """Return the exercises in order, with the hints of the last text above each.

    Two exercises below one text share its hints.
    """
    found, hints = [], {}
    for cell in notebook.cells:
        name = name_of(cell)
        if cell.cell_type == "markdown":
            hints = {
                int(level): f"Hint {level}: {title}\n{text}"
                for level, title, text in HINT.findall(cell.source)
            }
        elif name and cell.cell_type == "code" and not is_named_as_a_test(name):
            found.append(Checked(name, hints, is_answered(cell.source)))
    return found


def is_answered(source: str) -> bool:
    """Whether something stands in an exercise's cell that was not handed out."""
    if STUB in source:
        return False
    try:
        return bool(tree_of(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
