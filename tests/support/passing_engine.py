"""An engine that executes nothing: every test has passed, at once."""

from __future__ import annotations

from autograder.sealed.job import Executed


class PassingEngine:
    """Takes the place of the engine where only marks matter."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> PassingEngine:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, job) -> Executed:
        """Return the notebook as it is, with all points."""
        entries = [cell.metadata.get("nbgrader", {}) for cell in job.notebook.cells]
        cells = [
            {
                "grade_id": entry["grade_id"],
                "points": float(entry["points"]),
                "max_points": float(entry["points"]),
                "status": "passed",
                "message": "",
            }
            for entry in entries
            if entry.get("grade") and not entry.get("solution")
        ]
        return Executed(job.notebook, cells, [])
