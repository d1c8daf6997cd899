"""Export: marks and pages, as learning platforms read them.

nbgrader loads these by name: `nbgrader export --exporter=autograder.export.Canvas`.
"""

from autograder.export.plugins import Canvas, Excel, Moodle

__all__ = ["Canvas", "Excel", "Moodle"]
