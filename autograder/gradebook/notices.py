"""Notices: what a student has to know of a submission before its points."""

from autograder.course.watch_policy import Rules
from autograder.gradebook.results import STAYS, Record


def notices(record: Record, rules: Rules) -> list[str]:
    """Return sentences for the student's page.

    Parameters
    ----------
    rules
        The policy of a watched class for the lesson.
    """
    found = []
    if record.earlier_counts and record.status == "graded":
        found.append(
            "What you handed in last has fewer points than what was graded before, "
            "which counts: this page and its points are of that."
        )
    elif record.earlier_counts:
        why = record.message.removesuffix(STAYS)
        found.append(
            f"What you handed in last could not be read ({why}). This page and its "
            "points are of what was graded before; hand in again."
        )
    found += [
        f"{why} It has no points yet; what was handed in beside it is graded."
        for why in record.without.values()
    ]
    if rules.tries and len(record.tries) >= rules.tries:
        found.append(
            f"All tries ({rules.tries}) are used: these points count, and what is "
            "handed in later is not graded."
        )
    return found
