"""A course's own rule for late submissions, which nbgrader loads by its name."""

from nbgrader.plugins import LateSubmissionPlugin

HOUR = 3600


class HalfForLate(LateSubmissionPlugin):
    """Takes half of the points of who is more than an hour late."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the penalty."""
        return score / 2 if total_seconds_late > HOUR else None
