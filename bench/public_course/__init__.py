"""Compares this grader with stock nbgrader on a whole course of somebody else."""
