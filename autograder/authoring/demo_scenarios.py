"""Fates: what a made-up student hands in, with the score that it must get."""

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
class Desk:
    """What a fate works with: one lesson, its answers, and a released notebook."""

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


Fate = Callable[[Desk], float]
"""Spoils or changes a released notebook; returns the points it must get."""


def _function(desk: Desk) -> str:
    """Return the last exercise that is a function, and no prediction."""
    return next(
        e for e in reversed(desk.lesson.exercises) if f"def {e}(" in desk.cell(e).source
    )


def perfect(desk: Desk) -> float:
    """Solve everything."""
    desk.solve()
    return desk.automatic


def untouched(desk: Desk) -> float:
    """Hand in the notebook as it was given out."""
    return 0


def half_done(desk: Desk) -> float:
    """Solve the first half of the exercises."""
    first = desk.lesson.exercises[: len(desk.lesson.exercises) // 2]
    desk.solve(first)
    return desk.worth(*first)


def other_ways(desk: Desk) -> float:
    """Solve everything differently: the first right alternative of each exercise."""
    desk.solve()
    for exercise in desk.lesson.exercises:
        desk.answer("right", exercise)
    return desk.automatic


def loops_instead_of_vectors(desk: Desk) -> float:
    """Solve with loops wherever the catalogue has one."""
    desk.solve()
    for exercise in desk.lesson.exercises:
        desk.answer("right", exercise, word="loop")
    return desk.automatic


def late(desk: Desk) -> float:
    """Solve everything, a day after it was due; the penalty is the instructor's."""
    desk.time = TOO_LATE
    return perfect(desk)


def missing_notebook(desk: Desk) -> float:
    """Hand in a folder without a notebook."""
    desk.raw = b""
    return 0


def truncated_json(desk: Desk) -> float:
    """Hand in a file that breaks off in the middle, as after a full disk."""
    desk.solve()
    content = nbformat.writes(desk.notebook).encode()
    desk.raw = content[: len(content) // 2]
    return 0


def deleted_test_cell(desk: Desk) -> float:
    """Delete the test cells of one exercise."""
    desk.solve()
    gone = {c.grade_id for c in desk.lesson.tests_of(desk.lesson.exercises[0])}
    desk.notebook.cells = [c for c in desk.notebook.cells if c.id not in gone]
    return desk.automatic


def copied_a_cell(desk: Desk) -> float:
    """Copy an answered cell, name and all, as copy and paste does."""
    desk.solve()
    exercise = desk.lesson.exercises[0]
    copy = nbformat.from_dict(desk.cell(exercise))
    copy.id = "copied"
    place = desk.notebook.cells.index(desk.cell(exercise))
    desk.notebook.cells.insert(place, copy)
    return desk.automatic


def edited_visible_test(desk: Desk) -> float:
    """Leave an exercise unsolved and let its tests agree."""
    exercise = _function(desk)
    desk.solve([e for e in desk.lesson.exercises if e != exercise])
    for test in desk.lesson.tests_of(exercise):
        desk.cell(str(test.grade_id)).source = "assert True"
    return desk.automatic - desk.worth(exercise)


def infinite_loop(desk: Desk) -> float:
    """Solve everything but one exercise, whose cell never ends."""
    exercise = _function(desk)
    desk.solve()
    desk.cell(exercise).source = "while True:\n    pass"
    return desk.automatic - desk.worth(exercise)


def exits(desk: Desk) -> float:
    """End Python in the cell of one exercise."""
    exercise = _function(desk)
    desk.solve()
    desk.cell(exercise).source = "import os\n\nos._exit(0)"
    return desk.automatic - desk.worth(exercise)


def prints_forever(desk: Desk) -> float:
    """Solve everything; a last cell of their own prints and never stops."""
    desk.solve()
    desk.add('while True:\n    print("still here " * 100)')
    return desk.automatic


def warns(desk: Desk) -> float:
    """Solve everything; every function warns when it is called."""
    desk.solve()
    for exercise in desk.lesson.exercises:
        cell = desk.cell(exercise)
        if f"def {exercise}(" in cell.source:
            cell.source += WARNING.format(name=exercise)
    return desk.automatic


WARNING = """


def {name}(*args, _inner={name}, **kwargs):
    import warnings

    warnings.warn("this function is still a draft", stacklevel=2)
    return _inner(*args, **kwargs)"""


def renamed_file(desk: Desk) -> float:
    """Solve everything and save it under a name of their own."""
    desk.solve()
    desk.name = f"{desk.lesson.name} (final version)"
    return desk.automatic


def lost_names(desk: Desk) -> float:
    """Solve everything with a program that drops nbgrader's cell names."""
    desk.solve()
    for number, cell in enumerate(desk.notebook.cells):
        cell.metadata.pop("nbgrader", None)
        cell.id = f"cell-{number}"
    return desk.automatic


def foreign_schema(desk: Desk) -> float:
    """Solve everything with a program that writes other versions of the metadata."""
    desk.solve()
    for cell in desk.notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["schema_version"] = 99
    return desk.automatic


def with_outputs(desk: Desk) -> float:
    """Solve everything and run it, so that the file holds what every cell showed."""
    desk.solve()
    code = [cell for cell in desk.notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
        cell.outputs = [new_output("stream", text="what this cell showed\n")]
    return desk.automatic


def older_format(desk: Desk) -> float:
    """Solve everything with a program that writes notebooks as of 2019, without ids."""
    desk.solve()
    desk.notebook.nbformat_minor = 4
    for cell in desk.notebook.cells:
        del cell["id"]
    return desk.automatic


def saved_as_a_page(desk: Desk) -> float:
    """Hand in the page that a browser saved, named as the notebook."""
    desk.raw = b"<!DOCTYPE html>\n<html><body>a notebook as seen</body></html>\n"
    return 0


def scribbles(desk: Desk) -> float:
    """Solve everything, with cells between that fail."""
    desk.solve()
    for exercise in desk.lesson.exercises:
        desk.add("trying = something that is no Python", after=exercise)
        desk.add("1 / 0", after=exercise)
    return desk.automatic


ALWAYS: list[Fate] = [
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
"""Fates of every lesson; most are graded in no time, being all the same answers."""
IN_TURN: list[Fate] = [
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
"""Fates that cost the computing time of a whole lesson, or more."""
FATES = ALWAYS + IN_TURN
