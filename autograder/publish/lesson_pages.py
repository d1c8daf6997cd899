"""Lessons to read: each stub first; solution, checks and mistakes folded below it."""

import re
from collections.abc import Iterable
from html import escape
from itertools import pairwise

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.audit.instructor_notes import first_words, model_answer
from autograder.audit.tables import Row
from autograder.model.catalogue import Answer
from autograder.model.cells import is_check
from autograder.model.lesson import Lesson
from autograder.pages.sections import CAPTION

MODEL_ANSWER = "<details><summary>A model answer</summary>\n\n{}\n\n</details>"


def reading_notebook(
    lesson: Lesson,
    release: NotebookNode,
    solution: NotebookNode,
    answers: Iterable[Answer],
    rows: Iterable[Row],
) -> NotebookNode:
    """Return a lesson as a page to read, in the terms of MyST-NB.

    Parameters
    ----------
    release, solution
        The lesson's notebooks; what is shown of tests is what a student gets, and
        outputs are those of the solution.
    answers
        The lesson's catalogue of mistakes.
    rows
        What the audit saw of it.
    """
    wrong = [answer for answer in answers if answer.kind == "wrong"]
    signs = {(r.exercise, r.answer): r for r in rows if r.kind == "wrong"}
    shown = {cell.id: cell.source for cell in release.cells}
    page = new_notebook(metadata=solution.metadata)
    for cell, stub, solved in zip(
        lesson.cells, release.cells, solution.cells, strict=True
    ):
        if cell.role == "solution":
            page.cells += [new_code_cell(stub.source), _folded(solved, "a solution")]
        elif cell.role == "recall":
            page.cells += [new_code_cell(stub.source), _folded(solved, "the answers")]
        elif cell.role == "written":
            answer = MODEL_ANSWER.format(model_answer(cell))
            page.cells += [new_markdown_cell(stub.source), new_markdown_cell(answer)]
        elif cell.role == "test":
            exercise = str(lesson.exercise_of(cell))
            tests = lesson.tests_of(exercise)
            # All of an exercise stand together, where its first one was.
            if cell is tests[0]:
                checks = "\n\n".join(shown[str(test.grade_id)] for test in tests)
                mine = [answer for answer in wrong if answer.exercise == exercise]
                page.cells.append(_folded(new_code_cell(checks), "the checks"))
                page.cells.append(new_markdown_cell(_mistakes(mine, signs)))
        elif is_check(cell.role, cell.grade_id):
            page.cells.append(_folded(solved, "the check"))
        else:
            page.cells.append(solved)
    describe_pictures(page.cells)
    return page


def describe_pictures(cells: list[NotebookNode]) -> None:
    """Give each picture the text of the caption below it, for those who listen."""
    for cell, following in pairwise(cells):
        if following.source.startswith(CAPTION):
            caption = following.source[len(CAPTION) :].split("\n\n")[0]
            # An attribute holds plain words: no mark of Markdown or of mathematics.
            words = " ".join(re.sub(r"[*`$\\]", "", caption).split())
            cell.metadata["mystnb"] = {"image": {"alt": words}}


def _folded(cell: NotebookNode, what: str) -> NotebookNode:
    """Hide a cell's code behind a line to click on."""
    cell.metadata["tags"] = ["hide-input"]
    cell.metadata["mystnb"] = {
        "code_prompt_show": f"Show {what}",
        "code_prompt_hide": f"Hide {what}",
    }
    return cell


def _mistakes(wrong: list[Answer], signs: dict[tuple[str, str], Row]) -> str:
    items = "\n".join(_mistake(a, signs.get((a.exercise, a.name))) for a in wrong)
    return (
        f'<details class="mistakes"><summary>{len(wrong)} mistakes, and how each '
        f"shows</summary>\n<ul>\n{items}\n</ul>\n</details>"
    )


def _mistake(answer: Answer, row: Row | None) -> str:
    if row and row.seen == "visible":
        sign = f"The check says: <q>{escape(first_words(row.says))}</q>"
    else:
        sign = "The checks above let it pass; it shows when the work is graded."
    says = re.sub(r"`(.+?)`", r"<code>\1</code>", escape(answer.says))
    return f"<li>{says} <small>{sign} Hint {answer.hint} helps.</small></li>"
