"""How fast the grader is: against stock nbgrader, and against the cells alone."""
