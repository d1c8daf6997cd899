"""The locked cells of a notebook that have run: what they define is there for tests.

Before a test, or a locked cell, that uses such names they are bound again to what they
were handed out as; see `student.given_definitions`. Data is kept on this side.
"""

from __future__ import annotations

import contextlib
import re

from autograder.sealed.examiner.proxy_table import is_value
from autograder.sealed.examiner.run_test import keep, note_unmade
from autograder.sealed.protocol.interfaces import Asks

_WORD = re.compile(r"\w+")


class GivenCells:
    """What locked cells that have run bound, and which of them other cells use.

    Parameters
    ----------
    work
        The notebook's order, with the entries `held`, `definitions` and `data`.
    namespace
        That of the tests.
    """

    def __init__(
        self, conversation: Asks, work: dict, namespace: dict[str, object]
    ) -> None:
        self._conversation = conversation
        self._work = work
        self._namespace = namespace
        self._ran: list[tuple[set[str], list[str]]] = []
        """Of each: its words, and the names that it holds."""

    def used_by(self, source: str) -> list[int]:
        """Return the numbers of those that a cell uses, or one of these cells."""
        if not any(name in source for _, names in self._ran for name in names):
            return []  # as most do: no need to look for words
        found, words = [], set(_WORD.findall(source))
        for number, (its_words, names) in reversed(list(enumerate(self._ran))):
            if not words.isdisjoint(names):
                found.insert(0, number)
                words |= its_words
        return found

    def definitions(self, cell: dict) -> tuple[int, bytes, list[str]] | None:
        """Return what `Conversation.run_cell` is told of a cell, if it holds names."""
        held = self._work["held"].get(cell["grade_id"])
        return held and (
            len(self._ran),
            self._work["definitions"][cell["grade_id"]],
            held,
        )

    def note(self, cell: dict, status: str) -> None:
        """Note that a cell, which holds names, has just run."""
        name, source = cell["grade_id"], cell["source"]
        self._ran.append((set(_WORD.findall(source)), self._work["held"][name]))
        self._keep_data(self._work["data"][name], status)

    def _keep_data(self, names: list[str], status: str) -> None:
        """Keep what a cell has just bound: data that tests use, as it is now.

        What is no plain value, and what is too large to be kept, they get as others.
        Nothing is of a cell that did not run to its end: others may have bound it.
        """
        if status != "ok":
            note_unmade(frozenset(names), self._conversation, self._namespace)
            return
        for name in names:
            with contextlib.suppress(Exception):
                values = self._conversation.names([name])
                if all(map(is_value, values.values())):
                    keep(values, self._conversation, self._namespace)
