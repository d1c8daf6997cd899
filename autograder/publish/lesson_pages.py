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
from autograder.pages.reading import CAPTION

MENTION = re.compile(r"\b[Ll]essons?\s\d\d\b(?:(?:,\s|\sto\s|\sand\s)\d\d\b)*")
ONE = re.compile(r"([Ll]esson\s)?(\d\d)")
NO_PROSE = re.compile(
    r"(^\#[^\n]*|```.*?```|\$\$.*?\$\$|`[^`]*`|\$[^$]*\$|\[[^\]]*\]\([^)]*\)|<[^>]*>)",
    re.MULTILINE | re.DOTALL,
)
"""Headings, code, formulas, links and HTML, in which nothing becomes a link."""
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
            answer = MODEL_ANSWER.format(model_answer(cell.source))
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
            what = "what the checks use" if cell.grade_id == "checking" else "the check"
            page.cells.append(_folded(solved, what))
        else:
            page.cells.append(solved)
    page.cells = with_captions(page.cells)
    return page


def with_captions(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Make the text below each picture its caption, and say it to those who listen.

    Several pictures of one cell share their caption, which stays a paragraph.
    """
    made = []
    caption = ""
    for cell, following in pairwise([*cells, new_markdown_cell("")]):
        if caption:  # the one that the cell before has taken
            cell.source, caption = cell.source.split(caption, 1)[1].strip(), ""
            if not cell.source:
                continue
        made.append(cell)
        if not following.source.startswith(CAPTION):
            continue
        caption = following.source.split("\n\n")[0]
        text = caption[len(CAPTION) :].strip()
        # An attribute holds plain words: no mark of Markdown or of mathematics.
        words = " ".join(re.sub(r"[*`$\\]", "", text).split())
        cell.metadata["mystnb"] = {"image": {"alt": words}}
        if _pictures(cell) == 1:
            cell.metadata["mystnb"]["figure"] = {"caption": text}
        else:
            caption = ""
    return made


def _pictures(cell: NotebookNode) -> int:
    shown = (output.get("data", {}) for output in cell.get("outputs", []))
    return sum(any(kind.startswith("image/") for kind in data) for data in shown)


def numbered(title: str, lesson: Lesson) -> str:
    """Return a lesson's title with its number, by which others speak of it."""
    number = lesson.name.partition("_")[0]
    return f"{number} · {title}" if number.isdecimal() else title


def linked(text: str, names: dict[str, str], own: str) -> str:
    """Make links of the lessons that a text speaks of, as in "lessons 01 to 03".

    Parameters
    ----------
    names
        Lessons by their number.
    own
        The number of the lesson that the text is of.
    """

    def link(mention: re.Match) -> str:
        name = names.get(mention[2])
        known = name and mention[2] != own
        return f"[{mention[0]}]({name}.ipynb)" if known else mention[0]

    def links(mention: re.Match) -> str:
        return ONE.sub(link, mention[0])

    parts = NO_PROSE.split(text)
    return "".join(
        part if number % 2 else MENTION.sub(links, part)
        for number, part in enumerate(parts)
    )


def _folded(cell: NotebookNode, what: str) -> NotebookNode:
    """Hide a cell behind a line to click on, with what it prints: answers, too."""
    cell.metadata["tags"] = ["hide-cell"]
    cell.metadata["mystnb"] = {
        "code_prompt_show": f"Show {what}",
        "code_prompt_hide": f"Hide {what}",
    }
    return cell


def _mistakes(wrong: list[Answer], signs: dict[tuple[str, str], Row]) -> str:
    items = "\n".join(_mistake(a, signs.get((a.exercise, a.name))) for a in wrong)
    is_one = len(wrong) == 1
    counted = f"{len(wrong)} mistake{'' if is_one else 's'}, and how "
    counted += "it" if is_one else "each"
    return (
        f'<details class="mistakes"><summary>{counted} shows</summary>\n'
        f"<ul>\n{items}\n</ul>\n</details>"
    )


def _mistake(answer: Answer, row: Row | None) -> str:
    if row and row.seen == "visible":
        sign = f"The check says: <q>{escape(first_words(row.says))}</q>"
    else:
        sign = "The checks above let it pass; it shows when the work is graded."
    says = re.sub(r"`(.+?)`", r"<code>\1</code>", escape(answer.says))
    return f"<li>{says} <small>{sign} Hint {answer.hint} helps.</small></li>"
