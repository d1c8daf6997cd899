"""What a gradebook says of a submission, read past all code of ours."""

import sqlite3
from contextlib import closing
from pathlib import Path

QUERY = """
SELECT base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade
FROM grade
JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
WHERE submitted_assignment.student_id = ?
"""


def grades_of(root: Path, student: str) -> dict[str, tuple]:
    """Return automatic and manual points, and whether a person has to look, by cell."""
    with closing(sqlite3.connect(root / "gradebook.db")) as gradebook:
        rows = gradebook.execute(QUERY, (student,)).fetchall()
    return {name: (auto, manual, bool(waits)) for name, auto, manual, waits in rows}
