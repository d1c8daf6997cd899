"""Grading: a class is graded, in parallel, never lost or stopped."""
