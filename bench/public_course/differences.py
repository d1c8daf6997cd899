"""Marks that differ, each with what is known of its cause."""

from dataclasses import dataclass

from autograder.gradebook.results import Record
from bench.public_course.graders import (
    Cell,
    Graded,
    Mark,
    gave_up,
    grade_again_with_stock,
)

WORTHLESS = {"False", "nan", "np.False_", "np.float64(nan)"}
"""What a test may end in that gives points in stock nbgrader alone."""


OF_THE_COURSE = ("its own solution fails in", "not installed here", "does not run the")
"""What is said to the teacher of a course that lacks something."""


@dataclass(frozen=True)
class Difference:
    """One cell whose marks are not the same."""

    cell: Cell
    stock: Mark | None
    """None if the gradebook has no such cell."""
    ours: Mark | None
    why: str
    """Nothing if the cause is not known."""

    def __str__(self) -> str:
        cell = self.cell
        return (
            f"{cell.lesson}/{cell.notebook} {cell.name} {cell.student}: "
            f"stock {self.stock or 'nothing'}, ours {self.ours or 'nothing'}"
        )


def differences(stock: Graded, ours: Graded, lessons: list[str]) -> list[Difference]:
    """Return what differs, in order."""
    of_stock, of_ours = stock.marks(lessons), ours.marks(lessons)
    cells = [
        cell for cell in of_stock | of_ours if of_stock.get(cell) != of_ours.get(cell)
    ]
    cells.sort(key=lambda cell: (cell.lesson, cell.notebook, cell.student, cell.name))
    known = {cell: _why(stock, ours, cell) for cell in cells}
    again = _graded_again(stock, [cell for cell in cells if not known[cell]], lessons)
    for cell in cells:
        if not known[cell] and again.get(cell) != of_stock.get(cell):
            known[cell] = f"chance: stock's next mark is {again.get(cell)}"
    return [Difference(c, of_stock.get(c), of_ours.get(c), known[c]) for c in cells]


def _why(stock: Graded, ours: Graded, cell: Cell) -> str:
    """Return the cause of a difference, as far as both graders' results show it."""
    record = ours.records().get((cell.student, cell.lesson))
    if record and lacks(record):
        return f"said to the teacher: {record.message}"
    outputs = stock.outputs(cell)
    if outputs is None:
        return f"stock gave up: {gave_up(stock, cell)}"
    for output in outputs:
        if output.output_type == "execute_result":
            value = output.data.get("text/plain", "")
            if value in WORTHLESS:
                return f"the test ends in {value}, which is worth nothing here"
    is_sealed = record and not {cell.name} & {*record.shared}
    if is_sealed and any(output.get("name") == "stderr" for output in outputs):
        return "a warning costs nothing where the test is sealed"
    return ""


def lacks(record: Record) -> bool:
    """Whether nobody was scored since the course lacks something, which was said."""
    is_said = any(words in record.message for words in OF_THE_COURSE)
    return is_said and record.status == "errored"


def _graded_again(
    stock: Graded, cells: list[Cell], lessons: list[str]
) -> dict[Cell, Mark]:
    """Return stock's marks after it has graded these submissions once more."""
    for cell in {(cell.student, cell.lesson): cell for cell in cells}.values():
        grade_again_with_stock(stock, cell)
    return stock.marks(lessons) if cells else {}
