"""Instructor pages: what goes wrong in a lesson, how it shows and what to say."""

import re
from collections.abc import Iterable, Iterator

from autograder.audit.tables import Row
from autograder.model.catalogue import Answer
from autograder.model.cells import BEGIN_SOLUTION, END_SOLUTION
from autograder.model.lesson import Cell, Lesson

MINUTES = re.compile(r"(\d+)\s+minutes")
RUBRIC = re.compile(
    r"^\| *(?:points|part) *\|.*(?:\n\|.*)+|^- \*\*\d+ points?.*(?:\n(?:- |  ).*)+",
    re.MULTILINE,
)
LONGEST_SIGN = 110


def instructor_page(
    lesson: Lesson, answers: Iterable[Answer], rows: Iterable[Row]
) -> str:
    """Return the page of one lesson, in Markdown.

    Parameters
    ----------
    answers
        The lesson's catalogue.
    rows
        What the audit saw; gives the first words of the test that catches a mistake.
    """
    signs = {(r.exercise, r.answer): r for r in rows if r.kind == "wrong"}
    wrong = [a for a in answers if a.kind in ("wrong", "guess")]
    parts = [*_head(lesson)]
    for cell in lesson.cells:
        if cell.role == "solution":
            mine = [a for a in wrong if a.exercise == cell.grade_id]
            parts += _exercise(lesson, str(cell.grade_id), mine, signs)
        elif cell.role == "written":
            parts += _written(lesson, cell)
    return "\n\n".join(parts) + "\n"


def first_words(message: str) -> str:
    """Return the beginning of what a failing check says."""
    # The kind of error is for programmers; what it says is for people.
    words = message.removeprefix("AssertionError: ")
    short = words[:LONGEST_SIGN].rsplit(" ", 1)[0] + " …"
    return short if len(words) > LONGEST_SIGN else words


def _head(lesson: Lesson) -> Iterator[str]:
    points = sum(c.points for c in lesson.cells if c.role == "written")
    found = MINUTES.search(lesson.cells[0].source)
    time = f"{found[1]} minutes, " if found else ""
    yield f"# {lesson.title}: notes for instructors"
    yield (
        f"`{lesson.name}`: {time}{lesson.max_score:g} points, of which {points:g} are "
        "marked by a person. Written by `make audit` from the lesson and its catalogue "
        "of mistakes."
    )
    yield (
        "*Shows* is the beginning of what the first failing check says; a mistake "
        "marked **late** shows only when the work is graded. *Say or ask* is for you; "
        "the student's feedback has the words under *mistake*."
    )


def _exercise(
    lesson: Lesson, name: str, wrong: list[Answer], signs: dict
) -> Iterator[str]:
    points = sum(test.points for test in lesson.tests_of(name))
    yield f"## {name} ({points:g} points)"
    lines = ["| mistake | hint | shows | say or ask |", "|---|---|---|---|"]
    for answer in wrong:
        is_guess = answer.kind == "guess"
        sign = "keeps its points" if is_guess else _sign(signs.get((name, answer.name)))
        hint = answer.hint or "–"
        lines.append(
            f"| {_cell(answer.says)} | {hint} | {sign} | {_cell(answer.teach)} |"
        )
    yield "\n".join(lines)


def _written(lesson: Lesson, cell: Cell) -> Iterator[str]:
    yield f"## {cell.grade_id} ({cell.points:g} points, written)"
    above = [c for c in lesson.cells if c.number < cell.number and c.role == "text"]
    if rubric := rubric_in(c.source for c in above):
        yield rubric
    yield "A model answer:"
    lines = model_answer(cell.source).splitlines()
    yield "\n".join(f"> {line}".rstrip() for line in lines)


def rubric_in(above: Iterable[str]) -> str:
    """Return the rubric of a written question, if there is one.

    Parameters
    ----------
    above
        The texts that stand above it. Several questions in a row may share the rubric
        above the first of them.
    """
    found = [rubric[0] for text in above if (rubric := RUBRIC.search(text))]
    return found[-1] if found else ""


def model_answer(source: str) -> str:
    """Return the answer of a written question, without the question."""
    answer = source.split(BEGIN_SOLUTION)[-1].split(END_SOLUTION)[0]
    return answer.strip().removesuffix("###").strip()


def _sign(row: Row | None) -> str:
    if row is None:
        return ""
    late = "**late**: " if row.seen == "hidden" else ""
    return late + _cell(first_words(row.says))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")
