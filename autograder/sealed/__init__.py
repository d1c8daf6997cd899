"""Sealed tests: student code runs in one process, the tests that judge it in another."""
