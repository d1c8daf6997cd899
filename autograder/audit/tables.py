"""Tables of the audit: one row an answer, as CSV, as Markdown and on the terminal."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from autograder.audit.audit import Verdict

LEAST_SEEN, LEAST_KILLED = 0.6, 0.95
LONGEST_MESSAGE = 200
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
LIBRARIES = re.compile(r"'/[^']*/site-packages/")


@dataclass(frozen=True)
class Row:
    """What became of one answer, as plain text and numbers."""

    lesson: str
    exercise: str
    kind: str
    """`solution`, `right`, `guess`, `wrong`, `mutant` or `slip`."""
    answer: str
    outcome: str
    """One of those of `Verdict.outcome`."""
    points: str
    """What it keeps, of what: `0.5 / 2`."""
    seen: str
    """`visible` if the visible checks alone catch it, `hidden` if only others do."""
    named: str
    """The catalogued mistake that feedback names, if any."""
    caught_by: str
    says: str
    """The first message, shortened; of what is excused, why."""


def row(verdict: Verdict, named: str = "") -> Row:
    """Make the row of one verdict."""
    trial = verdict.trial
    seen = "visible" if verdict.is_seen else "hidden"
    # What a caught mutant says may depend on the order of a set.
    says = verdict.excuse or ("" if trial.kind == "mutant" else verdict.message)
    return Row(
        trial.exercise.lesson,
        trial.exercise.name,
        trial.kind,
        "; ".join(trial.name.splitlines()),
        verdict.outcome,
        f"{verdict.points:g} / {trial.exercise.points:g}",
        seen if verdict.is_caught else "",
        named,
        " ".join(verdict.catchers),
        same_everywhere(says)[:LONGEST_MESSAGE],
    )


def same_everywhere(message: str) -> str:
    """Return a message in one line, without addresses and a machine's folders."""
    plain = LIBRARIES.sub("'…/", ADDRESS.sub(" at 0x…", message))
    return " ".join(plain.split())


def read_rows(path: Path) -> list[Row]:
    """Read what `csv_text` made; nothing if there is no such file."""
    return rows_of(path.read_text("utf-8")) if path.exists() else []


def rows_of(text: str) -> list[Row]:
    """Return the rows of what `csv_text` made."""
    return [Row(**entry) for entry in csv.DictReader(io.StringIO(text))]


def csv_text(rows: Iterable[Row]) -> str:
    """Return rows as CSV, one an answer."""
    text = io.StringIO()
    names = [field.name for field in fields(Row)]
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(entry) for entry in rows)
    return text.getvalue()


@dataclass(frozen=True)
class Summary:
    """The numbers of a lesson or of one exercise."""

    name: str
    wrong: int
    accepted: int
    seen: int
    """Wrong answers that the visible checks alone catch."""
    named: int
    """Wrong answers that feedback names."""
    right: int
    rejected: int
    mutants: int
    """Without those that are no mistakes."""
    excused: int
    survived: int
    slips: int
    """Slips in earlier exercises, without those that are excused."""
    twice: int
    """Those of them that cost points here too."""
    hidden_only: int
    """Wrong answers and mutants that only hidden tests catch."""

    @classmethod
    def of(cls, name: str, rows: Iterable[Row]) -> "Summary":
        """Count rows."""
        rows = list(rows)
        wrong = [r for r in rows if r.kind == "wrong"]
        right = [r for r in rows if r.kind in ("right", "guess", "solution")]
        mutants = [r for r in rows if r.kind == "mutant"]
        excused = sum(r.outcome == "excused" for r in mutants)
        slips = [r for r in rows if r.kind == "slip" and r.outcome != "excused"]
        return cls(
            name,
            wrong=len(wrong),
            accepted=sum(r.outcome == "ACCEPTED" for r in wrong),
            seen=sum(r.seen == "visible" for r in wrong),
            named=sum(bool(r.named) for r in wrong),
            right=len(right),
            rejected=sum(r.outcome != "passed" for r in right),
            mutants=len(mutants) - excused,
            excused=excused,
            survived=sum(r.outcome == "SURVIVED" for r in mutants),
            slips=len(slips),
            twice=sum(r.outcome == "TWICE" for r in slips),
            hidden_only=sum(r.seen == "hidden" for r in rows),
        )

    @property
    def cells(self) -> list[str]:
        """The texts of its line in a table, under `HEADINGS`."""
        killed = self.mutants - self.survived
        return [
            self.name,
            f"{self.wrong - self.accepted}/{self.wrong}",
            f"{self.right - self.rejected}/{self.right}",
            f"{killed}/{self.mutants}" if self.mutants else "–",
            str(self.excused),
            _share(self.seen, self.wrong),
            str(self.hidden_only),
            _share(self.named, self.wrong),
            f"{self.slips - self.twice}/{self.slips}" if self.slips else "–",
        ]


