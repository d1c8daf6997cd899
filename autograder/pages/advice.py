"""Advice: one sentence on what a student does next."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.pages.sections import Section


@dataclass(frozen=True)
class Advice:
    """What to do next."""

    says: str
    about: Section | None = None
    """The exercise that stands behind what it says."""
    more: str = ""
    """What stands behind the exercise."""


def next_step(sections: Sequence[Section]) -> Advice:
    """Return what is to be done first: to mend, to solve, to wait or to go on."""
    exercises = [s for s in sections if s.missed]
    wrong = [s for s in exercises if not s.is_unsolved]
    if wrong:
        named = "; what is most likely wrong stands there" if wrong[0].mistake else ""
        more = (
            f"{named}. {len(wrong)} have failed checks." if wrong[1:] else f"{named}."
        )
        return Advice("mend", wrong[0], more)
    if exercises:
        more = f". {len(exercises)} are not solved yet." if exercises[1:] else "."
        return Advice("solve", exercises[0], more)
    if any(s.later for s in sections):
        return Advice("wait: the other marks are told after the due date.")
    if any(s.waits for s in sections):
        return Advice(
            "wait: a person has still to mark what you wrote; the score may rise."
        )
    if all(s.is_whole for s in sections):
        return Advice("go on with another lesson: this one is complete.")
    return Advice("read what was said of your written answers: all checks passed.")
