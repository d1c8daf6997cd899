"""Grading: a class is graded in parallel; no submission is lost, none stops the run."""
