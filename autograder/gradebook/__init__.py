"""Gradebook: marks in nbgrader's database, and how each automatic point came about."""
