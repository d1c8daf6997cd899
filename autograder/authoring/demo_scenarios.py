"""Scenarios: what a made-up student hands in, with the score that it must get."""

from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from autograder.model.catalogue import Answer
from autograder.model.cells import BEGIN_SOLUTION, END_SOLUTION
from autograder.model.lesson import Lesson

IN_TIME = "2026-02-27 18:30:00 UTC"
TOO_LATE = "2026-03-02 09:15:00 UTC"


@dataclass
class Draft:
    """A submission in the making: one lesson, its answers, and a released notebook."""

    lesson: Lesson
    answers: list[Answer]
    notebook: NotebookNode
    name: str = ""
    """File name, without `.ipynb`, under which it is handed in."""
    time: str = IN_TIME
    raw: bytes | None = None
    """What is handed in when it is no notebook any more."""

    @property
    def automatic(self) -> float:
        """Points that tests can give."""
        return sum(c.points for c in self.lesson.cells if c.role == "test")

    def worth(self, *exercises: str) -> float:
        """Points of some exercises."""
        return sum(c.points for e in exercises for c in self.lesson.tests_of(e))

    def cell(self, grade_id: str) -> NotebookNode:
        """Return the notebook's cell of this name."""
        return next(c for c in self.notebook.cells if c.id == grade_id)

    def solve(self, exercises: list[str] | None = None) -> None:
        """Fill in the lesson's own answers, to all exercises or to some."""
        for cell in self.lesson.cells:
            is_chosen = exercises is None or cell.grade_id in exercises
            if cell.role in ("solution", "written") and is_chosen:
                lines = cell.source.splitlines()
                self.cell(str(cell.grade_id)).source = "\n".join(
                    line
                    for line in lines
                    if BEGIN_SOLUTION not in line and END_SOLUTION not in line
                )

    def answer(self, kind: str, exercise: str, word: str = "") -> str:
        """Give a catalogued answer, one with `word` in its name if there is one."""
        fits = [a for a in self.answers if (a.kind, a.exercise) == (kind, exercise)]
        chosen = next((a for a in fits if word and word in a.name), fits[0])
        self.cell(exercise).source = chosen.code.rstrip()
        return chosen.name

    def add(self, source: str, after: str | None = None) -> None:
        """Add a cell of the student's own, at the end or after another cell."""
        cells = self.notebook.cells
        place = len(cells)
        if after is not None:
            place = 1 + next(i for i, c in enumerate(cells) if c.id == after)
        cells.insert(place, new_code_cell(source, id=f"own-{len(cells)}"))


Scenario = Callable[[Draft], float]
"""Spoils or changes a released notebook; returns the points it must get."""


def _function(draft: Draft) -> str:
    """Return the last exercise that is a function, and no prediction."""
    return next(
        e
        for e in reversed(draft.lesson.exercises)
        if f"def {e}(" in draft.cell(e).source
    )


def perfect(draft: Draft) -> float:
    """Solve everything."""
    draft.solve()
    return draft.automatic


def untouched(draft: Draft) -> float:
    """Hand in the notebook as it was given out."""
    return 0


