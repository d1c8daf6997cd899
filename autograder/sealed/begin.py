"""Where a fork of the template begins; the grader itself loads nothing of what it runs.

A process is told by the name of a function what it is for, and so whoever starts it has
to know that function. Behind this one are NumPy, IPython and both sides of the seal.
"""

from multiprocessing.connection import Connection


def examine(connection: Connection) -> None:
    """Grade one notebook; see `launch.examine`."""
    from autograder.sealed import launch

    launch.examine(connection)
