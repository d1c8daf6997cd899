"""Sections: the parts of a feedback page, and what each of them tells."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from autograder.audit.diagnosis import Diagnosis
from autograder.pages.outputs import Exhibit

UNSOLVED = "This exercise is not solved yet."


@dataclass(frozen=True)
class Check:
    """What one test found."""

    name: str
    points: float
    max_points: float
    status: str
    """`passed`, `partial`, `failed` or `stopped`."""
    about: str = ""
    """What the lesson says that it checks."""
    message: str = ""
    where: str = ""
    """Lines of the student's code in which it failed."""
    printed: str = ""


@dataclass
class Work:
    """A code cell of the student's, or what it displayed."""

    source: str
    """Coloured; empty for cells that the lesson gives."""
    shows: list[Exhibit] = field(default_factory=list)
    handed_in: bool = False
    """Whether the outputs are those of the submission: the cell was not run again."""


@dataclass
class Section:
    """An exercise, a written answer, or what is on neither side of one."""

    name: str
    kind: str
    """`exercise`, `written` or `opening`."""
    number: int = 0
    """Its place in the notebook."""
    checks: list[Check] = field(default_factory=list)
    answer: str = ""
    """Coloured code."""
    has_stub: bool = False
    """Whether the answer's own cell ended with what it was handed out with."""
    shows: list[Exhibit] = field(default_factory=list)
    """What the answer's own cell displayed."""
    notes: list[str] = field(default_factory=list)
    """What the student wrote in cells of text, rendered."""
    works: list[Work] = field(default_factory=list)
    comment: str = ""
    """A grader's."""
    mistake: Diagnosis | None = None
    hint: str = ""
    has_hints: bool = False
    points: float = 0.0
    max_points: float = 0.0
    waits: bool = False
    """Whether a person has still to mark it."""
    later: int = 0
    """How many marks of it the page does not tell yet."""

    @property
    def own_works(self) -> list[Work]:
        """The student's own cells."""
        return [work for work in self.works if work.source]

    @property
    def given_works(self) -> list[Work]:
        """What the lesson's own cells displayed with the student's code."""
        return [work for work in self.works if not work.source]

    @property
    def missed(self) -> list[Check]:
        """The checks that did not pass."""
        return [check for check in self.checks if check.status != "passed"]

    @property
    def passed(self) -> list[Check]:
        """The checks that passed."""
        return [check for check in self.checks if check.status == "passed"]

    @property
    def is_unsolved(self) -> bool:
        """Whether nothing is wrong with it but that it is not solved yet."""
        is_said = all(check.message == UNSOLVED for check in self.missed)
        return bool(self.missed) and (self.has_stub or is_said)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to do about it."""
        waits = self.waits or (self.later and not self.checks)
        return self.is_whole and not self.missed and not waits

    @property
    def is_told_more(self) -> bool:
        """Whether a guess is told more than that it is noted."""
        printed = [c.printed for c in self.passed if c.name.startswith("test_predict_")]
        return any("\n" in text.strip() for text in printed)

    @property
    def is_whole(self) -> bool:
        """Whether it has all its points."""
        return self.points >= self.max_points


def keep_back(sections: Iterable[Section], hidden: Container[str]) -> None:
    """Take out what hidden checks found and what people have marked."""
    for section in sections:
        if section.kind == "written":
            section.later, section.points, section.max_points = 1, 0.0, 0.0
            section.comment = ""
            continue
        told = [check for check in section.checks if check.name not in hidden]
        section.later, section.checks = len(section.checks) - len(told), told
        section.points = sum(check.points for check in told)
        section.max_points = sum(check.max_points for check in told)
