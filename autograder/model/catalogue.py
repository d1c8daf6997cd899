"""The catalogue of mistakes: named wrong and right answers of each exercise."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.base.errors import SourceError
from autograder.model import differences
from autograder.model.lesson import Lesson

FILE = "mistakes.py"
HEADER = re.compile(r"^# %% (?P<kind>\S+) (?P<exercise>\S+) (?P<name>\S+)$")
FIELD = re.compile(r"^# (?P<key>says|hint|teach): (?P<text>.+)$")
HINTS = {"1": 1, "2": 2, "3": 3}
LEAST = {"wrong": 4, "right": 2, "guess": 0}
LEAST_OF_PREDICTION = {"wrong": 1, "right": 1, "guess": 2}
"""Of an exercise that has guesses: it gives points for a prediction being made."""


@dataclass(frozen=True)
class Answer:
    """One answer to one exercise, as it could be submitted."""

    kind: str
    """`wrong`, `right`, or `guess`: a prediction that is off and keeps its points."""
    exercise: str
    name: str
    """What was done, in words joined by underscores."""
    code: str
    """Replaces the whole solution cell."""
    says: str = ""
    """What feedback tells a student who made this mistake."""
    hint: int = 0
    """The hint (1 to 3) that helps with it."""
    teach: str = ""
    """What an instructor may say or ask about it."""


def read_catalogue(lesson: Lesson, path: Path | None = None) -> list[Answer]:
    """Read the catalogue of one lesson.

    Parameters
    ----------
    path
        Its file; the one beside the lesson if not given.

    Raises
    ------
    SourceError
        A header, a field or the number of answers is not as it has to be, or a
        difference does not fit its solution.
    """
    path = path or lesson.path.with_name(FILE)
    if not path.exists():
        raise SourceError(
            f"{_shown(path)}: found no catalogue; write at least "
            f"{LEAST['wrong']} wrong and {LEAST['right']} right answers an exercise."
        )
    answers = list(_answers(path.read_text("utf-8"), _shown(path)))
    mistakes = list(_mistakes(answers, lesson))
    if not mistakes:
        answers, mistakes = _written_out(answers, lesson)
    if mistakes:
        raise SourceError("\n".join(f"{_shown(path)}: {text}" for text in mistakes))
    return answers


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _answers(text: str, file: str) -> Iterator[Answer]:
    for block in re.split(r"^(?=# %% )", text, flags=re.MULTILINE)[1:]:
        head, *lines = block.rstrip().splitlines()
        if head.startswith("# %% [markdown]"):
            continue
        match = HEADER.match(head)
        if not match or match["kind"] not in LEAST:
            raise SourceError(
                f'{file}: found "{head}"; write "# %% wrong <exercise> <name>", and '
                "right or guess for wrong where it is one."
            )
        fields: dict[str, str] = {}
        while lines and (field := FIELD.match(lines[0])):
            key, words = field["key"], [field["text"]]
            lines.pop(0)
            while lines and lines[0].startswith("#   "):
                words.append(lines.pop(0)[4:].strip())
            fields[key] = " ".join(words)
        yield Answer(
            **match.groupdict(),
            code="\n".join(lines).strip() + "\n",
            says=fields.get("says", ""),
            hint=HINTS.get(fields.get("hint", ""), 0),
            teach=fields.get("teach", ""),
        )


def _written_out(
    answers: list[Answer], lesson: Lesson
) -> tuple[list[Answer], list[str]]:
    """Return the answers with whole code, and what is wrong with the differences."""
    solutions = {c.grade_id: c.source for c in lesson.cells if c.role == "solution"}
    whole, misfits = [], []
    for answer in answers:
        lines = answer.code.splitlines()
        if not differences.is_difference(lines):
            whole.append(answer)
            continue
        try:
            code = differences.apply(lines, solutions[answer.exercise])
        except SourceError as error:
            misfits.append(f"{_title(answer)}: {error}")
        else:
            whole.append(replace(answer, code=code.strip() + "\n"))
    return whole, misfits


def _title(answer: Answer) -> str:
    return f"{answer.kind} {answer.exercise} {answer.name}"


def _mistakes(answers: list[Answer], lesson: Lesson) -> Iterator[str]:
    for answer in answers:
        where = _title(answer)
        if answer.exercise not in lesson.exercises:
            yield f"{where}: {lesson.name} has no such exercise; correct the name."
        if answer.kind == "wrong" and not (answer.says and answer.hint):
            yield f"{where}: needs `# says: …` and `# hint: 1`, 2 or 3, for feedback."
    count = Counter((answer.exercise, answer.kind) for answer in answers)
    for exercise in lesson.exercises:
        is_prediction = count[exercise, "guess"] > 0
        least_of = LEAST_OF_PREDICTION if is_prediction else LEAST
        for kind, least in least_of.items():
            found = count[exercise, kind]
            if found < least:
                yield (
                    f"{exercise}: found {found} {kind} answers, expected at least "
                    f"{least}; add {least - found}."
                )
    twice = Counter((a.exercise, a.name) for a in answers)
    for (exercise, name), times in twice.items():
        if times > 1:
            yield f"{exercise} {name}: named {times} times; rename all but one."
