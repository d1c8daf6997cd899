"""Attacks on the grader, each a function, run against a small course of their own."""