HEADINGS = [
    "lesson",
    "wrong",
    "right",
    "mutants",
    "excused",
    "visible",
    "hidden",
    "named",
    "once",
]


def summaries(rows: list[Row], by: str) -> list[Summary]:
    """Return one summary for each lesson or exercise, in the order of the rows.

    Parameters
    ----------
    by
        `lesson` or `exercise`.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for entry in rows:
        groups.setdefault((entry.lesson, getattr(entry, by)), []).append(entry)
    return [Summary.of(name, group) for (_, name), group in groups.items()]


def table_lines(rows: list[Row]) -> Iterator[list[str]]:
    """Yield the lines of a table under `HEADINGS`: each lesson, then its exercises."""
    for lesson in summaries(rows, "lesson"):
        yield lesson.cells
        own = [entry for entry in rows if entry.lesson == lesson.name]
        for summary in summaries(own, "exercise"):
            yield [f"  {summary.name}", *summary.cells[1:]]


def shortfalls(rows: list[Row]) -> Iterator[str]:
    """Yield, in words, where the tests fall short of their goals."""
    for summary in summaries(rows, "lesson"):
        killed = summary.mutants - summary.survived
        if summary.wrong and summary.seen < LEAST_SEEN * summary.wrong:
            yield (
                f"{summary.name}: visible checks alone catch {summary.seen} of "
                f"{summary.wrong} wrong answers, expected {LEAST_SEEN:.0%}."
            )
        if killed < LEAST_KILLED * summary.mutants:
            yield (
                f"{summary.name}: the tests catch {killed} of {summary.mutants} "
                f"mutants, expected {LEAST_KILLED:.0%}."
            )
    predictions = {row.exercise for row in rows if row.kind == "guess"}
    for summary in summaries(rows, "exercise"):
        if not summary.hidden_only and summary.name not in predictions:
            yield f"{summary.name}: hidden tests catch nothing more than visible ones."


def markdown(rows: list[Row]) -> str:
    """Return the summary page."""
    lessons = summaries(rows, "lesson")
    parts = [INTRODUCTION, _table(lessons)]
    for lesson in lessons:
        own = [r for r in rows if r.lesson == lesson.name]
        parts += [f"## {lesson.name}", _table(summaries(own, "exercise"))]
        excused = [r for r in own if r.outcome == "excused"]
        if excused:
            parts.append("Excused:")
            parts.append("\n".join(_excuses(excused)))
        missed = [r for r in own if r.outcome.isupper()]
        if missed:
            parts.append(
                "\n".join(
                    f"- **{r.outcome}** {r.exercise}: `{r.answer}`" for r in missed
                )
            )
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """\
# What the tests are worth

Written by `make audit`; every row is in [audit.csv](audit.csv). Each answer of the
catalogue stands in the place of the solution and is graded as a submission is, and so
is each automatic mutant: the solution with one operator, number, axis, argument or
statement changed, with its results spoilt, or with a shortcut, as remembering them.

| column | what it counts |
|---|---|
| wrong | catalogued wrong answers that lose points, of all |
| right | solutions, alternatives and guesses that keep all points, of all |
| mutants | mutants that lose points, of all without those excused |
| excused | mutants that are no mistakes; the reasons are below |
| visible | wrong answers that the visible checks alone catch |
| hidden | wrong answers and mutants that only hidden tests catch |
| named | wrong answers whose feedback says what the mistake is |
| once | right answers that keep all points while an earlier exercise fails |"""


def _excuses(rows: list[Row]) -> Iterator[str]:
    """Yield the answers of an exercise that share a reason in one line."""
    alike: dict[tuple[str, str], list[str]] = {}
    for entry in rows:
        alike.setdefault((entry.exercise, entry.says), []).append(f"`{entry.answer}`")
    for (exercise, reason), answers in alike.items():
        yield f"- {exercise}: {', '.join(answers)}: {reason}"


def _table(lines: list[Summary]) -> str:
    rows = [HEADINGS, ["---"] * len(HEADINGS), *(line.cells for line in lines)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