def half_done(draft: Draft) -> float:
    """Solve the first half of the exercises."""
    first = draft.lesson.exercises[: len(draft.lesson.exercises) // 2]
    draft.solve(first)
    return draft.worth(*first)


def other_ways(draft: Draft) -> float:
    """Solve everything differently: the first right alternative of each exercise."""
    draft.solve()
    for exercise in draft.lesson.exercises:
        draft.answer("right", exercise)
    return draft.automatic


def loops_instead_of_vectors(draft: Draft) -> float:
    """Solve with loops wherever the catalogue has one."""
    draft.solve()
    for exercise in draft.lesson.exercises:
        draft.answer("right", exercise, word="loop")
    return draft.automatic


def late(draft: Draft) -> float:
    """Solve everything, a day after it was due; the penalty is the instructor's."""
    draft.time = TOO_LATE
    return perfect(draft)


def missing_notebook(draft: Draft) -> float:
    """Hand in a folder without a notebook."""
    draft.raw = b""
    return 0


def truncated_json(draft: Draft) -> float:
    """Hand in a file that breaks off in the middle, as after a full disk."""
    draft.solve()
    content = nbformat.writes(draft.notebook).encode()
    draft.raw = content[: len(content) // 2]
    return 0


def deleted_test_cell(draft: Draft) -> float:
    """Delete the test cells of one exercise."""
    draft.solve()
    gone = {c.grade_id for c in draft.lesson.tests_of(draft.lesson.exercises[0])}
    draft.notebook.cells = [c for c in draft.notebook.cells if c.id not in gone]
    return draft.automatic


def copied_a_cell(draft: Draft) -> float:
    """Copy an answered cell, name and all, as copy and paste does."""
    draft.solve()
    exercise = draft.lesson.exercises[0]
    copy = nbformat.from_dict(draft.cell(exercise))
    copy.id = "copied"
    place = draft.notebook.cells.index(draft.cell(exercise))
    draft.notebook.cells.insert(place, copy)
    return draft.automatic


def edited_visible_test(draft: Draft) -> float:
    """Leave an exercise unsolved and let its tests agree."""
    exercise = _function(draft)
    draft.solve([e for e in draft.lesson.exercises if e != exercise])
    for test in draft.lesson.tests_of(exercise):
        draft.cell(str(test.grade_id)).source = "assert True"
    return draft.automatic - draft.worth(exercise)


def infinite_loop(draft: Draft) -> float:
    """Solve everything but one exercise, whose cell never ends."""
    exercise = _function(draft)
    draft.solve()
    draft.cell(exercise).source = "while True:\n    pass"
    return draft.automatic - draft.worth(exercise)


def exits(draft: Draft) -> float:
    """End Python in the cell of one exercise."""
    exercise = _function(draft)
    draft.solve()
    draft.cell(exercise).source = "import os\n\nos._exit(0)"
    return draft.automatic - draft.worth(exercise)


def prints_forever(draft: Draft) -> float:
    """Solve everything; a last cell of their own prints and never stops."""
    draft.solve()
    draft.add('while True:\n    print("still here " * 100)')
    return draft.automatic


def warns(draft: Draft) -> float:
    """Solve everything; every function warns when it is called."""
    draft.solve()
    for exercise in draft.lesson.exercises:
        cell = draft.cell(exercise)
        if f"def {exercise}(" in cell.source:
            cell.source += WARNING.format(name=exercise)
    return draft.automatic


WARNING = """


def {name}(*args, _inner={name}, **kwargs):
    import warnings

    warnings.warn("this function is still a draft", stacklevel=2)
    return _inner(*args, **kwargs)"""


def renamed_file(draft: Draft) -> float:
    """Solve everything and save it under a name of their own."""
    draft.solve()
    draft.name = f"{draft.lesson.name} (final version)"
    return draft.automatic


def lost_names(draft: Draft) -> float:
    """Solve everything with a program that drops nbgrader's cell names."""
    draft.solve()
    for number, cell in enumerate(draft.notebook.cells):
        cell.metadata.pop("nbgrader", None)
        cell.id = f"cell-{number}"
    return draft.automatic


def foreign_schema(draft: Draft) -> float:
    """Solve everything with a program that writes other versions of the metadata."""
    draft.solve()
    for cell in draft.notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["schema_version"] = 99
    return draft.automatic


def with_outputs(draft: Draft) -> float:
    """Solve everything and run it, so that the file holds what every cell showed."""
    draft.solve()
    code = [cell for cell in draft.notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
        cell.outputs = [new_output("stream", text="what this cell showed\n")]
    return draft.automatic


def older_format(draft: Draft) -> float:
    """Solve everything with a program that writes notebooks as of 2019, without ids."""
    draft.solve()
    draft.notebook.nbformat_minor = 4
    for cell in draft.notebook.cells:
        del cell["id"]
    return draft.automatic


def saved_as_a_page(draft: Draft) -> float:
    """Hand in the page that a browser saved, named as the notebook."""
    draft.raw = b"<!DOCTYPE html>\n<html><body>a notebook as seen</body></html>\n"
    return 0


def scribbles(draft: Draft) -> float:
    """Solve everything, with cells between that fail."""
    draft.solve()
    for exercise in draft.lesson.exercises:
        draft.add("trying = something that is no Python", after=exercise)
        draft.add("1 / 0", after=exercise)
    return draft.automatic


ALWAYS: list[Scenario] = [
    perfect,
    untouched,
    late,
    missing_notebook,
    truncated_json,
    deleted_test_cell,
    renamed_file,
    lost_names,
    foreign_schema,
    with_outputs,
    older_format,
    saved_as_a_page,
]
"""Scenarios of every lesson; most are graded in no time, being all the same answers."""
IN_TURN: list[Scenario] = [
    half_done,
    scribbles,
    edited_visible_test,
    copied_a_cell,
    warns,
    prints_forever,
    exits,
    infinite_loop,
    loops_instead_of_vectors,
    other_ways,
]
"""Scenarios that cost the computing time of a whole lesson, or more."""
SCENARIOS = ALWAYS + IN_TURN
FEW: list[Scenario] = [
    perfect,
    other_ways,
    late,
    half_done,
    untouched,
    truncated_json,
    edited_visible_test,
    exits,
    lost_names,
]
"""Scenarios of a class that shows most of what happens, and is graded at once."""
