"""Bench: how fast the grader is beside stock nbgrader, and what it withstands."""
