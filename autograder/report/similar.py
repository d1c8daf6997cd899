"""Similar submissions: pairs of students who share what few others wrote.

Answers are cut into runs of tokens. Comments do not count, and neither do the names of
a student's own variables, so that renaming hides nothing. What was given out does not
count, and a run weighs the more the fewer students have it (tf-idf, by scikit-learn):
what a whole class writes alike is no trace. A wrong answer weighs most, for there are
few ways to be right and many to be wrong.

Resemblance is a reason to look at two notebooks side by side, and no proof.
"""

import builtins
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

RUN = 5
"""Tokens."""
LONGEST_ANSWER = 20_000
WEIGHT_OF_WRONG = 4.0
"""Of a run that stands in two wrong answers, against one in two right ones."""
LEAST_ALIKE = 0.6
MOST_PAIRS = 20
LEAST_FOR_A_HABIT = 8
"""Students; of fewer nobody can tell what is usual among them."""
UNUSUAL = 2.0
TOKEN = re.compile(r"#[^\n]*|\"\"\".*?\"\"\"|'''.*?'''|\.?[^\W\d]\w*|\d[\w.]*|\S", re.S)
KEPT = frozenset([*keyword.kwlist, *dir(builtins)])
Answers = Mapping[str, Mapping[str, str]]
"""What each student answered, by exercise."""


@dataclass(frozen=True)
class Pair:
    """Two submissions of one lesson that resemble each other."""

    students: tuple[str, str]
    alike: float
    """Cosine of their answers, 0 to 1; what few others wrote counts most."""
    weight: float
    """How much unusual code they share; pairs are ranked by it."""
    same_wrong: list[str]
    """Exercises with the same wrong answer, but for names, comments and spacing."""


def similar(
    answers: Answers, wrong: Mapping[str, set[str]], stubs: Mapping[str, str]
) -> list[Pair]:
    """Return the pairs of one lesson that somebody should look at.

    Parameters
    ----------
    wrong
        The exercises that each student failed.
    stubs
        What was given out of each exercise.
    """
    students = sorted(answers)
    given = {run for name, stub in stubs.items() for run in _runs(name, stub)}
    runs = [
        [
            run
            for name, code in sorted(answers[student].items())
            for run in _runs(name, code)
            if run not in given
        ]
        for student in students
    ]
    if len(students) < 2 or not any(runs):
        return []
    weighted = _weighted(runs, students, wrong)
    shared = (weighted @ weighted.T).toarray()
    own = np.sqrt(np.maximum(shared.diagonal(), 1e-12))
    cosine = shared / np.outer(own, own)
    is_unusual = (cosine >= LEAST_ALIKE) & (shared > _usual(shared))
    rows, columns = np.nonzero(np.triu(is_unusual, 1))
    order = np.argsort(-shared[rows, columns], kind="stable")[:MOST_PAIRS]
    return [
        Pair(
            (students[i], students[j]),
            float(cosine[i, j]),
            float(shared[i, j]),
            _same_wrong(students[i], students[j], answers, wrong, stubs),
        )
        for i, j in zip(rows[order], columns[order], strict=True)
    ]


def _usual(shared: np.ndarray) -> float:
    """Return the weight up to which a pair of this class is nothing unusual.

    The short right answers of a lesson resemble each other whoever wrote them: what
    counts is a pair that shares far more than students and their nearest
    neighbours do.
    """
    if len(shared) < LEAST_FOR_A_HABIT:
        return 0.0
    nearest = (shared - np.diag(shared.diagonal())).max(axis=1)
    return UNUSUAL * float(np.median(nearest))


def _weighted(runs: list[list[str]], students: list[str], wrong: Mapping):
    """Return a row a student, a column a run, with the root of what it weighs."""
    counter = CountVectorizer(analyzer=list, binary=True, dtype=float)
    table = counter.fit_transform(runs)
    holders = np.asarray(table.sum(axis=0)).ravel()
    rarity = np.log2(len(students) / holders)
    exercises = [run.partition(" ")[0] for run in counter.get_feature_names_out()]
    table = table.multiply(np.sqrt(rarity)).tocsr()
    for row, student in enumerate(students):
        failed = wrong.get(student, set())
        entries = slice(table.indptr[row], table.indptr[row + 1])
        table.data[entries] *= [
            np.sqrt(WEIGHT_OF_WRONG) if exercises[column] in failed else 1.0
            for column in table.indices[entries]
        ]
    return table


def _same_wrong(
    first: str, second: str, answers: Answers, wrong: Mapping, stubs: Mapping[str, str]
) -> list[str]:
    both = wrong.get(first, set()) & wrong.get(second, set())
    return sorted(
        name
        for name in both & answers[first].keys() & answers[second].keys()
        if _tokens(answers[first][name]) == _tokens(answers[second][name])
        and _tokens(answers[first][name]) != _tokens(stubs.get(name, ""))
    )


def _runs(exercise: str, code: str) -> set[str]:
    tokens = _tokens(code)
    return {
        f"{exercise} {' '.join(tokens[i : i + RUN])}"
        for i in range(max(1, len(tokens) - RUN + 1))
    }


def _tokens(code: str) -> list[str]:
    """Return code as tokens, with one name for all that a student may have renamed."""
    found = TOKEN.findall(code[:LONGEST_ANSWER])
    return [_plain(t) for t in found if not t.startswith(("#", '"""', "'''"))]


def _plain(token: str) -> str:
    is_name = token[0].isalpha() or token[0] == "_"
    return "v" if is_name and token not in KEPT else token
