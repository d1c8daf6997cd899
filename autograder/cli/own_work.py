"""One's own work in a terminal: what checks found, and how far one has come."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from autograder.base.plain_formulas import plain_formula
from autograder.cli.terminal import out
from autograder.model.hints import UNANSWERED, Checked
from autograder.publish.self_check import CheckReport

if TYPE_CHECKING:  # it imports the grader, which runs on Linux alone
    from autograder.publish.own_work import Step

FORMULA = re.compile(r"\$([^$]+)\$")
FULL = 20
"""Characters of a lesson's bar."""


def say_report(report: CheckReport, hint: int) -> None:
    """Print what failed, an exercise a block, with hints up to a level."""
    quiet = []
    for exercise in report.exercises:
        shown = _hints(exercise, hint)
        if (exercise.is_answered and exercise.failures) or shown:
            _say_exercise(exercise, shown)
        elif exercise.failures:
            quiet.append(exercise.exercise)
    if quiet:
        out.print(Rule(UNANSWERED, align="left"))
        out.print(Text(", ".join(quiet)))
        if not hint:
            out.print(Text("Each may have hints: --hint 1"), style="dim")
    if report.exercises:
        out.print(Rule())


def _hints(exercise: Checked, level: int) -> list[str]:
    if not exercise.failures:
        return []
    return [text for number, text in exercise.hints.items() if number <= level]


def _say_exercise(exercise: Checked, hints: list[str]) -> None:
    out.print(Rule(Text(exercise.exercise), align="left"))
    for text in exercise.failures:
        out.print(Text(text, style="red"))
    if exercise.mistake:
        out.print()
        out.print(Markdown(plain_formulas(f"**Most likely:** {exercise.mistake}")))
    for text in hints:
        title, _, body = text.partition("\n")
        out.print()
        out.print(Text(plain_formulas(title), style="bold"))
        out.print(Markdown(plain_formulas(body)))
    if len(hints) < len(exercise.hints):
        more = exercise.hint if exercise.hint > len(hints) else len(hints) + 1
        told = f"{exercise.exercise} has a hint: --hint {more}"
        out.print(Padding(Text(told, style="dim"), (1, 0, 0, 0)))
    out.print()


def plain_formulas(markdown: str) -> str:
    """Return a text with its formulas as a terminal can show them."""

    def plain(match: re.Match) -> str:
        no_marks_of_markdown = r"\\\1"
        return re.sub(r"([*_`])", no_marks_of_markdown, plain_formula(match[1]))

    return FORMULA.sub(plain, markdown)


def say_points(report: CheckReport, step: Step) -> None:
    """Print what a whole check of a notebook gives."""
    out.print(
        f"{report.passed} of {report.visible} checks pass, hidden ones included: "
        f"{step.points:g} of {step.max_points:g} points"
    )
    if step.waiting:
        out.print(
            f"{step.waiting:g} more are for written answers: compare them with "
            f"solutions/{step.lesson}/"
        )
    if step.is_done:
        out.print("Done. What comes next: autograder progress")


def table_of(found: Iterable[Step]) -> Table:
    """Return how far one has come, a row a lesson."""
    table = Table("lesson", "points", "", "to do", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for step in found:
        most = step.max_points
        points = "-" if step.points is None else f"{step.points:g}"
        full = round(FULL * (step.points or 0) / most) if most else 0
        table.add_row(
            step.lesson,
            f"{points} of {most:g}",
            Text("█" * full + "░" * (FULL - full)),
            Text(_to_do(step)),
        )
    return table


def _to_do(step: Step) -> str:
    if step.points is None:
        return f"{step.minutes} minutes"
    if step.open:
        return f"{len(step.open)} exercises" if len(step.open) > 1 else step.open[0]
    return f"{step.waiting:g} points: compare" if step.waiting else "done"


def next_step(found: Iterable[Step]) -> str:
    """Return one sentence on what to do."""
    begun = [step for step in found if step.open]
    if begun:
        first = begun[0]
        named = ", ".join(first.open[:3])
        if len(first.open) > 3:
            named += f" and {len(first.open) - 3} more"
        return f"Go on with {first.lesson}: {named}."
    new = [step for step in found if step.points is None]
    if new:
        path = f"notebooks/{new[0].lesson}/{new[0].lesson}.ipynb"
        return f"Next: {new[0].title} ({new[0].minutes} minutes), {path}."
    return "All lessons are done."
