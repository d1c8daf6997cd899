"""Sealed tests: student code runs in one process, its tests in another."""
