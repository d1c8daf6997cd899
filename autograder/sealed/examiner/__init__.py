"""Examiner: the trusted side, which runs the tests and no student code."""
