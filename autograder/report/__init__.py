"""Report: the instructor's page on a class, and the numbers on it."""
