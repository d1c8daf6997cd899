"""A course's own rule for late submissions, which nbgrader loads by its name."""

from nbgrader.plugins import LateSubmissionPlugin


class HalfForLate(LateSubmissionPlugin):
    """Takes half of the points."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """Return the penalty."""
        assert total_seconds_late == 5400
        return score / 2
